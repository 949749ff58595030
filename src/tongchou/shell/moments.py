"""Times in words, short enough for a table cell: how long is left, how late, true at when.

Stamps are written year first in both languages, so that a time never reads as another one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

#: Below this share of its allowance, or this long, a clock that still runs asks for attention.
SOON_SHARE = 0.25
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Clock:
    """A deadline as a table cell shows it: words, tone and icon, so that colour is never alone."""

    text: str
    tone: str
    icon: str
    due_at: datetime
    exact: str


def spell(span: timedelta) -> str:
    """`2d 3h`, `3h 5m`, `12m`: the two largest units that matter, rounded down."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days >= 1:
        if hours and days < 10:
            return _("%(days)dd %(hours)dh") % {"days": days, "hours": hours}
        return _("%(days)dd") % {"days": days}
    if hours >= 1:
        if minutes % 60:
            return _("%(hours)dh %(minutes)dm") % {"hours": hours, "minutes": minutes % 60}
        return _("%(hours)dh") % {"hours": hours}
    if minutes >= 1:
        return _("%(minutes)dm") % {"minutes": minutes}
    return _("under 1m")


def stamp(at: datetime, *, now: datetime | None = None) -> str:
    """Local time, with as much of the date as today leaves unclear."""
    local = timezone.localtime(at)
    today = timezone.localtime(now) if now else None
    if today and local.date() == today.date():
        return local.strftime("%H:%M")
    if today and local.year == today.year:
        return local.strftime("%m-%d %H:%M")
    return local.strftime("%Y-%m-%d %H:%M")


def clock(
    due_at: datetime,
    now: datetime,
    *,
    opened_at: datetime | None = None,
    done_at: datetime | None = None,
) -> Clock:
    """The state of a deadline: running, soon, late; or, when done, in time or late by how much.

    Due at this very second counts as late: the ledger's gap starts there too.
    """
    exact = timezone.localtime(due_at).strftime("%Y-%m-%d %H:%M")
    if done_at is not None:
        over = done_at - due_at
        if over < timedelta(0):
            return Clock(_("in time, %s early") % spell(over), "ok", "check", due_at, exact)
        return Clock(_("done %s late") % spell(over), "bad", "alert", due_at, exact)
    left = due_at - now
    if left <= timedelta(0):
        return Clock(_("late %s") % spell(left), "bad", "alert", due_at, exact)
    allowance = due_at - opened_at if opened_at else None
    soon = left < (allowance * SOON_SHARE if allowance else SOON)
    words = _("%s left") % spell(left)
    return Clock(words, "warn" if soon else "quiet", "bell" if soon else "clock", due_at, exact)
