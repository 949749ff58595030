"""Listing contacts, one by one or many: one open contact per person, whoever lists them again.

Two cases that name the same person add two exposures to one contact. Listing the same meeting a
second time changes nothing, so a table may be pasted as often as its maker likes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.actions import day
from tongchou.cases.models import Case, Contact, Exposure, Outcome, Tier
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.people import actions as people
from tongchou.people.details import Details
from tongchou.people.models import Person
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import User
from tongchou.tracing import changes
from tongchou.tracing.errors import NotComplete
from tongchou.tracing.loops import CONTACT

RANK: dict[str, int] = {Tier.GENERAL: 0, Tier.SECONDARY: 1, Tier.CLOSE: 2}


@dataclass(frozen=True)
class Met:
    """Whom a contact met, how, and when. `through` is the close contact between."""

    case: Case | None = None
    through: Contact | None = None
    way: str = "other"
    place_kind: str = ""
    place: str = ""
    first_on: date | None = None
    last_on: date | None = None
    minutes: int | None = None
    protected: bool = False
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a contact list: who, where they are, what they are held to be, whom they met."""

    details: Details
    area: Area
    tier: str
    met: Met
    found_by: str = ""
    number: str = ""
    #: Where the register knows them already, by key; `details` are not read then.
    person: Person | None = None


@dataclass(frozen=True)
class Listing:
    """What became of a line. `managed` is false for a contact kept for the record only."""

    contact: Contact
    is_new: bool
    met_anew: bool
    upgraded: bool
    managed: bool

    @property
    def unchanged(self) -> bool:
        return not (self.is_new or self.met_anew or self.upgraded)


@dataclass
class Listed:
    """What became of a whole list: every line is in exactly one of the three counts."""

    listings: list[Listing] = field(default_factory=list)

    @property
    def n_new(self) -> int:
        return sum(one.is_new for one in self.listings)

    @property
    def n_unchanged(self) -> int:
        return sum(one.unchanged for one in self.listings)

    @property
    def n_joined(self) -> int:
        """Known already, and met somebody anew or was held to be of a higher tier."""
        return len(self.listings) - self.n_new - self.n_unchanged


@transaction.atomic
def list_contact(*, entry: Entry, by: User | None, now: datetime) -> Listing:
    """Put one person on the list of a case, and on their way where the playbook manages them.

    Raises
    ------
    NotComplete
        Where it is not said whom they met.
    PeopleError
        Where a document or phone number cannot be right.
    """
    return list_many(entries=[entry], by=by, now=now).listings[0]


@transaction.atomic
def list_many(*, entries: Iterable[Entry], by: User | None, now: datetime) -> Listed:
    """Put many people on the list; all of them or, where one is refused, nobody."""
    lines = list(entries)
    if any(line.met.case is None and line.met.through is None for line in lines):
        raise NotComplete(_("Say whom the contact met: a case, or the close contact between."))
    told = [line for line in lines if line.person is None]
    registered = people.register_many(entries=[line.details for line in told], by=by, now=now)
    fresh = iter([one.person for one in registered])
    known = [line.person or next(fresh) for line in lines]
    keys = [person.pk for person in known]
    # On PostgreSQL two desks that list one person wait for each other; SQLite has one writer.
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    groups = _groups(keys)
    standing = _standing(groups, now=now)
    done = Listed()
    for line, person in zip(lines, known, strict=True):
        same_person = groups[person.pk]
        contact = standing.get(person.pk) or _told_before(line.met, same_person)
        listing = (
            _join(contact, line, by=by, now=now)
            if contact
            else _create(line, person, _case_of(same_person), by=by, now=now)
        )
        standing[person.pk] = listing.contact
        done.listings.append(listing)
    return done


def put_on_its_way(contact: Contact, *, by: User | None, now: datetime) -> bool:
    """Start the loop of a contact whose tier the playbook manages; whether it runs now.

    A contact who is a case already goes the way of a case, and is listed for the chain only.
    """
    if contact.passage is not None:
        return contact.passage.closed_at is None
    managed = policy.in_force(now).contact(contact.tier).managed
    if contact.became_case_id is not None or not managed:
        return False
    met = contact.exposures.select_related("case__passage", "through__passage").first()
    source = met and (met.case or met.through)
    contact.passage = ledger.start(
        loop=CONTACT,
        area=contact.area,
        title=f"{contact.number} · {contact.person}",
        by=by,
        now=now,
        person_key=contact.person_id,
        caused_by=source.passage if source else None,
    )
    contact.save(update_fields=["passage"])
    return True


