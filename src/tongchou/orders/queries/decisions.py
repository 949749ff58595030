"""Reads of the decision log and of meetings, and what the planner says of an option."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from tongchou.areas.models import Area
from tongchou.lists.models import Task
from tongchou.orders.models import Decision, Meeting, Option
from tongchou.planning import fronts, questions, showing
from tongchou.planning.findings import PlanFound, Summary
from tongchou.planning.models import State, Study
from tongchou.staff import reach
from tongchou.staff.queries import Scope


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to; empty means everything."""

    search: str = ""
    area: Area | None = None
    state: str = ""


def visible_to(scope: Scope) -> QuerySet[Decision]:
    return Decision.objects.filter(reach.of(scope))


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Decision]:
    found = dressed(visible_to(scope))
    for word in wanted.search.split():
        found = found.filter(
            Q(number__icontains=word) | Q(question__icontains=word) | Q(decided__icontains=word)
        )
    if wanted.area:
        found = found.filter(reach.within(wanted.area))
    if wanted.state == "open":
        return found.filter(decided_at=None, dropped_at=None)
    if wanted.state == "over":
        return found.filter(passage__closed_at=None, until__lte=now)
    if wanted.state:
        return found.filter(passage__stage=wanted.state)
    return found.filter(dropped_at=None)


def dressed(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Decisions with area, unit, passage, and `due_at` of the open leg."""
    leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        decisions.select_related(
            "area__successor", "unit", "passage", "decided_by", "meeting", "follows", "corrects",
            "signal__passage", "signal__area", "threshold",
        )
        .annotate(leg=leg)
        .annotate(due_at=F("leg__due_at"))
    )  # fmt: skip


def tasks_of(decision: Decision) -> QuerySet[Task]:
    """The tasks that spring from a decision."""
    rows = Task.objects.filter(passage__caused_by=decision.passage_id, source="decision")
    return rows.select_related("unit", "passage").order_by("due_at", "id")


def has_moved(decision: Decision) -> bool:
    """Whether the signal it hangs on has gone on since it was decided."""
    signal, at = decision.signal, decision.decided_at
    if signal is None or at is None:
        return False
    return bool(signal.passage.handoffs.filter(done_at__gt=at).exists())


def moved_ones(scope: Scope) -> list[Decision]:
    """Decisions in force whose signal has gone on since: they may have to be looked at again."""
    rows = dressed(visible_to(scope)).filter(passage__closed_at=None, signal__isnull=False)
    later = rows.filter(signal__passage__handoffs__done_at__gt=F("decided_at")).distinct()
    return list(later.order_by("until"))


@dataclass(frozen=True)
class Told:
    """What the planner says an option brings: its figures, or a sentence, or why there is none."""

    option: Option
    lines: tuple[Any, ...] = ()
    sentence: str = ""
    changes: tuple[str, ...] = ()
    state: str = ""


def consequences(decision: Decision) -> list[Told]:
    """Each option with what its study found; the same numbers for all, so that they compare."""
    options = decision.options.select_related("study__scenario").order_by("number")
    return [_told(option) for option in options]


def _told(option: Option) -> Told:
    study = option.study
    if study is None:
        return Told(option)
    if study.result is None:
        return Told(option, state=str(study.get_state_display()))
    language = "zh" if showing.zh() else "en"
    if study.is_plan:
        kept = fronts.summary_of(study.result, option.plan or 0)
        if kept is None:
            return Told(option, state=str(option.plan))
        plan, summary = kept
        return Told(option, tuple(showing.headlines(summary)), changes=_changes(plan, language))
    if study.is_simulated:
        return Told(option, tuple(showing.headlines(Summary.from_facts(study.result))))
    return Told(option, sentence=questions.table(study.result, language).sentence)


def _changes(plan: PlanFound, language: str) -> tuple[str, ...]:
    return tuple(plan.changes.get(language, []))


def studies(scope: Scope) -> QuerySet[Study]:
    """The studies that may stand behind an option: those of one's areas that are done."""
    return (
        Study.objects.filter(scope.q("scenario__area__path"), state=State.DONE)
        .select_related("scenario")
        .defer("result")
        .order_by("-id")
    )


def meetings(scope: Scope, *, search: str = "", state: str = "") -> QuerySet[Meeting]:
    """The meetings of one's areas."""
    found = Meeting.objects.filter(reach.of(scope))
    found = found.select_related("unit", "area__successor", "chair")
    for word in search.split():
        found = found.filter(
            Q(number__icontains=word) | Q(title__icontains=word) | Q(minutes__icontains=word)
        )
    if state == "signed":
        found = found.filter(signed_at__isnull=False)
    if state == "open":
        found = found.filter(signed_at=None)
    return found.annotate(n_decisions=Count("decisions", distinct=True))
