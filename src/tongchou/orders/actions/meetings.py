"""Meetings: called, changed until they are minuted, signed, and after that only added to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.orders.actions.common import (
    check_lives,
    check_signer,
    digest,
    moment,
    number,
    placed,
    plain,
)
from tongchou.orders.errors import NotNow, OrdersError
from tongchou.orders.models import Addition, AgendaItem, Attendance, Meeting
from tongchou.records import audit
from tongchou.staff.models import Unit, User


@transaction.atomic
def call(
    *,
    title: str,
    unit: Unit,
    held_at: datetime,
    place: str,
    chair: User,
    by: User,
    now: datetime,
    area: Area | None = None,
    agenda: Sequence[str] = (),
    units: Iterable[Unit] = (),
) -> Meeting:
    """Call units together; who comes for them is entered when it is held."""
    area = area or unit.area
    check_lives(area)
    plain(title, place)
    meeting = Meeting.objects.create(
        number=number("M", area),
        title=title.strip()[:120],
        unit=unit,
        area=area,
        area_path=area.path,
        held_at=held_at,
        place=place.strip()[:120],
        chair=chair,
        called_by=by,
        called_at=now,
    )
    _agenda(meeting, agenda)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, unit=each) for each in units)
    _audit("meeting.call", meeting, by=by, now=now, at=held_at)
    return meeting


@transaction.atomic
def change(*, meeting: Meeting, by: User, now: datetime, **facts: Any) -> Meeting:
    """Change when, where, who chairs, the agenda or the units called, until minutes are signed."""
    agenda, units = facts.pop("agenda", None), facts.pop("units", None)
    plain(*facts.values())
    _still_open(meeting, **placed(facts))
    if agenda is not None:
        meeting.agenda.all().delete()
        _agenda(meeting, agenda)
    if units is not None:
        wanted = {unit.pk for unit in units}
        meeting.attendance.exclude(unit_id__in=wanted).delete()
        there = set(meeting.attendance.values_list("unit_id", flat=True))
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, unit_id=unit) for unit in sorted(wanted - there)
        )
    _audit("meeting.change", meeting, by=by, now=now, fields=sorted(facts))
    return meeting


@transaction.atomic
def minute(
    *,
    meeting: Meeting,
    minutes: str,
    there: Mapping[int, tuple[bool, User | None, str]],
    by: User,
    now: datetime,
) -> Meeting:
    """Write the minutes down, and for each unit called whether it was there, and who for it."""
    if now < meeting.held_at:
        raise OrdersError(_("It has not been held yet; minutes come after it."))
    plain(minutes, *(note for _there, _user, note in there.values()))
    _still_open(meeting, minutes=minutes.strip(), minuted_by=by)
    for row in meeting.attendance.all():
        if row.pk in there:
            row.was_there, row.user, note = there[row.pk]
            row.note = note[:120]
            row.save()
    _audit("meeting.minute", meeting, by=by, now=now)
    return meeting


@transaction.atomic
def sign(*, meeting: Meeting, by: User, now: datetime) -> Meeting:
    """Sign the minutes: from here on they stand as they are.

    Raises
    ------
    OrdersError
        Without minutes, or by somebody whose post does not sign for the area.
    NotNow
        Where somebody has signed already.
    """
    check_signer(by, meeting.unit, meeting.area, now=now)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    meeting.refresh_from_db()
    if meeting.signed_at is not None:
        raise NotNow(_("The minutes are signed; they can only be added to."))
    if not meeting.minutes:
        raise OrdersError(_("There are no minutes to sign yet."))
    meeting.agenda.update(frozen=True)
    meeting.attendance.update(frozen=True)
    _still_open(meeting, signed_by=by, signed_at=now, digest=digest(text_of(meeting)))
    _audit("meeting.sign", meeting, by=by, now=now, digest=meeting.digest)
    return meeting


@transaction.atomic
def add(*, meeting: Meeting, words: str, by: User, now: datetime) -> Addition:
    """Add to signed minutes what they lack; what they say stays."""
    if meeting.signed_at is None:
        raise NotNow(_("The minutes are not signed yet: change them instead."))
    plain(words)
    addition = Addition.objects.create(meeting=meeting, words=words.strip(), by=by, at=now)
    _audit("meeting.add", meeting, by=by, now=now)
    return addition


def text_of(meeting: Meeting) -> dict[str, Any]:
    """What is signed, as plain values in one order."""
    return {
        "number": meeting.number,
        "title": meeting.title,
        "held_at": moment(meeting.held_at),
        "place": meeting.place,
        "chair": meeting.chair.get_username(),
        "agenda": [item.words for item in meeting.agenda.order_by("number")],
        "there": [
            [row.unit_id, row.was_there, row.user_id, row.note]
            for row in meeting.attendance.order_by("id")
        ],
        "minutes": meeting.minutes,
    }


def _agenda(meeting: Meeting, items: Sequence[str]) -> None:
    plain(*items)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=place, words=words.strip()[:200])
        for place, words in enumerate((w for w in items if w.strip()), start=1)
    )


def _still_open(meeting: Meeting, **facts: Any) -> None:
    """Write these where nobody has signed yet, in one statement."""
    facts = facts or {"title": meeting.title}
    if Meeting.objects.filter(pk=meeting.pk, signed_at=None).update(**facts) != 1:
        raise NotNow(_("The minutes are signed; they can only be added to."))
    for name, value in facts.items():
        setattr(meeting, name, value)


def _audit(verb: str, meeting: Meeting, *, by: User, now: datetime, **detail: Any) -> None:
    detail["number"] = meeting.number
    audit.record(verb=verb, subject=f"meeting:{meeting.pk}", by=by, now=now, detail=detail)
