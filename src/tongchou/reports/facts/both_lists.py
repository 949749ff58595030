"""The progress of both lists; the same numbers as `lists.queries.summary`, for many areas at once.

A test holds the two against each other.
"""

from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tongchou.ledger.models import Handoff
from tongchou.lists import rights as lists
from tongchou.lists.loops import TASK_STAGES
from tongchou.lists.models import FoundBy, Problem, Task
from tongchou.reports.facts.base import Ground, Measure
from tongchou.reports.facts.custody import began, entered


def problems_open(ground: Ground) -> QuerySet[Problem]:
    return Problem.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=ground.at), raised_at__lt=ground.at
    )


def _raised(ground: Ground) -> QuerySet[Problem]:
    return Problem.objects.filter(raised_at__gte=ground.since, raised_at__lt=ground.at)


def _closed(ground: Ground) -> QuerySet[Problem]:
    return Problem.objects.filter(closed_at__gte=ground.since, closed_at__lt=ground.at)


def _common(ground: Ground) -> QuerySet[Problem]:
    return problems_open(ground).filter(common__isnull=False)


def tasks_open(ground: Ground) -> QuerySet[Task]:
    """Open tasks with the stage each was at then."""
    leg = Handoff.objects.filter(
        Q(done_at=None) | Q(done_at__gte=ground.at),
        passage=OuterRef("passage"),
        opened_at__lt=ground.at,
    ).order_by("-number")
    return Task.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=ground.at), set_at__lt=ground.at
    ).annotate(stage_at=Coalesce(Subquery(leg.values("stage")[:1]), "stage"))


def tasks_standing(ground: Ground) -> QuerySet[Task]:
    """Everything set by then and not cancelled, by whether it was accepted: progress is a share."""
    accepted = Case(
        When(stage="accepted", closed_at__lt=ground.at, then=Value("accepted")),
        default=Value("open"),
    )
    return (
        Task.objects.filter(set_at__lt=ground.at)
        .exclude(stage="cancelled", closed_at__lt=ground.at)
        .annotate(standing=accepted)
    )


def _overdue(ground: Ground) -> QuerySet[Task]:
    handed_in = Q(stage__in=("submitted", "accepted"), submitted_at__lt=ground.at)
    return tasks_open(ground).filter(due_at__lte=ground.at).exclude(handed_in)


def _accepted(ground: Ground) -> QuerySet[Task]:
    return Task.objects.filter(
        stage="accepted", closed_at__gte=ground.since, closed_at__lt=ground.at
    )


def _returned(ground: Ground) -> QuerySet[Handoff]:
    return entered("task", "in_progress")(ground).filter(stage="submitted")


def found_name(code: str) -> Any:
    return FoundBy(code).label if code in FoundBy.values else code


def stage_name(code: str) -> Any:
    return TASK_STAGES.get(code, code)


def standing_name(code: str) -> Any:
    return TASK_STAGES["accepted"] if code == "accepted" else _("not yet accepted")


MEASURES = (
    Measure(
        "problems.open", "lists", _("Open problems"),
        _("Problems on the list that were neither solved by a task nor decided."),
        problems_open,
        ngettext_lazy("%(n)s problem is open%(more)s.", "%(n)s problems are open%(more)s.", "n"),
        _("No problem is open."),
        unit="unit", roles=lists.SEE,
    ),
    Measure(
        "problems.raised", "lists", _("Problems raised in 24 hours"),
        _("Problems that came onto the list in these 24 hours, by who found them."),
        _raised,
        ngettext_lazy("%(n)s problem was raised%(more)s.",
                      "%(n)s problems were raised%(more)s.", "n"),
        _("No problem was raised."),
        unit="found_unit", roles=lists.SEE, split="found_by", names=found_name, flow=True,
    ),
    Measure(
        "problems.closed", "lists", _("Problems closed in 24 hours"),
        _("Problems that were solved by an accepted task or decided with a reason."),
        _closed,
        ngettext_lazy("%(n)s problem was closed%(more)s.",
                      "%(n)s problems were closed%(more)s.", "n"),
        _("No problem was closed."),
        unit="unit", roles=lists.SEE, flow=True,
    ),
    Measure(
        "problems.common", "lists", _("Open problems shared with others"),
        _("Open problems that a person has found to be the same as in other counties."),
        _common,
        ngettext_lazy("%(n)s of the open problems is shared with other counties%(more)s.",
                      "%(n)s of the open problems are shared with other counties%(more)s.", "n"),
        unit="unit", roles=lists.SEE,
    ),
    Measure(
        "tasks.open", "lists", _("Open key tasks"),
        _("Key tasks that were neither accepted nor cancelled, by the stage they were at."),
        tasks_open,
        ngettext_lazy("%(n)s key task is open%(more)s.", "%(n)s key tasks are open%(more)s.", "n"),
        _("No key task is open."),
        unit="unit", roles=lists.SEE, split="stage_at", names=stage_name,
    ),
    Measure(
        "tasks.standing", "lists", _("Key tasks set so far"),
        _("Key tasks set so far and not cancelled, by whether they have been accepted."),
        tasks_standing,
        ngettext_lazy("%(n)s key task has been set so far%(more)s.",
                      "%(n)s key tasks have been set so far%(more)s.", "n"),
        unit="unit", roles=lists.SEE, split="standing", names=standing_name,
        compared=False,
    ),
    Measure(
        "tasks.set", "lists", _("Key tasks set in 24 hours"),
        _("Key tasks that were dispatched for the first time in these 24 hours."),
        began("task"),
        ngettext_lazy("%(n)s key task was set%(more)s.", "%(n)s key tasks were set%(more)s.", "n"),
        _("No key task was set."),
        unit="task__unit", roles=lists.SEE, flow=True,
    ),
    Measure(
        "tasks.accepted", "lists", _("Key tasks accepted in 24 hours"),
        _("Key tasks that whoever set them accepted in these 24 hours."),
        _accepted,
        ngettext_lazy("%(n)s key task was accepted%(more)s.",
                      "%(n)s key tasks were accepted%(more)s.", "n"),
        _("No key task was accepted."),
        unit="unit", roles=lists.SEE, flow=True,
    ),
    Measure(
        "tasks.returned", "lists", _("Key tasks returned in 24 hours"),
        _("Submissions that whoever set the task returned in these 24 hours."),
        _returned,
        ngettext_lazy("%(n)s submission was returned%(more)s.",
                      "%(n)s submissions were returned%(more)s.", "n"),
        unit="passage__task__unit", roles=lists.SEE, flow=True,
    ),
    Measure(
        "tasks.overdue", "lists", _("Overdue key tasks"),
        _("Open key tasks whose date had passed and that nobody had submitted."),
        _overdue,
        ngettext_lazy("%(n)s key task is overdue%(more)s.",
                      "%(n)s key tasks are overdue%(more)s.", "n"),
        _("No key task is overdue."),
        unit="unit", roles=lists.SEE,
    ),
)  # fmt: skip
