"""The intervals every review measures, by name: from which moment to which, and how long it may be.

What begins or ends with a day is counted in whole days. Unknown stays unknown: there is no
interval where one of its moments is missing, and never a zero in its place. What ends before it
begins has no length: it is in no median, keeps no target, and says by how much it runs backwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tongchou.command import timeliness
from tongchou.playbook import Playbook

Moment = datetime | date

#: The moments of one positive, in the order in which they should come.
MOMENTS: dict[str, Any] = {
    "exposed": pgettext_lazy("moment", "last exposed"),
    "chance": pgettext_lazy("moment", "first chance to find them"),
    "onset": pgettext_lazy("moment", "onset"),
    "quarantined": pgettext_lazy("moment", "in quarantine"),
    "sampled": pgettext_lazy("moment", "sampled"),
    "found": pgettext_lazy("moment", "found"),
    "confirmed": pgettext_lazy("moment", "confirmed"),
    "reported": pgettext_lazy("moment", "reported"),
    "core_known": pgettext_lazy("moment", "core facts known"),
    "admitted": pgettext_lazy("moment", "admitted"),
    "submitted": pgettext_lazy("moment", "full report"),
    "accepted": pgettext_lazy("moment", "early response complete"),
}
#: Other names that playbooks have for them.
_ALSO = {
    "emerged": "onset",
    "detected": "found",
    "notified": "reported",
    "responded": "accepted",
}
#: Moments that still come where a case is under way. Nobody waits for a quarantine that never was.
_AWAITED = frozenset({"confirmed", "core_known", "admitted", "submitted", "accepted"})


@dataclass(frozen=True, slots=True)
class Interval:
    """From one moment to another; without `within` nobody has said how long it may take."""

    name: str
    since: str
    until: str
    label: Any
    within: timedelta | None = None
    source: str = ""

    @property
    def may_precede(self) -> bool:
        """Whether the end may truly come first: found before falling ill, kept before a meeting."""
        return self.since == "onset" or (self.since, self.until) == ("exposed", "quarantined")


#: Measured beside the targets of the playbook. Nobody's rule says how long these may take.
OURS = (
    Interval("onset_to_report", "onset", "reported", _("onset to report")),
    Interval("onset_to_confirmation", "onset", "confirmed", _("onset to confirmation")),
    Interval("onset_to_admission", "onset", "admitted", _("onset to admission")),
    Interval("exposure_to_quarantine", "exposed", "quarantined", _("exposure to quarantine")),
    Interval("chance_to_found", "chance", "found", _("first chance to found")),
)
NAMES: dict[str, Any] = {each.name: each.label for each in OURS}


def measured_by(book: Playbook) -> tuple[Interval, ...]:
    """Ours, and every target of the playbook (7-1-7 among them) between moments of a case."""
    return (*OURS, *_targets(book))


def _targets(book: Playbook) -> list[Interval]:
    language = get_language() or "en"
    found = []
    for name, target in timeliness.targets(book).items():
        since, until = (_ALSO.get(each, each) for each in (target.since, target.until))
        if since in MOMENTS and until in MOMENTS and "contacts" not in name:
            label = target.of(language)
            found.append(Interval(name, since, until, label, target.within, target.source))
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """One interval of one case. Without `taken_s` it is not known, or has not ended."""

    interval: Interval
    taken_s: int | None
    in_days: bool
    waiting: bool = False  # it has begun, and not ended
    too_late: bool = False  # and it is past what is allowed already
    backwards_s: int | None = None  # it ended so long before it began; then nothing was taken

    @property
    def contradicts(self) -> bool:
        """Whether its two moments cannot both be true."""
        return self.backwards_s is not None and not self.interval.may_precede

    @property
    def days(self) -> float | None:
        return None if self.taken_s is None else self.taken_s / 86400

    @property
    def in_time(self) -> bool | None:
        """Whether it kept to its target; None where it has none, or nobody knows."""
        within = self.interval.within
        if within is None or (self.taken_s is None and not self.too_late):
            return None
        return not self.too_late and (self.taken_s or 0) <= _limit(within, self.in_days)

    @property
    def excess_s(self) -> int | None:
        """How far beyond its target it went; 0 where in time."""
        if self.in_time is None or self.taken_s is None or self.interval.within is None:
            return None
        return max(0, self.taken_s - _limit(self.interval.within, self.in_days))


def measure(
    interval: Interval, moments: Mapping[str, Moment | None], *, going_on: bool, now: datetime
) -> Measured:
    """One interval between moments as they are known at `now`.

    What has not come yet is waited for only where the case is under way (`going_on`): of a closed
    list it is simply not known.
    """
    begin, end = moments.get(interval.since), moments.get(interval.until)
    if begin is None:
        return Measured(interval, None, in_days=True)
    in_days = not (isinstance(begin, datetime) and isinstance(end or now, datetime))
    if end is not None:
        taken = span(begin, end)
        if taken < 0:
            return Measured(interval, None, in_days, backwards_s=-taken)
        return Measured(interval, taken, in_days)
    if not going_on or interval.until not in _AWAITED:
        return Measured(interval, None, in_days)
    late = interval.within is not None and span(begin, now) > _limit(interval.within, in_days)
    return Measured(interval, None, in_days, waiting=True, too_late=late)


def span(begin: Moment, end: Moment) -> int:
    """Seconds between two moments; whole days where one of them is a day."""
    if isinstance(begin, datetime) and isinstance(end, datetime):
        return int((end - begin).total_seconds())
    return (day_of(end) - day_of(begin)).days * 86400


def day_of(moment: Moment) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _limit(within: timedelta, in_days: bool) -> int:
    # Two hours by the day are the same day; seven days are seven: as in `command.timeliness`.
    return within.days * 86400 if in_days else int(within.total_seconds())
