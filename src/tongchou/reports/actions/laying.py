"""Laying reports out at their set hour, in batches; twice, late or by two workers is once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.records import audit
from tongchou.reports import frozen
from tongchou.reports.errors import Frozen, Outdated
from tongchou.reports.facts import Facts, lay_out
from tongchou.reports.facts.base import LONGEST, WINDOW
from tongchou.reports.loops import DAILY_REPORT
from tongchou.reports.models import Duty, Report
from tongchou.reports.models.daily import number_of, set_moment
from tongchou.staff import actions as staff
from tongchou.staff.models import Unit, User

#: A worker that was down lays out what was missed, so far back.
CATCHES_UP = timedelta(days=7)


def lay_out_due(*, now: datetime) -> str:
    """Lay out every report whose hour has come and that is not there yet; for the worker."""
    _excuse_ended(now)
    n = 0
    for (on, at), duties in sorted(_missing(now).items()):
        owners = [duty.unit or duty.area for duty in duties]
        found = lay_out(owners, on=on, at=at, now=now, begins=_ends_before(duties, at))
        for duty, owner in zip(duties, owners, strict=True):
            n += _put(duty, found[owner], now) is not None
    return f"{n} reports laid out" if n else ""


def _missing(now: datetime) -> dict[tuple[date, datetime], list[Duty]]:
    """The days whose hour has come without a report, with who owes them."""
    today = timezone.localdate(now)
    first = today - CATCHES_UP
    duties = list(
        Duty.objects.filter(Q(to_on=None) | Q(to_on__gte=first)).select_related(
            "area", "unit__area"
        )
    )
    done = set(Report.objects.filter(on__gte=first).values_list("duty_id", "on"))
    wanted: dict[tuple[date, datetime], list[Duty]] = defaultdict(list)
    for duty in duties:
        for on in _days(duty, first, today):
            at = set_moment(on, duty.hour)
            if at <= now and (duty.pk, on) not in done:
                wanted[on, at].append(duty)
    return wanted


def _ends_before(duties: Iterable[Duty], at: datetime) -> dict[Area | Unit, datetime]:
    """Where the report before ended, for those whose hour was changed: nothing is lost or doubled.

    One query; after a pause longer than `LONGEST` a report begins anew.
    """
    owners: dict[Any, Area | Unit] = {
        (duty.area_id, duty.unit_id): duty.unit or duty.area for duty in duties
    }
    before = (
        Report.objects.filter(
            area__in={code for code, _unit in owners}, at__lt=at, at__gte=at - LONGEST
        )
        .values_list("area", "unit")
        .annotate(last=Max("at"))
        .order_by()
    )
    return {
        owners[code, unit]: last
        for code, unit, last in before
        if (code, unit) in owners and last != at - WINDOW
    }


def _days(duty: Duty, first: date, today: date) -> Iterator[date]:
    """The days a duty covers. An area that ended owes its last day and none after it."""
    ends = [day for day in (duty.to_on, duty.area.ended_on, today) if day]
    day = max(first, duty.from_on)
    while day <= min(ends):
        yield day
        day += timedelta(days=1)


def _put(duty: Duty, facts: Facts, now: datetime) -> Report | None:
    number = number_of(duty.area, duty.unit, facts.on)
    try:
        with transaction.atomic():
            passage = ledger.start(
                loop=DAILY_REPORT,
                area=duty.area,
                title=title_of(duty.unit or duty.area, facts.on),
                by=None,
                now=now,
                timed_from=facts.at,
                unit=duty.unit_id,
            )
            return Report.objects.create(
                number=number,
                duty=duty,
                area=duty.area,
                area_path=duty.area.path,
                unit=duty.unit,
                to=duty.to,
                on=facts.on,
                at=facts.at,
                passage=passage,
                facts=frozen.plain(facts),
                laid_out_at=now,
            )
    except IntegrityError:
        if not Report.objects.filter(duty=duty, on=facts.on).exists():
            raise
        return None  # another worker was quicker


def title_of(owner: Area | Unit, on: date) -> str:
    return f"{owner} {on:%m-%d}"


def _excuse_ended(now: datetime) -> None:
    """A day after its area's last is owed by the area that took over: nobody is asked for it."""
    rows: Iterable[Report] = Report.objects.filter(
        passage__stage="due", area__ended_on__lt=F("on")
    ).select_related("passage", "area__successor")
    for report in rows:
        successor = report.area.successor
        note = _("the area has ended; its data are in %(area)s") % {"area": successor or "–"}
        ledger.hand_over(
            passage=report.passage, to="excused", by=staff.system(now=now), now=now, note=note
        )


@transaction.atomic
def lay_anew(*, report: Report, by: User, now: datetime) -> Report:
    """Count again what is true at the report's moment, with what was written down since.

    The moment stays: the next day's report begins where this one ends.

    Raises
    ------
    Frozen
        Where it is signed.
    """
    if report.passage.stage != "due":
        raise Frozen(_("This report is signed. What is wrong in it is corrected, with a reason."))
    owner = report.unit or report.area
    begins = {owner: frozen.unstamp(report.facts["since"])}
    facts = lay_out([owner], on=report.on, at=report.at, now=now, begins=begins)[owner]
    changed = Report.objects.filter(pk=report.pk, version=report.version).update(
        facts=frozen.plain(facts), laid_out_at=now, version=report.version + 1
    )
    if changed != 1:
        raise Outdated(_("Somebody else has changed this report meanwhile. Look at it again."))
    report.refresh_from_db()
    audit.record(
        verb="daily_report.lay_anew", subject=f"daily_report:{report.pk}", by=by, now=now,
        detail={"number": report.number, "version": report.version},
    )  # fmt: skip
    return report
