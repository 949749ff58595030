"""Handing over against the bare SQL of it: conditional UPDATE and INSERTs in one transaction.

Bytes and floor: a hand-over touches one leg, one passage, one new leg (about 250 bytes) and one
audit row (about 200 bytes). Nothing is faster than those four statements and their commit.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bench import Row
from bench.engines import on_each

T0 = datetime(2022, 7, 1, tzinfo=UTC)


def run(scale: float = 1.0) -> list[Row]:
    """Hand-overs per second on one connection, next to the bare statements."""
    return on_each(__name__, scale)


def measure(engine: str, scale: float) -> list[Row]:
    from tests import little_city

    city = little_city.build()
    n = max(100, int(3000 * scale))
    warm_up = max(50, n // 10)
    for act in (_bare, _own):
        _seconds(act, _opened(city, warm_up), city)
    # alternating rounds, best of each: a busy machine slows both, and a moment's noise neither
    rounds = [
        (_seconds(_bare, _opened(city, n), city), _seconds(_own, _opened(city, n), city))
        for _ in range(3)
    ]
    bare, own = (n / min(column) for column in zip(*rounds, strict=True))
    return [
        Row(
            name="hand_over",
            engine=engine,
            anchor="bare UPDATE, UPDATE, INSERT, INSERT in one transaction",
            anchor_value=bare,
            own_value=own,
            ratio=own / bare,
            bound=">= 0.5",
            unit="hand-overs/s",
            note="one connection",
        )
    ]


def _opened(city: object, n: int) -> Sequence[object]:
    from tongchou.ledger import actions
    from tongchou.ledger.models import Passage
    from tongchou.tracing.loops import CONTACT

    started = [
        actions.start(loop=CONTACT, area=city.community, title=f"C-{i}", by=city.wu, now=T0)
        for i in range(n)
    ]
    return list(Passage.objects.filter(pk__in=[p.pk for p in started]))


def _seconds(
    act: Callable[[object, object], None], passages: Sequence[object], city: object
) -> float:
    before = time.perf_counter()
    for passage in passages:
        act(passage, city)
    return time.perf_counter() - before


def _own(passage: object, city: object) -> None:
    from tongchou.ledger import actions

    actions.hand_over(passage=passage, to="notified", by=city.wu, now=T0 + timedelta(hours=1))


def _bare(passage: object, city: object) -> None:
    """The least that keeps the same record: no rules, no unit, no tempo, no playbook."""
    from django.db import connection, transaction

    from tongchou.ledger.legs import stamp

    now, due = stamp(T0 + timedelta(hours=1)), stamp(T0 + timedelta(hours=5))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_handoff SET done_at = %s, done_by_id = %s, outcome = %s "
            "WHERE passage_id = %s AND number = %s AND done_at IS NULL",
            [now, city.wu.pk, "notified", passage.pk, 1],
        )
        assert cursor.rowcount == 1
        cursor.execute(
            "UPDATE ledger_passage SET stage = %s, n_legs = 2 WHERE id = %s",
            ["notified", passage.pk],
        )
        cursor.execute(
            "INSERT INTO ledger_handoff (passage_id, number, loop, stage, owner, area_path, "
            "opened_at, timed_from, due_at, playbook, clause, outcome, note) "
            "VALUES (%s, 2, 'contact', 'notified', 'community', %s, %s, %s, %s, 'cn', '', '', '')",
            [passage.pk, passage.area_path, now, now, due],
        )
        cursor.execute(
            "INSERT INTO records_auditevent (at, actor, verb, subject, detail) "
            "VALUES (%s, %s, 'ledger.hand_over', %s, %s)",
            [now, "qian", f"passage:{passage.pk}", json.dumps({"to": "notified"})],
        )
