"""Two records of one person become one, and two again when that was wrong.

Nothing moves: the other record gets a pointer, and every reader asks for the record that stands
(`queries.canonical`). Taking the pointer away restores both exactly, links and all.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.people import queries
from tongchou.people.errors import CannotMerge, MayNotSee
from tongchou.people.models import KeptApart, Merge, Person
from tongchou.people.purposes import MERGERS
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of


@transaction.atomic
def merge(
    *, keep: Person, other: Person, by: User | None, now: datetime, reasons: str = ""
) -> Merge:
    """Let `keep` stand for `other` as well.

    Where only `other` is in somebody's hands, it is the one that stays: whoever takes the person
    over asks for the hands of the record that stands, and must find them.

    Raises
    ------
    CannotMerge
        Where they are one record already, or both are in somebody's hands.
    MayNotSee
        Where no post of `by` covers both with a role that may merge.
    """
    stored = Person.objects.select_for_update().order_by("key").in_bulk([keep.key, other.key])
    keep, other = stored[keep.key], stored[other.key]
    _check(keep, other, by=by, now=now)
    held = [bool(queries.holder(p.key)) for p in (keep, other)]
    if all(held):
        raise CannotMerge(
            _(
                "Both are in somebody's hands now, and nobody can be in two pairs of hands. "
                "Find out which of the two stays is wrong, and cancel that one first."
            )
        )
    if held[1]:
        keep, other = other, keep
    other.merged_into = keep
    other.save(update_fields=["merged_into"])
    done = Merge.objects.create(
        keep=keep, other=other, reasons=reasons[:200], merged_by=by, merged_at=now
    )
    _tell("people.merge", keep, other, by=by, now=now)
    return done


@transaction.atomic
def unmerge(*, merged: Merge, by: User | None, now: datetime) -> Merge:
    """Undo a merge. Both records are again what they were.

    Raises
    ------
    CannotMerge
        Where it was undone already.
    MayNotSee
        As for `merge`.
    """
    merged = (
        Merge.objects.select_for_update(of=("self",))
        .select_related("keep", "other")
        .get(pk=merged.pk)
    )
    if merged.undone_at is not None:
        raise CannotMerge(_("This was undone already. Reload to see how it is now."))
    if by is not None:
        _may_merge(by, (merged.keep, merged.other), now=now)
    Person.objects.filter(pk=merged.other_id).update(merged_into=None)
    merged.undone_by, merged.undone_at = by, now
    merged.save(update_fields=["undone_by", "undone_at"])
    _tell("people.unmerge", merged.keep, merged.other, by=by, now=now)
    return merged


@transaction.atomic
def keep_apart(*, one: Person, two: Person, by: User | None, now: datetime) -> None:
    """Note that two records which look alike are two people."""
    if by is not None:
        _may_merge(by, (one, two), now=now)
    first, second = sorted((one, two), key=lambda person: person.key)
    _row, made = KeptApart.objects.get_or_create(
        one=first, two=second, defaults={"by": by, "at": now}
    )
    if made:
        _tell("people.keep_apart", first, second, by=by, now=now)


def _check(keep: Person, other: Person, *, by: User | None, now: datetime) -> None:
    if keep.key == other.key:
        raise CannotMerge(_("This is one record. Choose two."))
    if by is not None:
        _may_merge(by, (keep, other), now=now)
    for person in (keep, other):
        if person.merged_into_id:
            raise CannotMerge(
                _("%(person)s has been merged already. Reload to see how it is now.")
                % {"person": person}
            )


def _may_merge(by: User, people: tuple[Person, ...], *, now: datetime) -> None:
    scope = scope_of(by, now=now)
    for person in people:
        paths = queries.paths(queries.group(person.key))
        if not any(scope.may(MERGERS, path) for path in paths):
            raise MayNotSee(_("Only the CDC or a data steward of the area can do this."))


def _tell(verb: str, one: Person, two: Person, *, by: User | None, now: datetime) -> None:
    audit.record(
        verb=verb,
        subject=f"person:{one.key}",
        by=by,
        now=now,
        detail={"keep": one.key, "other": two.key},
    )
