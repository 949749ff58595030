"""The list of key tasks: set, claimed or declined, submitted, accepted or returned, cancelled.

Whoever set a task accepts it; whoever did it never does. That is a rule of the table too.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.lists import rights
from tongchou.lists.actions import numbers, problems
from tongchou.lists.actions.books import hold, must_stand_for, plain, put, write, written
from tongchou.lists.errors import NotTheirs, Refused
from tongchou.lists.loops import TASK
from tongchou.lists.models import DEEPEST, EntryKind, Problem, SourceKind, Task
from tongchou.records import audit
from tongchou.staff import reach
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import scope_of


@transaction.atomic
def set_task(
    *,
    goal: str,
    measure: str,
    due_at: datetime,
    unit: Unit,
    issuer: Unit,
    by: User | None,
    now: datetime,
    area: Area | None = None,
    person: User | None = None,
    source: str = "own",
    document: str = "",
    clause: str = "",
    problem: Problem | None = None,
    parent: Task | None = None,
    key: str = "",
    caused_by: Passage | None = None,
) -> Task:
    """Set a unit a task: what must be true by when, and how one will see that it is.

    A `parent` is passed down by the unit that answers for it; a `problem` that nobody has yet is
    assigned by it.

    Raises
    ------
    Refused
        Without goal or measure, with a date that has passed or lies after the parent's, or under
        a parent that is closed, submitted or another unit's.
    """
    if not goal.strip() or not measure.strip():
        raise Refused(_("Say what must be true, and how one will see that it is."))
    if source not in SourceKind.values:
        raise Refused(_("Choose the source from the list."))
    if due_at <= now:
        raise Refused(_("The date has passed already; give one that can be kept."))
    by_another(unit, issuer)
    plain(goal, measure, document, clause)
    policy.steady()
    if parent is not None:
        parent = _opened_for_parts(parent, issuer=issuer, due_at=due_at, by=by, now=now)
    if problem is not None:
        _takes_on(problem, parent, issuer=issuer, by=by, now=now)
    area = area or unit.area
    (number,) = numbers.take("T", area)
    passage = ledger.start(
        loop=TASK,
        area=area,
        title=f"{number} {goal}",
        by=by,
        now=now,
        unit=unit.pk,
        caused_by=caused_by or _cause(parent, problem),
    )
    task = Task.objects.create(
        number=number,
        passage=passage,
        stage=passage.stage,
        goal=goal.strip()[:300],
        measure=measure.strip()[:300],
        due_at=ledger.whole_second(due_at),
        area=area,
        area_path=area.path,
        unit=unit,
        person=person,
        issuer=issuer,
        source=SourceKind.PROBLEM if problem is not None and source == "own" else source,
        document=document.strip()[:200],
        clause=clause.strip()[:60],
        problem=problem,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        key=key.strip()[:60],
        set_at=passage.opened_at,
    )
    if problem is not None and problem.stage == "raised" and by is not None:
        problems.assign(problem=problem, unit=unit, by=by, now=now, note=number)
    return task


def by_another(unit: Unit, issuer: Unit) -> None:
    if unit.pk == issuer.pk:
        raise Refused(
            _("Whoever does a task cannot accept it: %(unit)s needs another unit to set it.")
            % {"unit": unit.name}
        )


def _takes_on(
    problem: Problem, whole: Task | None, *, issuer: Unit, by: User | None, now: datetime
) -> None:
    """A problem is acted on by who has it or found it, who assigns it, or with its common one.

    Held until the transaction ends: nobody closes it meanwhile.
    """
    there = Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    number = {"number": there.number}
    if not there.open:
        raise Refused(_("Problem %(number)s is closed.") % number)
    own = there.unit_id or there.found_unit_id  # what nobody has yet is with who found it
    if by is None or own == issuer.pk:
        return
    common = there.common
    if whole is not None and common is not None and whole.problem_id == common.problem_id:
        return
    if not reach.covers(scope_of(by, now=now), rights.DECIDE, there.area):
        raise NotTheirs(
            _("Problem %(number)s is not with %(unit)s: the duty officer assigns it.")
            % (number | {"unit": issuer.name})
        )


def _cause(parent: Task | None, problem: Problem | None) -> Passage | None:
    if parent is not None:
        return parent.passage
    return problem.passage if problem is not None else None


def _opened_for_parts(
    parent: Task, *, issuer: Unit, due_at: datetime, by: User | None, now: datetime
) -> Task:
    """The parent, held, claimed, and no longer a leaf: from here on its parts tell its progress."""
    parent = hold(parent)
    name = {"number": parent.number}
    if parent.unit_id != issuer.pk:
        raise Refused(_("Only the unit that answers for %(number)s passes it down.") % name)
    if parent.stage == "dispatched" and by is not None:
        claim(task=parent, by=by, now=now)
    if parent.stage != "in_progress":
        raise Refused(_("%(number)s is not in progress; nothing can be passed down.") % name)
    if due_at > parent.due_at:
        raise Refused(
            _("A part cannot be due after the whole: %(number)s is due %(due)s.")
            % (name | {"due": f"{parent.due_at:%F %R}"})
        )
    if parent.depth >= DEEPEST:
        raise Refused(_("%(number)s has been passed down as deep as it goes.") % name)
    if parent.leaf:
        put(parent, leaf=False, share=None)
    return parent


@transaction.atomic
def claim(*, task: Task, by: User, now: datetime, note: str = "") -> Task:
    """Take it on (认领): from here on the task's own date is the clock."""
    there = hold(task)
    must_stand_for(there.unit, by, now=now)
    ledger.hand_over(
        passage=task.passage,
        to="in_progress",
        by=by,
        now=now,
        note=note,
        unit=there.unit_id,
        timed_from=there.due_at,
    )
    person = {} if there.person_id else {"person": by}
    return put(task, stage="in_progress", **person)


