"""What the options of a measure may be: one line per field, one sentence per refusal."""

import math

__all__ = ["UNLIMITED", "at_least", "one_of", "shares"]

#: A capacity that never binds.
UNLIMITED = math.inf


def shares(options: object, *names: str) -> None:
    """Raise ValueError where one of these fields is not from 0 to 1."""
    for name in names:
        value = getattr(options, name)
        if not 0 <= value <= 1:
            raise ValueError(f"{_of(options)}{name} is {value}; a share is from 0 to 1")


def at_least(options: object, least: float, *names: str) -> None:
    """Raise ValueError where one of these fields is below `least`, or no number."""
    for name in names:
        value = getattr(options, name)
        if not value >= least:
            raise ValueError(f"{_of(options)}{name} is {value}; it must be {least} or more")


def one_of(options: object, name: str, known: tuple[str, ...]) -> None:
    """Raise ValueError where a field is none of the words that it knows."""
    value = getattr(options, name)
    if value not in known:
        raise ValueError(f"{_of(options)}{name} is {value!r}; it is one of {', '.join(known)}")


def _of(options: object) -> str:
    return f"{type(options).__name__.lower()}."
