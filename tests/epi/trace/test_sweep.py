from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.cities import BASE, PLACE_KINDS, cases_of, city_of, stays
from tongchou.epi.trace import contacts, kinds, sweep
from tongchou.epi.trace.reference import Reference
from tongchou.epi.trace.sweep import Frontier, Limit
from tongchou.epi.trace.tables import Tables

LI, LIN, ZHAO, QIAN = 0, 1, 2, 3
WORK = [kinds.WORK]


def frontier_of(*people):
    """(person, since, until), minutes from Monday 00:00."""
    found = cases_of(*people)
    return Frontier(found.person, found.since, found.until)


frontiers = st.lists(
    st.tuples(st.integers(0, 4), st.integers(-500, 4500), st.integers(0, 6000)),
    max_size=4,
    unique_by=lambda row: row[0],
)
limits = st.builds(
    Limit, st.sampled_from([(), ("home", "work")]), st.sampled_from([1, 15, 60, 240])
)


@given(stays, frontiers, limits, st.sampled_from([(), (5,), (5, 6)]), st.sampled_from([0, 4000]))
def test_the_sweep_and_duckdb_reach_the_same_people(visits, people, limit, known, few):
    city, frontier = city_of(visits, PLACE_KINDS), frontier_of(*people)
    tables = Tables.of(city)
    own = sweep.reached(tables, frontier, limit, known=np.array(known, np.uint32), few=few)
    with Reference.of(city) as reference:
        expected = reference.reached(frontier, limit, known=known)
    assert list(zip(own.person.tolist(), own.first.tolist(), strict=True)) == expected


def reached(*visits, since=0, until=1440, **limit):
    city = city_of(list(visits), WORK)
    found = sweep.reached(city, frontier_of((LIN, since, until)), Limit(**limit))
    return list(zip(found.person.tolist(), (found.first - BASE).tolist(), strict=True))


def test_who_was_with_a_contact_is_reached_from_when_both_were_there():
    assert reached((LIN, 0, 540, 60), (ZHAO, 0, 560, 60)) == [(ZHAO, 560)]


def test_who_left_before_the_first_contact_with_the_case_is_not_reached():
    assert reached((LIN, 0, 540, 60), (ZHAO, 0, 540, 20), since=560) == []


def test_what_comes_after_quarantine_does_not_count():
    assert reached((LIN, 0, 540, 60), (ZHAO, 0, 560, 60), until=570) == []


def test_fifteen_minutes_are_enough_and_fourteen_are_not():
    assert reached((LIN, 0, 540, 60), (ZHAO, 0, 585, 60)) == [(ZHAO, 585)]
    assert reached((LIN, 0, 540, 60), (ZHAO, 0, 586, 60)) == []


def test_other_kinds_of_place_can_be_left_out():
    assert reached((LIN, 0, 540, 60), (ZHAO, 0, 560, 60), kinds=("home",)) == []


def test_the_earliest_exposure_counts():
    early, late = (ZHAO, 0, 560, 30), (ZHAO, 0, 600, 30)
    assert reached((LIN, 0, 540, 120), late, early) == [(ZHAO, 560)]


def test_a_long_stay_outlasts_a_later_short_one():
    city = city_of([(LIN, 0, 500, 300), (QIAN, 0, 550, 15), (ZHAO, 0, 700, 30)], WORK)
    found = sweep.reached(city, frontier_of((LIN, 0, 1440), (QIAN, 0, 1440)))
    assert found.person.tolist() == [ZHAO]


def test_contacts_become_the_frontier_from_their_first_meeting():
    city = city_of([(LI, 0, 540, 60), (LIN, 0, 550, 60), (ZHAO, 0, 590, 60)], WORK)
    pairs = contacts.of_cases(city, cases_of((LI, 0, 1440)))
    frontier = Frontier.of_contacts(pairs, BASE + 2880)
    assert frontier.person.tolist() == [LIN]
    assert (frontier.since - BASE).tolist() == [550]
    found = sweep.reached(city, frontier, known=np.array([LI], np.uint32))
    assert found.person.tolist() == [ZHAO]


def test_sizes_are_shown_for_every_limit_before_one_is_chosen():
    city = city_of([(LIN, 0, 540, 300), (ZHAO, 0, 560, 200), (QIAN, 0, 800, 20)], WORK)
    shown = sweep.sizes(city, frontier_of((LIN, 0, 1440)))
    assert [n for _, n in shown] == [0, 0, 1, 1, 2]


@pytest.fixture(scope="module")
def crowd():
    """300 places with 20,000 stays of 3,000 people: more than a block, in any order of kinds."""
    rng = np.random.default_rng(7)
    size = 20_000
    columns = (
        rng.integers(0, 3000, size), (rng.random(size) ** 3 * 300).astype(int),
        rng.integers(0, 1440, size), rng.integers(0, 300, size),
    )  # fmt: skip
    place_kinds = [kinds.KINDS[i] for i in rng.integers(0, kinds.N_KINDS, 300)]
    visits = list(zip(*(column.tolist() for column in columns), strict=True))
    return city_of(visits, place_kinds, n_people=3000)


@pytest.mark.parametrize("n", [1, 30, 1500])
def test_a_crowd_is_reached_as_duckdb_says_with_any_number_of_threads(crowd, n):
    frontier = frontier_of(*((who, 300, 2000) for who in range(n)))
    with Reference.of(crowd) as reference:
        expected = reference.reached(frontier, Limit(("home", "work", "shop"), 30))
    limit = Limit(("home", "work", "shop"), 30)
    for threads, few in product((1, 2), (0, 4000)):
        own = sweep.reached(crowd, frontier, limit, threads=threads, few=few)
        assert list(zip(own.person.tolist(), own.first.tolist(), strict=True)) == expected


def test_an_empty_frontier_reaches_nobody():
    city = city_of([(LIN, 0, 540, 60)], WORK)
    assert not len(sweep.reached(city, frontier_of()))
