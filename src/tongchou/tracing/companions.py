"""Co-presence (时空伴随): the fourth way through the door, who was in the same grid cell as a case.

A cell of 800 m is no room, and one case has tens of thousands of companions: every rule of the
playbook is shown with its size first, and what is handed on are numbers by area, not a list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.models import Case, Contact
from tongchou.ledger import policy
from tongchou.people.models import Person
from tongchou.people.queries import group
from tongchou.playbook.rules import Companion
from tongchou.staff.queries import Scope
from tongchou.tracing import asking, visits
from tongchou.tracing.models import VisitQuery

if TYPE_CHECKING:
    from tongchou.epi.trace.contacts import Pairs

_AT_ONCE = 5_000  # keys a statement asks about: SQLite takes 32,766


@dataclass(frozen=True)
class Step:
    """One rule of the playbook, in words, and how many people it would bring."""

    name: str
    words: str
    rule: Companion
    n_people: int


@dataclass(frozen=True)
class Row:
    """Somebody who was near the case, as the desk shows it."""

    key: str
    person: Person | None
    contact: Contact | None
    meetings: int
    minutes: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Share:
    """The companions who live in one area; those the register does not know have none."""

    area: Area | None
    n: int


class Answer:
    """Who was near a case; arrays until a page of them is shown."""

    def __init__(self, pairs: "Pairs", known: visits.Known) -> None:
        import numpy as np

        order = np.lexsort((pairs.first, -pairs.minutes))
        self.pairs, self.order = pairs, order
        self.keys: list[str] = known.people.keys.texts(pairs.person[order])
        self.newest = known.newest

    def __len__(self) -> int:
        return len(self.keys)

    def people(self) -> Iterator[Person]:
        """Those the register knows, some thousand at a time."""
        for keys in self._portions():
            yield from Person.objects.filter(key__in=keys).select_related("area")

    def shares(self) -> list[Share]:
        """How many live where, most first; who is not in the register comes last."""
        found: dict[str, int] = {}
        for keys in self._portions():
            for area in Person.objects.filter(key__in=keys).values_list("area_id", flat=True):
                found[area] = found.get(area, 0) + 1
        areas = Area.objects.in_bulk([code for code in found if code is not None])
        ranked = sorted(found.items(), key=lambda item: -item[1])
        named = [Share(areas.get(code), n) for code, n in ranked]
        strangers = len(self) - sum(found.values())
        return [*named, Share(None, strangers)] if strangers else named

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The people at these places of the order shown: longest together first."""
        keys = [self.keys[i] for i in numbers]
        people = {p.key: p for p in Person.objects.filter(key__in=keys).select_related("area")}
        contacts = Contact.objects.filter(person_id__in=keys).order_by("pk")
        listed = {contact.person_id: contact for contact in contacts}
        found = []
        for key, i in zip(keys, self.order[numbers].tolist(), strict=True):
            ends = self.pairs.first[i], self.pairs.last[i]
            first_at, last_at = (visits.moment(int(end)) for end in ends)
            met = int(self.pairs.meetings[i]), int(self.pairs.minutes[i])
            found.append(Row(key, people.get(key), listed.get(key), *met, first_at, last_at))
        return found

    def _portions(self) -> Iterator[list[str]]:
        for first in range(0, len(self.keys), _AT_ONCE):
            yield self.keys[first : first + _AT_ONCE]


def rules(*, now: datetime) -> dict[str, Companion]:
    """The rules of the playbook in force, the widest first; none where it has no such rule."""
    book = policy.in_force(now)
    width = {n: (r.min_meetings, r.min_minutes) for n, r in book.companions.items()}
    return {name: book.companions[name] for name in sorted(width, key=lambda name: width[name])}


def steps(case: Case, scope: Scope, *, now: datetime) -> list[Step]:
    """Every rule of the playbook with its size, from one look at the visits.

    Raises
    ------
    asking.Closed
        Where this scope may not ask from the case, or the playbook has no such rule.
    """
    if why := asking.refusal(case, scope):
        raise asking.Closed(why)
    given = rules(now=now)
    if not given:
        raise asking.Closed(_("The playbook in force has no rule on co-presence."))
    span = asking.window(case, asking.FORWARD, now=now)
    stretches = sorted({rule.min_overlap_minutes for rule in given.values()})
    widest = {
        stretch: near(case, since=span.since, until=span.until, stretch=stretch).pairs
        for stretch in stretches
    }
    zh = (get_language() or "").startswith("zh")
    found = []
    for name, rule in given.items():
        pairs = widest[rule.min_overlap_minutes]
        fits = (pairs.meetings >= rule.min_meetings) & (pairs.minutes >= rule.min_minutes)
        found.append(Step(name, rule.zh if zh else rule.en, rule, int(fits.sum())))
    return found


def near(
    case: Case,
    *,
    since: datetime,
    until: datetime,
    stretch: int,
    meetings: int = 1,
    minutes: int = 1,
) -> Answer:
    """Everybody who was in the same cell as the case. Call it through `steps` or `look` only.

    Raises
    ------
    asking.Closed
        Where no visits ever came, the case's own are not among them, or no place has a position.
    """
    from tongchou.epi.trace import co_presence

    known = visits.known(timezone.localdate(since), timezone.localdate(until))
    if known is None:
        raise asking.Closed(_("No visits have come in yet. Add a source of visits first."))
    cases = asking.as_cases(known, group(case.person_id), since, until)
    if not _on_the_map(known, cases.person.tolist()):
        raise asking.Closed(_("No place where the case was has a position on the map."))
    rule = co_presence.Companions(stretch, meetings, max(minutes, 1))
    return Answer(co_presence.of_cases(known.city, cases, rule), known)


def _on_the_map(known: visits.Known, people: Sequence[int]) -> bool:
    """Whether any place where these people were has a cell: else nobody near is not nobody."""
    from tongchou.epi.trace.day import NO_CELL

    for day in known.city.days:
        offsets, records = day.by_person.offsets, day.by_person.records
        for person in people:
            if day.by_cell is not None and person + 1 < len(offsets):
                rows = records[int(offsets[person]) : int(offsets[person + 1])]
                if (known.city.places.cell[(rows >> 32).astype("i8")] != NO_CELL).any():
                    return True
    return False


def look(query: VisitQuery, scope: Scope, *, now: datetime) -> Answer:
    """The answer to a recorded question, for somebody who could ask it now.

    Raises
    ------
    asking.Closed
        Where they could not.
    """
    if why := asking.refusal(query.case, scope):
        raise asking.Closed(why)
    limits = query.limits
    return near(
        query.case,
        since=query.since_at,
        until=query.until_at,
        stretch=limits["min_overlap_minutes"],
        meetings=limits["min_meetings"],
        minutes=limits["min_minutes"],
    )
