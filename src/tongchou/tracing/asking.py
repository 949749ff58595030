"""The only door to the visits.

A question starts from a confirmed case, or from a case under investigation, and is asked by a post
that holds it; it looks no further than the case's own window, and is recorded with its size before
anybody sees an answer. There is no "where has this person been" for anyone else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.cases.models import Case, Classification, Contact
from tongchou.ledger import policy
from tongchou.people.models import Person
from tongchou.people.queries import group
from tongchou.playbook import Playbook
from tongchou.staff.queries import Scope
from tongchou.tracing import rights, visits
from tongchou.tracing.errors import TracingError
from tongchou.tracing.models import VisitQuery

if TYPE_CHECKING:
    from tongchou.epi.trace.contacts import Cases, Pairs
    from tongchou.epi.trace.rules import Judged, Rule

FORWARD, BACKWARD = "forward", "backward"
CERTAIN = (Classification.CONFIRMED, Classification.ASYMPTOMATIC)
RANK = {"close": 0, "general": 1, "": 2}


class Closed(TracingError):
    """The door stays shut: no such case, no such post, or no visits."""


@dataclass(frozen=True)
class Window:
    """From when to when a case is asked about, and why."""

    since: datetime
    until: datetime
    reason: str


def refusal(case: Case, scope: Scope) -> str:
    """Why this post may not ask from this case; empty where it may."""
    if not scope.may(rights.TRACE, case.area_path):
        return _("Only the tracers and the CDC of this area may ask the visits.")
    if case.classification in CERTAIN or is_investigated(case):
        return ""
    return _("Visits are asked only from a confirmed case, or while a case is investigated.")


def is_investigated(case: Case) -> bool:
    """Whether the case stands, and has an investigation that is under way."""
    if case.classification == Classification.DISCARDED:
        return False
    investigation = getattr(case, "investigation", None)
    return investigation is not None and investigation.passage.closed_at is None


def window(case: Case, direction: str, *, now: datetime) -> Window:
    """When a case could infect (forward), or be infected (backward), by the playbook in force.

    Counted from the onset, from the sampling where there is none; ends now, or when the case was
    taken into care.
    """
    book = policy.in_force(now)
    disease = book.disease(case.disease if case.disease in book.diseases else None)
    start = case.onset_on or case.sampled_on or case.reported_on
    if direction == BACKWARD:
        longest = disease.incubation_max_days.value
        days = {"n": longest}
        since, until = start - timedelta(days=longest), start + timedelta(days=1)
        return Window(
            _morning(since),
            min(_morning(until), now),
            _("the %(n)d days in which the infection could have happened") % days,
        )
    span = disease.infectious_window
    since = start + timedelta(days=int(span.from_days))
    until = _morning(start + timedelta(days=int(span.to_days) + 1))
    ends = [moment for moment in (until, _in_care(case), now) if moment is not None]
    return Window(
        _morning(since),
        max(min(ends), _morning(since) + timedelta(minutes=1)),
        _("infectious from %(from)s by the playbook, until care began or now")
        % {"from": f"{since:%F}"},
    )


def _morning(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _in_care(case: Case) -> datetime | None:
    if case.passage is None:
        return None
    leg = case.passage.handoffs.filter(stage="admitted").order_by("number").first()
    return leg.opened_at if leg else None


def rules(book: Playbook) -> "tuple[Rule, ...]":
    """The playbook's rules on meetings, close before general."""
    from tongchou.epi.trace.rules import Rule

    found = [
        Rule(
            tier=each.tier,
            zh=each.zh,
            en=each.en,
            kinds=tuple(each.kinds),
            shared_room=each.shared_room,
            min_minutes=each.min_minutes,
            source=each.source,
        )
        for each in book.meetings.values()
    ]
    return tuple(sorted(found, key=lambda rule: RANK[rule.tier]))


@dataclass(frozen=True)
class Row:
    """Somebody who was where the case was, as the desk shows it."""

    key: str
    person: Person | None
    contact: Contact | None
    case: Case | None
    tier: str
    reason: str
    kinds: tuple[str, ...]
    meetings: int
    minutes: int
    first_at: datetime
    last_at: datetime


