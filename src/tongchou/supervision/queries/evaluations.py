"""Reads of evaluations: who sees which figures, and what stands behind a number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from tongchou.areas.models import subtree
from tongchou.ledger.models import Handoff
from tongchou.lists.models import FoundBy, Problem
from tongchou.staff.queries import Scope
from tongchou.staff.roles import Role
from tongchou.supervision import rights
from tongchou.supervision.models import (
    Evaluation,
    Figures,
    Finding,
    Inspection,
    Objection,
    Ruling,
    State,
)
from tongchou.supervision.queries.counted import Period
from tongchou.supervision.queries.inspections import overseen


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def period_of(evaluation: Evaluation) -> Period:
    """From the first second of the first day to the moment at which it was judged."""
    judged = datetime.fromisoformat(evaluation.criteria["judged_at"])
    return Period(start_of(evaluation.from_on), judged, evaluation.area_path)


def judged_at(until_on: date, now: datetime) -> datetime:
    """The end of the last day; now, where it is not over."""
    return min(start_of(until_on + timedelta(days=1)), now.replace(microsecond=0))


def visible_to(scope: Scope) -> QuerySet[Evaluation]:
    """All of the areas one supervises; elsewhere what is published, or shown to one's own unit.

    Who may publish sees what is shown as well.
    """
    mine = Figures.objects.filter(evaluation=OuterRef("pk"), unit_id__in=list(scope.units))
    shown = Q(state__in=(State.SHOWN, State.PUBLISHED)) & Exists(mine)
    everybody = Q(state=State.PUBLISHED) & (overseen(scope) | _below(scope))
    to_publish = Q(state=State.SHOWN) & _posted(scope, rights.SIGN)
    return Evaluation.objects.filter(
        _posted(scope, rights.SUPERVISE) | to_publish | shown | everybody
    )


def _below(scope: Scope) -> Q:
    """What was published of an area above one's own is for everybody in it."""
    codes = {code for _role, path, _unit in scope.posts for code in path.strip("/").split("/")}
    return Q(area_id__in=codes)


def _posted(scope: Scope, roles: Collection[Role]) -> Q:
    condition = Q(pk__in=[])
    for role, path, _unit in scope.posts:
        if role in roles:
            condition |= subtree(path, field="area_path")
    return condition


def sees_all(scope: Scope, evaluation: Evaluation) -> bool:
    """Whether this reader sees the figures of other units.

    Everybody when they are published; supervision before, and who may publish once they are shown.
    """
    if evaluation.state == State.PUBLISHED:
        return True
    roles = rights.SIGN if evaluation.state == State.SHOWN else rights.SUPERVISE
    return scope.may(roles, evaluation.area_path)


def figures(evaluation: Evaluation) -> QuerySet[Figures]:
    """The figures that stand."""
    rows = Figures.objects.filter(evaluation=evaluation, revision=evaluation.revision)
    return rows.select_related("unit")


#: Worse first, then as expected, then better; each by its ratio. Few are not ranked: by name.
VERDICTS = ("worse", "as", "better", "few")


def sorted_figures(evaluation: Evaluation) -> list[Figures]:
    rows = list(figures(evaluation))
    return sorted(
        rows,
        key=lambda row: (
            VERDICTS.index(row.verdict),
            row.ratio if row.ratio is not None else 0.0,
            row.name,
        ),
    )


@dataclass(frozen=True)
class Found:
    """What was found wrong at a unit, and by whom."""

    by_itself: int = 0
    by_others: int = 0
    again: int = 0


def found(period: Period) -> Mapping[int, Found]:
    """Findings and problems of the period by unit; two statements.

    Found by others is what inspections of the unit found. A problem counts only for who found it:
    whoever it is assigned to takes work on, and that must not look bad.
    """
    since, until = period.since, period.until
    rows = (
        Finding.objects.filter(
            subtree(period.path, field="area_path"), found_at__gte=since, found_at__lt=until
        )
        .exclude(passage__stage="withdrawn")
        .values("unit")
        .annotate(
            own=Count("id", filter=Q(self_found=True)),
            others=Count("id", filter=Q(self_found=False)),
            again=Count("id", filter=Q(repeats__isnull=False)),
        )
        .order_by()
    )
    of = {row["unit"]: Found(row["own"], row["others"], row["again"]) for row in rows}
    problems = Problem.objects.filter(
        subtree(period.path, field="area_path"), raised_at__gte=since, raised_at__lt=until
    )
    own = problems.filter(found_by=FoundBy.SELF, found_unit__isnull=False)
    for unit, n in own.values_list("found_unit").annotate(n=Count("id")).order_by():
        one = of.get(unit, Found())
        of[unit] = replace(one, by_itself=one.by_itself + n)
    return of


def legs(
    evaluation: Evaluation, *, unit: int, loop: str, stage: str, which: str = ""
) -> QuerySet[Handoff]:
    """The hand-offs behind the figures of a unit at one stage; `which`: late, open, or all.

    One stage at a time, because that is what the ledger has an index for.
    """
    period = period_of(evaluation)
    ruled = Ruling.objects.filter(handoff=OuterRef("pk"))
    rows = (
        Handoff.objects.filter(
            subtree(period.path, field="area_path"),
            loop=loop,
            stage=stage,
            unit=unit,
            due_at__gte=period.since,
            due_at__lt=period.until,
            opened_at__lt=F("due_at"),
        )
        .exclude(outcome=F("stage"), done_at__lte=F("due_at"))
        .exclude(loop="daily_report", outcome="excused", done_at__lt=period.until)
        .annotate(ruled=Exists(ruled))
        .select_related("passage")
    )
    if which == "late":
        rows = rows.filter(Q(done_at=None) | Q(done_at__gt=F("due_at")))
    elif which == "open":
        rows = rows.filter(Q(done_at=None) | Q(done_at__gte=period.until))
    return rows


def objections(scope: Scope) -> QuerySet[Objection]:
    """Objections one rules on, or that one's own unit has made."""
    condition = Q(unit_id__in=list(scope.units))
    for role, path, _unit in scope.posts:
        if role in rights.SUPERVISE:
            condition |= subtree(path, field="evaluation__area_path")
    return Objection.objects.filter(condition).select_related(
        "evaluation", "unit", "passage", "by", "ruled_by"
    )


def to_contest(scope: Scope, *, now: datetime) -> QuerySet[Evaluation]:
    """Evaluations that one's own unit may still contest."""
    mine = Figures.objects.filter(evaluation=OuterRef("pk"), unit_id__in=list(scope.units))
    return Evaluation.objects.filter(
        Exists(mine), state=State.SHOWN, objections_until__gt=now
    ).order_by("objections_until")


def sites(evaluation: Evaluation) -> int:
    """How many inspections were reported in the period, for the head of the page."""
    period = period_of(evaluation)
    return Inspection.objects.filter(
        subtree(period.path, field="area_path"),
        reported_at__gte=period.since,
        reported_at__lt=period.until,
    ).count()
