"""Changing a task that is on its way: its date, unit, words, person. Each leaves a line.

Two people may have the same page open: every act here takes the version it saw, and the second one
is told that nothing of theirs was saved.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.ledger import actions as ledger
from tongchou.ledger.models import Handoff
from tongchou.ledger.retiming import retime_leg
from tongchou.lists.actions.books import hold, must_stand_for, plain, put, write, written
from tongchou.lists.actions.tasks import by_another, fits, told
from tongchou.lists.errors import Refused
from tongchou.lists.models import EntryKind, Task
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import on_post

#: As long as their columns.
LONGEST = {"goal": 300, "measure": 300, "document": 200, "clause": 60}


@transaction.atomic
def retime(
    *,
    task: Task,
    due_at: datetime,
    reason: str,
    by: User,
    now: datetime,
    seen: int | None = None,
) -> Task:
    """Give it another date, by whoever set it and with the reason; the old one stays in its book.

    Raises
    ------
    Refused
        Where the date has passed, lies after the parent's, or before a part's.
    """
    if not reason.strip():
        raise Refused(_("Say why the date changes."))
    due_at = ledger.whole_second(due_at)
    above = hold(task.parent) if task.parent else None
    there = _open(task, seen=seen)
    must_stand_for(there.issuer, by, now=now)
    fits(there, above, due_at, now=now)
    if there.stage == "in_progress":
        leg = Handoff.objects.select_related("passage").get(passage=there.passage, done_at=None)
        retime_leg(leg=leg, timed_from=due_at, now=now)
    before, after = written(there.due_at), written(due_at)
    write(task, EntryKind.RETIME, by=by, now=now, text=reason[:1000], before=before, after=after)
    told(task, "retime", by=by, now=now, before=there.due_at, after=due_at, reason=reason)
    later = due_at > there.due_at
    return put(task, due_at=due_at, n_retimed=there.n_retimed + later)


@transaction.atomic
def reassign(
    *, task: Task, unit: Unit, reason: str, by: User, now: datetime, seen: int | None = None
) -> Task:
    """Give it to another unit, by whoever set it; the clock runs on.

    Parts that were passed down stay with their units and answer to the new one.
    """
    if not reason.strip():
        raise Refused(_("Say why another unit takes it."))
    there = _open(task, seen=seen)
    must_stand_for(there.issuer, by, now=now)
    if unit.pk == there.unit_id:
        raise Refused(_("%(unit)s has it already.") % {"unit": unit.name})
    by_another(unit, there.issuer)
    if there.stage in ("submitted", "declined"):
        raise Refused(_("It waits for you, not for them: accept it or send it back first."))
    ledger.move(passage=task.passage, area=unit.area, by=by, now=now, note=reason, unit=unit.pk)
    write(
        task,
        EntryKind.REASSIGN,
        by=by,
        now=now,
        text=reason[:1000],
        before=there.unit.name,
        after=unit.name,
    )
    _parts_follow(there, unit, by=by, now=now)
    values = {"unit": unit, "person": None, "area": unit.area, "area_path": unit.area.path}
    return put(task, **values)


def _parts_follow(task: Task, unit: Unit, *, by: User, now: datetime) -> None:
    """Its parts are accepted by the new unit; those that wait for the old one go over to it.

    A part that the new unit does itself is accepted by whoever set the whole.
    """
    parts = Task.objects.filter(parent=task, closed_at=None).select_related("passage__area")
    for part in parts.order_by("pk"):
        above = task.issuer if part.unit_id == unit.pk else unit
        if part.stage in ("submitted", "declined"):
            ledger.move(passage=part.passage, area=part.passage.area, by=by, now=now, unit=above.pk)
        put(part, issuer=above)


@transaction.atomic
def name_person(
    *, task: Task, person: User | None, by: User, now: datetime, seen: int | None = None
) -> Task:
    """Say who of the unit answers for it; the unit says so itself."""
    there = _open(task, seen=seen)
    must_stand_for(there.unit, by, now=now)
    if person is not None and not on_post(now).filter(user=person, unit=there.unit).exists():
        raise Refused(
            _("%(person)s has no post in %(unit)s.") % {"person": person, "unit": there.unit}
        )
    told(task, "person", by=by, now=now, person=person.get_username() if person else "")
    return put(task, person=person)


@transaction.atomic
def amend(
    *,
    task: Task,
    by: User,
    now: datetime,
    reason: str,
    seen: int | None = None,
    **words: str,
) -> Task:
    """Put goal, measure, document or clause right, by whoever set it. Both stay on record."""
    if not reason.strip():
        raise Refused(_("Say why the words change."))
    there = _open(task, seen=seen)
    must_stand_for(there.issuer, by, now=now)
    changed = {
        name: text.strip()
        for name, text in words.items()
        if name in ("goal", "measure", "document", "clause")
        and text.strip() != getattr(there, name)
    }
    if not all(changed.get(name, "-") for name in ("goal", "measure")):
        raise Refused(_("Say what must be true, and how one will see that it is."))
    plain(*changed.values())
    for name, text in changed.items():
        if len(text) > LONGEST[name]:
            raise Refused(_("At most %(n)d characters.") % {"n": LONGEST[name]})
        before = getattr(there, name)
        write(
            task,
            EntryKind.AMEND,
            by=by,
            now=now,
            text=reason[:1000],
            before=before[:300],
            after=text[:300],
        )
    if changed:
        told(task, "amend", by=by, now=now, fields=sorted(changed), reason=reason)
        put(task, **changed)
    return task


@transaction.atomic
def report(
    *,
    task: Task,
    text: str,
    by: User,
    now: datetime,
    share: int | None = None,
    seen: int | None = None,
) -> Task:
    """Tell how far it is, while it is in progress. A share only where there are no parts below.

    Raises
    ------
    Refused
        Without a word, for a task that is not in progress, or a share typed above parts.
    """
    if not text.strip():
        raise Refused(_("Say in a sentence how far it is."))
    there = _open(task, seen=seen)
    must_stand_for(there.unit, by, now=now)
    if there.stage != "in_progress":
        raise Refused(_("Progress is reported while a task is in progress; claim it first."))
    if share is not None and not there.leaf:
        raise Refused(_("Its parts tell its progress; it cannot be typed here."))
    if share is not None and not 0 <= share <= 100:
        raise Refused(_("Progress is a share from 0 to 100 %."))
    plain(text)
    write(task, EntryKind.REPORT, by=by, now=now, text=text[:1000], share=share)
    told(task, "report", by=by, now=now, share=share)
    return put(task, **({} if share is None else {"share": share}))


def _open(task: Task, *, seen: int | None) -> Task:
    there = hold(task, seen=seen)
    if not there.open:
        raise Refused(_("%(number)s is closed.") % {"number": task.number})
    return there
