"""Reads of the tracing desk, each inside the reader's areas.

A contact is seen by the area it is in, by the one it came from, and by whoever sees its case.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, F, FilteredRelation, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from tongchou.areas.models import subtree
from tongchou.cases.models import Case, Contact, Exposure
from tongchou.cases.queries import inside
from tongchou.cases.queries import visible_to as cases_visible_to
from tongchou.ledger import policy
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.ledger.turns import page_of
from tongchou.people.keys import LENGTH
from tongchou.people.models import Identity
from tongchou.staff.queries import Scope
from tongchou.tracing import checks
from tongchou.tracing.models import Investigation

#: The list checks read no more lines than this; beyond it the reader chooses a smaller area.
MOST_CHECKED = 20_000
_CHUNK = 1_000

ORDERS = {
    "-listed": ("-listed_on", "-id"),
    "listed": ("listed_on", "id"),
    "number": ("number",),
    "-number": ("-number",),
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
}


def investigations(scope: Scope) -> QuerySet[Investigation]:
    """The investigations of the cases this reader may see."""
    return Investigation.objects.filter(case__in=cases_visible_to(scope)).select_related(
        "case__person", "case__area", "case__passage", "passage", "lead", "lives_in"
    )


def investigations_due(scope: Scope) -> QuerySet[Handoff]:
    """Open legs of investigations, oldest deadline first."""
    return (
        Handoff.objects.filter(scope.q("area_path"), loop="investigation", done_at=None)
        .select_related("passage__area", "passage__investigation__case", "unit")
        .select_related("passage__investigation__lead")
        .order_by("due_at", "id")
    )


def visible_to(scope: Scope) -> QuerySet[Contact]:
    """Contacts of these areas, those handed on from them, and those of the cases seen here."""
    mine = Exposure.objects.filter(case__in=cases_visible_to(scope)).values("contact_id")
    return Contact.objects.filter(inside(scope, "contact") | Q(pk__in=mine))


def in_area(scope: Scope) -> QuerySet[Contact]:
    """Contacts that these areas have to act on."""
    return Contact.objects.filter(scope.q("area_path"))


@dataclass(frozen=True)
class Wanted:
    """What a list of contacts is narrowed to; empty means everything."""

    search: str = ""
    area_path: str = ""
    tier: str = ""
    stage: str = ""
    case: str = ""
    late: bool = False


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Contact]:
    """Contacts as a list shows them, with `due_at`, `owner` and `unit_name` of the open leg.

    Those of one's areas; with a case, everybody the case met, wherever they are.
    """
    seen = visible_to(scope) if wanted.case else Contact.objects.filter(inside(scope, "contact"))
    found = narrowed(seen, wanted)
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    found = found.annotate(leg=open_leg).annotate(
        due_at=F("leg__due_at"), owner=F("leg__owner"), unit_name=F("leg__unit__name")
    )
    if wanted.late:
        found = found.filter(Q(due_at__lte=now))
    return found.select_related("person", "area", "passage").prefetch_related(met())


def met() -> "Prefetch[str]":
    """The exposures of listed contacts, with the case or contact that was met."""
    rows = Exposure.objects.select_related("case", "through").order_by("-last_on", "id")
    return Prefetch("exposures", queryset=rows)


def ordered(contacts: QuerySet[Contact], sort: str) -> tuple[QuerySet[Contact], tuple[str, ...]]:
    """The rows that this order can place, and its fields."""
    order = ORDERS.get(sort, ORDERS["-listed"])
    if order[0].lstrip("-") == "due_at":
        contacts = contacts.filter(Q(due_at__isnull=False))
    return contacts, order


def narrowed(contacts: QuerySet[Contact], wanted: Wanted) -> QuerySet[Contact]:
    if wanted.search:
        text = wanted.search.strip()
        key = text.replace("-", "").replace(" ", "").upper()
        search = Q(number__startswith=text.upper()) | Q(number__startswith=text)
        contacts = contacts.filter(search | Q(person_id=key) if len(key) == LENGTH else search)
    if wanted.area_path:
        contacts = contacts.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.tier:
        contacts = contacts.filter(tier=wanted.tier)
    if wanted.case:
        contacts = contacts.filter(_met(case__number=wanted.case))
    if wanted.stage == "open":
        contacts = contacts.filter(passage__isnull=False, passage__closed_at=None)
    elif wanted.stage == "record":
        contacts = contacts.filter(passage=None)
    elif wanted.stage:
        contacts = contacts.filter(passage__stage=wanted.stage)
    return contacts


def of_case(case: Case) -> QuerySet[Contact]:
    """Everybody who met this case, and everybody who met one of those."""
    return (
        Contact.objects.filter(_met(case=case))
        .select_related("person", "area", "passage", "became_case")
        .prefetch_related(met())
        .order_by("tier", "-listed_on", "-id")
    )


def _met(**case: Any) -> Q:
    """Who met a case, or somebody who did."""
    direct = Exposure.objects.filter(**case).values("contact_id")
    beyond = Exposure.objects.filter(through__in=direct).values("contact_id")
    return Q(pk__in=direct) | Q(pk__in=beyond)


def last_exposure(contact: Contact) -> date | None:
    """The day from which the quarantine of this contact counts."""
    newest: date | None = contact.exposures.aggregate(newest=Max("last_on"))["newest"]
    return newest


@dataclass(frozen=True)
class Stages:
    """How many contacts stand where, and how many of them are late."""

    counts: dict[str, int]
    late: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def by_stage(scope: Scope, *, now: datetime) -> Stages:
    """Open contacts of these areas by stage."""
    legs = Handoff.objects.filter(scope.q("area_path"), loop="contact", done_at=None)
    rows = legs.values("stage").annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lte=now)))
    found = {row["stage"]: (row["n"], row["late"]) for row in rows}
    return Stages(
        {stage: n for stage, (n, _late) in found.items()},
        {stage: late for stage, (_n, late) in found.items()},
    )


@dataclass(frozen=True)
class Missing:
    """Somebody who is not found: how long, how high the gap has climbed, and who answers now."""

    leg: Handoff
    gap: Gap | None

    @property
    def number(self) -> str:
        """The number alone; the title has the pseudonym behind it."""
        return self.leg.passage.title.partition(" · ")[0]

    @property
    def url(self) -> str:
        return page_of(self.leg.loop, self.leg.passage_id)

    @property
    def answers(self) -> Any:
        return self.gap.unit if self.gap and self.gap.unit else self.leg.unit


def not_found_pool(scope: Scope) -> QuerySet[Handoff]:
    """Contacts nobody finds and cases nobody reaches, the longest missing first."""
    lost = Q(loop="contact", stage="not_found") | Q(loop="investigation", stage="unreachable")
    open_gaps = Gap.objects.filter(closed_at=None).select_related("unit")
    return (
        Handoff.objects.filter(lost, scope.q("area_path"), done_at=None)
        .select_related("passage__area", "unit")
        .prefetch_related(Prefetch("gaps", queryset=open_gaps, to_attr="open_gaps"))
        .order_by("opened_at", "id")
    )


def missing(legs: Iterable[Handoff]) -> list[Missing]:
    """The rows of the pool for legs from `not_found_pool`."""
    return [Missing(leg, next(iter(leg.open_gaps), None)) for leg in legs]  # type: ignore[attr-defined]


# --- the list checks ---------------------------------------------------------------------------


@dataclass
class Checked:
    """The outcome of the list checks: how many lines were read, and what was found in them."""

    n_read: int = 0
    n_all: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faulty: list[tuple[Contact, list[checks.Finding]]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every line was read."""
        return self.n_read == self.n_all


