"""Writing people down: once each, however often they are told of.

A number that is known leads to the record that exists. Two records of one person are a worse fault
than a question asked twice, and one record of two people is worse still: where a number alone
cannot tell, a new record is made and the pair shows up among the possible duplicates.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from tongchou.ledger import policy
from tongchou.people import blind, queries
from tongchou.people.details import Details
from tongchou.people.documents import DocumentKind
from tongchou.people.keys import new_key
from tongchou.people.models import Identity, Person, Sex
from tongchou.records import audit
from tongchou.records.bulk import bulk_load
from tongchou.staff.models import User

TEXTS = ("name", "document", "phone", "address")


@dataclass(frozen=True)
class Registered:
    """The record of a person; `filled` was empty in it before, `differs` says otherwise there.

    What differs is not overwritten. The desk asks, and corrects with `update_identity`.
    """

    person: Person
    is_new: bool
    filled: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


def _identity(person: Person, details: Details) -> Identity:
    identity = Identity(
        person=person,
        document_kind=details.document_kind,
        **{name: getattr(details, name) for name in TEXTS},
    )
    identity.make_indexes()
    return identity


class _Known:
    """The identities that could be meant, by their numbers, with those this batch adds."""

    def __init__(self, entries: Sequence[Details]) -> None:
        self.documents: dict[str, list[Identity]] = defaultdict(list)
        self.phones: dict[str, list[Identity]] = defaultdict(list)
        documents = {e.document_index for e in entries} - {""}
        phones = {e.phone_index for e in entries} - {""}
        stored = Identity.objects.select_related("person__area")
        found = {i.pk: i for i in stored.filter(document_index__in=documents)}
        found |= {i.pk: i for i in stored.filter(phone_index__in=phones)}
        self.roots = queries.canonical_keys(found)
        for identity in sorted(found.values(), key=lambda i: i.pk):
            self.add(identity)

    def add(self, identity: Identity) -> None:
        self.roots.setdefault(identity.person_id, identity.person_id)
        for index, table in (
            (identity.document_index, self.documents),
            (identity.phone_index, self.phones),
        ):
            if index and identity not in table[index]:
                table[index].append(identity)

    def meant(self, entry: Details) -> Identity | None:
        """The one identity these details can only be about, if there is one."""
        by_document = self.documents.get(entry.document_index, [])
        if entry.document_kind != DocumentKind.ID_CARD:
            # Passports of two countries may share a number, so the name has to agree as well.
            by_document = [i for i in by_document if _agree(i.name, entry.name)]
        if entry.document and by_document:
            return by_document[0]
        by_phone = [i for i in self.phones.get(entry.phone_index, []) if not _clash(i, entry)]
        named = [i for i in by_phone if entry.name and _equal(i.name, entry.name)]
        # A family shares a phone: without a name that agrees, only a phone of one nameless record
        # (or a nameless entry for a phone of one record) says who is meant.
        nameless = [i for i in by_phone if not (entry.name and i.name)]
        chosen = named or (nameless if len(nameless) == len(by_phone) else [])
        return chosen[0] if len({self.roots[i.person_id] for i in chosen}) == 1 else None


def _equal(one: str, two: str) -> bool:
    return blind.same_name(one) == blind.same_name(two)


def _agree(one: str, two: str) -> bool:
    return not (one and two) or _equal(one, two)


def _clash(identity: Identity, entry: Details) -> bool:
    """Whether the documents show that these are two people."""
    return bool(
        identity.document_index
        and entry.document
        and identity.document_kind == entry.document_kind
        and identity.document_index != entry.document_index
    )


@transaction.atomic
def register_many(
    *, entries: Iterable[Details], by: User | None, now: datetime
) -> list[Registered]:
    """Register a batch, in its order; entries of one person get one record. Keep batches to 1,000.

    Raises
    ------
    BadDocument, BadPhone, Contradiction
        Read each entry first (`Details.read`), to refuse one line instead of the batch.
    """
    today = timezone.localdate(now)
    read = [entry.read(today=today) for entry in entries]
    _lock(read)
    destroy_on = today + timedelta(days=policy.in_force(now).retention.personal_data_days)
    known = _Known(read)
    people: list[Person] = []
    new: list[Identity] = []
    changed: dict[str, Identity] = {}
    results: list[tuple[str, Registered]] = []
    fresh: set[str] = set()
    for entry in read:
        identity = known.meant(entry) if entry.identifies else None
        if identity is None:
            person = Person(
                key=new_key(),
                sex=entry.sex or Sex.UNKNOWN,
                birth_year=entry.birth_year,
                area=entry.area,
                written_at=now,
                destroy_on=destroy_on,
            )
            people.append(person)
            fresh.add(person.key)
            if entry.identifies:
                new.append(_identity(person, entry))
                known.add(new[-1])
            results.append((person.key, Registered(person, True)))
            continue
        filled, differs = _compare(identity, entry)
        if filled:
            _fill(identity, entry, filled)
            known.add(identity)
            if identity.person_id not in fresh:
                changed[identity.person_id] = identity
        root = known.roots[identity.person_id]
        results.append((root, Registered(identity.person, False, filled, differs)))
    _store(people, new, changed.values())
    again = {key for key, one in results if not one.is_new and key not in fresh}
    _prolong(again, destroy_on)
    done = _with_roots(results, again)
    _tell(done, by=by, now=now)
    return done


def _compare(identity: Identity, entry: Details) -> tuple[tuple[str, ...], tuple[str, ...]]:
    filled, differs = [], []
    for name in TEXTS:
        told, kept = getattr(entry, name), getattr(identity, name)
        if told and not kept:
            filled.append(name)
        elif told and told != kept and not (name == "name" and _equal(told, kept)):
            differs.append(name)
    person = identity.person
    if entry.birth_year and person.birth_year is None:
        filled.append("birth_year")
    if entry.sex != Sex.UNKNOWN and person.sex == Sex.UNKNOWN:
        filled.append("sex")
    if entry.area is not None and person.area_id is None:
        filled.append("area")
    return tuple(filled), tuple(differs)


def _fill(identity: Identity, entry: Details, filled: tuple[str, ...]) -> None:
    if "document" in filled:
        identity.document_kind = entry.document_kind
    for name in filled:
        setattr(identity if name in TEXTS else identity.person, name, getattr(entry, name))
    identity.make_indexes()


def _store(people: list[Person], new: list[Identity], changed: Iterable[Identity]) -> None:
    bulk_load(
        Person,
        ("key", "sex", "birth_year", "area_id", "written_at", "destroy_on"),
        [(p.key, p.sex, p.birth_year, p.area_id, p.written_at, p.destroy_on) for p in people],
    )
    for person in people:  # they are stored now: saving one again must not insert it again
        person._state.adding = False
    fields = Identity._meta.concrete_fields
    bulk_load(
        Identity,
        [f.attname for f in fields],
        ([str(f.pre_save(identity, True)) for f in fields] for identity in new),
    )
    for identity in changed:
        identity.person.save(update_fields=["sex", "birth_year", "area"])
        identity.save()


def _prolong(keys: Iterable[str], destroy_on: object) -> None:
    """Somebody told of again is dealt with again, so the day of destruction moves."""
    Person.objects.filter(key__in=list(keys), destroy_on__lt=destroy_on).update(
        destroy_on=destroy_on
    )


def _with_roots(results: list[tuple[str, Registered]], again: Iterable[str]) -> list[Registered]:
    """The results with the record that stands for each person known before."""
    stored = Person.objects.select_related("area").in_bulk(list(again))
    return [
        Registered(stored.get(key, one.person), one.is_new, one.filled, one.differs)
        for key, one in results
    ]


def _tell(done: list[Registered], *, by: User | None, now: datetime) -> None:
    if len(done) == 1:
        one = done[0]
        detail = {"new": one.is_new, "filled": one.filled, "differs": one.differs}
        subject = f"person:{one.person.key}"
        audit.record(verb="people.register", subject=subject, by=by, now=now, detail=detail)
    elif done:
        n_new = sum(one.is_new for one in done)
        audit.record(
            verb="people.register_many",
            subject=f"people:{len(done)}",
            by=by,
            now=now,
            detail={"new": n_new, "known": len(done) - n_new},
        )


#: A batch with more numbers than this takes no locks.
MOST_LOCKS = 400


def _lock(entries: Sequence[Details]) -> None:
    """Two desks that write down one number at once wait for each other; SQLite has one writer.

    A large batch does not wait: the locks of a list of 100,000 would not fit into PostgreSQL's
    table of them, and would keep every desk from registering anybody until it ends. Whoever is
    written down twice in that minute is found by the search for duplicates, and merged.
    """
    if connection.vendor != "postgresql":
        return
    indexes = {e.document_index for e in entries} | {e.phone_index for e in entries}
    numbers = sorted(int(index[:15], 16) for index in indexes - {""})  # in order: no deadlock
    if not 0 < len(numbers) <= MOST_LOCKS:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) k", [numbers])
