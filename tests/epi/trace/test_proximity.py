import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace.proximity import within


def test_a_pair_counts_once_whichever_way_round():
    near = within(4, [7, 3, 7], [3, 7, 3], [2.0, 4.0, 1.0], [1, 2, 2])

    assert (near.one.tolist(), near.other.tolist()) == ([3], [7])
    assert (near.times.tolist(), near.nearest.tolist()) == ([2], [1.0])
    assert (near.first.tolist(), near.last.tolist()) == ([1.0], [2.0])


def test_exactly_as_far_is_near_and_a_hair_more_is_not():
    assert len(within(4, [1], [2], [4.0])) == 1
    assert len(within(4, [1], [2], [np.nextafter(4, 5)])) == 0


@pytest.mark.parametrize("distance", [-1.0, float("nan")])
def test_a_distance_that_is_none_is_refused(distance):
    with pytest.raises(ValueError, match="from zero up"):
        within(4, [1], [2], [distance])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9), st.integers(0, 4)))
)
def test_the_pairs_are_those_of_a_dictionary(rows):
    expected: dict[tuple[int, int], tuple[set[int], int]] = {}
    for a, b, metres, step in rows:
        if metres <= 4 and a != b:
            steps, nearest = expected.get((min(a, b), max(a, b)), (set(), metres))
            expected[min(a, b), max(a, b)] = (steps | {step}, min(nearest, metres))
    columns = zip(*rows, strict=True) if rows else ((),) * 4
    near = within(4, *columns)

    assert {
        (one, other): (times, nearest)
        for one, other, times, nearest in zip(
            near.one.tolist(),
            near.other.tolist(),
            near.times.tolist(),
            near.nearest.tolist(),
            strict=True,
        )
    } == {pair: (len(steps), nearest) for pair, (steps, nearest) in expected.items()}
