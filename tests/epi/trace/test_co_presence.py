import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.cities import PLACE_KINDS, as_rows, cases_of, city_of, some_cases, stays
from tongchou.epi.trace import co_presence, kinds
from tongchou.epi.trace.co_presence import Companions
from tongchou.epi.trace.day import City, Day
from tongchou.epi.trace.reference import Reference
from tongchou.epi.trace.tables import Tables

LI, LIN = 0, 1
DAY = (LI, 0, 1440)

rules = st.builds(
    Companions, st.sampled_from([1, 10, 60]), st.integers(1, 3), st.sampled_from([1, 30, 120])
)


@given(stays, some_cases, rules, st.sampled_from([kinds.ALL, 0b11010]))
def test_the_kernel_and_duckdb_give_the_same_companions(visits, cases, rule, mask):
    city = city_of(visits, PLACE_KINDS, cells=[0, 0, 1, 1, 2])
    cases = cases_of(*cases)
    tables = Tables.of(city)
    own = co_presence.of_cases(tables, cases, rule, mask=mask)
    with Reference.of(city) as reference:
        assert as_rows(own) == reference.co_presence(cases, rule, mask=mask)


def companions(*visits, rule=None):
    city = city_of(list(visits), [kinds.SHOP, kinds.OUTDOOR, kinds.SHOP], cells=[7, 7, 8])
    return co_presence.of_cases(city, cases_of(DAY), *([rule] if rule else []))


def test_people_in_two_places_of_one_cell_are_companions():
    found = companions((LI, 0, 600, 30), (LIN, 1, 610, 30))
    assert (found.person.tolist(), found.minutes.tolist()) == ([LIN], [20])


def test_people_in_two_cells_are_not():
    assert not len(companions((LI, 0, 600, 30), (LIN, 2, 610, 30)))


def test_passing_each_other_is_not_enough():
    assert not len(companions((LI, 0, 600, 30), (LIN, 1, 621, 30)))


def test_a_rule_may_ask_for_repeated_meetings():
    once, again = (LIN, 1, 600, 30), (LIN, 1, 700, 30)
    rule = Companions(min_meetings=2)
    li = (LI, 0, 600, 30), (LI, 0, 700, 30)
    assert not len(companions(*li, once, rule=rule))
    assert companions(*li, once, again, rule=rule).meetings.tolist() == [2]


def test_a_city_without_cells_says_so():
    city = city_of([(LI, 0, 600, 30)], [kinds.SHOP])
    bare = City(city.places, city.n_people, [Day(d.on, d.by_place, d.by_person) for d in city.days])
    with pytest.raises(ValueError, match="have no cell order"):
        co_presence.of_cases(bare, cases_of(DAY))


def test_a_rule_below_one_minute_is_refused():
    with pytest.raises(ValueError, match="at least one minute"):
        Companions(min_overlap=0)
