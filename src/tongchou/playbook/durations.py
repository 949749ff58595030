"""Durations as people write them in a playbook: "2h", "90m", "7d", "1d12h"."""

import re
from datetime import timedelta

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_WRITTEN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?", re.ASCII)
LONGEST = timedelta(days=3660)


def parse_duration(text: object) -> timedelta:
    """The time span behind "2h". Whole numbers only; d, h and m in this order."""
    found = _WRITTEN.fullmatch(text.replace(" ", "")) if isinstance(text, str) else None
    if found is None or not any(found.groups()):
        raise ValueError("not_a_duration")
    # A number with a hundred digits would overflow timedelta with an error nobody can mend.
    if any(len(number or "") > 6 for number in found.groups()):
        raise ValueError("duration_too_long")
    span = sum(
        (int(n) * unit for n, unit in zip(found.groups(), _UNITS.values(), strict=True) if n),
        start=timedelta(0),
    )
    if span > LONGEST:
        raise ValueError("duration_too_long")
    return span


def format_duration(span: timedelta) -> str:
    """The shortest spelling: 90m stays 90m only where hours would not do.

    >>> format_duration(timedelta(hours=24)), format_duration(timedelta(minutes=90))
    ('24h', '1h30m')
    """
    minutes, rest = divmod(int(span.total_seconds()), 60)
    if rest or span.microseconds or span < timedelta(0):
        raise ValueError(f"{span} is not a whole number of minutes")
    hours, minutes = divmod(minutes, 60)
    # Up to two days people in this field say hours: "24 h", "48 h".
    days, hours = divmod(hours, 24) if hours > 48 else (0, hours)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"))
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "0m"
