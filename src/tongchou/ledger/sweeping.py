"""The sweep: a gap for every late leg, each climbing as the playbook says.

Set-based, and a pure function of the clock and the legs: run twice, late, or by two workers it
leaves the same gaps.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.legs import stamp
from tongchou.ledger.models import Rung
from tongchou.loops import Tempo
from tongchou.records import audit


@dataclass(frozen=True)
class Swept:
    """How many gaps were raised and how many climbed."""

    n_raised: int
    n_climbed: int


_SECONDS = {
    "sqlite": "(CAST(strftime('%%s', {}) AS INTEGER) - CAST(strftime('%%s', {}) AS INTEGER))",
    "postgresql": "EXTRACT(EPOCH FROM ({}::timestamptz - {}))::bigint",
}
_LEAST = {"sqlite": "min", "postgresql": "least"}
# The duty officer of the rung: street, district or city are levels 4, 3 and 2 of the tree.
_DUTY = """(SELECT t.unit_id FROM staff_post t JOIN areas_area d ON d.code = t.area_id
    JOIN staff_user u ON u.id = t.user_id AND u.is_active
    WHERE t.role = 'duty_officer' AND t.level <= 4 - {rung}
    AND t.from_at <= %(now)s AND (t.to_at IS NULL OR t.to_at > %(now)s)
    AND substr({path}, 1, length(d.path)) = d.path ORDER BY t.level DESC, t.id LIMIT 1)"""

_RAISE = """INSERT INTO ledger_gap (handoff_id, loop, stage, owner, area_path, rung, unit_id,
    opened_at, raised_at, climbed_at, reason)
SELECT s.id, s.loop, s.stage, s.owner, s.area_path, s.rung, {duty}, s.due_at, %(now)s, %(now)s, ''
FROM (SELECT h.id, h.loop, h.stage, h.owner, h.area_path, h.due_at,
        {least}({age} / %(step)s, %(top)s) AS rung
    FROM ledger_handoff h JOIN ledger_passage p ON p.id = h.passage_id
    JOIN areas_area a ON a.code = p.area_id
    WHERE h.done_at IS NULL AND h.due_at <= %(now)s AND a.tempo = %(tempo)s
    AND NOT EXISTS (SELECT 1 FROM ledger_gap g
        WHERE g.handoff_id = h.id AND g.closed_at IS NULL)) s WHERE true
ON CONFLICT DO NOTHING"""

_CLIMB = """UPDATE ledger_gap SET rung = {rung}, unit_id = {duty}, climbed_at = %(now)s
WHERE closed_at IS NULL AND rung < {rung}
AND handoff_id IN (SELECT h.id FROM ledger_handoff h JOIN ledger_passage p ON p.id = h.passage_id
    JOIN areas_area a ON a.code = p.area_id
    JOIN ledger_gap g ON g.handoff_id = h.id AND g.closed_at IS NULL WHERE a.tempo = %(tempo)s)"""


@transaction.atomic
def sweep(*, now: datetime) -> Swept:
    """Raise a gap for every leg that is due, and let those that waited climb."""
    now = whole_second(now)
    policy.steady()
    raised = climbed = 0
    escalation = policy.in_force(now).escalation
    for tempo in Tempo:
        step = int(escalation.step(tempo).total_seconds())
        values = {
            "now": stamp(now),
            "step": step,
            "top": max(Rung.values),
            "tempo": str(tempo),
        }
        raise_late = _RAISE.format(
            duty=_duty("s.rung", "s.area_path"), least=_least(), age=_age("h.due_at")
        )
        raised += _run(raise_late, values)
        rung = f"{_least()}({_age('opened_at')} / %(step)s, %(top)s)"
        climbed += _run(_CLIMB.format(rung=rung, duty=_duty(rung, "ledger_gap.area_path")), values)
    if raised or climbed:
        audit.record(
            verb="ledger.sweep",
            subject="gaps",
            by=None,
            now=now,
            detail={"raised": raised, "climbed": climbed},
        )
    return Swept(raised, climbed)


def _run(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _duty(rung: str, path: str) -> str:
    return _DUTY.format(rung=rung, path=path)


def _least() -> str:
    return _LEAST[connection.vendor]


def _age(column: str) -> str:
    return _SECONDS[connection.vendor].format("%(now)s", column)