@transaction.atomic
def decline(*, task: Task, why: str, by: User, now: datetime) -> Task:
    """Say that it is not for this unit, and why; the issuer sets it anew or takes it back."""
    _need(why, _("Say why it is not for you."))
    must_stand_for(hold(task).unit, by, now=now)
    ledger.hand_over(
        passage=task.passage, to="declined", by=by, now=now, note=why, unit=task.issuer_id
    )
    write(task, EntryKind.DECLINE, by=by, now=now, text=why[:1000])
    return put(task, stage="declined", person=None)


@transaction.atomic
def dispatch_again(
    *, task: Task, by: User, now: datetime, unit: Unit | None = None, note: str = ""
) -> Task:
    """Send a declined task out again, to the same unit or another, and into its area.

    Raises
    ------
    Refused
        Where its date has passed meanwhile, or to the unit that set it.
    """
    there = hold(task)
    must_stand_for(there.issuer, by, now=now)
    if there.due_at <= now:
        raise Refused(_("Its date has passed meanwhile: change the date first."))
    unit = unit or there.unit
    by_another(unit, there.issuer)
    ledger.hand_over(passage=task.passage, to="dispatched", by=by, now=now, note=note, unit=unit.pk)
    if unit.area_id != there.area_id and unit.pk != there.unit_id:
        ledger.move(passage=task.passage, area=unit.area, by=by, now=now, note=note, unit=unit.pk)
        put(task, area=unit.area, area_path=unit.area.path)
    write(
        task,
        EntryKind.DISPATCH,
        by=by,
        now=now,
        text=note[:1000],
        before=there.unit.name,
        after=unit.name,
    )
    return put(task, stage="dispatched", unit=unit, person=None)


@transaction.atomic
def submit(*, task: Task, text: str, by: User, now: datetime) -> Task:
    """Say that it is done, and what shows it; the issuer looks.

    Raises
    ------
    Refused
        Without a word, or while a part of it is open: delegating keeps one answerable.
    """
    _need(text, _("Say what has been done, and what shows it."))
    there = hold(task)
    must_stand_for(there.unit, by, now=now)
    if part := Task.objects.filter(parent=task, closed_at=None).order_by("due_at").first():
        raise Refused(
            _("Part %(number)s (%(unit)s) is still open: the whole is done when its parts are.")
            % {"number": part.number, "unit": part.unit.name}
        )
    ledger.hand_over(
        passage=task.passage, to="submitted", by=by, now=now, note=text, unit=task.issuer_id
    )
    write(task, EntryKind.SUBMIT, by=by, now=now, text=text[:1000], share=there.share)
    return put(task, stage="submitted", submitted_at=ledger.whole_second(now), submitted_by=by)


@transaction.atomic
def accept(*, task: Task, by: User, now: datetime, note: str = "") -> Task:
    """Say that it is so (销号). The problem it was set for is solved with the last of its tasks.

    Raises
    ------
    NotTheirs
        Where `by` is not of the issuing unit, or is of the unit that did it, or submitted it.
    """
    there = hold(task)
    must_not_have_done(there, by, now=now)
    ledger.hand_over(passage=task.passage, to="accepted", by=by, now=now, note=note)
    write(task, EntryKind.ACCEPT, by=by, now=now, text=note[:1000])
    put(task, stage="accepted", accepted_by=by, closed_at=task.passage.closed_at)
    if there.problem_id:
        _solve(task, by=by, now=now)
    return task


