"""The register: a request for numbers, and its answer. What is in a report already is a link."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.reports.actions.common import plain
from tongchou.reports.errors import NotSaid
from tongchou.reports.facts import catalogue
from tongchou.reports.loops import REPORT_REQUEST
from tongchou.reports.models import Frequency, Request
from tongchou.staff.models import User


@transaction.atomic
def ask(
    *,
    area: Area,
    title: str,
    asked_by: str,
    by: User | None,
    now: datetime,
    keys: Sequence[str] = (),
    others: Sequence[str] = (),
    frequency: str = Frequency.ONCE,
    basis: str = "",
    purpose: str = "",
    until: date | None = None,
    minutes: int | None = None,
) -> Request:
    """Enter a request for numbers, before anybody fills in a form.

    Raises
    ------
    NotSaid
        Where no number is asked for, or one that the catalogue does not know by that key.
    """
    plain(title, asked_by, basis, purpose, *others)
    known = [key for key in catalogue.entries() if key in set(keys)]
    words = [line.strip() for line in others if line.strip()]
    if len(known) != len(set(keys)):
        raise NotSaid(_("The catalogue has no such number."))
    if not known and not words:
        raise NotSaid(_("Say which numbers are asked for."))
    passage = ledger.start(loop=REPORT_REQUEST, area=area, title=title, by=by, now=now)
    return Request.objects.create(
        number=f"Q-{area.pk}-{passage.pk}",
        passage=passage,
        area=area,
        area_path=area.path,
        title=title,
        asked_by=asked_by,
        basis=basis,
        purpose=purpose,
        keys=known,
        others=words,
        frequency=frequency,
        until=until,
        asked_on=timezone.localdate(now),
        minutes=minutes,
        made_at=passage.opened_at,
        made_by=by,
    )


@transaction.atomic
def answer_by_link(
    *, request: Request, same: Mapping[str, str], by: User, now: datetime, reason: str = ""
) -> Request:
    """Every number is in the daily report already: whoever asks gets its address, nobody a form.

    `same` says of each number in the asker's words which one of the catalogue it is.

    Raises
    ------
    NotSaid
        Where a number is in no report: then a part of the request is for something new.
    """
    left = [word for word in request.others if same.get(word) not in catalogue.entries()]
    if left:
        raise NotSaid(
            _("Not in any report yet: %(which)s. Grant those, or refuse them.")
            % {"which": "、".join(left)}
        )
    keys = [key for key in catalogue.entries() if key in {*request.keys, *same.values()}]
    return _decide(request, "answered_by_link", reason, by, now, keys=keys)


@transaction.atomic
def grant(*, request: Request, reason: str, by: User, now: datetime) -> Request:
    """A new report after all, with the reason: somebody will spend time on it."""
    if not reason.strip():
        raise NotSaid(_("Say why a new report is worth the time it takes."))
    return _decide(request, "granted", reason, by, now)


@transaction.atomic
def refuse(*, request: Request, reason: str, by: User, now: datetime) -> Request:
    """Not to be filled in, with the reason that the asker is told."""
    if not reason.strip():
        raise NotSaid(_("Say why the report is refused: whoever asked is told."))
    return _decide(request, "refused", reason, by, now)


def _decide(
    request: Request,
    to: str,
    reason: str,
    by: User,
    now: datetime,
    *,
    keys: Sequence[str] | None = None,
) -> Request:
    plain(reason)
    ledger.hand_over(passage=request.passage, to=to, by=by, now=now, note=reason.strip())
    changes: dict[str, object] = {
        "decided_by": by,
        "decided_at": ledger.whole_second(now),
        "reason": reason.strip()[:300],
    }
    if keys is not None:
        changes["keys"] = list(keys)
    Request.objects.filter(pk=request.pk).update(**changes)
    request.refresh_from_db()
    return request
