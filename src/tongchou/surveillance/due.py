"""Which counts were due and have not come."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Q
from django.utils import timezone

from tongchou.surveillance import history
from tongchou.surveillance.models import Cadence, CountDay, Duty

#: Days back that a missing count is asked for; after that it is a hole in the series.
ASKED_FOR = 7


def missing(*, now: datetime) -> Iterator[tuple[int, date]]:
    """(duty, day) of every count that was due by `now` within the last week and is not there.

    A duty that has never reported is asked for too: it was promised. Of a week, `day` is its
    first, asked for once the week is over.
    """
    today = timezone.localdate(now)
    first = today - timedelta(days=ASKED_FOR + 7)
    duties = list(
        Duty.objects.filter(
            Q(site__active_to=None) | Q(site__active_to__gte=first),
            Q(to_on=None) | Q(to_on__gte=first),
            due__isnull=False,
        )
        .select_related("channel", "site")
        .order_by("number")
    )
    if not duties or not CountDay.objects.exists():
        return
    told = ~np.isnan(history.load([duty.number for duty in duties], first, today))
    for row, duty in enumerate(duties):
        for day in _due_days(duty, now, today):
            if not told[row, (day - first).days]:
                yield duty.pk, day


def _due_days(duty: Duty, now: datetime, today: date) -> Iterator[date]:
    weekly = duty.channel.cadence == Cadence.WEEKLY
    for ago in range(ASKED_FOR, 0, -1):
        last = today - timedelta(days=ago)
        day = last - timedelta(days=6) if weekly else last
        if weekly and day.isoweekday() % 7 != 0:
            continue  # MMWR weeks begin on Sunday
        if _owed(duty, day) and _deadline(duty, last) <= now:
            yield day


def _owed(duty: Duty, day: date) -> bool:
    if duty.working_days and duty.channel.cadence == Cadence.DAILY and day.isoweekday() > 5:
        return False
    begins = [d for d in (duty.from_on, duty.site.active_from) if d]
    ends = [d for d in (duty.to_on, duty.site.active_to) if d]
    return all(day >= begin for begin in begins) and all(day <= end for end in ends)


def _deadline(duty: Duty, last: date) -> datetime:
    """When the count of a day (or of the week that ends with it) had to be here."""
    assert duty.due is not None
    at = datetime.combine(last + timedelta(days=duty.due_days), duty.due)
    return timezone.make_aware(at)
