"""Rolling progress up a tree of tasks: one statement, however many tasks and levels there are.

Progress is the mean over the leaves: an accepted one counts whole, one on its way counts what was
last reported of it, and never quite whole, because nobody has accepted it. Cancelled leaves are
not counted. What stands above is computed from below and stored nowhere.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

#: What a leaf counts that says 100 % and has not been accepted.
NOT_YET = 99

_ROLLED = """WITH RECURSIVE below(top, id) AS (
    {start}
    UNION ALL
    SELECT b.top, t.id FROM below b JOIN lists_task t ON t.parent_id = b.id
)
SELECT b.top, count(*), sum(CASE WHEN t.stage = 'accepted' THEN 1 ELSE 0 END),
    sum(CASE WHEN t.closed_at IS NULL AND t.stage <> 'submitted' AND t.due_at <= %s
        THEN 1 ELSE 0 END),
    sum(CASE WHEN t.stage = 'submitted' THEN 1 ELSE 0 END),
    sum(CASE WHEN t.stage = 'accepted' THEN 100 WHEN t.share >= {not_yet} THEN {not_yet}
        ELSE coalesce(t.share, 0) END),
    sum(CASE WHEN t.n_returned > 0 THEN 1 ELSE 0 END)
FROM below b JOIN lists_task t ON t.id = b.id
WHERE t.leaf AND t.stage <> 'cancelled' GROUP BY b.top"""


@dataclass(frozen=True)
class Rolled:
    """How the leaves below a task (itself where it has no parts) stand."""

    n: int = 0
    n_accepted: int = 0
    n_late: int = 0
    n_submitted: int = 0
    percent: int | None = None  # None where every leaf was cancelled
    n_returned: int = 0

    @property
    def n_open(self) -> int:
        return self.n - self.n_accepted


def roll_up(tasks: Collection[int], *, now: datetime) -> dict[int, Rolled]:
    """For each of these tasks how the leaves below it stand."""
    wanted = sorted(set(tasks))
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    return _run(f"SELECT id, id FROM lists_task WHERE id IN ({marks})", wanted, now)


def roll_up_all(*, now: datetime) -> dict[int, Rolled]:
    """The same for every task there is: reports of a province, and the benchmark."""
    return _run("SELECT id, id FROM lists_task", [], now)


def _run(start: str, values: Iterable[Any], now: datetime) -> dict[int, Rolled]:
    statement = _ROLLED.format(start=start, not_yet=NOT_YET)
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, moment])
        return {
            top: Rolled(n, accepted, late, submitted, int(total) // n, returned)
            for top, n, accepted, late, submitted, total, returned in cursor.fetchall()
        }
