"""Reads of this room: reports a reader may see, what became of them, and the register."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.reports import frozen, rights
from tongchou.reports.facts import lay_out
from tongchou.reports.models import Correction, Duty, Report, Request, Signed
from tongchou.staff import reach
from tongchou.staff.queries import Scope, unit_for
from tongchou.staff.roles import Role


def visible_to(scope: Scope) -> QuerySet[Report]:
    """Reports of one's areas, of one's own department, and those that come to one's own unit."""
    units = Q(unit__in=scope.units) | Q(to__in=scope.units)
    return Report.objects.filter(reach.of(scope) | units)


def may_excuse(report: Report, scope: Scope, *, now: datetime) -> bool:
    """Whether it is this reader's to say that no report will come: never whoever owes it.

    The headquarters of the area above, or whom it goes to; of a department's its area's. Where
    nobody is above, the commander, and not the duty officer who owes it.
    """
    if report.to_id is not None and report.to_id in scope.answers_for:
        return True
    if report.unit_id is not None:
        return report.unit_id not in scope.units and reach.covers(scope, rights.STEER, report.area)
    parent = report.area.parent
    if parent is not None and any(unit_for(role, parent, now=now) for role in rights.STEER):
        return reach.covers(scope, rights.STEER, parent)
    return reach.covers(scope, Role.COMMANDER, report.area)


def may_correct(report: Report, scope: Scope) -> bool:
    """Whether it is this reader's to correct what was signed: only whose report it is."""
    if report.unit_id is not None:
        return report.unit_id in scope.answers_for
    return reach.covers(scope, rights.STEER, report.area)


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    area_path: str = ""
    on: date | None = None
    stage: str = ""
    late: bool = False


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Report]:
    """The reports of a list, each with the deadline and unit of its open leg."""
    found = visible_to(scope)
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.on:
        found = found.filter(on=wanted.on)
    if wanted.stage:
        found = found.filter(passage__stage=wanted.stage)
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    found = found.annotate(leg=open_leg).annotate(
        due_at=F("leg__due_at"), opened_at=F("leg__opened_at"), unit_name=F("leg__unit__name")
    )
    if wanted.late:
        found = found.filter(due_at__lte=now)
    return found.select_related("area", "unit", "passage")


@dataclass(frozen=True)
class Came:
    """Of one day: how many reports are owed in an area, and how far they have come."""

    on: date
    owed: int
    received: int
    signed: int
    due: int
    late: int
    excused: int

    @property
    def came(self) -> int:
        return self.received + self.signed

    @property
    def not_laid_out(self) -> int:
        return self.owed - self.came - self.due - self.excused


def owed(area_path: str, on: date) -> QuerySet[Duty]:
    """The duties of a day in an area and all below it."""
    return Duty.objects.filter(
        Q(to_on=None) | Q(to_on__gte=on),
        Q(area__ended_on=None) | Q(area__ended_on__gte=on),
        subtree(area_path, field="area__path"),
        from_on__lte=on,
    )


def came(area_path: str, on: date, *, now: datetime) -> Came:
    """How many of the day's reports came; three counts."""
    here = Report.objects.filter(subtree(area_path, field="area_path"), on=on)
    stages: Counter[str] = Counter(
        dict(here.values_list("passage__stage").annotate(n=Count("pk")).order_by())
    )
    late = here.filter(
        passage__stage="due", passage__handoffs__done_at=None, passage__handoffs__due_at__lte=now
    ).count()
    return Came(
        on=on,
        owed=owed(area_path, on).count(),
        received=stages["received"],
        signed=stages["signed"],
        due=stages["due"],
        late=late,
        excused=stages["excused"],
    )


def last_signed(report: Report) -> Signed | None:
    return report.signatures.select_related("by").last()


def content_of(report: Report, signed: Signed | None) -> dict[str, Any]:
    """What is shown: the signed text where there is one, else the draft with its words."""
    if signed is not None:
        return frozen.read(signed.text)
    draft = {"number": report.number, "judgement": report.judgement, "requests": report.requests}
    return dict(report.facts) | draft


def is_whole(signed: Signed) -> bool:
    """Whether the signed text is the one that was signed."""
    return frozen.digest(signed.text) == signed.digest


def corrections(signed: Signed | None) -> list[Correction]:
    """What was corrected in the text that is shown; those of one that was returned went with it."""
    return list(signed.corrections.select_related("by")) if signed is not None else []


@dataclass(frozen=True)
class Difference:
    """A signed number, and what the records say of the same moment today."""

    name: str
    said: Any
    now: Any
    link: str


def since_signed(
    report: Report, signed: Signed, *, now: datetime, language: str
) -> list[Difference]:
    """What would stand in the report if it were laid out today for the same moment."""
    owner = report.unit or report.area
    begins = {owner: frozen.unstamp(report.facts["since"])}
    today = lay_out([owner], on=report.on, at=report.at, now=now, begins=begins)[owner]
    fresh = {fact["key"]: fact for fact in frozen.plain(today)["facts"]}
    code = "zh" if language.startswith("zh") else "en"
    found = []
    for fact in frozen.read(signed.text)["facts"]:
        other = fresh.get(fact["key"])
        if other is not None and other["value"] != fact["value"]:
            found.append(
                Difference(fact["name"][code], fact["value"], other["value"], fact["link"])
            )
    return found


def kept(area: Area, unit: str | None, on: date) -> Report | None:
    """The report of a day of an area itself, or of its department of that name."""
    found = Report.objects.filter(area=area, on=on)
    found = found.filter(unit__name=unit) if unit else found.filter(unit=None)
    return found.select_related("area", "unit", "passage").order_by("-id").first()


# --- the register --------------------------------------------------------------------------------


def requests_in(scope: Scope) -> QuerySet[Request]:
    return Request.objects.filter(reach.of(scope)).select_related("area", "passage")


def alike(request: Request, scope: Scope, *, at_most: int = 5) -> list[Request]:
    """Requests of the reader's areas for some of the same numbers, most in common first."""
    keys = set(request.keys)
    if not keys:
        return []
    others = requests_in(scope).exclude(pk=request.pk)
    shared = [(len(keys & set(each.keys)), each) for each in others.order_by("-id")[:500]]
    best = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])
    return [each for _n, each in best[:at_most]]


TIMES = {"once": None, "daily": 1, "weekly": 7, "monthly": 30}


def minutes_spared(answered: Sequence[Request]) -> tuple[int, int]:
    """Minutes of forms not filled in, and of how many requests that is known.

    Only of those somebody timed; one with no end counts once, since nobody knows how often.
    """
    total, n = 0, 0
    for request in answered:
        if request.minutes is None:
            continue
        every, times = TIMES[request.frequency], 1
        if every and request.until:
            times = max((request.until - request.asked_on).days // every + 1, 1)
        total, n = total + request.minutes * times, n + 1
    return total, n
