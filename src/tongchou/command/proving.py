"""Recomputing the audit's chain from a page: short steps, kept, so that nobody waits or blocks.

Whoever watches the progress does the work; a step that two of them take counts once.
"""

import time
from datetime import datetime

from django.db import transaction

from tongchou.command.models import Proof
from tongchou.records import audit
from tongchou.records.models import AuditEvent
from tongchou.staff.models import User

STEP_S = 0.5


@transaction.atomic
def begin(*, by: User, now: datetime) -> Proof:
    """Start a proof; one that is still running is gone on with."""
    running = Proof.objects.filter(finished_at=None).first()
    if running is not None:
        return running
    audit.record(verb="command.prove_audit", subject="audit", by=by, now=now)
    return Proof.objects.create(
        by=by, started_at=now, n_total=AuditEvent.objects.count(), head=audit.GENESIS
    )


def step(proof: Proof, *, now: datetime, seconds: float = STEP_S) -> Proof:
    """Go on for a moment. The result is kept only if nobody else was quicker."""
    if proof.finished_at is not None:
        return proof
    so_far = audit.Proven(proof.last_id, proof.head, proof.n_done, tuple(proof.faults))
    until, finished = time.monotonic() + seconds, True
    for proven in audit.prove(so_far):
        so_far = proven
        if time.monotonic() > until:
            finished = False
            break
    fields = {
        "last_id": so_far.last_id,
        "head": so_far.head,
        "n_done": so_far.n_events,
        "faults": list(so_far.faults),
    }
    if finished:
        fields |= {
            "finished_at": now,
            "n_unsealed": AuditEvent.objects.filter(id__gt=so_far.last_id).count(),
        }
    Proof.objects.filter(pk=proof.pk, last_id=proof.last_id, finished_at=None).update(**fields)
    proof.refresh_from_db()
    return proof


def last() -> Proof | None:
    return Proof.objects.select_related("by").order_by("-id").first()
