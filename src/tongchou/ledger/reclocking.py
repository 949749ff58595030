"""Letting many open legs count from another moment, because the orders behind them changed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tongchou.ledger import policy
from tongchou.ledger.models import Gap, Handoff
from tongchou.ledger.retiming import retime
from tongchou.loops import Tempo


@transaction.atomic
def reclock(*, legs: QuerySet[Handoff], timed_from: Any, now: datetime) -> int:
    """Count open legs from `timed_from`, an expression over the leg; returns how many moved.

    Their deadlines follow, and a gap that is no longer due is closed: see `retiming`.
    """
    policy.steady()
    moved = legs.filter(done_at=None).exclude(timed_from=timed_from).update(timed_from=timed_from)
    if moved:
        playbook = policy.in_force(now)
        for tempo in Tempo:
            retime(
                area_path="",
                tempo=tempo,
                playbook=playbook,
                reason=Gap.Reason.ORDER,
                now=now,
                only_at_tempo=True,
            )
    return moved
