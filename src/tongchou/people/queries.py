"""Reads of people: by exact number, within a scope, and who is the same person as whom.

No function here opens an identity except `same`, which compares names and gives none away.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge as in_order

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from tongchou.ledger import queries as ledger
from tongchou.ledger.models import Handoff, Passage
from tongchou.people import blind
from tongchou.people.documents import DocumentKind, plain, read_phone
from tongchou.people.errors import BadPhone
from tongchou.people.models import Disclosure, Identity, Person
from tongchou.staff.models import Post, User
from tongchou.staff.queries import Scope

HOUR = timedelta(hours=1)


def canonical(key: str) -> str:
    """The key of the record that stands for this person; merged records point to it."""
    return canonical_keys([key])[key]


def canonical_keys(keys: Iterable[str]) -> dict[str, str]:
    """`canonical` for many keys, in as many queries as merges were stacked; mostly one."""
    found = {key: key for key in keys}
    ahead = set(found)
    while ahead:
        pointers: dict[str, str] = dict(
            Person.objects.filter(key__in=ahead, merged_into__isnull=False).values_list(
                "key", "merged_into_id"
            )
        )
        found = {key: pointers.get(end, end) for key, end in found.items()}
        ahead = set(pointers.values())
    return found


def group(key: str) -> tuple[str, ...]:
    """Every key of the person `key` stands for: its own first, then those merged into it."""
    keys = newest = [canonical(key)]
    while newest:
        newest = list(
            Person.objects.filter(merged_into__in=newest)
            .order_by("key")
            .values_list("key", flat=True)
        )
        keys = keys + newest
    return tuple(keys)


def visible(scope: Scope) -> QuerySet[Person]:
    """The people a scope may know of: who live in it, and who are on somebody's desk in it."""
    here = Passage.objects.filter(scope.q("area_path"), closed_at=None).exclude(person_key="")
    on_a_desk = Exists(here.filter(person_key=OuterRef("key")))
    return Person.objects.filter(scope.q("area__path") | on_a_desk)


def paths(keys: Iterable[str]) -> tuple[str, ...]:
    """Where people with these keys belong now: their areas, and those of their open passages."""
    keys = list(keys)
    homes = Person.objects.filter(key__in=keys, area__isnull=False)
    desks = ledger.passages_of(keys).filter(closed_at=None)
    return tuple(
        dict.fromkeys(
            (
                *homes.values_list("area__path", flat=True),
                *desks.values_list("area_path", flat=True),
            )
        )
    )


def with_document(kind: str, number: str) -> list[Person]:
    """The people whose document has exactly this number, as `documents.read` writes it."""
    return _standing_for(document_index=blind.document(kind, number))


def with_phone(number: str) -> list[Person]:
    """The people who gave exactly this number, as `documents.read_phone` writes it."""
    return _standing_for(phone_index=blind.phone(number))


def with_number(text: str) -> list[Person]:
    """The people with exactly this number on a document of any kind, or as their phone."""
    number = plain(text).upper().replace("-", "")
    digests = [blind.document(kind, number) for kind in DocumentKind.values if number]
    wanted = Q(document_index__in=digests)
    with suppress(BadPhone):
        wanted |= Q(phone_index=blind.phone(read_phone(text)))
    return _stand_for(Identity.objects.filter(wanted))


def _standing_for(**index: str) -> list[Person]:
    return _stand_for(Identity.objects.filter(**index)) if all(index.values()) else []


def _stand_for(identities: QuerySet[Identity]) -> list[Person]:
    keys = canonical_keys(identities.values_list("person_id", flat=True))
    ends = Person.objects.filter(key__in=set(keys.values())).select_related("area")
    return list(ends.order_by("key")) if keys else []


def household(person: Person) -> list[Person]:
    """The others of the household, oldest first."""
    if person.household_id is None:
        return []
    others = Person.objects.filter(household=person.household_id, merged_into=None)
    return list(others.exclude(key=person.key).order_by("birth_year", "key"))