def circumstances(now: datetime) -> checks.Circumstances:
    """What the playbook in force says of each tier today."""
    book = policy.in_force(now)
    rules = {tier: book.contact(tier) for tier in ("close", "secondary", "general")}
    return checks.Circumstances(
        today=timezone.localtime(now).date(),
        n_days={tier: rule.n_days for tier, rule in rules.items()},
        look_back_days={tier: rule.look_back_days for tier, rule in rules.items()},
    )


def check_all(scope: Scope, *, now: datetime, only: str = "", show: int = 200) -> Checked:
    """Run the checks over the open contacts of these areas, newest first.

    All findings are counted; the lines of at most `show` faulty contacts are kept, and of those
    with the finding `only` where it is given.
    """
    open_ones = in_area(scope).filter(passage__isnull=False, passage__closed_at=None)
    done = Checked(n_all=open_ones.count())
    rows = open_ones.select_related("person", "area", "passage").order_by("-listed_on", "-id")
    around = circumstances(now)
    for batch in _batches(rows[:MOST_CHECKED]):
        for contact, line in zip(batch, lines(batch), strict=True):
            done.n_read += 1
            findings = checks.run(line, around)
            done.counts.update(finding.code for finding in findings)
            wanted = [f for f in findings if not only or f.code == only]
            if wanted and len(done.faulty) < show:
                done.faulty.append((contact, wanted))
    return done


def lines(contacts: Sequence[Contact]) -> list[checks.Line]:
    """The contacts as the checks see them; five queries however many there are."""
    keys = [c.person_id for c in contacts]
    meetings = _meetings([c.pk for c in contacts])
    ends = _ends([c.passage_id for c in contacts if c.passage_id])
    held = Passage.objects.filter(person_key__in=keys, holds=True)
    stays = dict(held.values_list("person_key", "stage"))
    known = Identity.objects.filter(person_id__in=keys).values_list(
        "person_id", "phone_index", "document_index"
    )
    numbers = {key: (bool(phone), bool(document)) for key, phone, document in known}
    return [
        checks.Line(
            tier=c.tier,
            stage=c.passage.stage if c.passage else "record",
            area_level=c.area.level,
            has_phone=numbers.get(c.person_id, (False, False))[0],
            has_document=numbers.get(c.person_id, (False, False))[1],
            meetings=meetings[c.pk],
            destination=c.destination,
            ends_on=ends.get(c.passage_id or 0),
            stay=stays.get(c.person_id, ""),
        )
        for c in contacts
    ]


def _meetings(ids: Sequence[int]) -> dict[int, tuple[checks.Meeting, ...]]:
    found: dict[int, tuple[checks.Meeting, ...]] = defaultdict(tuple)
    rows = Exposure.objects.filter(contact_id__in=ids).select_related("case")
    for row in rows:
        found[row.contact_id] += (
            checks.Meeting(
                way=row.way,
                first_on=row.first_on,
                last_on=row.last_on,
                note=row.note,
                case=row.case is not None,
                through=row.through_id is not None,
                case_begins_on=row.case.begins_on if row.case else None,
                case_isolated_on=row.case.admitted_on if row.case else None,
            ),
        )
    return found


def _ends(passages: Sequence[int]) -> dict[int, date]:
    """The last day of the order of each contact in quarantine, from which its leg is timed."""
    legs = Handoff.objects.filter(passage_id__in=passages, done_at=None, stage="received")
    rows = legs.exclude(timed_from=F("opened_at")).values_list("passage_id", "timed_from")
    second = timedelta(seconds=1)
    return {passage: timezone.localtime(end - second).date() for passage, end in rows}


def _batches(rows: QuerySet[Contact]) -> Iterator[list[Contact]]:
    stream = rows.iterator(chunk_size=_CHUNK)
    while batch := list(islice(stream, _CHUNK)):
        yield batch
