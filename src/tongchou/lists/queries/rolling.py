"""Rolling progress up a tree of tasks: one statement, however many tasks and levels there are.

Progress is the mean over the leaves: an accepted one counts whole, one on its way counts what was
last reported of it, and never quite whole, because nobody has accepted it. Cancelled leaves are
not counted. What stands above is computed from below and stored nowhere.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

#: What a leaf counts that says 100 % and has not been accepted.
NOT_YET = 99

#: What a leaf adds to everything above it; takes the moment from which a task is late.
_LEAF = f"""CASE WHEN t.stage = 'accepted' THEN 1 ELSE 0 END AS accepted,
    CASE WHEN t.closed_at IS NULL AND t.stage <> 'submitted' AND t.due_at <= %s
        THEN 1 ELSE 0 END AS late,
    CASE WHEN t.stage = 'submitted' THEN 1 ELSE 0 END AS submitted,
    CASE WHEN t.stage = 'accepted' THEN 100 WHEN t.share >= {NOT_YET} THEN {NOT_YET}
        ELSE coalesce(t.share, 0) END AS percent,
    CASE WHEN t.n_returned > 0 THEN 1 ELSE 0 END AS returned"""

_SUMS = "sum(accepted), sum(late), sum(submitted), sum(percent), sum(returned)"

#: From some tasks down: only their own branches are read.
_DOWN = f"""WITH RECURSIVE below(top, id) AS (
    SELECT id, id FROM lists_task WHERE id IN ({{marks}})
    UNION ALL
    SELECT b.top, t.id FROM below b JOIN lists_task t ON t.parent_id = b.id
), leaves AS (
    SELECT b.top, {_LEAF} FROM below b JOIN lists_task t ON t.id = b.id
    WHERE t.leaf AND t.stage <> 'cancelled'
) SELECT top, count(*), {_SUMS} FROM leaves GROUP BY top"""

#: From all leaves up: each leaf is judged once and carried to the tasks above it.
_UP = f"""WITH RECURSIVE up(top, above, accepted, late, submitted, percent, returned) AS (
    SELECT t.id, t.parent_id, {_LEAF} FROM lists_task t WHERE t.leaf AND t.stage <> 'cancelled'
    UNION ALL
    SELECT t.id, t.parent_id, accepted, late, submitted, percent, returned
    FROM up JOIN lists_task t ON t.id = up.above
) SELECT top, count(*), {_SUMS} FROM up GROUP BY top"""


class Rolled(NamedTuple):
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
    return _run(_DOWN.format(marks=marks), [*wanted, _moment(now)])


def roll_up_all(*, now: datetime) -> dict[int, Rolled]:
    """The same for every task there is: reports of a province, and the benchmark."""
    return _run(_UP, [_moment(now)])


def _moment(now: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(now)


def _run(statement: str, values: Sequence[Any]) -> dict[int, Rolled]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {
            top: Rolled(n, accepted, late, submitted, int(total) // n, returned)
            for top, n, accepted, late, submitted, total, returned in cursor.fetchall()
        }
