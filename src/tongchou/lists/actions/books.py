"""What every act on a task does: hold its row, check who acts, write its book, mirror its stage."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases.sanity import names_somebody
from tongchou.ledger import policy
from tongchou.lists.errors import NotTheirs, Refused, Stale
from tongchou.lists.models import Entry, Task
from tongchou.lists.queries.standing import acts_for
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import scope_of


def hold(task: Task, *, seen: int | None = None) -> Task:
    """The task as it is now, kept still until the transaction ends; parents are held before parts.

    Parameters
    ----------
    seen
        The version the page showed, for acts that overwrite what somebody else may have written.

    Raises
    ------
    Stale
        Where the task has changed since.
    """
    policy.steady()  # before any row is locked
    now_there: Task = (
        Task.objects.select_for_update(of=("self",))
        .select_related("passage", "unit__area__successor", "issuer__area__successor", "area")
        .get(pk=task.pk)
    )
    if seen is not None and now_there.version != seen:
        raise Stale(
            _("Somebody else changed %(number)s meanwhile; nothing of yours was saved. Look again.")
            % {"number": task.number}
        )
    return now_there


def must_stand_for(unit: Unit, by: User | None, *, now: datetime) -> None:
    """Let the system, the unit's people and whoever stands in for them pass."""
    if by is not None and not acts_for(unit, scope_of(by, now=now), now=now):
        raise NotTheirs(_("This is for %(unit)s to do.") % {"unit": unit.name})


def plain(*texts: str) -> None:
    """Refuse texts that hold a document or phone number: identities have one place only."""
    for text in texts:
        if fault := names_somebody(text):
            raise Refused(f"{fault.says} {fault.mend}")


def written(moment: datetime) -> str:
    """A moment as it stands in the book of a task."""
    return f"{timezone.localtime(moment):%F %R}"


def write(task: Task, kind: str, *, by: User | None, now: datetime, **line: Any) -> Entry:
    """A line in the task's book."""
    return Entry.objects.create(task_id=task.pk, kind=kind, by=by, at=now, **line)


def put(task: Task, **values: Any) -> Task:
    """Write these columns, count the version up, and bring the object up to date."""
    Task.objects.filter(pk=task.pk).update(version=F("version") + 1, **values)
    for name, value in values.items():
        setattr(task, name, value)
    task.version += 1
    return task
