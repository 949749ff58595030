"""Many positives together: of a cluster, or of an area and some days.

A handful of statements for each five thousand cases: their records without hand-offs, and the
hand-offs added up by the database.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import quantiles

from django.db.models import QuerySet

from tongchou.areas.models import subtree
from tongchou.cases.models import Case
from tongchou.playbook import Playbook
from tongchou.reviews.intervals import Interval
from tongchou.reviews.models import Kind, Review
from tongchou.reviews.queries import reading, tree
from tongchou.reviews.queries.laying_out import MOST, Layout, Step, lay_out


@dataclass(frozen=True, slots=True)
class Spread:
    """One interval over many cases: how it is spread, and of how many nothing is known."""

    interval: Interval
    n: int
    n_unknown: int
    n_waiting: int  # begun and not ended
    n_too_late: int  # of these, past what is allowed
    n_backwards: int  # ended before they began: in no median, and neither in time nor late
    n_in_time: int | None  # None where nobody says how long it may take
    median_s: float | None = None
    low_s: float | None = None  # quartiles, by the inclusive method
    high_s: float | None = None
    least_s: int | None = None
    most_s: int | None = None
    in_days: bool = True

    @property
    def share_in_time(self) -> float | None:
        due = self.n + self.n_too_late
        return None if self.n_in_time is None or not due else self.n_in_time / due


@dataclass(frozen=True, slots=True)
class Together:
    """What many positives show that one does not."""

    layouts: tuple[Layout, ...]  # without hand-offs
    spreads: tuple[Spread, ...]
    bottlenecks: tuple[Step, ...]
    enablers: tuple[Step, ...]
    found_by: Counter[str]
    n_passages: int  # cases that went through the desks; the others are of closed lists
    at: datetime

    @property
    def n(self) -> int:
        return len(self.layouts)

    @property
    def ways_found(self) -> list[tuple[str, int]]:
        """How they were found, most frequent first. A template would ask a Counter for a key."""
        return self.found_by.most_common()

    def spread(self, name: str) -> Spread | None:
        return next((each for each in self.spreads if each.interval.name == name), None)


def of_review(review: Review, *, book: Playbook, now: datetime) -> Together:
    """What the cases of a cluster's or a campaign's review show."""
    return together(list(cases_of(review).values_list("pk", flat=True)), book=book, now=now)


def cases_of(review: Review) -> QuerySet[Case]:
    """The positives that a review is of."""
    if review.kind == Kind.CASE:
        return Case.objects.filter(pk__in=[review.case_id or 0])
    if review.kind == Kind.CLUSTER:
        cases = Case.objects.filter(cluster=review.cluster)
        return cases.filter(classification__in=reading.POSITIVE).order_by("reported_on", "id")
    return cases_at(review.area_path, review.since, review.until, disease=review.disease)


def cases_at(
    path: str, since: date | None, until: date | None, *, disease: str = ""
) -> QuerySet[Case]:
    """The positives reported in an area from one day to another, both included."""
    cases = Case.objects.filter(
        subtree(path, field="area_path"), classification__in=reading.POSITIVE
    )
    if since:
        cases = cases.filter(reported_on__gte=since)
    if until:
        cases = cases.filter(reported_on__lte=until)
    if disease:
        cases = cases.filter(disease=disease)
    return cases.order_by("reported_on", "id")


def together(cases: Sequence[int], *, book: Playbook, now: datetime) -> Together:
    """Lay these cases out and add up what they have in common."""
    layouts = tuple(lay_out(cases, book=book, now=now, legs=False))
    spreads = _spreads(layouts)
    passages = [layout.record.passage for layout in layouts if layout.record.passage]
    steps = stages(passages, now=now)
    return Together(
        layouts=layouts,
        spreads=spreads,
        bottlenecks=(*_ranked(steps), *_ranked(_over(layouts))),
        enablers=_swift(steps),
        found_by=Counter(layout.record.found_by for layout in layouts),
        n_passages=len(passages),
        at=now,
    )


def stages(passages: Sequence[int], *, now: datetime) -> list[Step]:
    """Every stage of these chains with all its hand-offs added up."""
    summed: dict[str, Step] = {}
    for begin in range(0, len(passages), reading.CHUNK):
        for row in tree.delays(passages[begin : begin + reading.CHUNK], now=now):
            name = f"{row.loop}.{row.stage}"
            before = summed.get(name, Step(name, 0, 0, 0, 0, 0, 0, 0))
            summed[name] = Step(
                name,
                n=before.n + row.n,
                n_late=before.n_late + row.n_late,
                n_open=0,
                excess_s=before.excess_s + row.excess_s,
                worst_s=max(before.worst_s, row.worst_s),
                took_s=before.took_s + row.allowed_s + row.excess_s - row.saved_s,
                allowed_s=before.allowed_s + row.allowed_s,
            )
    return list(summed.values())


def _ranked(steps: Iterable[Step]) -> tuple[Step, ...]:
    late = [step for step in steps if step.excess_s]
    whole = sum(step.excess_s for step in late)
    shared = [replace(step, share=step.excess_s / whole) for step in late]
    return tuple(sorted(shared, key=lambda step: (-step.excess_s, step.name))[: 2 * MOST])


def _over(layouts: Sequence[Layout]) -> list[Step]:
    """What the intervals of all cases took beyond their targets, added up by interval."""
    found = []
    for place, first in enumerate(layouts[0].measured if layouts else ()):
        if first.interval.within is None:
            continue
        every = [layout.measured[place] for layout in layouts]
        excess = [each.excess_s for each in every if each.excess_s is not None]
        found.append(
            Step(
                first.interval.name,
                n=len(excess),
                n_late=sum(1 for value in excess if value),
                n_open=0,
                excess_s=sum(excess),
                worst_s=max(excess, default=0),
                took_s=sum(each.taken_s or 0 for each in every),
                allowed_s=len(excess) * int(first.interval.within.total_seconds()),
            )
        )
    return found


def _swift(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Nine of ten in time, and in no more than half of what was allowed."""
    swift = [s for s in steps if 10 * s.n_late <= s.n and 0 < 2 * s.took_s <= s.allowed_s]
    return tuple(sorted(swift, key=lambda step: step.took_s / step.allowed_s)[:MOST])


def _spreads(layouts: Sequence[Layout]) -> tuple[Spread, ...]:
    if not layouts:
        return ()
    found = []
    for place, first in enumerate(layouts[0].measured):
        every = [layout.measured[place] for layout in layouts]
        taken = sorted(each.taken_s for each in every if each.taken_s is not None)
        waiting = sum(each.waiting for each in every)
        backwards = sum(each.backwards_s is not None for each in every)
        target = first.interval.within is not None
        low, middle, high = quartiles(taken)
        found.append(
            Spread(
                first.interval,
                n=len(taken),
                n_unknown=len(every) - len(taken) - waiting - backwards,
                n_waiting=waiting,
                n_too_late=sum(each.too_late for each in every),
                n_backwards=backwards,
                n_in_time=sum(each.in_time is True for each in every) if target else None,
                median_s=middle,
                low_s=low,
                high_s=high,
                least_s=taken[0] if taken else None,
                most_s=taken[-1] if taken else None,
                in_days=any(each.in_days for each in every if each.taken_s is not None),
            )
        )
    return tuple(found)


def quartiles(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Lower quartile, median and upper, by the inclusive method; of one value, that value."""
    if len(values) < 2:
        only = values[0] if values else None
        return only, only, only
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high
