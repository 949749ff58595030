"""What may be done with a task or a problem, by whom, at which stage, and the form of each act."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.acts import seen
from tongchou.lists import rights
from tongchou.lists.actions import problems, steering, tasks
from tongchou.lists.actions.linking import link
from tongchou.lists.forms import acts as forms
from tongchou.lists.models import Problem, Task
from tongchou.lists.queries import finding, lists
from tongchou.lists.queries.standing import acts_for
from tongchou.lists.queries.units import within_reach
from tongchou.staff import reach
from tongchou.staff.queries import Scope, scope_of

OPEN_TASK = ("dispatched", "declined", "in_progress", "submitted")


@dataclass(frozen=True)
class Act:
    """One button: `side` is who has it, the doer or the issuer (or whoever decides, "areas").

    `versioned` acts overwrite what somebody else may have written, so they take the version seen.
    """

    name: str
    label: Any
    side: str
    stages: tuple[str, ...]
    form: type[forms.ActForm]
    verb: Callable[..., Any]
    done: Any
    danger: bool = False
    versioned: bool = False


@dataclass(frozen=True)
class Offer:
    """An act this user may do now, with its form."""

    act: Act
    form: forms.ActForm

    @property
    def open(self) -> bool:
        return self.form.is_bound


def _submit(*, task: Task, text: str, evidence: str, by: Any, now: datetime) -> None:
    """What shows it is linked first: a submitted task is closed to its doer."""
    _link(task, evidence, by=by, now=now)
    tasks.submit(task=task, text=text, by=by, now=now)


def _evidence(*, evidence: str, by: Any, now: datetime, **it: Any) -> None:
    (to,) = it.values()
    _link(to, evidence, by=by, now=now)


def _link(to: Task | Problem, text: str, *, by: Any, now: datetime) -> None:
    link(to=to, links=finding.links(text, scope_of(by, now=now)), by=by, now=now)


TASK_ACTS = {
    act.name: act
    for act in (
        Act("claim", pgettext_lazy("task", "Claim"), "doer", ("dispatched",), forms.NoteForm,
            tasks.claim, pgettext_lazy("task", "Claimed: it is yours until it is accepted.")),
        Act("report", _("Report progress"), "doer", ("in_progress",), forms.ReportForm,
            steering.report, _("Reported."), versioned=True),
        Act("submit", _("Submit as done"), "doer", ("in_progress",), forms.SubmitForm, _submit,
            _("Submitted; whoever set it looks.")),
        Act("person", _("Name the person"), "doer", ("dispatched", "in_progress"),
            forms.PersonForm, steering.name_person, _("Noted."), versioned=True),
        Act("decline", _("Not for us"), "doer", ("dispatched",), forms.WhyForm, tasks.decline,
            _("Declined; whoever set it decides."), danger=True),
        Act("accept", pgettext_lazy("task", "Accept"), "issuer", ("submitted",), forms.NoteForm,
            tasks.accept, pgettext_lazy("task", "Accepted.")),
        Act("send_back", _("Return"), "issuer", ("submitted",), forms.ReturnForm, tasks.send_back,
            _("Returned with what is missing.")),
        Act("again", _("Dispatch again"), "issuer", ("declined",), forms.AgainForm,
            tasks.dispatch_again, _("Dispatched again.")),
        Act("retime", _("Change the date"), "issuer", OPEN_TASK,
            forms.RetimeForm, steering.retime, _("The date is changed."), versioned=True),
        Act("reassign", _("Give to another unit"), "issuer", ("dispatched", "in_progress"),
            forms.ReassignForm, steering.reassign, _("Another unit has it."), versioned=True),
        Act("evidence", _("Add evidence"), "both", OPEN_TASK, forms.EvidenceForm, _evidence,
            _("Linked.")),
        Act("cancel", pgettext_lazy("lists", "Take back"), "issuer", OPEN_TASK, forms.WhyForm,
            tasks.cancel, _("Taken back, with its parts."), danger=True),
    )
}  # fmt: skip

PROBLEM_ACTS = {
    act.name: act
    for act in (
        Act("assign", pgettext_lazy("lists", "Assign"), "areas", ("raised", "assigned"),
            forms.AssignForm, problems.assign, _("Assigned.")),
        Act("cause", _("Say the cause"), "both", ("raised", "assigned"), forms.CauseForm,
            problems.classify, _("Noted.")),
        Act("evidence", _("Add evidence"), "both", ("raised", "assigned"), forms.EvidenceForm,
            _evidence, _("Linked.")),
        Act("put_back", _("Not ours: give it back"), "doer", ("assigned",), forms.NoteForm,
            problems.put_back, _("It waits to be assigned anew.")),
        Act("decide", _("Close with a reason"), "areas", ("raised", "assigned"), forms.DecideForm,
            problems.decide, _("Closed with its reason."), danger=True),
    )
}  # fmt: skip


def task_sides(task: Task, scope: Scope, *, now: datetime) -> set[str]:
    """On which sides of a task a reader stands."""
    sides = set()
    if acts_for(task.unit, scope, now=now):
        sides |= {"doer", "both"}
    if acts_for(task.issuer, scope, now=now):
        sides |= {"issuer", "both"}
    return sides


def may_see_files(task: Task, scope: Scope, *, now: datetime) -> bool:
    """Files may show faces: both sides, those who decide there, and supervision."""
    return bool(task_sides(task, scope, now=now)) or reach.covers(scope, rights.FILES, task.area)


def problem_sides(problem: Problem, scope: Scope, *, now: datetime) -> set[str]:
    sides = set()
    if reach.covers(scope, rights.DECIDE, problem.area):
        sides |= {"areas", "both"}
    if problem.unit is not None and acts_for(problem.unit, scope, now=now):
        sides |= {"doer", "both"}
    return sides


def task_offers(
    task: Task, scope: Scope, *, now: datetime, refused: forms.ActForm | None = None
) -> list[Offer]:
    """What this reader may do with a task now, in the order of the table."""
    sides = task_sides(task, scope, now=now)
    own = task.unit_id in scope.units and task.unit_id != task.issuer_id
    acts = [
        act
        for act in _here(TASK_ACTS.values(), task.stage, sides)
        # Who did it does not see the button that says it is done.
        if not (act.name == "accept" and own)
    ]
    return [_offer(act, task, scope, task.version, refused) for act in acts]


def problem_offers(
    problem: Problem, scope: Scope, *, now: datetime, refused: forms.ActForm | None = None
) -> list[Offer]:
    sides = problem_sides(problem, scope, now=now)
    acts = _here(PROBLEM_ACTS.values(), problem.stage, sides)
    return [_offer(act, problem, scope, 0, refused) for act in acts]


def _here(acts: Iterable[Act], stage: str, sides: set[str]) -> list[Act]:
    return [act for act in acts if stage in act.stages and act.side in sides]


def _offer(
    act: Act, about: Any, scope: Scope, version: int, refused: forms.ActForm | None
) -> Offer:
    if refused is not None and refused.prefix == act.name:
        return Offer(act, refused)
    initial = {"leg": about.passage.n_legs, "seen": version} | _now_there(act, about)
    return Offer(act, form_of(act, about, scope, initial=initial))


def _now_there(act: Act, about: Any) -> dict[str, Any]:
    if act.name == "retime":
        return {"due_at": about.due_at}
    if act.name in ("again", "assign") and about.unit_id:
        return {"unit": about.unit_id}
    return {"cause": about.cause} if act.name == "cause" else {}


def form_of(
    act: Act, about: Task | Problem, scope: Scope, *args: Any, **kwargs: Any
) -> forms.ActForm:
    """The form of an act on this subject, with the units it may go to and what its reader sees."""
    area = about.issuer.area if isinstance(about, Task) else about.area
    known = lists.problems(scope)
    return act.form(
        *args, prefix=act.name, about=about, units=within_reach(area), known=known, **kwargs
    )


def perform(act: Act, typed: dict[str, Any], *, by: Any, now: datetime, **subject: Any) -> None:
    """Do it to the subject as the desk saw it.

    Raises
    ------
    AlreadyHandedOver, Stale
        Where the page was older than the subject.
    """
    wishes = dict(typed)
    (about,) = subject.values()
    seen(about.passage, wishes.pop("leg"))
    version = wishes.pop("seen", None)
    if act.versioned and version is not None:
        wishes["seen"] = version
    act.verb(**subject, **wishes, by=by, now=now)
