"""Who owes a daily report, and at which hour it is true."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.reports.errors import NotSaid
from tongchou.reports.models import Duty
from tongchou.staff.models import Unit, User


@transaction.atomic
def set_duty(
    *,
    area: Area,
    hour: int,
    by: User | None,
    now: datetime,
    unit: Unit | None = None,
    to: Unit | None = None,
    from_on: date | None = None,
) -> Duty:
    """Set the hour of an area or department; the one before ends with the day before.

    Raises
    ------
    NotSaid
        For an hour that no day has, or a day that an older duty is younger than.
    """
    if not 1 <= hour <= 24:
        raise NotSaid(_("A report is true at an hour from 1 to 24; 24 is the end of the day."))
    begins = max(from_on or timezone.localdate(now), _ended_until(area, unit))
    standing = Duty.objects.filter(area=area, unit=unit, to_on=None).first()
    if standing is not None:
        if standing.from_on >= begins and not standing.reports.exists():
            Duty.objects.filter(pk=standing.pk).update(hour=hour, to=to, from_on=begins)
            standing.refresh_from_db()
            _tell("set", standing, by, now)
            return standing
        begins = max(begins, _first_free(standing))
        Duty.objects.filter(pk=standing.pk).update(to_on=begins - timedelta(days=1))
    made = Duty.objects.create(area=area, unit=unit, hour=hour, to=to, from_on=begins)
    _tell("set", made, by, now)
    return made


def _ended_until(area: Area, unit: Unit | None) -> date:
    """The day after the last one that a duty which was ended covers: no day is owed twice."""
    ended = Duty.objects.filter(area=area, unit=unit, to_on__isnull=False)
    last: date | None = ended.aggregate(last=Max("to_on"))["last"]
    return last + timedelta(days=1) if last else date.min


def _first_free(duty: Duty) -> date:
    """The day after the last one that a report was laid out for: no day is owed twice."""
    last: date | None = duty.reports.order_by("-on").values_list("on", flat=True).first()
    return max(duty.from_on, last) + timedelta(days=1) if last else duty.from_on


@transaction.atomic
def end_duty(*, duty: Duty, by: User | None, now: datetime) -> None:
    """No report is owed after today; those laid out stay owed."""
    today = timezone.localdate(now)
    Duty.objects.filter(pk=duty.pk, to_on=None).update(to_on=max(today, duty.from_on))
    duty.refresh_from_db()
    _tell("end", duty, by, now)


def _tell(verb: str, duty: Duty, by: User | None, now: datetime) -> None:
    audit.record(
        verb=f"report_duty.{verb}",
        subject=f"report_duty:{duty.pk}",
        by=by,
        now=now,
        detail={"area": duty.area_id, "unit": duty.unit_id, "hour": duty.hour, "to": duty.to_id},
    )
