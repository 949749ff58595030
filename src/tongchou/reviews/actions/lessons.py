"""Lessons: learned from a finding, or entered from elsewhere with the source (学习省内省外经验)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.kit.dates import YEARS
from tongchou.ledger.models import Adoption
from tongchou.lists.models import Task
from tongchou.records import audit
from tongchou.reviews.errors import ReviewError, Stale
from tongchou.reviews.models import Finding, Lesson, Origin
from tongchou.staff.models import User


@transaction.atomic
def learn(
    *,
    title: str,
    learned: str,
    area: Area,
    by: User,
    now: datetime,
    origin: str = Origin.OWN,
    place: str = "",
    source: str = "",
    finding: Finding | None = None,
    disease: str = "",
    interval: str = "",
    task: Task | None = None,
    adoption: Adoption | None = None,
    changed_on: date | None = None,
    changed_note: str = "",
) -> Lesson:
    """Write a lesson down. What changed is a task or a playbook, or a day and words.

    Raises
    ------
    ReviewError
        Without words; from elsewhere without place and source; with a day
        but not what changed, or in a year that cannot be meant.
    """
    if not title.strip() or not learned.strip():
        raise ReviewError(_("Say what was learned, in a line and in full."))
    if origin not in Origin.values:
        raise ReviewError(_("Choose where the lesson is from."))
    if origin != Origin.OWN and not (place.strip() and source.strip()):
        raise ReviewError(_("A lesson from elsewhere needs the place and the source."))
    _day_is_sound(changed_on, changed_note)
    lesson = Lesson.objects.create(
        title=title.strip()[:120],
        learned=learned.strip()[:2000],
        origin=origin,
        place=place.strip()[:120],
        source=source.strip()[:300],
        finding=finding,
        area=area,
        area_path=area.path,
        disease=disease,
        interval=interval,
        task=task,
        adoption=adoption,
        changed_on=changed_on,
        changed_note=changed_note.strip()[:300],
        by=by,
        at=now,
    )
    _audit("lesson.learn", lesson, by=by, now=now, origin=origin)
    return lesson


@transaction.atomic
def change(
    *,
    lesson: Lesson,
    by: User,
    now: datetime,
    interval: str = "",
    task: Task | None = None,
    adoption: Adoption | None = None,
    changed_on: date | None = None,
    changed_note: str = "",
) -> Lesson:
    """Say what was changed for it, and by which interval one would see it.

    Raises
    ------
    ReviewError
        With a day but not what changed.
    Stale
        Where it was withdrawn in the meantime.
    """
    _day_is_sound(changed_on, changed_note)
    values = {
        "interval": interval,
        "task": task,
        "adoption": adoption,
        "changed_on": changed_on,
        "changed_note": changed_note.strip()[:300],
    }
    if not Lesson.objects.filter(pk=lesson.pk, withdrawn_at=None).update(**values):
        raise Stale(_("This lesson was withdrawn in the meantime."))
    lesson.refresh_from_db()
    _audit("lesson.change", lesson, by=by, now=now, interval=interval)
    return lesson


@transaction.atomic
def withdraw(*, lesson: Lesson, reason: str, by: User, now: datetime) -> None:
    """Take a lesson back; it stays in the record.

    Raises
    ------
    ReviewError
        Without a reason.
    """
    if not reason.strip():
        raise ReviewError(_("Say why the lesson is withdrawn."))
    Lesson.objects.filter(pk=lesson.pk, withdrawn_at=None).update(withdrawn_at=now)
    _audit("lesson.withdraw", lesson, by=by, now=now, reason=reason.strip()[:200])


def _day_is_sound(changed_on: date | None, changed_note: str) -> None:
    if changed_on is not None and changed_on.year not in YEARS:
        raise ReviewError(_("This year cannot be meant."))
    if changed_on is not None and not changed_note.strip():
        raise ReviewError(_("Say what changed on that day."))


def _audit(verb: str, lesson: Lesson, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(verb=verb, subject=f"lesson:{lesson.pk}", by=by, now=now, detail=detail)
