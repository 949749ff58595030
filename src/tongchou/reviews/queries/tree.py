"""The tree of what a case caused, in one statement: `Passage.caused_by`, downwards.

It stops at other positives, which have reviews of their own, and at reviews, which are no part of
the response. Seconds are counted by the database, so that ten thousand cases bring back some
dozens of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

_TREE = """WITH RECURSIVE tree(id, root) AS (
    SELECT p.id, p.id FROM ledger_passage p WHERE p.id IN ({roots})
    UNION ALL
    SELECT p.id, t.root FROM ledger_passage p JOIN tree t ON p.caused_by_id = t.id
    WHERE p.loop NOT IN ('case_report', 'review')
)"""


@dataclass(frozen=True, slots=True)
class StageDelay:
    """All hand-offs of one stage together: how many, how many late, and by how much."""

    loop: str
    stage: str
    n: int
    n_late: int
    excess_s: int  # of the late ones, in all
    worst_s: int
    saved_s: int  # of those in time, in all
    allowed_s: int  # of all, in all
    area_path: str = ""


def rooted(passages: Sequence[int]) -> list[tuple[int, int]]:
    """Each passage of the trees with the root it hangs from, roots included."""
    if not passages:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{_tree(passages)} SELECT id, root FROM tree ORDER BY root, id")
        return list(cursor.fetchall())


def delays(passages: Sequence[int], *, now: Any, by_area: bool = False) -> list[StageDelay]:
    """How each stage of these trees kept to its deadlines; one statement however many cases."""
    if not passages:
        return []
    late, spare, allowed = (
        _seconds(*pair)
        for pair in (
            ("h.due_at", "COALESCE(h.done_at, %(now)s)"),
            ("COALESCE(h.done_at, %(now)s)", "h.due_at"),
            ("h.timed_from", "h.due_at"),
        )
    )
    place, group = ("h.area_path", ", h.area_path") if by_area else ("''", "")
    statement = f"""{_tree(passages)}
        SELECT h.loop, h.stage, COUNT(*),
            SUM(CASE WHEN {late} > 0 THEN 1 ELSE 0 END),
            SUM(CASE WHEN {late} > 0 THEN {late} ELSE 0 END),
            MAX({late}),
            SUM(CASE WHEN {spare} > 0 AND h.done_at >= h.timed_from THEN {spare} ELSE 0 END),
            SUM({allowed}), {place}
        FROM tree t JOIN ledger_handoff h ON h.passage_id = t.id
        WHERE h.outcome <> h.stage AND (h.done_at IS NOT NULL OR h.due_at <= %(now)s)
        GROUP BY h.loop, h.stage{group} ORDER BY 5 DESC, 1, 2"""
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_named(statement), _values(statement, moment))
        rows = cursor.fetchall()
    return [
        StageDelay(
            loop, stage, n, int(n_late), int(excess), max(0, int(worst)), int(saved), int(whole), at
        )
        for loop, stage, n, n_late, excess, worst, saved, whole, at in rows
    ]


def _tree(passages: Sequence[int]) -> str:
    # Whole numbers from our own columns, written out: no driver takes so many parameters.
    return _TREE.format(roots=",".join(str(int(pk)) for pk in passages))


def _seconds(begin: str, end: str) -> str:
    """Whole seconds from one moment to another, in the words of this database."""
    if connection.vendor == "postgresql":
        begin, end = (
            text.replace("%(now)s", "CAST(%(now)s AS timestamptz)") for text in (begin, end)
        )
        return f"CAST(EXTRACT(EPOCH FROM ({end} - {begin})) AS bigint)"
    return f"(CAST(strftime('%%s', {end}) AS INTEGER) - CAST(strftime('%%s', {begin}) AS INTEGER))"


def _named(statement: str) -> str:
    return statement.replace("%(now)s", "%s")


def _values(statement: str, moment: Any) -> list[Any]:
    return [moment] * statement.count("%(now)s")
