"""Which counts were due and have not come."""

from datetime import timedelta

import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.surveillance.actions import set_duty
from tongchou.surveillance.due import missing

pytestmark = pytest.mark.django_db


def days_missing(city, *, working_days):
    """Days that a sentinel owes a week after its only count."""
    duty = sentinel(city)[0]
    counted(city, duty, DAY, 4)
    set_duty(
        site=duty.site, channel=duty.channel, working_days=working_days, by=city.qian, now=city.at()
    )
    return [day for pk, day in missing(now=city.at(days=7, hours=4)) if pk == duty.pk]


def test_every_day_without_a_count_is_owed(city):
    found = days_missing(city, working_days=False)

    assert found == [DAY + timedelta(days=n) for n in range(1, len(found) + 1)]
    assert {day.isoweekday() for day in found} >= {6, 7}


def test_a_school_owes_nothing_of_a_sunday(city):
    found = days_missing(city, working_days=True)

    assert found
    assert {day.isoweekday() for day in found} <= {1, 2, 3, 4, 5}
