"""Sealing everything again under the active key, and indexing it again under the index key.

Old keys stay readable until the count by key (`queries.keys_in_use`) says that nothing needs them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tongchou.people import blind, sealing
from tongchou.people.errors import CannotOpen
from tongchou.people.models import Identity
from tongchou.records import audit
from tongchou.staff.models import User


@dataclass(frozen=True)
class Rotated:
    """What one run did. What cannot be opened is left as it is, and named by its person's key."""

    n_resealed: int
    unreadable: tuple[str, ...]


def rotate(*, now: datetime, by: User | None = None, batch: int = 500) -> Rotated:
    """Bring every identity under the active keys. Killed half-way, run it again.

    Desks may go on working: a row is locked while it is sealed again, and every row opens at every
    moment under the key it names. Only where the *index* key changed do look-ups miss rows not yet
    reached.
    """
    n_resealed, after = 0, ""
    unreadable: list[str] = []
    while True:
        done, failed, after = _batch(after, batch, by=by, now=now)
        if not after:
            return Rotated(n_resealed, tuple(unreadable))
        n_resealed += done
        unreadable += failed


@transaction.atomic
def _batch(after: str, size: int, *, by: User | None, now: datetime) -> tuple[int, list[str], str]:
    active, mark = sealing.active_key(), blind.key_mark()
    rows = list(
        Identity.objects.select_for_update(of=("self",))
        .select_related("person")
        .exclude(sealed_with=active, indexed_with=mark)
        .filter(pk__gt=after)
        .order_by("pk")[:size]
    )
    failed = []
    for row in rows:
        try:
            row.save()
        except CannotOpen:
            failed.append(row.person_id)
    if rows:
        audit.record(
            verb="people.rotate",
            subject=f"people:{len(rows)}",
            by=by,
            now=now,
            detail={"key": active, "resealed": len(rows) - len(failed), "unreadable": failed},
        )
    return len(rows) - len(failed), failed, rows[-1].pk if rows else ""
