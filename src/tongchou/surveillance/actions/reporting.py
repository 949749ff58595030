"""Counts come in: one at a time from a page, sixty thousand at once from a file; all end here.

What is already stored changes nothing; what says otherwise is a new revision. A day that a
finished cycle was computed from is re-opened, so that everybody sees it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import FloatField
from django.db.models.functions import Cast
from django.utils import timezone

from tongchou.records import audit
from tongchou.records.bulk import bulk_load
from tongchou.surveillance.actions.silences import end_silences
from tongchou.surveillance.errors import BadCounts
from tongchou.surveillance.models import Count, CountDay, CountImport, DayRun, Duty, RunState
from tongchou.surveillance.problems import Problem
from tongchou.surveillance.rules import Rule, rules_of

#: A count that comes later than this is stored, but no cycle is computed again for it.
REOPENED_FOR = timedelta(days=28)
_DAYS, _IDS = 60, 5000
_COLUMNS = (
    "duty_id",
    "day",
    "value",
    "denominator",
    "revision",
    "current",
    "reason",
    "reported_at",
    "reported_by_id",
    "of_id",
)
Number = int | float | Decimal


class Reported(NamedTuple):
    """One count of one series; of a week, `day` is its first."""

    duty_id: int
    day: date
    value: Number
    denominator: Number | None = None


class _Stored(NamedTuple):
    pk: int
    value: float
    denominator: float | None
    revision: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the counts: places in the list that were new, revised, or there already."""

    new: list[int] = field(default_factory=list)
    revised: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    reopened: list[date] = field(default_factory=list)


@transaction.atomic
def report_counts(
    *,
    rows: Sequence[Reported],
    by: Any,
    now: datetime,
    of: CountImport | None = None,
    reason: str = "",
) -> Receipt:
    """Store counts; the same again changes nothing, another value is a new revision.

    Raises
    ------
    BadCounts
        With every fault at once; then nothing is stored.
    """
    check(rows, now=now)
    receipt = Receipt()
    stored = _stored(rows)
    superseded: list[int] = []
    fresh: dict[tuple[int, date], tuple[Reported, int]] = {}
    for place, row in enumerate(rows):
        before = stored.get((row.duty_id, row.day))
        if before is None:
            receipt.new.append(place)
            fresh[row.duty_id, row.day] = row, 1
        elif _same(before, row):
            receipt.unchanged.append(place)
        else:
            receipt.revised.append(place)
            superseded.append(before.pk)
            fresh[row.duty_id, row.day] = row, before.revision + 1
    if not fresh:
        return receipt
    for ids in _batches(superseded, _IDS):
        Count.objects.filter(pk__in=ids).update(current=False)
    bulk_load(Count, _COLUMNS, _columns(fresh.values(), by=by, now=now, of=of, reason=reason))
    receipt.days.extend(sorted({day for _duty, day in fresh}))
    _touch(receipt.days, now)
    receipt.reopened.extend(reopen(receipt.days, now=now))
    end_silences(duties={duty for duty, _day in fresh}, by=by, now=now)
    audit.record(
        verb="surveillance.report_counts",
        subject=f"import:{of.pk}" if of else f"duty:{rows[0].duty_id}",
        by=by,
        now=now,
        detail={
            "new": len(receipt.new),
            "revised": len(receipt.revised),
            "first": receipt.days[0],
            "last": receipt.days[-1],
            "reopened": receipt.reopened,
        },
    )
    return receipt


def revise(
    *,
    duty: Duty,
    day: date,
    value: Number,
    reason: str,
    by: Any,
    now: datetime,
    denominator: Number | None = None,
) -> Receipt:
    """Correct one count, and say why. The count that stood stays in the record."""
    rows = [Reported(duty.pk, day, value, denominator)]
    return report_counts(rows=rows, by=by, now=now, reason=reason)


def check(rows: Sequence[Reported], *, now: datetime) -> None:
    """Raise everything that is wrong with counts, by their place in the list."""
    today = timezone.localdate(now)
    rules = rules_of({row.duty_id for row in rows})
    faults: list[tuple[int, object]] = []
    seen: dict[tuple[int, date], int] = {}
    for place, row in enumerate(rows):
        problem = _fault(row, rules.get(row.duty_id), today)
        first = seen.setdefault((row.duty_id, row.day), place)
        if problem is None and first != place:
            said = {"first": first + 1, "said": str(rows[first].value)}
            problem = Problem("twice", params=said)
        if problem is not None:
            faults.append((place, problem))
    if faults:
        raise BadCounts(faults)


def _fault(row: Reported, rule: Rule | None, today: date) -> Problem | None:
    if rule is None:
        return Problem("unknown_site", params={"value": row.duty_id})
    return rule.fault(row.day, row.value, row.denominator, today=today)


def _stored(rows: Sequence[Reported]) -> dict[tuple[int, date], _Stored]:
    """The current counts of these series on these days, a few statements in all."""
    if not rows:
        return {}
    duties = {row.duty_id for row in rows}
    found: dict[tuple[int, date], _Stored] = {}
    for days in _batches(sorted({row.day for row in rows}), _DAYS):
        current = Count.objects.filter(
            current=True, day__in=days, duty_id__gte=min(duties), duty_id__lte=max(duties)
        )
        values = current.values_list(
            "duty_id",
            "day",
            "pk",
            Cast("value", FloatField()),
            Cast("denominator", FloatField()),
            "revision",
        )
        for duty, day, *what in values.iterator(chunk_size=20_000):
            if duty in duties:
                found[duty, day] = _Stored(*what)
    return found


def _same(before: _Stored, row: Reported) -> bool:
    given = None if row.denominator is None else float(row.denominator)
    return before.value == float(row.value) and before.denominator == given


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def _columns(
    fresh: Iterable[tuple[Reported, int]],
    *,
    by: Any,
    now: datetime,
    of: CountImport | None,
    reason: str,
) -> Iterator[tuple[Any, ...]]:
    who, whence = getattr(by, "pk", None), of.pk if of else None
    for row, revision in fresh:
        said = reason if revision > 1 else ""
        yield (*row, revision, True, said, now, who, whence)


def _touch(days: Iterable[date], now: datetime) -> None:
    """Note that the records of these days changed, for the files that are made from them."""
    days = list(days)
    known = CountDay.objects.select_for_update().in_bulk(days)
    CountDay.objects.bulk_create(
        (
            CountDay(day=day, version=known[day].version + 1 if day in known else 1, changed_at=now)
            for day in days
        ),
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["version", "changed_at"],
    )


def reopen(days: Sequence[date], *, now: datetime) -> list[date]:
    """Re-open every finished cycle that was computed from one of these days or from later ones."""
    since = max(min(days) + timedelta(days=1), timezone.localdate(now) - REOPENED_FOR)
    stale = DayRun.objects.filter(on__gte=since, state=RunState.DONE)
    mornings = list(stale.order_by("on").values_list("on", flat=True))
    stale.update(state=RunState.REOPENED, reopened_at=now)
    return mornings
