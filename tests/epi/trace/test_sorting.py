import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.lists import one_sort
from tongchou.epi.trace import sorting
from tongchou.epi.trace.day import pack


def merged(stays):
    """(place, start, minutes) of one person's records after merging, and the two counts."""
    place, start, minutes = np.array(stays, np.int64).reshape(-1, 3).T
    records = pack(np.zeros(place.size, np.uint32), start, minutes)
    offsets, rows = sorting.by_person(place.astype(np.uint32), records, 1)
    counts = sorting.merge_rows(offsets, rows)
    rows = rows[: offsets[-1]].tolist()
    return [(row >> 16 & 0xFFFFFFFF, row >> 48, row & 0xFFFF) for row in rows], counts


@pytest.mark.parametrize(
    ("what", "stays", "left"),
    [
        ("twice the same", [(1, 60, 30), (1, 60, 30)], [(1, 60, 30)]),
        ("one in the other", [(1, 60, 30), (1, 70, 5)], [(1, 60, 30)]),
        ("overlapping", [(1, 60, 30), (1, 80, 30)], [(1, 60, 50)]),
        ("a chain", [(1, 60, 30), (1, 100, 30), (1, 80, 30)], [(1, 60, 70)]),
        ("touching", [(1, 60, 30), (1, 90, 30)], [(1, 60, 30), (1, 90, 30)]),
        ("apart", [(1, 60, 30), (1, 200, 30)], [(1, 60, 30), (1, 200, 30)]),
        ("another place", [(1, 60, 30), (2, 60, 30)], [(1, 60, 30), (2, 60, 30)]),
        ("a moment twice", [(1, 60, 0), (1, 60, 0)], [(1, 60, 0)]),
        ("a moment at the start", [(1, 60, 0), (1, 60, 9)], [(1, 60, 9)]),
        ("a moment at the end", [(1, 60, 9), (1, 69, 0)], [(1, 60, 9), (1, 69, 0)]),
        (
            "another place between",
            [(1, 60, 90), (2, 70, 5), (1, 80, 90)],
            [(1, 60, 110), (2, 70, 5)],
        ),
    ],
)
def test_stays_of_one_place_become_one_where_they_overlap(what, stays, left):
    assert merged(stays)[0] == left


def test_stays_at_two_places_at_once_are_kept_and_counted():
    left, (n_merged, n_elsewhere) = merged([(1, 60, 90), (2, 70, 5), (3, 150, 5)])

    assert len(left) == 3
    assert (n_merged, n_elsewhere) == (0, 1)


stay = st.tuples(st.integers(0, 2), st.integers(0, 200), st.integers(0, 40))


@given(st.lists(stay, max_size=12), st.integers(0, 12))
def test_merging_in_portions_is_merging_at_once(stays, cut):
    first, _ = merged(stays[:cut])

    assert merged(first + stays[cut:])[0] == merged(stays)[0]


@given(st.lists(stay, min_size=66, max_size=90))
def test_a_key_with_a_hundred_stays_is_merged_like_any_other(stays):
    expected = one_sort(("P", str(place), start, length) for place, start, length in stays)

    left, (n_merged, _) = merged(stays)

    assert left == sorted(left, key=lambda row: (row[1], row[0]))
    assert {(0, "P", str(p), s, m) for p, s, m in left} == set(expected)
    assert n_merged == len(stays) - len(left)
