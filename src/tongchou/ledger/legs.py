"""The statements of the hot path, written out: closing a leg and opening the next.

The ORM spends more time on these four rows than the database does; `bench/hand_over.py` measures
both. Only `ledger.actions` calls them.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from tongchou.ledger import policy

_UNIT = """(SELECT t.unit_id FROM staff_post t JOIN staff_user u ON u.id = t.user_id
    WHERE u.is_active AND t.role = %s AND t.area_id IN ({})
    AND t.from_at <= %s AND (t.to_at IS NULL OR t.to_at > %s)
    ORDER BY t.level DESC, t.id LIMIT 1)"""

#: A unit that was named answers, where somebody of it is on duty in that role.
_NAMED = """COALESCE((SELECT t.unit_id FROM staff_post t JOIN staff_user u ON u.id = t.user_id
    WHERE u.is_active AND t.role = %s AND t.unit_id = %s
    AND t.from_at <= %s AND (t.to_at IS NULL OR t.to_at > %s) LIMIT 1), {})"""

#: The role in which a unit answers for what is handed to it by name.
_ROLE = """SELECT t.role FROM staff_post t JOIN staff_user u ON u.id = t.user_id
    WHERE u.is_active AND t.unit_id = %s
    AND t.from_at <= %s AND (t.to_at IS NULL OR t.to_at > %s) ORDER BY t.level, t.id LIMIT 1"""

_OPEN = """INSERT INTO ledger_handoff (passage_id, number, loop, stage, owner, unit_id, area_path,
    opened_at, timed_from, due_at, playbook, clause, outcome, note)
    VALUES (%s, %s, %s, %s, %s, {}, %s, %s, %s, %s, %s, %s, '', '')"""

_CLOSE = f"""UPDATE ledger_handoff SET done_at = %s, done_by_id = %s, outcome = %s, note = %s
    WHERE passage_id = %s AND number = %s AND done_at IS NULL AND opened_at <= %s
    RETURNING id, (SELECT count(*) FROM ledger_gap g
        WHERE g.handoff_id = ledger_handoff.id AND g.closed_at IS NULL), {policy.GROUND}"""

_MOVE = """UPDATE ledger_passage SET stage = %s, n_legs = %s, holds = %s, closed_at = %s
    WHERE id = %s"""

_CLOSE_GAP = """UPDATE ledger_gap SET closed_at = %s, reason = 'handed_over'
    WHERE handoff_id = %s AND closed_at IS NULL"""

_AUDIT = (
    "INSERT INTO records_auditevent (at, actor, verb, subject, detail) VALUES (%s, %s, %s, %s, %s)"
)


@lru_cache(maxsize=256)  # one hand-over writes the same moment six times
def stamp(value: datetime | None) -> Any:
    """A datetime as this database's driver takes it."""
    return None if value is None else connection.ops.adapt_datetimefield_value(value)


def close(
    *, passage: int, number: int, outcome: str, by: int, now: datetime, note: str, area: str
) -> policy.Ground | None:
    """End leg `number` if it is open and was opened by `now`, and its gap with it.

    Returns the ground in `area`, on which the next leg will stand; None where nothing was ended.
    """
    moment = stamp(now)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [moment, by, outcome, note, passage, number, moment, area, moment])
        row = cursor.fetchone()
        if row is None:
            return None
        pk, n_gaps, *ground = row
        if n_gaps:
            cursor.execute(_CLOSE_GAP, [moment, pk])
    return policy.standing(*ground)


def role_of(unit: int, *, now: datetime) -> str:
    """The role in which a unit answers for what is handed to it by name; none: nobody is there."""
    moment = stamp(now)
    with connection.cursor() as cursor:
        cursor.execute(_ROLE, [unit, moment, moment])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def move(*, passage: int, stage: str, number: int, holds: bool, closed_at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [stage, number, holds, stamp(closed_at), passage])


def open_leg(
    *,
    passage: int,
    number: int,
    loop: str,
    stage: str,
    owner: str,
    area_path: str,
    now: datetime,
    timed_from: datetime,
    due_at: datetime,
    playbook: str,
    clause: str,
    named: int | None = None,
) -> None:
    """Open a leg for the unit on duty nearest to the area; without one the unit stays empty.

    `named` goes before the nearest, where it is on duty itself.
    """
    codes: Sequence[str] = area_path.strip("/").split("/")
    unit = _UNIT.format(", ".join(["%s"] * len(codes)))
    moment = stamp(now)
    first: list[Any] = []
    if named is not None:
        unit, first = _NAMED.format(unit), [owner, named, moment, moment]
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN.format(unit),
            [
                passage,
                number,
                loop,
                stage,
                owner,
                *first,
                owner,
                *codes,
                moment,
                moment,
                area_path,
                moment,
                stamp(timed_from),
                stamp(due_at),
                playbook,
                clause,
            ],
        )


def tell(*, actor: str, verb: str, subject: str, detail: str, now: datetime) -> None:
    """The audit event of a hand-over; the same row that `records.audit.record` writes."""
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, [stamp(now), actor, verb, subject, detail])
