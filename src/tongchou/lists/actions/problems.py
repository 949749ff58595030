"""The list of problems: raised, assigned, closed by an accepted task or a reasoned decision."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.lists.actions import numbers
from tongchou.lists.actions.books import plain
from tongchou.lists.actions.linking import Link, link
from tongchou.lists.errors import Refused
from tongchou.lists.loops import PROBLEM
from tongchou.lists.models import Cause, DecidedAs, FoundBy, Problem, Task
from tongchou.records import audit
from tongchou.staff.models import Unit, User


@transaction.atomic
def raise_problem(
    *,
    title: str,
    what: str,
    area: Area,
    found_by: str,
    by: User | None,
    now: datetime,
    where: str = "",
    found_unit: Unit | None = None,
    cause: str = "",
    evidence: Iterable[Link] = (),
    caused_by: Passage | None = None,
) -> Problem:
    """Put a problem on the list of its area; the duty officer there has it.

    Raises
    ------
    Refused
        Without a title, or with a word that the closed lists do not have.
    """
    if not title.strip():
        raise Refused(_("Say in a few words what the problem is."))
    if found_by not in FoundBy.values or (cause and cause not in Cause.values):
        raise Refused(_("Choose how it was found, and the cause, from the lists."))
    plain(title, what, where)
    policy.steady()
    (number,) = numbers.take("P", area)
    passage = ledger.start(
        loop=PROBLEM,
        area=area,
        title=f"{number} {title}",
        by=by,
        now=now,
        caused_by=caused_by,
    )
    problem = Problem.objects.create(
        number=number,
        passage=passage,
        stage=passage.stage,
        title=title.strip()[:120],
        what=what.strip()[:2000],
        where=where.strip()[:120],
        area=area,
        area_path=area.path,
        found_by=found_by,
        found_unit=found_unit,
        found_on=timezone.localdate(now),
        cause=cause,
        raised_at=passage.opened_at,
    )
    link(to=problem, links=evidence, by=by, now=now)
    return problem


@transaction.atomic
def assign(*, problem: Problem, unit: Unit, by: User, now: datetime, note: str = "") -> Problem:
    """Say which unit deals with it; where it is assigned already, another one from now on."""
    policy.steady()
    if problem.stage == "assigned":
        ledger.move(
            passage=problem.passage, area=problem.area, by=by, now=now, note=note, unit=unit.pk
        )
    else:
        ledger.hand_over(
            passage=problem.passage, to="assigned", by=by, now=now, note=note, unit=unit.pk
        )
    return _set(problem, stage="assigned", unit=unit)


@transaction.atomic
def put_back(*, problem: Problem, by: User, now: datetime, note: str = "") -> Problem:
    """It is nobody's in particular again: the duty officer assigns it anew."""
    ledger.hand_over(passage=problem.passage, to="raised", by=by, now=now, note=note)
    return _set(problem, stage="raised", unit=None)


@transaction.atomic
def decide(
    *,
    problem: Problem,
    reason: str,
    words: str,
    by: User,
    now: datetime,
    same_as: Problem | None = None,
) -> Problem:
    """Close it without a task, by a reason of the closed list and in words.

    Raises
    ------
    Refused
        Without a reason or words, while a task of it is open, or the same as itself.
    """
    if reason not in DecidedAs.values or not words.strip():
        raise Refused(_("Choose a reason from the list, and say in words why."))
    plain(words)
    if same_as is not None:
        _can_stand_for(same_as, problem)
    if (reason == DecidedAs.DUPLICATE) != (same_as is not None):
        raise Refused(_("Name the problem that this is the same as."))
    policy.steady()
    Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)  # no task is set meanwhile
    if waiting := Task.objects.filter(problem=problem, closed_at=None).first():
        raise Refused(
            _("Task %(number)s of this problem is open: end or cancel it first.")
            % {"number": waiting.number}
        )
    ledger.hand_over(
        passage=problem.passage, to="decided", by=by, now=now, note=str(DecidedAs(reason).label)
    )
    return _set(
        problem,
        stage="decided",
        decided_as=reason,
        decision=words.strip()[:300],
        decided_by=by,
        same_as=same_as,
        closed_at=problem.passage.closed_at,
    )


def _can_stand_for(other: Problem, problem: Problem) -> None:
    """What a problem is the same as is being dealt with or solved, and is not this one."""
    if other.pk == problem.pk:
        raise Refused(_("A problem cannot be the same as itself."))
    if other.stage == "decided":
        raise Refused(
            _("%(number)s is closed with a reason itself: name the one that is dealt with.")
            % {"number": other.number}
        )


@transaction.atomic
def solve(*, problem: Problem, task: Task, by: User, now: datetime) -> Problem:
    """Close it by a task that was accepted. `actions.tasks.accept` calls this; no page does.

    Raises
    ------
    Refused
        Where the task is not accepted, or not this problem's.
    """
    if task.problem_id != problem.pk or task.stage != "accepted":
        raise Refused(_("Only an accepted task of the problem solves it."))
    if problem.stage == "raised":
        assign(problem=problem, unit=task.unit, by=by, now=now)
    ledger.hand_over(
        passage=problem.passage, to="solved", by=by, now=now, note=task.number, unit=task.unit_id
    )
    return _set(problem, stage="solved", solved_by=task, closed_at=problem.passage.closed_at)


@transaction.atomic
def classify(*, problem: Problem, cause: str, by: User, now: datetime) -> Problem:
    """Say why, by the closed list; common problems are looked for by it too."""
    if cause not in Cause.values:
        raise Refused(_("Choose the cause from the list."))
    before = problem.cause
    audit.record(
        verb="problem.classify",
        subject=f"problem:{problem.pk}",
        by=by,
        now=now,
        detail={"before": before, "after": cause},
    )
    return _set(problem, cause=cause)


def _set(problem: Problem, **values: Any) -> Problem:
    Problem.objects.filter(pk=problem.pk).update(**values)
    for name, value in values.items():
        setattr(problem, name, value)
    return problem
