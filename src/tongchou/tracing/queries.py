"""Reads of the tracing desk, each inside the reader's areas.

A contact is seen by the area it is in, by the one it came from, and by whoever sees its case.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, FilteredRelation, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from tongchou.areas.models import subtree
from tongchou.cases.models import Case, Contact, Exposure
from tongchou.cases.queries import at_stage, inside, narrowed_legs, open_legs
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
MOST_CHECKED = 5_000
_CHUNK = 1_000

ORDERS = {
    "-listed": ("-listed_on", "-id"),
    "listed": ("listed_on", "id"),
    "number": ("number",),
    "-number": ("-number",),
}
#: By deadline it is the open legs that are sorted.
BY_DEADLINE = {"due": ("due_at", "id"), "-due": ("-due_at", "-id")}


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
    """The contacts of a list: those of one's areas; with a case, all it met, wherever they are.

    Nothing is joined to them but what the filters need: a page is cut from these rows first, and
    then dressed.
    """
    of = _case(scope, wanted)
    seen = Contact.objects.filter(_met(case=of) if of else inside(scope, "contact"))
    found = narrowed(seen, replace(wanted, case="") if of else wanted)
    if wanted.late:
        late = _legs(scope, of).filter(due_at__lte=now)
        found = found.filter(passage_id__in=late.values("passage_id"))
    return found.only("pk", "number", "listed_on")


def by_deadline(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Handoff]:
    """The open legs of the same contacts: who has no deadline cannot be late."""
    of = _case(scope, wanted)
    legs = narrowed_legs(_legs(scope, of), wanted, now=now)
    rest = replace(wanted, area_path="", stage="", late=False)
    if rest != Wanted():
        found = narrowed(Contact.objects.all(), rest)
        legs = legs.filter(passage_id__in=found.values("passage_id"))
    return legs


def _case(scope: Scope, wanted: Wanted) -> Case | None:
    """The case a list is narrowed to, if this reader may see it."""
    if not wanted.case:
        return None
    return cases_visible_to(scope).filter(number=wanted.case).first()


def _legs(scope: Scope, of: Case | None) -> QuerySet[Handoff]:
    everywhere = Handoff.objects.filter(loop="contact", done_at=None)
    return everywhere if of else open_legs(scope, "contact")


def dressed(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Contacts as a list shows them, with `due_at` of the open leg and whom they met."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        contacts.select_related("person", "area", "passage")
        .annotate(leg=open_leg)
        .annotate(due_at=F("leg__due_at"))
        .prefetch_related(met())
    )


def dress(rows: Sequence[Contact] | Sequence[Handoff]) -> list[Contact]:
    """A page of rows from `listed` or `by_deadline`, dressed, in the same order."""
    passages = [row.passage_id for row in rows if isinstance(row, Handoff)]
    contacts = [row.pk for row in rows if isinstance(row, Contact)]
    found = dressed(Contact.objects.filter(Q(pk__in=contacts) | Q(passage_id__in=passages)))
    place = {key: n for n, key in enumerate(passages or contacts)}
    return sorted(found, key=lambda c: place[(c.passage_id if passages else c.pk) or 0])


def met() -> "Prefetch[str]":
    """The exposures of listed contacts, with the case or contact that was met."""
    rows = Exposure.objects.select_related("case", "through").order_by("-last_on", "id")
    return Prefetch("exposures", queryset=rows)


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
    if wanted.stage == "record":
        contacts = contacts.filter(passage=None)
    elif wanted.stage:
        contacts = contacts.filter(at_stage("contact", wanted.stage))
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
    newest = open_ones.order_by("-listed_on", "-id").values_list("pk", flat=True)
    done = Checked(n_all=by_stage(scope, now=now).total)
    around = circumstances(now)
    faulty: dict[int, list[checks.Finding]] = {}
    for batch in _batches(list(newest[:MOST_CHECKED])):
        for brief, line in zip(batch, _lines(batch), strict=True):
            done.n_read += 1
            findings = checks.run(line, around)
            done.counts.update(finding.code for finding in findings)
            wanted = [f for f in findings if not only or f.code == only]
            if wanted and len(faulty) < show:
                faulty[brief.pk] = wanted
    found = Contact.objects.select_related("person", "area").in_bulk(list(faulty))
    done.faulty = [(found[pk], findings) for pk, findings in faulty.items()]
    return done


class Brief(NamedTuple):
    """What the checks need of a contact's own row; thousands of these cost little."""

    pk: int
    person_id: str
    passage_id: int | None
    tier: str
    stage: str | None
    area_level: int
    destination: str