def holder(key: str) -> Passage | None:
    """The passage whose hands the person is in, under whichever of their keys."""
    return Passage.objects.filter(person_key__in=group(key), holds=True).first()


def timeline(keys: Iterable[str]) -> list[Handoff]:
    """Every leg of every loop under these keys, as it happened."""
    return list(in_order(*map(ledger.person_timeline, keys), key=lambda leg: leg.opened_at))


def n_disclosed(user: User, *, now: datetime, span: timedelta = HOUR) -> int:
    """How many people this user saw, looked up or took along within `span`."""
    seen = Disclosure.objects.filter(by=user, at__gt=now - span, at__lte=now)
    return int(seen.aggregate(n=Sum("n_people"))["n"] or 0)


@dataclass(frozen=True)
class Looked:
    """What one user looked at: how many people, by how they were shown."""

    user: User
    n_people: int
    n_shown: int
    n_looked_up: int
    n_exported: int
    last_at: datetime
    most_in_an_hour: int


def disclosed_by_user(scope: Scope, *, since: datetime) -> list[Looked]:
    """Who looked at how many people since then, most first; users with a post in `scope`."""
    colleagues = Post.objects.filter(scope.q("area__path")).values("user")
    rows = Disclosure.objects.filter(by__in=colleagues, at__gte=since).select_related("by")
    by_user: dict[User, list[Disclosure]] = defaultdict(list)
    for row in rows.order_by("at"):
        by_user[row.by].append(row)
    looked = [_looked(user, seen) for user, seen in by_user.items()]
    return sorted(looked, key=lambda one: (-one.n_people, one.user.username))


def _looked(user: User, seen: list[Disclosure]) -> Looked:
    counts = Counter(dict.fromkeys(Disclosure.Kind.values, 0))
    window: deque[Disclosure] = deque()
    most = within = 0
    for row in seen:
        counts[row.kind] += row.n_people
        window.append(row)
        within += row.n_people
        while window[0].at <= row.at - HOUR:
            within -= window.popleft().n_people
        most = max(most, within)
    return Looked(
        user,
        counts.total(),
        counts[Disclosure.Kind.REVEAL],
        counts[Disclosure.Kind.LOOK_UP],
        counts[Disclosure.Kind.EXPORT],
        seen[-1].at,
        most,
    )


@dataclass(frozen=True)
class Dossier:
    """A person's page without the identity."""

    person: Person
    merged: tuple[str, ...]
    has_identity: bool
    household: list[Person]
    legs: list[Handoff]
    held_by: Passage | None
    disclosures: list[Disclosure]


def dossier(person: Person) -> Dossier:
    """All the person page shows before anybody asks for the identity; a handful of queries."""
    keys = group(person.key)
    legs = timeline(keys)
    seen = Disclosure.objects.filter(person__in=keys).select_related("by").order_by("-at", "-id")
    return Dossier(
        person=person,
        merged=keys[1:],
        has_identity=Identity.objects.filter(person__in=keys).exists(),
        household=household(person),
        legs=legs,
        held_by=next((leg.passage for leg in legs if leg.passage.holds), None),
        disclosures=list(seen[:20]),
    )


def same(one: Identity, two: Identity) -> bool:
    """Whether two identities carry the same name; not so where either has none."""
    names = [blind.same_name(i.name) for i in (one, two)]
    return bool(names[0]) and names[0] == names[1]


def identities(keys: Iterable[str]) -> dict[str, Identity]:
    """The identities under these keys, still sealed, by key."""
    found = Identity.objects.filter(person__in=list(keys)).select_related("person")
    return {identity.person_id: identity for identity in found}


def keys_in_use() -> dict[str, int]:
    """How many identities stand under each key; a key that is not here may be put away."""
    counts = Identity.objects.values_list("sealed_with").annotate(n=Count("pk"))
    return dict(counts.order_by("sealed_with"))
