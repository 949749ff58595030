"""Sums over the sites of an area, and the days they stand on."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.surveillance.due import missing
from tongchou.surveillance.gathering import gathered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


def sums(city) -> list[float]:
    return gathered(DAY, 30).counts[0, 0].tolist()


def test_sites_of_an_area_are_added_up(city):
    counted(city, sentinel(city, "fever-clinic")[0], DAY, 3, 4, 5)
    counted(city, sentinel(city, "fever-clinic", code="C2")[0], DAY, 10, 20, 30)

    assert sums(city) == [13, 24, 35]


def test_a_day_on_which_one_of_them_is_silent_has_no_sum(city):
    counted(city, sentinel(city, "fever-clinic")[0], DAY, 3, 4, 5)
    counted(city, sentinel(city, "fever-clinic", code="C2")[0], DAY, 10, None, 30)

    np.testing.assert_array_equal(sums(city), [13, np.nan, 35])


def test_a_site_that_began_later_is_not_waited_for_before(city):
    counted(city, sentinel(city, "fever-clinic")[0], DAY, 3, 4, 5)
    counted(city, sentinel(city, "fever-clinic", code="C2")[0], DAY, 30)

    assert sums(city) == [3, 4, 35]


def test_a_site_that_ended_long_ago_is_not_waited_for_any_more(city):
    counted(city, sentinel(city, "fever-clinic")[0], DAY, *[3] * 20)
    counted(city, sentinel(city, "fever-clinic", code="C2")[0], DAY - timedelta(days=18), 10, 10)

    assert sums(city)[-3:] == [3, 3, 3]


def test_official_totals_are_no_sentinels(city):
    counted(city, sentinel(city, "official-confirmed")[0], DAY, 3, 4, 5)

    assert gathered(DAY, 30) is None


def test_a_count_is_owed_once_its_hour_is_over(city):
    (duty,) = sentinel(city, "fever-clinic")
    counted(city, duty, DAY - timedelta(days=1), *[4] * 9)

    assert list(missing(now=city.at())) == []  # eight in the morning; due at nine
    assert list(missing(now=city.at(hours=2))) == [(duty.pk, DAY)]


def test_whoever_is_read_from_a_bulletin_owes_nothing(city):
    (duty,) = sentinel(city, "fever-clinic", due=None)
    counted(city, duty, DAY - timedelta(days=3), 4)

    assert list(missing(now=city.at(hours=9))) == []


def test_a_week_is_owed_once_it_is_over(city):
    (duty,) = sentinel(city, "ili-weekly")
    sunday = DAY - timedelta(days=DAY.isoweekday() % 7)
    counted(city, duty, sunday - timedelta(days=14), 40)

    asked = {day for _duty, day in missing(now=city.at(hours=9))}
    assert asked == {sunday - timedelta(days=7)}
