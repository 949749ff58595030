"""The statements behind an evaluation: five over the ledger and the posts, none per unit.

A leg is judged in the period in which it came due, once, by whoever had it then. Not judged are
legs that were handed to another unit in time, legs that came late already, daily reports that were
excused (neither in time nor missing), and legs that a ruling has excluded. What happened after the
end of the period (`judged_at`) is not looked at, so that the same period gives the same figures
whenever it is computed.

Statements 1 and 2 read the hand-offs of the period by one pass over `ledger_handoff`; there is no
index on the deadline of closed legs, because every hand-over would have to write it. What that
costs is in `docs/handbook/supervision.md`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from tongchou.ledger.legs import stamp
from tongchou.supervision.standardising import Tally

#: Stages at which somebody waits for a report; one that is missing or late is silence too.
REPORTS = frozenset({("silence", "expected"), ("daily_report", "due")})
#: Where work is handed in and may come back: loop, stage that judges, outcome that returns it.
RETURNS = (
    ("task", "submitted", "in_progress"),
    ("rectification", "rectified", "found"),
    ("urgent_rectification", "rectified", "found"),
    ("investigation", "submitted", "core_known"),
    ("review", "submitted", "analysed"),
    ("daily_report", "signed", "due"),
)

_JUDGED = """h.due_at >= %(since)s AND h.due_at < %(until)s AND h.opened_at < h.due_at
    AND h.area_path >= %(low)s AND h.area_path < %(high)s
    AND NOT (h.outcome = h.stage AND h.done_at <= h.due_at)
    AND NOT (h.loop = 'daily_report' AND h.outcome = 'excused' AND h.done_at < %(until)s)"""

_RULED = "EXISTS (SELECT 1 FROM supervision_ruling r WHERE r.handoff_id = h.id)"

#: Seconds from one moment to another; SQLite keeps moments as text.
_SPAN = {
    "sqlite": (
        "(CAST(strftime('%%s', {until}) AS INTEGER) - CAST(strftime('%%s', {since}) AS INTEGER))"
    ),
    "postgresql": "EXTRACT(EPOCH FROM ({until} - {since}))",
}

_LEGS = """SELECT h.unit_id, h.loop, h.stage, count(*),
    sum(CASE WHEN h.done_at <= h.due_at THEN 1 ELSE 0 END),
    sum(CASE WHEN h.done_at IS NULL OR h.done_at >= %(until)s THEN 1 ELSE 0 END),
    sum(CASE WHEN {late} >= {allowed} AND {late} > 0 THEN 1 ELSE 0 END)
    FROM ledger_handoff h WHERE {judged} AND NOT {ruled}
    GROUP BY h.unit_id, h.loop, h.stage"""

_RULED_OUT = """SELECT h.unit_id, count(*) FROM supervision_ruling x
    JOIN ledger_handoff h ON h.id = x.handoff_id WHERE {judged} GROUP BY h.unit_id"""

_MEDIAN = """SELECT unit_id, avg(late) FROM (
    SELECT h.unit_id, {late} AS late,
        row_number() OVER (PARTITION BY h.unit_id ORDER BY {late}) AS place,
        count(*) OVER (PARTITION BY h.unit_id) AS n
    FROM ledger_handoff h WHERE {judged} AND NOT {ruled} AND h.unit_id IS NOT NULL
    AND (h.done_at IS NULL OR h.done_at > h.due_at)) AS late_legs
    WHERE place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY unit_id"""

_GAPS = """SELECT h.unit_id, count(*), sum({open}),
    sum(CASE WHEN g.closed_at IS NULL OR g.closed_at >= %(until)s THEN 1 ELSE 0 END)
    FROM ledger_gap g JOIN ledger_handoff h ON h.id = g.handoff_id
    WHERE g.opened_at >= %(since)s AND g.opened_at < %(until)s
    AND g.area_path >= %(low)s AND g.area_path < %(high)s
    AND g.reason IN ('', 'handed_over') AND NOT {ruled} AND h.unit_id IS NOT NULL
    GROUP BY h.unit_id"""

# Charged to whoever handed it in: the leg before the one that judged. A ruling on either of the two
# takes the pair out.
_RETURNED = """SELECT b.unit_id, count(*),
    sum(CASE WHEN h.outcome = %(back)s THEN 1 ELSE 0 END)
    FROM ledger_handoff h
    JOIN ledger_handoff b ON b.passage_id = h.passage_id AND b.number = h.number - 1
    WHERE h.loop = %(loop)s AND h.stage = %(stage)s
    AND h.done_at >= %(since)s AND h.done_at < %(until)s
    AND h.area_path >= %(low)s AND h.area_path < %(high)s AND b.unit_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM supervision_ruling r WHERE r.handoff_id IN (h.id, b.id))
    GROUP BY b.unit_id"""

_PEOPLE = """SELECT unit_id, count(DISTINCT user_id) FROM staff_post
    WHERE from_at < %(until)s AND (to_at IS NULL OR to_at > %(since)s) GROUP BY unit_id"""


@dataclass(frozen=True)
class Period:
    """What is evaluated: legs that came due from `since` on and before `until`, below `path`."""

    since: datetime
    until: datetime
    path: str

    @property
    def values(self) -> dict[str, Any]:
        return {
            "since": stamp(self.since),
            "until": stamp(self.until),
            "low": self.path,
            "high": self.path[:-1] + "0",
        }


@dataclass
class Counted:
    """What the ledger says of one unit."""

    stages: dict[str, Tally] = field(default_factory=dict)
    n_open: dict[str, int] = field(default_factory=dict)
    n_silent: dict[str, int] = field(default_factory=dict)
    median_late_s: float | None = None
    n_gaps: int = 0
    n_gaps_open: int = 0
    gap_seconds: float = 0.0
    n_judged: int = 0
    n_returned: int = 0
    n_people: int = 0
    n_ruled_out: int = 0

    @property
    def n(self) -> int:
        return sum(tally.n for tally in self.stages.values())


def count(period: Period) -> tuple[dict[int, Counted], int]:
    """Every unit that had a leg, and how many legs nobody answered for."""
    found: dict[int, Counted] = defaultdict(Counted)
    nobody = 0
    for unit, loop, stage, n, in_time, n_open, n_silent in _run(_LEGS, period):
        if unit is None:
            nobody += n
            continue
        one, key = found[unit], f"{loop}.{stage}"
        one.stages[key] = Tally(int(n), int(in_time))
        one.n_open[key], one.n_silent[key] = int(n_open), int(n_silent)
    for unit, n in _run(_RULED_OUT, period):
        if unit is not None:
            found[unit].n_ruled_out = int(n)
    for unit, seconds in _run(_MEDIAN, period):
        found[unit].median_late_s = float(seconds)
    for unit, n, seconds, n_open in _run(_GAPS, period):
        one = found[unit]
        one.n_gaps, one.gap_seconds, one.n_gaps_open = int(n), float(seconds), int(n_open)
    for loop, stage, back in RETURNS:
        for unit, n, n_back in _run(_RETURNED, period, loop=loop, stage=stage, back=back):
            found[unit].n_judged += int(n)
            found[unit].n_returned += int(n_back)
    for unit, n in _run(_PEOPLE, period):
        if unit in found:
            found[unit].n_people = int(n)
    return dict(found), nobody


def _run(statement: str, period: Period, **more: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(written(statement), period.values | more)
        yield from cursor.fetchall()


def written(statement: str) -> str:
    """A statement in the words of this database."""
    span = _SPAN[connection.vendor]
    ended = "{least}(coalesce({done}, %(until)s), %(until)s)"
    least = "min" if connection.vendor == "sqlite" else "least"
    done, closed = (ended.format(least=least, done=name) for name in ("h.done_at", "g.closed_at"))
    return statement.format(
        judged=_JUDGED,
        ruled=_RULED,
        late=span.format(since="h.due_at", until=done),
        allowed=span.format(since="h.timed_from", until="h.due_at"),
        open=span.format(since="g.opened_at", until=closed),
    )
