"""How fast the chain really is: measured times beside the targets of the playbook, and 7-1-7.

Where the records hold the second, seconds are counted. Onset, sampling and diagnosis are days, so
what begins or ends with one of them is counted in whole days and says so. Who is still waiting and
past the target counts as too late; who is still in time does not count yet. What ended before it
began kept no target: found before the illness, or dates that contradict each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from tongchou import playbook as playbooks
from tongchou.areas.models import subtree
from tongchou.cases.models import Case, Classification, Contact
from tongchou.ledger.models import Handoff
from tongchou.playbook import Playbook, Target
from tongchou.quarantine.models import Appeal

#: Early detection, notification and response (717alliance.org); in `who-generic` with its source.
SEVEN_ONE_SEVEN = ("detect", "notify", "respond")
WINDOW = timedelta(days=28)

#: Names of moments in a playbook, and where the records keep them.
CASE_MOMENTS = {
    "emerged": "onset_on",
    "onset": "onset_on",
    "sampled": "sampled_on",
    "found": "found_on",
    "detected": "found_on",
    "reported": "reported",
    "notified": "reported",
    "core_known": "core_known",
    "submitted": "submitted",
    "responded": "accepted",
    "admitted": "admitted",
}
CONTACT_MOMENTS = {"listed": "listed", "notified": "notified", "quarantined": "received"}
APPEAL_MOMENTS = {"appealed": "made_at", "answered": "decided_at"}


@dataclass(frozen=True)
class Measured:
    """One target and what was measured. Without measurements median, p90 and share are None."""

    name: str
    since: str
    until: str
    within_s: int
    target_share: float
    in_days: bool
    known: bool  # whether the records hold both moments at all
    n: int = 0
    n_in_time: int = 0
    n_waiting: int = 0  # neither done nor too late
    n_too_late: int = 0  # not done, and past the target
    n_backwards: int = 0  # ended before it began; counted nowhere else
    median_s: float | None = None
    p90_s: float | None = None

    @property
    def share(self) -> float | None:
        """Of all that had to be done by now, what was done in time."""
        due = self.n + self.n_too_late
        return self.n_in_time / due if due else None

    @property
    def met(self) -> bool | None:
        return None if self.share is None else self.share >= self.target_share


def measure(
    *, path: str, since: date, until: date, book: Playbook, now: datetime
) -> tuple[Measured, ...]:
    """Every target of `book`, and 7-1-7, for what was reported or listed from `since` to `until`.

    Both days are included. `path` is the top of the area; everything where it is empty.
    """
    of = {
        "cases": list(_cases(path, since, until)),
        "contacts": list(_contacts(path, since, until)),
        "appeals": list(_appeals(path, since, until)),
    }
    return tuple(_measured(name, target, of, now) for name, target in targets(book).items())


def targets(book: Playbook) -> dict[str, Target]:
    """The targets of the playbook, then those of 7-1-7 where it has none of that name."""
    generic = playbooks.load("who-generic")
    found = dict(book.timeliness)
    for name in SEVEN_ONE_SEVEN:
        found.setdefault(name, generic.target(name))
    return found


def _measured(
    name: str, target: Target, of: Mapping[str, list[dict[str, Any]]], now: datetime
) -> Measured:
    family, moments = _family(name, target)
    since, until = moments.get(target.since), moments.get(target.until)
    within = target.within
    blank = (name, target.since, target.until, int(within.total_seconds()), target.share)
    if since is None or until is None:
        return Measured(*blank, in_days=False, known=False)
    rows: Iterable[Mapping[str, Any]] = of[family]
    if family == "contacts":
        tier = next((t for t in ("secondary", "close", "general") if name.startswith(t)), "")
        rows = (row for row in rows if not tier or row["tier"] == tier)
    pairs = [(row[since], row[until]) for row in rows if row[since] is not None]
    in_days = since.endswith("_on") or until.endswith("_on")
    every = [_span(a, b, in_days) for a, b in pairs if b is not None]
    spans = [span for span in every if span >= timedelta(0)]
    too_late = sum(1 for a, b in pairs if b is None and _span(a, now, in_days) > within)
    waiting = sum(1 for _, b in pairs if b is None) - too_late
    middle, high = _quantiles([span.total_seconds() for span in spans])
    in_time = sum(1 for span in spans if span <= _limit(within, in_days))
    return Measured(
        *blank,
        in_days=in_days,
        known=True,
        n=len(spans),
        n_in_time=in_time,
        n_waiting=waiting,
        n_too_late=too_late,
        n_backwards=len(every) - len(spans),
        median_s=middle,
        p90_s=high,
    )


def _family(name: str, target: Target) -> tuple[str, Mapping[str, str]]:
    """Whose times a target is about, and where the records keep the moments it names."""
    if target.until in APPEAL_MOMENTS:
        return "appeals", APPEAL_MOMENTS
    if target.until == "quarantined" or "contacts" in name:
        return "contacts", CONTACT_MOMENTS
    return "cases", CASE_MOMENTS


def _limit(within: timedelta, in_days: bool) -> timedelta:
    # Two hours by the day are the same day; seven days are seven.
    return timedelta(days=within.days) if in_days else within


def _span(begin: Any, end: Any, in_days: bool) -> timedelta:
    return _day(end) - _day(begin) if in_days else end - begin


def _day(moment: datetime | date) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _quantiles(seconds: list[float]) -> tuple[float | None, float | None]:
    """Median and 90th percentile, by the inclusive method: of one value, that value."""
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else (None, None)
    tenths = quantiles(seconds, n=10, method="inclusive")
    return tenths[4], tenths[8]


def _first(outcome: str, **of: Any) -> Subquery:
    legs = Handoff.objects.filter(outcome=outcome, **of).order_by("done_at")
    return Subquery(legs.values("done_at")[:1])


def _cases(path: str, since: date, until: date) -> Iterator[dict[str, Any]]:
    investigation: dict[str, Any] = {
        "loop": "investigation",
        "passage__caused_by": OuterRef("passage"),
    }
    rows = (
        Case.objects.filter(
            subtree(path, field="area_path"), reported_on__gte=since, reported_on__lte=until
        )
        .exclude(classification=Classification.DISCARDED)
        .annotate(
            reported=F("passage__opened_at"),
            core_known=_first("core_known", **investigation),
            submitted=_first("submitted", **investigation),
            accepted=_first("accepted", **investigation),
            admitted=_first("admitted", passage=OuterRef("passage")),
        )
        .values(
            "onset_on", "sampled_on", "diagnosed_on", "reported_on",
            "reported", "core_known", "submitted", "accepted", "admitted",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=5000):
        days = [day for day in (row["sampled_on"], row["diagnosed_on"]) if day]
        # Found is the first day anybody knew: sampled or diagnosed, never after the report.
        case: dict[str, Any] = dict(row)
        case["found_on"] = min([*days, row["reported_on"]]) if days else None
        yield case


def _contacts(path: str, since: date, until: date) -> Iterator[dict[str, Any]]:
    rows = (
        Contact.objects.filter(
            subtree(path, field="area_path"),
            listed_on__gte=since,
            listed_on__lte=until,
            passage__isnull=False,
        )
        .annotate(
            listed=F("passage__opened_at"),
            closed=F("passage__closed_at"),
            notified=_first("notified", passage=OuterRef("passage")),
            received=_first("received", passage=OuterRef("passage")),
        )
        .values("tier", "listed", "notified", "received", "closed")
    )
    for row in rows.iterator(chunk_size=5000):
        # Dismissed, released elsewhere or ill before anybody came: nothing was due any more.
        if row["closed"] is None or row["received"] is not None:
            yield dict(row)


def _appeals(path: str, since: date, until: date) -> Iterator[dict[str, Any]]:
    rows = Appeal.objects.filter(
        subtree(path, field="order__area_path"), made_at__date__gte=since, made_at__date__lte=until
    ).values("made_at", "decided_at")
    for row in rows.iterator(chunk_size=5000):
        yield dict(row)
