"""Sealing everything again under the active key, and indexing it again under the index key.

Old keys stay readable until nothing stands under them any more (`texts_by_key`). Other rooms may
keep sealed columns too (an import keeps the rows it refused); they are found by their field.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from tongchou.people import blind, sealing
from tongchou.people.errors import CannotOpen
from tongchou.people.fields import EncryptedTextField
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


def rotate_others(*, now: datetime, by: User | None = None, batch: int = 500) -> Rotated:
    """The same for the sealed columns of every other table."""
    n_resealed = 0
    unreadable: list[str] = []
    for model, fields in _sealed_tables():
        if model is Identity:
            continue
        done, failed = _table(model, fields, batch)
        n_resealed += done
        unreadable += failed
    if n_resealed or unreadable:
        audit.record(
            verb="people.rotate_others",
            subject="tables",
            by=by,
            now=now,
            detail={"resealed": n_resealed, "unreadable": unreadable},
        )
    return Rotated(n_resealed, tuple(unreadable))


def texts_by_key() -> dict[str, int]:
    """How many texts stand under each key; a key that is not here may be put away."""
    counts: Counter[str] = Counter()
    for model, fields in _sealed_tables():
        for name in fields:
            texts = model._default_manager.exclude(**{f"{name}__isnull": True})
            for text in texts.values_list(name, flat=True).iterator():
                if text:
                    counts[sealing.key_id_of(text)] += 1
    return dict(sorted(counts.items()))


def _sealed_tables() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        fields = [f.name for f in model._meta.fields if isinstance(f, EncryptedTextField)]
        if fields:
            yield model, fields


def _table(model: type[models.Model], fields: list[str], size: int) -> tuple[int, list[str]]:
    n_resealed, after = 0, None
    failed: list[str] = []
    while True:
        with transaction.atomic():
            rows = model._default_manager.select_for_update(of=("self",)).order_by("pk")
            if after is not None:
                rows = rows.filter(pk__gt=after)
            page = list(rows[:size])
            if not page:
                return n_resealed, failed
            for row in page:
                try:
                    n_resealed += _reseal(row, fields)
                except CannotOpen:
                    failed.append(f"{model._meta.label} {row.pk}")
        after = page[-1].pk


def _reseal(row: models.Model, fields: list[str]) -> int:
    old = {name: row.__dict__[name] for name in fields}
    stale = [n for n, v in old.items() if v and sealing.key_id_of(v) != sealing.active_key()]
    if not stale:
        return 0
    new = {name: row._meta.get_field(name).sealed(row, getattr(row, name)) for name in stale}  # type: ignore[union-attr]
    return type(row)._default_manager.filter(pk=row.pk).update(**new)