def must_not_have_done(task: Task, by: User, *, now: datetime) -> None:
    """Accepting is for whoever set it, and never for whoever did it."""
    must_stand_for(task.issuer, by, now=now)
    if task.submitted_by_id == by.pk:
        raise NotTheirs(_("You submitted it; somebody else says whether it is done."))
    if task.unit_id != task.issuer_id and task.unit_id in scope_of(by, now=now).units:
        raise NotTheirs(_("Your unit did it; %(unit)s accepts it.") % {"unit": task.issuer.name})


def _solve(task: Task, *, by: User, now: datetime) -> None:
    problem = Problem.objects.select_for_update(of=("self",)).get(pk=task.problem_id or 0)
    others = Task.objects.filter(problem=problem, closed_at=None).exclude(pk=task.pk)
    if problem.open and not others.exists():
        problems.solve(problem=problem, task=task, by=by, now=now)


@transaction.atomic
def send_back(
    *, task: Task, why: str, by: User, now: datetime, due_at: datetime | None = None
) -> Task:
    """It is not so yet (退回): back to the doer with what is missing, and a new date if need be."""
    _need(why, _("Say what is missing."))
    above = hold(task.parent) if task.parent else None
    there = hold(task)
    must_stand_for(there.issuer, by, now=now)
    due_at = ledger.whole_second(due_at) if due_at else there.due_at
    if due_at != there.due_at:
        fits(there, above, due_at, now=now)
    ledger.hand_over(
        passage=task.passage,
        to="in_progress",
        by=by,
        now=now,
        note=why,
        unit=there.unit_id,
        timed_from=due_at,
    )
    write(task, EntryKind.RETURN, by=by, now=now, text=why[:1000])
    if due_at != there.due_at:
        write(
            task,
            EntryKind.RETIME,
            by=by,
            now=now,
            text=why[:1000],
            before=written(there.due_at),
            after=written(due_at),
        )
    return put(
        task,
        stage="in_progress",
        due_at=due_at,
        n_returned=there.n_returned + 1,
        n_retimed=there.n_retimed + (due_at > there.due_at),
    )


def fits(task: Task, above: Task | None, due_at: datetime, *, now: datetime) -> None:
    """Refuse a date that has passed, lies after the whole's, or before a part's."""
    if due_at <= now:
        raise Refused(_("The date has passed already; give one that can be kept."))
    if above is not None and due_at > above.due_at:
        raise Refused(
            _("A part cannot be due after the whole: %(number)s is due %(due)s.")
            % {"number": above.number, "due": written(above.due_at)}
        )
    parts = Task.objects.filter(parent=task, closed_at=None)
    last = parts.aggregate(last=Max("due_at"))["last"]
    if last is not None and due_at < last:
        raise Refused(
            _("A part of it is due %(due)s; bring that forward first.") % {"due": written(last)}
        )


@transaction.atomic
def cancel(*, task: Task, why: str, by: User, now: datetime) -> Task:
    """Take it back with a reason, and every open part of it."""
    _need(why, _("Say why it is taken back."))
    above = hold(task.parent) if task.parent else None
    there = hold(task)
    must_stand_for(there.issuer, by, now=now)
    for part in Task.objects.filter(parent=task, closed_at=None).order_by("pk"):
        _cancel(part, why, by=by, now=now)
    _end(task, why, by=by, now=now)
    if above is not None and not _parts_left(above):
        put(above, leaf=True)
    return task


def _cancel(task: Task, why: str, *, by: User, now: datetime) -> None:
    hold(task)
    for part in Task.objects.filter(parent=task, closed_at=None).order_by("pk"):
        _cancel(part, why, by=by, now=now)
    _end(task, why, by=by, now=now)


def _end(task: Task, why: str, *, by: User, now: datetime) -> None:
    ledger.hand_over(passage=task.passage, to="cancelled", by=by, now=now, note=why)
    write(task, EntryKind.CANCEL, by=by, now=now, text=why[:1000])
    put(task, stage="cancelled", closed_at=task.passage.closed_at)
    problem = task.problem
    if problem is not None and problem.stage == "assigned":
        others = Task.objects.filter(problem=problem).exclude(stage="cancelled")
        done = others.filter(stage="accepted").order_by("-closed_at", "-pk").first()
        if not others.exists():  # nobody works on it any more: the duty officer has it again
            problems.put_back(problem=problem, by=by, now=now, note=task.number)
        elif done is not None and not others.filter(closed_at=None).exists():
            problems.solve(problem=problem, task=done, by=by, now=now)


def _parts_left(task: Task) -> bool:
    return Task.objects.filter(parent=task).exclude(stage="cancelled").exists()


def _need(text: str, otherwise: str) -> None:
    if not text.strip():
        raise Refused(otherwise)


def told(task: Task, verb: str, *, by: User | None, now: datetime, **detail: object) -> None:
    """The audit of an act that is not itself a hand-over."""
    audit.record(verb=f"task.{verb}", subject=f"task:{task.pk}", by=by, now=now, detail=detail)
