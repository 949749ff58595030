import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.cities import BASE, PLACE_KINDS, cases_of, city_of, some_cases, stays
from tongchou.epi.trace import exposures, kinds
from tongchou.epi.trace.hypergeometric import log_tail
from tongchou.epi.trace.reference import Reference
from tongchou.epi.trace.tables import Tables

TODAY = BASE // 1440
LI, LIN, ZHAO, QIAN = 0, 1, 2, 3


def counts(sites):
    columns = (sites.place, sites.day, sites.n_cases, sites.n_visitors)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@given(stays, some_cases, st.sampled_from([1, 2]), st.sampled_from([exposures.MASK, kinds.ALL]))
def test_the_kernel_and_duckdb_see_the_same_crossings(visits, cases, min_cases, mask):
    city, cases = city_of(visits, PLACE_KINDS), cases_of(*cases)
    own = exposures.ranked(city, cases, min_cases=min_cases, mask=mask)
    with Reference.of(city) as reference:
        assert counts(own) == reference.exposures(cases, min_cases=min_cases, mask=mask)


MARKET, HALL = 0, 1


def crossing(n_at_market=300, n_at_hall=12, day=0):
    """Li, Lin and Zhao were in a busy market and in a small hall, each with other people."""
    visits = [(who, MARKET, 600, 30) for who in range(n_at_market)]
    visits += [(who, HALL, 1440 * day + 900, 60) for who in range(n_at_hall)]
    city = city_of(visits, [kinds.SHOP, kinds.LEISURE], n_people=1000)
    return city, cases_of(*((who, 0, 2880) for who in (LI, LIN, ZHAO)))


def test_a_small_hall_is_more_surprising_than_a_busy_market():
    sites = exposures.ranked(*crossing())
    assert sites.place.tolist() == [HALL, HALL, MARKET, MARKET]
    assert sites.n_visitors.tolist() == [12, 12, 300, 300]


def test_the_p_value_is_the_tail_of_drawing_the_cases_at_random():
    sites = exposures.ranked(*crossing())
    three, visitors = np.array([3]), np.array([12])
    assert sites.log_p[0] == pytest.approx(float(log_tail(three, visitors, three, 1000)[0]))


def test_every_place_and_day_that_was_looked_at_counts_in_the_adjustment():
    sites = exposures.ranked(*crossing())
    p = sites.p_value  # 2 places, each on one day there is and over the whole window
    assert sites.adjusted == pytest.approx([p[1] * 4 / 2] * 2 + [p[3] * 4 / 4] * 2)


def test_a_day_is_named_and_the_whole_window_has_none():
    sites = exposures.ranked(*crossing(day=1))
    assert set(sites.day[sites.place == HALL].tolist()) == {TODAY + 1, exposures.WHOLE}


def test_on_one_day_only_cases_whose_window_touches_it_could_be_seen():
    city, _ = crossing(day=1)
    early, late = (LI, 0, 1440), (LIN, 0, 2880)
    sites = exposures.ranked(city, cases_of(early, late, (ZHAO, 1440, 2880)))
    tomorrow = (sites.place == HALL) & (sites.day == TODAY + 1)
    two, visitors = np.array([2]), np.array([12])
    assert sites.log_p[tomorrow] == pytest.approx(log_tail(two, visitors, two, 1000))


def test_homes_are_no_exposure_sites():
    city = city_of([(LI, 0, 600, 60), (LIN, 0, 600, 60)], [kinds.HOME])
    assert not len(exposures.ranked(city, cases_of((LI, 0, 1440), (LIN, 0, 1440))))


def test_one_person_listed_twice_is_one_case():
    city = city_of([(LI, 0, 600, 60)], [kinds.SHOP])
    assert not len(exposures.ranked(city, cases_of((LI, 0, 700), (LI, 600, 1440))))


def test_the_visitors_of_a_site_are_listed_for_notification():
    city = city_of([(LI, 0, 600, 60), (LIN, 0, 900, 10), (LIN, 0, 620, 5)], [kinds.SHOP])
    found = exposures.visitors(city, 0, TODAY, TODAY)
    assert found.person.tolist() == [LI, LIN]
    assert (found.first - BASE).tolist() == [600, 620]
    assert found.minutes.tolist() == [60, 15]


def test_any_number_of_threads_gives_the_same_ranking():
    city, cases = crossing()
    one, two = (exposures.ranked(Tables.of(city), cases, threads=n) for n in (1, 2))
    assert counts(one) == counts(two)


def test_without_cases_nothing_is_ranked():
    assert not len(exposures.ranked(crossing()[0], cases_of()))
