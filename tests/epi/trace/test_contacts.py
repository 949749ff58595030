import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.cities import (
    BASE,
    PLACE_KINDS,
    as_rows,
    cases_of,
    city_of,
    some_cases,
    stays,
)
from tongchou.epi.trace import contacts, kinds
from tongchou.epi.trace.day import City
from tongchou.epi.trace.reference import Reference
from tongchou.epi.trace.tables import Tables, Workspace

LI, LIN, ZHAO = 0, 1, 2
TWO_DAYS = (LI, 0, 2880)
HOME = [kinds.HOME]


@given(stays, some_cases, st.sampled_from([1, 15, 60]), st.sampled_from([kinds.ALL, 0b101]))
def test_the_kernel_and_duckdb_give_the_same_rows(visits, cases, min_minutes, mask):
    city, cases = city_of(visits, PLACE_KINDS), cases_of(*cases)
    tables = Tables.of(city)
    own = contacts.of_cases(tables, cases, min_minutes=min_minutes, mask=mask)
    with Reference.of(city) as reference:
        assert as_rows(own) == reference.contacts(cases, min_minutes=min_minutes, mask=mask)


kept_to = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 4), st.integers(0, 4319), st.integers(0, 360)),
    max_size=40,
)


@given(kept_to, some_cases)
def test_looking_back_no_longer_than_stays_last_loses_nobody(visits, cases):
    city, cases = city_of(visits, PLACE_KINDS), cases_of(*cases)
    bounded = Tables.of(city, kinds.max_minutes())
    assert as_rows(contacts.of_cases(bounded, cases)) == as_rows(contacts.of_cases(city, cases))


#: What Li did, what Lin did (start and minutes at one place), then meetings, minutes, first, last.
MEETINGS = """
Li          Lin          meetings minutes first last
540+60      560+60       1        40      560   600    they overlap
540+60      540+60       1        60      540   600    at the same time
540+60      550+10       1        10      550   560    one inside the other
540+60      600+60       0        0       0     0      one leaves as the other comes
540+60      480+60       0        0       0     0      and the other way round
540+60      599+60       1        1       599   600    one minute
540+0       480+120      0        0       0     0      no length meets nobody
480+120     540+0        0        0       0     0      nor is met
1380+120    1410+120     1        90      1410  1500   over midnight, one meeting
1380+60     1380+60      1        60      1380  1440   until midnight
1440+60     1380+120     1        60      1440  1500   comes at midnight to one who is there
1380+120    1440+60      1        60      1440  1500   is there when one comes at midnight
0+1440      0+1440       1        1440    0     1440   a whole day
0+2880      0+2880       1        2880    0     2880   two whole days, one meeting
"""


@pytest.mark.parametrize("line", MEETINGS.strip().splitlines()[1:], ids=lambda line: line[50:])
def test_a_meeting_is_as_long_as_both_are_there(line):
    li, lin, *numbers = line.split()[:6]
    visits = [(who, 0, *map(int, stay.split("+"))) for who, stay in ((LI, li), (LIN, lin))]
    city = city_of(visits, HOME)
    found = contacts.of_cases(city, cases_of(TWO_DAYS), min_minutes=1)
    seen = [
        (int(found.meetings[i]), int(found.minutes[i]), int(found.first[i]), int(found.last[i]))
        for i in range(len(found))
    ]
    meetings, minutes, first, last = map(int, numbers)
    assert seen == [(meetings, minutes, BASE + first, BASE + last)] * bool(meetings)


def test_minutes_before_and_after_the_window_do_not_count():
    city = city_of([(LI, 0, 500, 200), (LIN, 0, 500, 200)], HOME)
    found = contacts.of_cases(city, cases_of((LI, 550, 650)), min_minutes=1)
    assert found.minutes.tolist() == [100]
    assert (found.first - BASE).tolist() == [550]


def test_a_window_that_opens_at_midnight_begins_a_meeting():
    city = city_of([(LI, 0, 1380, 120), (LIN, 0, 1380, 120)], HOME)
    found = contacts.of_cases(city, cases_of((LI, 1440, 2880)), min_minutes=1)
    assert (found.meetings.tolist(), found.minutes.tolist()) == ([1], [60])


def test_two_stays_that_happen_to_touch_midnight_elsewhere_are_two_meetings():
    visits = [(who, place, 1380 + 60 * place, 60) for who in (LI, LIN) for place in (0, 1)]
    found = contacts.of_cases(city_of(visits, HOME * 2), cases_of(TWO_DAYS))
    assert found.meetings.tolist() == [2]


def test_after_a_day_that_is_missing_a_meeting_begins_anew():
    visits = [(who, 0, 1380, 1800) for who in (LI, LIN)]
    city = city_of(visits, HOME, without=(1,))
    found = contacts.of_cases(city, cases_of((LI, 0, 4320)))
    assert found.meetings.tolist() == [2]


def test_nobody_is_a_contact_of_himself():
    city = city_of([(LI, 0, 500, 60), (LI, 0, 520, 60)], HOME)
    assert not len(contacts.of_cases(city, cases_of(TWO_DAYS)))


def test_two_cases_are_contacts_of_each_other():
    city = city_of([(LI, 0, 500, 60), (LIN, 0, 500, 60)], HOME)
    found = contacts.of_cases(city, cases_of(TWO_DAYS, (LIN, 0, 2880)))
    assert [(int(c), int(p)) for c, p in zip(found.case, found.person, strict=True)] == [
        (0, LIN),
        (1, LI),
    ]


def test_short_meetings_add_up_to_a_contact():
    visits = [(who, 0, start, 8) for who in (LI, LIN) for start in (500, 600)]
    found = contacts.of_cases(city_of(visits, HOME), cases_of(TWO_DAYS), min_minutes=15)
    assert (found.meetings.tolist(), found.minutes.tolist()) == ([2], [16])


def test_a_city_without_days_has_no_contacts():
    city = City(city_of([(LI, 0, 1, 1)], HOME).places, 8, [])
    assert not len(contacts.of_cases(city, cases_of(TWO_DAYS)))


@pytest.fixture(scope="module")
def crowd():
    """A hall of 3,000 people, ten of them cases: more than a small workspace holds."""
    rng = np.random.default_rng(5)
    visits = [(who, 0, int(rng.integers(0, 1300)), 120) for who in range(3000)]
    return Tables.of(city_of(visits, [kinds.SHOP], n_people=3000))


def test_any_number_of_threads_gives_the_same_answer(crowd):
    cases = cases_of(*((who, 0, 1440) for who in range(10)))
    one, two = (contacts.of_cases(crowd, cases, threads=n) for n in (1, 2))
    assert np.array_equal(one.rows, two.rows)


def test_a_workspace_that_is_too_small_grows(crowd):
    cases = cases_of(*((who, 0, 1440) for who in range(10)))
    expected = contacts.of_cases(crowd, cases).rows
    small = Workspace.new(64)
    small.rows = small.rows[:100]
    crowd.give_back(small)
    assert np.array_equal(contacts.of_cases(crowd, cases).rows, expected)
