"""Channels of an area day by day: a sum is a sum only where nearly everybody reported."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.surveillance import watching


def test_a_day_that_few_reported_has_no_sum():
    counts = np.full((5, 20), 2.0)
    counts[:2, 10] = np.nan

    totals = watching.sums(counts)
    assert np.isnan(totals[10])
    assert totals[11] == 10


def test_one_of_many_missing_does_not_take_the_sum_away():
    counts = np.full((10, 20), 2.0)
    counts[0, 10] = np.nan

    assert watching.sums(counts)[10] == 18


def test_a_site_that_has_long_been_silent_is_not_waited_for():
    counts = np.full((2, 60), 3.0)
    counts[1, 20:] = np.nan

    totals = watching.sums(counts)
    assert np.isnan(totals[25])
    assert totals[40] == 3


def test_a_zero_is_a_count():
    assert watching.sums(np.zeros((1, 3))).tolist() == [0, 0, 0]


@pytest.mark.django_db
def test_a_channel_is_drawn_with_its_bound_and_alarms(city, settings, tmp_path):
    settings.TONGCHOU_DATA = tmp_path
    duty = sentinel(city)[0]
    counted(city, duty, DAY, *[9 + n % 4 for n in range(60)], 40)

    (one,) = watching.watched(city.city.path, DAY)
    assert one.alarms == [DAY]
    assert one.bound[-1] < 40
    assert (one.n_reported, one.n_sites) == (1, 1)


@pytest.mark.django_db
def test_a_day_nobody_counted_is_a_gap_in_the_drawing(city, settings, tmp_path):
    settings.TONGCHOU_DATA = tmp_path
    duty = sentinel(city)[0]
    counted(city, duty, DAY, *[9 + n % 4 for n in range(60)], None, 10)

    (one,) = watching.watched(city.city.path, DAY)
    assert one.counts[-2] is None
    assert one.days[-2] == DAY - timedelta(days=1)
