"""The only writers of people. The larger ones have files of their own and are called from here."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.people.destroying import destroy_due, set_destroy_on
from tongchou.people.details import Details
from tongchou.people.disclosing import Revealed, export, flag_at, look_up, may_see, reveal
from tongchou.people.merging import keep_apart, merge, unmerge
from tongchou.people.models import Household, Identity, Person, Sex
from tongchou.people.purposes import Purpose
from tongchou.people.registering import TEXTS, Registered, register_many
from tongchou.people.rotating import rotate
from tongchou.records import audit
from tongchou.staff.models import User

__all__ = [
    "Registered",
    "Revealed",
    "destroy_due",
    "export",
    "flag_at",
    "keep_apart",
    "look_up",
    "merge",
    "register",
    "register_many",
    "reveal",
    "rotate",
    "set_destroy_on",
    "share_household",
    "unmerge",
    "update_identity",
]


def register(
    *, by: User | None, now: datetime, area: Area | None = None, **details: Any
) -> Registered:
    """The record of somebody, found by document or phone, or made. `details` as `Details` has them.

    Raises
    ------
    BadDocument, BadPhone, Contradiction
        With what to look at.
    """
    (done,) = register_many(entries=[Details(area=area, **details)], by=by, now=now)
    return done


@transaction.atomic
def update_identity(
    *, person: Person, by: User | None, now: datetime, **details: Any
) -> tuple[str, ...]:
    """Correct what is recorded of a person; returns what changed. What is not given stays.

    Raises
    ------
    MayNotSee
        Where no post of `by` covers the person with a role that corrects records.
    BadDocument, BadPhone, Contradiction
        With what to look at.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by is not None:
        may_see(by, person, Purpose.CORRECTION, now=now)
    identity = Identity.objects.filter(person=person).first() or Identity(person=person)
    identity.person = person
    told = _told(identity, details, today=timezone.localdate(now))
    changed = tuple(name for name in told if told[name] != _kept(identity, name))
    if not changed:
        return ()
    for name in changed:
        setattr(identity if _sealed(name) else person, name, told[name])
    person.destroyed_at = None if any(map(_sealed, changed)) else person.destroyed_at
    person.save(update_fields=["sex", "birth_year", "area", "destroyed_at"])
    if any(getattr(identity, name) for name in TEXTS):
        identity.save()  # even where only a year changed: an index covers it
    else:
        Identity.objects.filter(person=person).delete()
    audit.record(
        verb="people.update_identity",
        subject=f"person:{person.key}",
        by=by,
        now=now,
        detail={"changed": changed},
    )
    return changed


def _told(identity: Identity, details: dict[str, Any], *, today: date) -> dict[str, Any]:
    """What was given, in its written form. A new ID number brings sex and year of birth along."""
    kept = {name: _kept(identity, name) for name in (*TEXTS, "document_kind")}
    asked = Details(**{**kept, **details})
    if details.get("document"):
        # Sex and year were perhaps taken from the mistyped number: only what is typed now counts.
        read = asked.read(today=today)
        extra = {"sex": read.sex, "birth_year": read.birth_year}
        extra = {k: v for k, v in extra.items() if v not in (None, Sex.UNKNOWN)}
    else:
        read, extra = asked.read(today=today), {}
    return {name: getattr(read, name) for name in details} | extra


def _sealed(name: str) -> bool:
    return name in TEXTS or name == "document_kind"


def _kept(identity: Identity, name: str) -> Any:
    return getattr(identity if _sealed(name) else identity.person, name)


@transaction.atomic
def share_household(
    *, people: Iterable[Person], area: Area, by: User | None, now: datetime
) -> Household:
    """Record that these people live together; the household of the first who has one grows."""
    members = list(people)
    home = next((p.household for p in members if p.household_id), None)
    home = home or Household.objects.create(area=area)
    Person.objects.filter(key__in=[p.key for p in members]).update(household=home)
    for person in members:
        person.household = home
    audit.record(
        verb="people.share_household",
        subject=f"household:{home.pk}",
        by=by,
        now=now,
        detail={"people": [p.key for p in members]},
    )
    return home
