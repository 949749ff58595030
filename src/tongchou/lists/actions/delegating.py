"""Passing a task down: to several units at once. Whoever passes it down stays answerable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.lists.actions.books import hold, must_stand_for, write
from tongchou.lists.actions.tasks import set_task
from tongchou.lists.errors import Refused
from tongchou.lists.models import EntryKind, Problem, Task
from tongchou.staff.models import Unit, User


@dataclass(frozen=True)
class Part:
    """What one unit is to do of a task; what is empty is as in the whole."""

    unit: Unit
    goal: str = ""
    measure: str = ""
    due_at: datetime | None = None
    problem: Problem | None = None


@transaction.atomic
def delegate(*, task: Task, parts: Sequence[Part], by: User, now: datetime) -> list[Task]:
    """Set every unit its part, all or none; the whole cannot be submitted before its parts end.

    Raises
    ------
    Refused
        Where a unit stands there twice or has an open part already, or a part is due too late.
    """
    there = hold(task)
    must_stand_for(there.unit, by, now=now)
    if not parts:
        raise Refused(_("Choose the units that it is passed down to."))
    have = set(
        Task.objects.filter(parent=task, closed_at=None).values_list("unit", "goal").order_by()
    )
    made = []
    for part in parts:
        goal = part.goal or there.goal
        if (part.unit.pk, goal) in have:
            raise Refused(_("%(unit)s has this part already.") % {"unit": part.unit.name})
        have.add((part.unit.pk, goal))
        made.append(_set(there, part, goal, by=by, now=now))
    names = "、".join(part.unit.name for part in parts)
    write(task, EntryKind.DELEGATE, by=by, now=now, after=names[:300])
    task.refresh_from_db()
    return made


def _set(task: Task, part: Part, goal: str, *, by: User, now: datetime) -> Task:
    return set_task(
        goal=goal,
        measure=part.measure or task.measure,
        due_at=part.due_at or task.due_at,
        unit=part.unit,
        issuer=task.unit,
        source=task.source,
        document=task.document,
        clause=task.clause,
        problem=part.problem,
        parent=task,
        by=by,
        now=now,
    )


def members_to_solve(task: Task) -> dict[str, Problem]:
    """For a task on a common problem: the county problems it stands for, by their areas' codes."""
    if task.problem is None or not hasattr(task.problem, "stands_for"):
        return {}
    members = task.problem.stands_for.problems.filter(closed_at=None).order_by("-pk")
    return {problem.area_id: problem for problem in members}
