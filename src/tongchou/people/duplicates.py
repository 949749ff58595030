"""Records that may be one person, with the reasons and how much they weigh together.

The weights are a judgement, not an estimate: they order the list for a human who decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from tongchou.people import queries
from tongchou.people.documents import DocumentKind
from tongchou.people.models import Identity, KeptApart, Person, Sex
from tongchou.staff.queries import Scope

#: A phone given for more people than this is that of a hotel or a company, and proves nothing.
CROWD = 8
WORTH_A_LOOK = 0.3

WEIGHTS = {
    "document": 0.98,
    "likeness": 0.8,
    "phone_and_name": 0.9,
    "phone_and_birth": 0.5,
    "phone": 0.2,
}
REASONS = {
    "document": _("same document number"),
    "likeness": _("same name, year of birth and area"),
    "phone_and_name": _("same phone and same name"),
    "phone_and_birth": _("same phone, sex and year of birth"),
    "phone": _("same phone"),
    "other_document": _("but different ID numbers"),
    "other_sex": _("but different sex"),
    "other_birth": _("but different year of birth"),
}
#: What speaks against one person; the score is multiplied by it.
AGAINST = {"other_document": 0.2, "other_sex": 0.4, "other_birth": 0.5}


@dataclass(frozen=True)
class Pair:
    """Two records, the earlier written one first: it is the one proposed to be kept."""

    keep: Person
    other: Person
    score: float
    codes: tuple[str, ...]

    @property
    def reasons(self) -> list[Any]:
        return [REASONS[code] for code in self.codes]

    @property
    def percent(self) -> int:
        return round(self.score * 100)


def duplicates(scope: Scope, *, limit: int = 50) -> list[Pair]:
    """The pairs within `scope` most worth a look, best first; those kept apart are left out."""
    signs = _signs()
    people = _people(scope, {key for pair in signs for key in pair})
    apart = set(KeptApart.objects.filter(one__in=people, two__in=people).values_list("one", "two"))
    seen = [pair for pair in signs if set(pair) <= people.keys() and pair not in apart]
    sealed = queries.identities({key for pair in seen for key in pair})
    pairs = [_pair(people, sealed, pair, signs[pair]) for pair in seen]
    pairs = [pair for pair in pairs if pair.score >= WORTH_A_LOOK]
    return sorted(pairs, key=lambda p: (-p.score, p.keep.key, p.other.key))[:limit]


def _signs() -> dict[tuple[str, str], set[str]]:
    """Which indexes any two standing records have in common, by pair of keys, lower first."""
    signs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for sign in ("document", "phone", "likeness"):
        for group in _groups(f"{sign}_index"):
            for pair in combinations(sorted(group), 2):
                signs[pair].add(sign)
    return signs


def _groups(column: str) -> Iterator[list[str]]:
    standing = Identity.objects.filter(person__merged_into=None).exclude(**{column: ""})
    crowded = (
        standing.values(column)
        .annotate(n=Count("pk"))
        .filter(n__gt=1, n__lte=CROWD)
        .values_list(column, flat=True)
    )
    groups: dict[str, list[str]] = defaultdict(list)
    rows = standing.filter(**{f"{column}__in": crowded}).values_list(column, "person_id")
    for index, key in rows:
        groups[index].append(key)
    yield from groups.values()


def _people(scope: Scope, keys: Iterable[str]) -> dict[str, Person]:
    known = queries.visible(scope).filter(key__in=list(keys)).select_related("area")
    return {person.key: person for person in known}


def _pair(
    people: dict[str, Person],
    sealed: dict[str, Identity],
    keys: tuple[str, str],
    signs: set[str],
) -> Pair:
    keep, other = sorted((people[k] for k in keys), key=lambda p: (p.written_at, p.key))
    codes = list(_codes(keep, other, sealed[keep.key], sealed[other.key], signs))
    doubt, against = 1.0, 1.0
    for code in codes:
        doubt *= 1 - WEIGHTS.get(code, 0.0)
        against *= AGAINST.get(code, 1.0)
    return Pair(keep, other, (1 - doubt) * against, tuple(codes))


def _codes(
    keep: Person, other: Person, one: Identity, two: Identity, signs: set[str]
) -> Iterator[str]:
    if "document" in signs:
        yield "document"
    if "likeness" in signs:
        yield "likeness"
    born_alike = bool(keep.birth_year) and keep.birth_year == other.birth_year
    if "phone" in signs:
        if queries.same(one, two):
            yield "phone_and_name"
        elif born_alike and keep.sex == other.sex:
            yield "phone_and_birth"
        else:
            yield "phone"
    if {one.document_kind, two.document_kind} == {DocumentKind.ID_CARD} and (
        one.document_index and two.document_index and one.document_index != two.document_index
    ):
        yield "other_document"
    if Sex.UNKNOWN not in (keep.sex, other.sex) and keep.sex != other.sex:
        yield "other_sex"
    if keep.birth_year and other.birth_year and not born_alike:
        yield "other_birth"
