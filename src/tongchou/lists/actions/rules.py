"""The rules of the lists (制度): other hours, put forward as a playbook for a second person."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import adoption, policy
from tongchou.ledger.models import Adoption
from tongchou.lists.errors import Refused
from tongchou.planning import playbook_paths as paths
from tongchou.playbook.durations import format_duration, parse_duration
from tongchou.staff.models import User


@transaction.atomic
def propose(
    *, hours: Mapping[str, str], reason: str, whose: str, by: User, now: datetime
) -> Adoption:
    """Put other hours for the two lists forward; adopted by a second person, they apply at once.

    Parameters
    ----------
    hours
        By path, `deadlines.task.submitted.war`: "12h".
    whose
        The county or city that proposes it; it stands in the source of each changed rule.

    Raises
    ------
    Refused
        Where nothing changes, or the playbook refuses an hour; the message says how to mend it.
    """
    if not reason.strip():
        raise Refused(_("Say why the rules should change."))
    book = policy.in_force(now)
    wanted = {path: _hours(text) for path, text in hours.items()}
    changed = {path: text for path, text in wanted.items() if paths.get(book, path) != text}
    if not changed:
        raise Refused(_("Nothing would change: these hours are in force already."))
    try:
        book_then = paths.replaced(book, changed, by=whose)
    except ValueError as fault:
        raise Refused(str(fault)) from fault
    local = timezone.localtime(now)
    text = paths.proposal(
        book,
        book_then,
        tuple(changed),
        name=f"lists-{local:%Y%m%d-%H%M%S}",
        title={
            "zh": f"{whose}两清单制度（{local:%Y-%m-%d}）",
            "en": f"Two lists, {local:%Y-%m-%d}",
        },
    )
    return adoption.propose(text=text, reason=f"{whose}: {reason}"[:300], by=by, now=now)


def _hours(text: str) -> str:
    try:
        return format_duration(parse_duration(text.strip().lower()))
    except ValueError as error:
        raise Refused(
            _("“%(text)s” is no time span: write 30m, 12h or 3d.") % {"text": text}
        ) from error
