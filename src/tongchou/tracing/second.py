"""Contacts of contacts: the third way through the door, and how far it leads, before it is taken.

Asked from the answer for one case: its close contacts, each from their first meeting with the case
until they were received in quarantine. Without limits one case reaches most of a city, so every
limit is shown with its size, and only then is one of them asked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

from tongchou.cases.models import Contact
from tongchou.ledger.models import Handoff
from tongchou.people.models import Person
from tongchou.staff.queries import Scope
from tongchou.tracing import asking, visits
from tongchou.tracing.models import VisitQuery

if TYPE_CHECKING:
    from tongchou.epi.trace.sweep import Frontier


@dataclass(frozen=True)
class Step:
    """One limit, in words, and how many people it would bring."""

    number: int
    kinds: tuple[str, ...]
    min_minutes: int
    n_people: int


@dataclass(frozen=True)
class Row:
    """Somebody who was with a close contact, and with which of them longest."""

    key: str
    person: Person | None
    contact: Contact | None
    through: Contact | None
    first_at: datetime
    minutes: int


@dataclass(frozen=True)
class _Ground:
    """The close contacts of an answer, each with their window, and the visits to look in."""

    known: visits.Known
    frontier: "Frontier"
    of_case: frozenset[str]
    contacts: frozenset[str]


def steps(query: VisitQuery, scope: Scope, *, now: datetime) -> list[Step]:
    """The limits from the narrowest, each with its size.

    Raises
    ------
    asking.Closed
        Where somebody in this scope could not ask the question of the case itself.
    """
    from tongchou.epi.trace import kinds, sweep
    from tongchou.epi.trace.keys import MISSING, Keys

    ground = _ground(query, scope, now=now)
    cases = ground.known.people.find(Keys.of(sorted(ground.of_case)))
    sizes = sweep.sizes(ground.known.city, ground.frontier, known=cases[cases != MISSING])
    zh = (get_language() or "").startswith("zh")
    found = []
    for number, (limit, n) in enumerate(sizes):
        named = kinds.in_mask(kinds.mask_of(limit.kinds))
        words = tuple(kind.zh if zh else kind.name for kind in named)
        found.append(Step(number, words, limit.min_minutes, n))
    return found


def rows(query: VisitQuery, scope: Scope, *, now: datetime) -> list[Row]:
    """Who was with the contacts of the question that `query` was asked from.

    Raises
    ------
    asking.Closed
        As `steps`.
    """
    import numpy as np

    from tongchou.epi.trace import contacts, kinds

    assert query.asked_from is not None
    ground = _ground(query.asked_from, scope, now=now)
    asked = contacts.Cases(ground.frontier.person, ground.frontier.since, ground.frontier.until)
    pairs = contacts.of_cases(
        ground.known.city,
        asked,
        min_minutes=query.limits["min_minutes"],
        mask=kinds.mask_of(query.limits["kinds"]) if query.limits["kinds"] else kinds.ALL,
    )
    order = np.lexsort((-pairs.minutes, pairs.person))
    longest = order[np.unique(pairs.person[order], return_index=True)[1]]
    people = ground.known.people.keys
    found = [
        (key, people[int(asked.person[pairs.case[i]])], i)
        for i, key in zip(longest, people.texts(pairs.person[longest]), strict=True)
        if key not in ground.of_case | ground.contacts
    ]
    keys = {key for row in found for key in row[:2]}
    persons = {p.key: p for p in Person.objects.filter(key__in=keys).select_related("area")}
    listed = Contact.objects.filter(person_id__in=keys).select_related("passage").order_by("pk")
    contacts_by_key = {contact.person_id: contact for contact in listed}
    return [
        Row(
            key,
            persons.get(key),
            contacts_by_key.get(key),
            contacts_by_key.get(through),
            visits.moment(int(pairs.first[i])),
            int(pairs.minutes[i]),
        )
        for key, through, i in found
    ]


def _ground(query: VisitQuery, scope: Scope, *, now: datetime) -> _Ground:
    import numpy as np

    from tongchou.epi.trace.contacts import Pairs
    from tongchou.epi.trace.sweep import Frontier

    answer = asking.look(query, scope, now=now)
    close = Pairs(answer.pairs.rows[answer.rank == asking.RANK["close"]])
    keys = answer.known.people.keys.texts(close.person)
    received = _received(keys)
    ends = [visits.minute(received.get(key, query.until_at)) for key in keys]
    last = max([query.until_at, *received.values()])
    known = visits.known(timezone.localdate(query.since_at), timezone.localdate(last))
    return _Ground(
        known or answer.known,
        Frontier.of_contacts(close, np.array(ends, np.int64)),
        answer.of,
        frozenset(keys),
    )


def _received(keys: Collection[str]) -> dict[str, datetime]:
    """When each of these contacts was received in quarantine, those who were."""
    legs = Handoff.objects.filter(stage="received", passage__contact__person_id__in=keys)
    newest_first = legs.order_by("-opened_at")
    return dict(newest_first.values_list("passage__contact__person_id", "opened_at"))