class Answer:
    """Who was with a case; arrays until a page of them is shown."""

    def __init__(
        self, pairs: "Pairs", judged: "Judged", known: visits.Known, of: Collection[str]
    ) -> None:
        import numpy as np

        tiers = np.array([RANK[rule.tier] for rule in judged.rules] + [RANK[""]], np.int8)
        self.pairs, self.judged, self.known = pairs, judged, known
        self.rank = tiers[judged.rule]
        self.order = np.lexsort((pairs.first, -pairs.minutes, self.rank))
        self.of = frozenset(of)

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def keys(self) -> list[str]:
        """The person of each pair, in the order shown."""
        return self.known.people.keys.texts(self.pairs.person[self.order])

    def count(self, tier: str) -> int:
        return int((self.rank == RANK[tier]).sum())

    @cached_property
    def by_kind(self) -> dict[str, int]:
        """People by kind of place where they met; who met at two kinds counts in both."""
        from tongchou.epi.trace import kinds

        zh = (get_language() or "").startswith("zh")
        found = {
            kind.zh if zh else kind.name: int((self.pairs.kinds & kind.mask > 0).sum())
            for kind in kinds.KINDS
        }
        return {name: n for name, n in sorted(found.items(), key=lambda item: -item[1]) if n}

    @cached_property
    def registered(self) -> set[str]:
        """Those of the keys that the register of people knows."""
        return set(Person.objects.filter(key__in=self.keys).values_list("key", flat=True))

    @cached_property
    def listed(self) -> set[str]:
        """Those who are on the list of contacts already."""
        on_list = Contact.objects.filter(person_id__in=self.keys)
        return set(on_list.values_list("person_id", flat=True))

    def numbers(self, *, tier: str = "", unlisted: bool = False) -> list[int]:
        """Places in the order shown of those who fit; `unlisted`: could be listed, and are not."""
        rank = self.rank[self.order]
        wanted = list(range(len(self)))
        if tier:
            wanted = [i for i in wanted if rank[i] == RANK.get(tier, RANK[""])]
        if unlisted:
            free = self.registered - self.listed
            wanted = [i for i in wanted if self.keys[i] in free]
        return wanted

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The pairs at these places, with what the house knows of each person."""
        keys = [self.keys[i] for i in numbers]
        people = {p.key: p for p in Person.objects.filter(key__in=keys).select_related("area")}
        contacts = Contact.objects.filter(person_id__in=keys).select_related("passage")
        on_list = {contact.person_id: contact for contact in contacts.order_by("pk")}
        cases = {case.person_id: case for case in Case.objects.filter(person_id__in=keys)}
        return [
            self._row(int(self.order[i]), key, people.get(key), on_list.get(key), cases.get(key))
            for i, key in zip(numbers, keys, strict=True)
        ]

    def _row(
        self, i: int, key: str, person: Person | None, contact: Contact | None, case: Case | None
    ) -> Row:
        from tongchou.epi.trace import kinds

        lang = get_language() or "en"
        met = kinds.in_mask(int(self.pairs.kinds[i]))
        return Row(
            key=key,
            person=person,
            contact=contact,
            case=case,
            tier=self.judged.tier(i),
            reason=self.judged.reason(self.pairs, i, lang),
            kinds=tuple(kind.zh if lang.startswith("zh") else kind.name for kind in met),
            meetings=int(self.pairs.meetings[i]),
            minutes=int(self.pairs.minutes[i]),
            first_at=visits.moment(int(self.pairs.first[i])),
            last_at=visits.moment(int(self.pairs.last[i])),
        )


def met(
    case: Case,
    *,
    since: datetime,
    until: datetime,
    kinds_of_place: Sequence[str] = (),
    min_minutes: int,
    now: datetime,
) -> Answer:
    """Everybody who was where the case was. Call it through `actions.asking` or `look` only.

    Raises
    ------
    Closed
        Where no visits ever came, or the case's own are not among them.
    """
    from tongchou.epi.trace import contacts, kinds
    from tongchou.epi.trace.rules import classify

    known = visits.known(timezone.localdate(since), timezone.localdate(until))
    if known is None:
        raise Closed(_("No visits have come in yet. Add a source of visits first."))
    keys = group(case.person_id)
    pairs = contacts.of_cases(
        known.city,
        as_cases(known, keys, since, until),
        min_minutes=min_minutes,
        mask=kinds.mask_of(kinds_of_place) if kinds_of_place else kinds.ALL,
    )
    return Answer(pairs, classify(pairs, rules(policy.in_force(now))), known, keys)


def as_cases(known: visits.Known, keys: Sequence[str], since: datetime, until: datetime) -> "Cases":
    """One person, under every key they were ever kept by, as the kernels take cases.

    Raises
    ------
    Closed
        Where the visits know none of the keys.
    """
    import numpy as np

    from tongchou.epi.trace.contacts import Cases
    from tongchou.epi.trace.keys import MISSING, Keys

    numbers = known.people.find(Keys.of(keys))
    numbers = numbers[numbers != MISSING].astype(np.uint32)
    if not numbers.size:
        raise Closed(_("The visits know nothing of this person: no check-in, no ride, no pass."))
    ends = [np.full(numbers.size, visits.minute(m), np.int64) for m in (since, until)]
    return Cases(numbers, *ends)


def look(query: VisitQuery, scope: Scope, *, now: datetime) -> Answer:
    """The answer to a recorded question, for somebody who could ask it now.

    Raises
    ------
    Closed
        Where they could not.
    """
    if why := refusal(query.case, scope):
        raise Closed(why)
    return met(
        query.case,
        since=query.since_at,
        until=query.until_at,
        kinds_of_place=query.limits.get("kinds", ()),
        min_minutes=query.limits.get("min_minutes", 15),
        now=now,
    )


@dataclass(frozen=True)
class Earlier:
    """What the same question would have found a day before: for reviews."""

    n_then: int
    n_now: int

    @property
    def n_missed(self) -> int:
        return self.n_now - self.n_then


def a_day_earlier(query: VisitQuery, answer: Answer, *, now: datetime) -> Earlier | None:
    """The close contacts of a day before; None where the window is no longer than a day."""
    until = query.until_at - timedelta(days=1)
    if until <= query.since_at:
        return None
    before = met(
        query.case,
        since=query.since_at,
        until=until,
        kinds_of_place=query.limits.get("kinds", ()),
        min_minutes=query.limits.get("min_minutes", 15),
        now=now,
    )
    return Earlier(before.count("close"), answer.count("close"))
