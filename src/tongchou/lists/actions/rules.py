"""The rules of the lists (制度): other hours, put forward as a playbook for a second person."""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import adoption, policy
from tongchou.ledger.models import Adoption
from tongchou.lists.errors import Refused
from tongchou.lists.queries.rules import citywide
from tongchou.planning import playbook_paths as paths
from tongchou.playbook import Playbook
from tongchou.playbook.durations import format_duration, parse_duration
from tongchou.playbook.reading import plain
from tongchou.staff.models import User

#: The times of one area by loop and stage, each with its text in peace and in war.
Times = dict[tuple[str, str], dict[str, str]]


@transaction.atomic
def propose(*, area: Area, times: Times, reason: str, by: User, now: datetime) -> Adoption:
    """Put other hours for the two lists forward; adopted by a second person, they apply at once.

    The city's are those of the whole playbook; any other area's hold there and below, and go
    before the city's.

    Raises
    ------
    Refused
        Where nothing changes, or the playbook refuses an hour; the message says how to mend it.
    """
    if not reason.strip():
        raise Refused(_("Say why the rules should change."))
    book = policy.in_force(now)
    wanted = {
        key: {tempo: _hours(text) for tempo, text in time.items()} for key, time in times.items()
    }
    changed = {
        key: time
        for key, time in wanted.items()
        if any(
            format_duration(book.deadline(*key, area.path).allowed(tempo)) != text
            for tempo, text in time.items()
        )
    }
    if not changed:
        raise Refused(_("Nothing would change: these hours are in force already."))
    local = timezone.localtime(now)
    source = f"{area.name}两清单制度，{local:%Y-%m-%d}"
    try:
        then = _with(book, area, changed, source=source)
    except ValueError as fault:
        raise Refused(str(fault)) from fault
    return _put_forward(book, then, area=area, reason=reason, by=by, now=now)


@transaction.atomic
def propose_taking_out(*, area: Area, reason: str, by: User, now: datetime) -> Adoption:
    """Put forward that an area which has ended keeps no rules of its own in the playbook.

    Raises
    ------
    Refused
        Where the area goes on, or has none.
    """
    if not reason.strip():
        raise Refused(_("Say why the rules should change."))
    if area.ended_on is None:
        raise Refused(_("“%(area)s” goes on: give it the hours of the city.") % {"area": area})
    book = policy.in_force(now)
    if area.code not in book.areas:
        raise Refused(_("“%(area)s” has no rules of its own.") % {"area": area})
    then = paths.without_area(book, area.code)
    return _put_forward(book, then, area=area, reason=reason, by=by, now=now)


def _put_forward(
    book: Playbook, then: Playbook, *, area: Area, reason: str, by: User, now: datetime
) -> Adoption:
    local = timezone.localtime(now)
    head = {
        "id": f"lists-{area.code}-{local:%Y%m%d-%H%M%S}",
        "title": {
            "zh": f"{_own(book.title.zh)}（两清单时限 {local:%Y-%m-%d}）",
            "en": f"{_own(book.title.en)} (two lists' hours {local:%Y-%m-%d})",
        },
        "issuer": area.name,
        "valid_from": local.date(),
    }
    values = plain(then) | head
    values.pop("extends", None)
    text = Playbook.model_validate(values).text
    return adoption.propose(text=text, reason=f"{area.name}: {reason}"[:300], by=by, now=now)


def _own(title: str) -> str:
    """The playbook's own title: it stays the city's, whoever's hours were put into it since."""
    return re.sub(r"(（两清单时限| \(two lists' hours) [\d-]+[）)]$", "", title)


def _with(book: Playbook, area: Area, changed: Times, *, source: str) -> Playbook:
    if not citywide(area):
        title = {"zh": area.name, "en": area.name_en or area.name}
        return paths.settled(book, area.path, title, changed, by=source)
    settings = {
        f"deadlines.{loop}.{stage}.{tempo}": text
        for (loop, stage), time in changed.items()
        for tempo, text in time.items()
    }
    return paths.replaced(book, settings, by=area.name)


def _hours(text: str) -> str:
    try:
        return format_duration(parse_duration(text.strip().lower()))
    except ValueError as error:
        raise Refused(
            _("“%(text)s” is no time span: write 30m, 12h or 3d.") % {"text": text}
        ) from error
