import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace.day import Places, Visits, unpack
from tongchou.epi.trace.split import Pieces, city_of, date_of, number_of, split


def visits(*stays):
    columns = np.array(stays, np.int64).reshape(-1, 4)
    return Visits(
        columns[:, 0].astype(np.uint32),
        columns[:, 1].astype(np.uint32),
        columns[:, 2],
        columns[:, 3].astype(np.int32),
    )


def pieces(*stays):
    """(day, person, place, start of the day, minutes) of every piece."""
    found = []
    for number, part in split(visits(*stays)).items():
        person, start, minutes = unpack(part.records)
        columns = (person.tolist(), part.place.tolist(), start.tolist(), minutes.tolist())
        found += [(number, *row) for row in zip(*columns, strict=True)]
    return found


@pytest.mark.parametrize(
    ("what", "start", "minutes", "cut"),
    [
        ("within a day", 600, 30, [(0, 600, 30)]),
        ("over midnight", 1380, 480, [(0, 1380, 60), (1, 0, 420)]),
        ("until midnight", 1380, 60, [(0, 1380, 60)]),
        ("from midnight", 1440, 60, [(1, 0, 60)]),
        ("a whole day", 1440, 1440, [(1, 0, 1440)]),
        ("three days", 1430, 2900, [(0, 1430, 10), (1, 0, 1440), (2, 0, 1440), (3, 0, 10)]),
        ("a moment", 600, 0, [(0, 600, 0)]),
        ("a moment at midnight", 1440, 0, [(1, 0, 0)]),
        ("before 1970", -30, 60, [(-1, 1410, 30), (0, 0, 30)]),
    ],
)
def test_a_stay_is_cut_at_midnight(what, start, minutes, cut):
    assert pieces((5, 7, start, minutes)) == [(day, 5, 7, s, m) for day, s, m in cut]


def test_no_visits_touch_no_day():
    assert split(visits()) == {}


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9999), st.integers(0, 9999))
    )
)
def test_no_minute_is_lost_or_counted_twice(stays):
    minutes = {}
    for _, person, place, _, length in pieces(*stays):
        minutes[person, place] = minutes.get((person, place), 0) + length

    for person, place in minutes:
        whole = sum(m for p, q, _, m in stays if (p, q) == (person, place))
        assert minutes[person, place] == whole


def test_a_visit_that_ends_before_it_starts_is_not_cut():
    with pytest.raises(ValueError, match="ends before it starts"):
        split(visits((0, 0, 600, -5)))


def test_a_list_over_a_century_has_a_wrong_date():
    with pytest.raises(ValueError, match="a date in them is wrong"):
        split(visits((0, 0, 0, 5), (0, 0, 200 * 366 * 1440, 5)))


def test_days_are_counted_since_1970():
    assert number_of(date_of(18_993)) == 18_993
    assert date_of(18_993).isoformat() == "2022-01-01"


def test_a_city_in_memory_has_a_day_for_each_day_touched():
    one = np.zeros(1)
    places = Places(one.astype(np.uint8), one.astype(np.uint32), one, one, one.astype(np.bool_))

    city = city_of(visits((0, 0, 1430, 20), (1, 0, 5000, 10)), places, n_people=2)

    assert [number_of(day.on) for day in city.days] == [0, 1, 3]
    assert [day.n_records for day in city.days] == [1, 1, 1]
    assert all(day.by_person.n_keys == 2 for day in city.days)


def test_pieces_of_nothing_are_empty():
    assert len(Pieces.joined([])) == 0