def _groups(keys: Iterable[str]) -> dict[str, set[str]]:
    """Every key of each person, with those merged into it; `people.queries.group` for many."""
    groups = {key: {key} for key in keys}
    owner = {key: key for key in groups}
    newest = list(groups)
    while newest:
        pairs = Person.objects.filter(merged_into__in=newest).values_list("key", "merged_into_id")
        newest = []
        for key, into in pairs:
            owner[key] = owner[str(into)]
            groups[owner[key]].add(key)
            newest.append(key)
    return groups


def _standing(groups: Mapping[str, set[str]], *, now: datetime) -> dict[str, Contact]:
    """The contact of each person that is not done with.

    One for the record only counts for as long as its person could still fall ill from it.
    """
    owner = {member: key for key, members in groups.items() for member in members}
    since = day(now) - timedelta(days=policy.in_force(now).disease().incubation_max_days.value)
    open_ones = Contact.objects.filter(person_id__in=owner).filter(
        Q(passage__isnull=False, passage__closed_at=None) | Q(passage=None, listed_on__gte=since)
    )
    found = open_ones.select_related("passage", "person", "area")
    # One on its way goes before one for the record: the later entry wins in the dict.
    rows = sorted(found, key=lambda contact: (contact.passage_id is not None, contact.pk))
    return {owner[contact.person_id]: contact for contact in rows}


def _told_before(met: Met, keys: set[str]) -> Contact | None:
    """A contact that is done with, for this very meeting: telling of it again starts nothing."""
    covering = Exposure.objects.filter(
        Q(last_on__gte=met.last_on) if met.last_on else Q(),
        contact__person_id__in=keys,
        case=met.case,
        through=met.through,
    )
    found = covering.select_related("contact__passage", "contact__person", "contact__area")
    newest = found.order_by("-contact_id").first()
    return newest.contact if newest else None


def _case_of(keys: set[str]) -> Case | None:
    """The case under way of this person, if there is one."""
    open_cases = Case.objects.filter(outcome=Outcome.OPEN, passage__closed_at=None)
    return open_cases.filter(person_id__in=keys).first()


def _join(contact: Contact, line: Entry, *, by: User | None, now: datetime) -> Listing:
    if contact.passage is not None and contact.passage.closed_at is not None:
        return Listing(contact, False, False, False, managed=False)
    met_anew, end_moved = _meet(contact, line.met)
    upgraded = RANK[line.tier] > RANK[contact.tier]
    if upgraded:
        detail = {"from": contact.tier, "to": line.tier}
        contact.tier = line.tier
        contact.save(update_fields=["tier"])
        _tell("contact.tier", contact, by=by, now=now, **detail)
    if met_anew:
        _tell("contact.met", contact, by=by, now=now)
    managed = put_on_its_way(contact, by=by, now=now)
    if managed and (upgraded or end_moved):
        changes.tell(contact, by=by, now=now)
    return Listing(contact, False, met_anew, upgraded, managed)


def _create(
    line: Entry, person: Person, case: Case | None, *, by: User | None, now: datetime
) -> Listing:
    (pk,) = reserve_ids(Contact, 1)
    contact = Contact.objects.create(
        pk=pk,
        number=line.number or f"K-{pk:06d}",
        person=person,
        tier=line.tier,
        area=line.area,
        area_path=line.area.path,
        found_by=line.found_by,
        became_case=case,
        listed_on=day(now),
        written_at=now,
    )
    _meet(contact, line.met)
    _tell("contact.list", contact, by=by, now=now, tier=line.tier)
    return Listing(contact, True, True, False, put_on_its_way(contact, by=by, now=now))


def _meet(contact: Contact, met: Met) -> tuple[bool, bool]:
    """Write the meeting down unless it is; whether anything is new, and whether the end moved."""
    same = Exposure.objects.filter(
        contact=contact, case=met.case, through=met.through, way=met.way, place=met.place
    ).first()
    if same is None:
        columns = {name: getattr(met, name) for name in met.__dataclass_fields__}
        Exposure.objects.create(contact=contact, **columns)
        return True, met.last_on is not None
    wider: dict[str, Any] = {}
    if met.first_on and (same.first_on is None or met.first_on < same.first_on):
        wider["first_on"] = met.first_on
    if met.last_on and (same.last_on is None or met.last_on > same.last_on):
        wider["last_on"] = met.last_on
    if wider:
        Exposure.objects.filter(pk=same.pk).update(**wider)
    return bool(wider), "last_on" in wider


def _tell(verb: str, contact: Contact, *, by: User | None, now: datetime, **detail: Any) -> None:
    audit.record(verb=verb, subject=f"contact:{contact.pk}", by=by, now=now, detail=detail)
