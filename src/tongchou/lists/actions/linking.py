"""Linking evidence: what the records hold is pointed at, never copied."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.ledger.models import Gap, Passage
from tongchou.lists.errors import Refused
from tongchou.lists.models import Evidence, Problem, Task
from tongchou.records import audit
from tongchou.staff.models import User

#: A passage, a gap, or a sentence.
Link = Passage | Gap | str


@transaction.atomic
def link(*, to: Problem | Task, links: Iterable[Link], by: User | None, now: datetime) -> int:
    """Add evidence to a problem or a task; what is linked already stays as it is."""
    if not to.open:
        raise Refused(_("“%(it)s” is closed; nothing can be added to it.") % {"it": to.number})
    n = 0
    for one in links:
        n += _link(to, one, by=by, now=now)
    if n:
        kind = "problem" if isinstance(to, Problem) else "task"
        audit.record(
            verb=f"{kind}.evidence", subject=f"{kind}:{to.pk}", by=by, now=now, detail={"n": n}
        )
    return n


def _link(to: Problem | Task, one: Link, *, by: User | None, now: datetime) -> bool:
    owner = {"problem": to} if isinstance(to, Problem) else {"task": to}
    if isinstance(one, str):
        text = one.strip()
        if text:
            Evidence.objects.create(note=text[:300], at=now, by=by, **owner)
        return bool(text)
    what = {"passage": one} if isinstance(one, Passage) else {"gap": one}
    _row, new = Evidence.objects.get_or_create(**owner, **what, defaults={"at": now, "by": by})
    return bool(new)