_BRIEF = ("pk", "person_id", "passage_id", "tier", "passage__stage", "area__level", "destination")


def lines(contacts: Sequence[Contact]) -> list[checks.Line]:
    """The contacts as the checks see them; four queries however many there are."""
    return _lines(
        [
            Brief(
                c.pk,
                c.person_id,
                c.passage_id,
                c.tier,
                c.passage.stage if c.passage else None,
                c.area.level,
                c.destination,
            )
            for c in contacts
        ]
    )


def _lines(briefs: Sequence[Brief]) -> list[checks.Line]:
    keys = [brief.person_id for brief in briefs]
    meetings = _meetings([brief.pk for brief in briefs])
    ends = _ends([brief.passage_id for brief in briefs if brief.passage_id])
    held = Passage.objects.filter(person_key__in=keys, holds=True)
    stays = dict(held.values_list("person_key", "stage"))
    known = Identity.objects.filter(person_id__in=keys).values_list(
        "person_id", "phone_index", "document_index"
    )
    numbers = {key: (bool(phone), bool(document)) for key, phone, document in known}
    return [
        checks.Line(
            tier=brief.tier,
            stage=brief.stage or "record",
            area_level=brief.area_level,
            has_phone=numbers.get(brief.person_id, (False, False))[0],
            has_document=numbers.get(brief.person_id, (False, False))[1],
            meetings=tuple(meetings[brief.pk]),
            destination=brief.destination,
            ends_on=ends.get(brief.passage_id or 0),
            stay=stays.get(brief.person_id, ""),
        )
        for brief in briefs
    ]


def _meetings(ids: Sequence[int]) -> dict[int, list[checks.Meeting]]:
    found: dict[int, list[checks.Meeting]] = defaultdict(list)
    rows = Exposure.objects.filter(contact_id__in=ids).values_list(
        "contact_id",
        "way",
        "first_on",
        "last_on",
        "note",
        "through_id",
        "case_id",
        "case__onset_on",
        "case__sampled_on",
        "case__reported_on",
        "case__admitted_on",
    )
    for contact, way, first, last, note, through, case, onset, sampled, reported, isolated in rows:
        found[contact].append(
            checks.Meeting(
                way=way,
                first_on=first,
                last_on=last,
                note=note,
                case=case is not None,
                through=through is not None,
                case_begins_on=onset or sampled or reported,
                case_isolated_on=isolated,
            )
        )
    return found


def _ends(passages: Sequence[int]) -> dict[int, date]:
    """The last day of the order of each contact in quarantine, from which its leg is timed."""
    legs = Handoff.objects.filter(passage_id__in=passages, done_at=None, stage="received")
    rows = legs.exclude(timed_from=F("opened_at")).values_list("passage_id", "timed_from")
    second = timedelta(seconds=1)
    return {passage: timezone.localtime(end - second).date() for passage, end in rows}


def _batches(keys: Sequence[int]) -> Iterator[list[Brief]]:
    for start in range(0, len(keys), _CHUNK):
        rows = Contact.objects.filter(pk__in=keys[start : start + _CHUNK])
        newest = rows.order_by("-listed_on", "-id").values_list(*_BRIEF)
        yield [Brief(*row) for row in newest]
