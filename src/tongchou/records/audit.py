"""Writing, sealing and proving the audit.

Events are plain rows, so that writers never wait for one another; a job seals them in runs, each
digest covering the one before. Keep the newest digest somewhere else (it is printed by
`tongchou audit verify`), and nobody can rewrite the past unseen.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tongchou.records.models import AuditEvent, AuditSeal

GENESIS = "0" * 64
_CHUNK = 5000


def canonical(detail: Mapping[str, Any]) -> str:
    """The one text a detail can have, so that its digest is the same everywhere."""
    return json.dumps(detail, sort_keys=True, ensure_ascii=False, default=str)


def record(
    *,
    verb: str,
    subject: str,
    by: Any,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event beside the change it tells of; call it inside the same transaction."""
    return AuditEvent.objects.create(
        at=now,
        actor=actor(by),
        verb=verb,
        subject=subject,
        detail=canonical(detail or {}),
    )


def record_many(
    *, verb: str, by: Any, now: datetime, events: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    """Write an event for each (subject, detail) of one act on many, a few statements in all."""
    who = actor(by)
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(at=now, actor=who, verb=verb, subject=subject, detail=canonical(detail))
            for subject, detail in events
        ),
        batch_size=_CHUNK,
    )


def actor(by: Any) -> str:
    """How a user stands in the audit; the system where there is none."""
    return by.get_username() if by is not None else "system"


@transaction.atomic
def seal(*, now: datetime) -> AuditSeal | None:
    """Chain every event that has no seal yet. None where there is nothing to seal."""
    _settle()
    last = AuditSeal.objects.order_by("-last_id").first()
    after, previous = (last.last_id, last.digest) if last else (0, GENESIS)
    newest = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None or newest <= after:
        return None
    digest, count = _digest(previous, _events(after, newest))
    return AuditSeal.objects.create(
        first_id=after + 1,
        last_id=newest,
        n_events=count,
        previous=previous,
        digest=digest,
        sealed_at=now,
    )


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `faults` is empty where the audit is whole."""

    n_events: int
    n_unsealed: int
    head: str
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Proven:
    """How far the chain has been recomputed; `prove` goes on from here."""

    last_id: int = 0
    head: str = GENESIS
    n_events: int = 0
    faults: tuple[str, ...] = ()


def verify() -> Verdict:
    """Recompute the whole chain from the events."""
    found = Proven()
    for found in prove():  # noqa: B007  the last one counts
        pass
    unsealed = AuditEvent.objects.filter(id__gt=found.last_id).count()
    return Verdict(found.n_events + unsealed, unsealed, found.head, found.faults)


def prove(start: Proven | None = None) -> Iterator[Proven]:
    """Recompute seal by seal, from the beginning or from where `start` stopped."""
    so_far = start or Proven()
    for item in AuditSeal.objects.filter(last_id__gt=so_far.last_id).order_by("last_id").iterator():
        faults = []
        if item.previous != so_far.head or item.first_id != so_far.last_id + 1:
            faults.append(f"seal {item.pk}: it does not follow the seal before it")
        digest, count = _digest(item.previous, _events(item.first_id - 1, item.last_id))
        if count != item.n_events:
            faults.append(f"seal {item.pk}: {item.n_events} events were sealed, {count} are here")
        elif digest != item.digest:
            faults.append(
                f"seal {item.pk}: an event from {item.first_id} to {item.last_id} was changed"
            )
        so_far = Proven(
            item.last_id, item.digest, so_far.n_events + count, (*so_far.faults, *faults)
        )
        yield so_far


def _settle() -> None:
    # On PostgreSQL an event with a lower id may still be uncommitted. SHARE waits for the writers
    # of the moment, so that no event can slip in behind a seal. SQLite has one writer anyway.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(f"LOCK TABLE {AuditEvent._meta.db_table} IN SHARE MODE")


def _events(after: int, upto: int) -> Iterator[tuple[Any, ...]]:
    return (
        AuditEvent.objects.filter(id__gt=after, id__lte=upto)
        .order_by("id")
        .values_list("id", "at", "actor", "verb", "subject", "detail")
        .iterator(chunk_size=_CHUNK)
    )


def _digest(previous: str, events: Iterable[tuple[Any, ...]]) -> tuple[str, int]:
    digest, count = hashlib.sha256(previous.encode()), 0
    for pk, at, who, verb, subject, detail in events:
        line = json.dumps([pk, at.isoformat(), who, verb, subject, detail], ensure_ascii=False)
        digest.update(line.encode() + b"\n")
        count += 1
    return digest.hexdigest(), count
