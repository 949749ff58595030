from datetime import date, timedelta

import numpy as np
import pytest

from tests.epi.trace.cities import BASE, MONDAY, city_of
from tongchou.epi.trace import kinds
from tongchou.epi.trace.day import City
from tongchou.epi.trace.tables import Tables

CITY = city_of([(0, 0, 600, 60), (1, 0, 1500, 60)], [kinds.SHOP])


def test_tables_name_the_first_minute_of_each_day():
    assert Tables.of(CITY).starts.tolist() == [BASE, BASE + 1440]


def test_tables_of_tables_are_the_same():
    tables = Tables.of(CITY)
    assert Tables.of(tables) is tables


def test_without_more_a_stay_may_last_all_day():
    assert Tables.of(CITY).longest.tolist() == [1440] * kinds.N_KINDS


def test_a_bound_that_is_known_to_hold_is_kept():
    assert np.array_equal(Tables.of(CITY, kinds.max_minutes()).longest, kinds.max_minutes())


def test_a_workspace_is_lent_out_again():
    tables = Tables.of(CITY)
    first = tables.borrow()
    tables.give_back(first)
    assert tables.borrow() is first
    assert tables.borrow() is not first


def test_days_out_of_order_are_refused():
    with pytest.raises(ValueError, match="in order of date, each at most once"):
        Tables.of(City(CITY.places, CITY.n_people, CITY.days[::-1]))


def test_more_people_than_fit_are_refused():
    with pytest.raises(ValueError, match="shard the city by place"):
        Tables.of(City(CITY.places, 1 << 31, CITY.days))


def test_days_may_be_missing():
    later = [CITY.days[1]]
    assert Tables.of(City(CITY.places, CITY.n_people, later)).starts.tolist() == [BASE + 1440]
    assert later[0].on == MONDAY + timedelta(days=1) > date(2022, 7, 4)
