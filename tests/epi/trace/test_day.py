from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tongchou.epi.trace.day import NO_CELL, Day, Order, n_cells, pack, unpack

ON = date(2022, 1, 1)


def day(rows, *, n_people=4, n_places=3, cells=None):
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    person, place = columns[:2].astype(np.uint32)
    start, minutes = columns[2:].astype(np.uint16)
    cell = None if cells is None else np.array(cells, np.uint32)
    return Day.of(ON, person, place, start, minutes, n_people, n_places, cell)


def listed(order: Order):
    return list(
        zip(order.keys().tolist(), *(c.tolist() for c in unpack(order.records)), strict=True)
    )


def test_a_record_keeps_what_was_packed():
    columns = (np.array([0, 1 << 31], np.uint32), np.array([1439, 0], np.uint16))
    minutes = np.array([1, 1440], np.uint16)

    other, start, length = unpack(pack(*columns, minutes))

    assert other.tolist() == [0, 1 << 31]
    assert (start.tolist(), length.tolist()) == ([1439, 0], [1, 1440])


def test_a_place_holds_its_visitors_by_time_and_then_by_person():
    built = day([(2, 1, 60, 10), (0, 1, 60, 5), (1, 1, 30, 5), (3, 0, 0, 1440)])

    assert listed(built.by_place) == [(0, 3, 0, 1440), (1, 1, 30, 5), (1, 0, 60, 5), (1, 2, 60, 10)]


def test_a_person_holds_their_stays_by_time():
    built = day([(2, 1, 60, 10), (2, 0, 60, 5), (2, 2, 0, 5)])

    assert listed(built.by_person) == [(2, 2, 0, 5), (2, 0, 60, 5), (2, 1, 60, 10)]


def test_a_place_without_a_cell_is_in_no_cell():
    built = day([(0, 0, 0, 1), (1, 1, 0, 1), (2, 2, 0, 1)], cells=[1, NO_CELL, 1])

    assert built.by_cell is not None
    assert listed(built.by_cell) == [(1, 0, 0, 1), (1, 2, 0, 1)]
    assert n_cells(np.array([NO_CELL], np.uint32)) == 0


def test_a_key_that_nobody_knows_has_no_rows():
    built = day([(0, 0, 0, 1)])

    assert built.by_place.rows(0).size == 1
    assert built.by_place.rows(2).size == built.by_place.rows(99).size == 0


def test_a_day_without_visits_has_empty_rows():
    assert day([]).n_records == 0
    assert day([]).by_person.n_keys == 4


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((4, 0, 0, 1), "beyond the numbers"),
        ((0, 3, 0, 1), "beyond the numbers"),
        ((0, 0, 1440, 0), "outside of its day"),
        ((0, 0, 1439, 2), "past midnight"),
    ],
)
def test_what_is_no_record_of_this_day_is_refused(row, said):
    with pytest.raises(ValueError, match=said):
        day([row])


def test_columns_must_be_equally_long():
    one, two = np.zeros(1, np.uint32), np.zeros(2, np.uint16)
    with pytest.raises(ValueError, match="equally long"):
        Day.of(ON, one, one, two, two, 1, 1)


@given(
    rows=arrays.arrays(
        np.int64,
        st.tuples(st.integers(0, 60), st.just(4)),
        elements=st.integers(0, 1439),
    )
)
def test_every_order_is_what_a_plain_sort_gives(rows):
    rows = rows % [4, 3, 1440, 100]
    rows[:, 3] = np.minimum(rows[:, 3], 1440 - rows[:, 2])
    cells = np.array([1, 0, 1])

    built = day(rows, cells=cells)

    person, place, start, minutes = rows.T.tolist()
    cell = cells[rows[:, 1]].tolist()
    assert listed(built.by_place) == in_order(place, start, person, minutes)
    assert listed(built.by_person) == in_order(person, start, place, minutes)
    assert listed(built.by_cell) == in_order(cell, start, person, minutes)


def in_order(key, start, other, minutes):
    rows = sorted(zip(key, start, other, minutes, strict=True))
    return [(k, o, s, m) for k, s, o, m in rows]
