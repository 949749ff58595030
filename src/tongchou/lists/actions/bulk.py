"""Many tasks at once, from a table that was looked at: each is set once, however often it comes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.lists.actions.tasks import set_task
from tongchou.lists.errors import Refused
from tongchou.lists.models import Task
from tongchou.lists.sheets import Row
from tongchou.records import audit
from tongchou.staff.models import Unit, User


@dataclass
class Dispatched:
    """What became of the rows: rows = new + known."""

    new: list[Task] = field(default_factory=list)
    n_known: int = 0


@transaction.atomic
def dispatch(*, rows: Sequence[Row], issuer: Unit, by: User, now: datetime) -> Dispatched:
    """Set every row that is not set yet, all or none.

    Raises
    ------
    Refused
        Where somebody sets the same rows at this moment.
    """
    done = Dispatched()
    try:
        for row in rows:
            if Task.objects.filter(issuer=issuer, key=row.key).exists():
                done.n_known += 1
            else:
                done.new.append(_set(row, issuer, by=by, now=now))
    except IntegrityError as error:
        raise Refused(
            _("Somebody sets the same table at this moment; look at it again.")
        ) from error
    numbers = [task.number for task in done.new]
    audit.record(
        verb="task.bulk",
        subject=f"unit:{issuer.pk}",
        by=by,
        now=now,
        detail={"new": len(numbers), "known": done.n_known, "numbers": numbers},
    )
    return done


def _set(row: Row, issuer: Unit, *, by: User, now: datetime) -> Task:
    return set_task(
        goal=row.goal,
        measure=row.measure,
        due_at=row.due_at,
        unit=row.unit,
        issuer=issuer,
        source=row.source,
        document=row.document,
        clause=row.clause,
        key=row.key,
        by=by,
        now=now,
    )
