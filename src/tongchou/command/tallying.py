"""Counting the ledger once a minute, so that no page ever counts a million rows.

One grouped statement over the open legs and one over the open gaps; each group is then added to
its area and to all above it. The rows of the last count are exchanged in one short transaction.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from tongchou.areas.models import Area, Level
from tongchou.command.models import AGE_FROM_HOURS, Age, GapTally, LegTally, TallyRun
from tongchou.ledger.actions import whole_second
from tongchou.ledger.models import Gap, Handoff
from tongchou.records.bulk import bulk_load

LegKey = tuple[str, str, str, str]  # area code, loop, stage, owner
GapKey = tuple[str, str, str, str, int, int]  # the same, rung, age
_IN = 500  # codes per look-up: SQLite takes no more than some thousand parameters


@dataclass
class Counted:
    """One count of the ledger, not yet stored."""

    at: datetime
    legs: dict[LegKey, tuple[int, int, int, datetime]] = field(default_factory=dict)
    gaps: dict[GapKey, tuple[int, datetime]] = field(default_factory=dict)
    n_open: int = 0
    n_late: int = 0
    n_gaps: int = 0
    took_ms: int = 0


def count(*, now: datetime) -> Counted:
    """Count every open leg and gap, rolled up to the street and everything above it."""
    started = time.perf_counter()
    found = Counted(whole_second(now))
    legs = list(_legs(found.at))
    gaps = list(_gaps(found.at))
    above = _tally_areas({row[0] for row in legs} | {row[0] for row in gaps})
    for row_path, loop, stage, owner, n, late, unowned, oldest in legs:
        found.n_open += n
        found.n_late += late
        for code in above[row_path]:
            key = (code, loop, stage, owner)
            m, m_late, m_unowned, m_oldest = found.legs.get(key, (0, 0, 0, oldest))
            found.legs[key] = (m + n, m_late + late, m_unowned + unowned, min(m_oldest, oldest))
    for row_path, loop, stage, owner, rung, age, n, oldest in gaps:
        found.n_gaps += n
        for code in above[row_path]:
            gap = (code, loop, stage, owner, rung, age)
            m, m_oldest = found.gaps.get(gap, (0, oldest))
            found.gaps[gap] = (m + n, min(m_oldest, oldest))
    found.took_ms = round((time.perf_counter() - started) * 1000)
    return found


@transaction.atomic
def store(found: Counted) -> TallyRun | None:
    """Put a count in the place of the last one; None where a newer one is there already."""
    _one_at_a_time()
    if TallyRun.objects.filter(at__gte=found.at).exists():
        return None
    for model in (LegTally, GapTally):
        model.objects.all()._raw_delete(connection.alias)
    bulk_load(
        LegTally,
        ("area_id", "loop", "stage", "owner", "n_open", "n_late", "n_unowned", "oldest_due_at"),
        (key + values for key, values in found.legs.items()),
    )
    bulk_load(
        GapTally,
        ("area_id", "loop", "stage", "owner", "rung", "age", "n", "oldest_at"),
        (key + values for key, values in found.gaps.items()),
    )
    TallyRun.objects.filter(at__lt=found.at - timedelta(days=8)).delete()
    return TallyRun.objects.create(
        at=found.at,
        n_open=found.n_open,
        n_late=found.n_late,
        n_gaps=found.n_gaps,
        took_ms=found.took_ms,
    )


def age_case(now: datetime) -> Case:
    """The age of a gap as an expression, from the newest to the oldest."""
    return Case(
        *(
            When(opened_at__gt=now - timedelta(hours=AGE_FROM_HOURS[older]), then=Value(int(age)))
            for age, older in zip(Age, list(Age)[1:], strict=False)
        ),
        default=Value(int(Age.STALE)),
        output_field=IntegerField(),
    )


def _legs(now: datetime) -> Iterable[tuple[str, str, str, str, int, int, int, datetime]]:
    return (
        Handoff.objects.filter(done_at=None)
        .values_list("area_path", "loop", "stage", "owner")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=Q(due_at__lte=now)),
            unowned=Count("id", filter=Q(unit=None)),
            oldest=Min("due_at"),
        )
        .order_by()
        .iterator(chunk_size=5000)
    )


def _gaps(now: datetime) -> Iterable[tuple[str, str, str, str, int, int, int, datetime]]:
    return (
        Gap.objects.filter(closed_at=None)
        .annotate(age=age_case(now))
        .values_list("area_path", "loop", "stage", "owner", "rung", "age")
        .annotate(n=Count("id"), oldest=Min("opened_at"))
        .order_by()
        .iterator(chunk_size=5000)
    )


def _tally_areas(paths: Collection[str]) -> dict[str, list[str]]:
    """For each path the codes on it that are tallied: the street and everything above."""
    wanted = sorted({code for path in paths for code in path.strip("/").split("/")})
    tallied: set[str] = set()
    for first in range(0, len(wanted), _IN):
        tallied.update(
            Area.objects.filter(
                code__in=wanted[first : first + _IN], level__lte=Level.STREET
            ).values_list("code", flat=True)
        )
    return {path: [c for c in path.strip("/").split("/") if c in tallied] for path in paths}


def _one_at_a_time() -> None:
    # SQLite has one writer anyway. Readers are never held up: this mode only excludes writers.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TallyRun._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
