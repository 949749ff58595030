import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.chains.intervals import serial_interval
from tongchou.epi.chains.pairs import Pairs, by_dates, hazard


def rows(pairs):
    return sorted(
        zip(pairs.infector.tolist(), pairs.case.tolist(), pairs.weight.tolist(), strict=True)
    )


def test_the_candidates_of_a_case_lie_together():
    pairs = Pairs.of([0, 3, 7], infector=[1, 0, 0], case=[2, 1, 2], weight=[5, 1, 2])

    assert pairs.offsets.tolist() == [0, 0, 1, 3]
    assert pairs.infector.tolist() == [0, 0, 1]
    assert pairs.days.tolist() == [3, 7, 4]


def test_a_pair_given_twice_becomes_one_with_both_weights():
    pairs = Pairs.of([0, 3], infector=[0, 0], case=[1, 1], weight=[2, 5])

    assert rows(pairs) == [(0, 1, 7.0)]


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9)).filter(
            lambda row: row[0] != row[1]
        )
    )
)
def test_no_weight_is_lost_or_made(given_rows):
    source, target, weight = (
        (list(column) for column in zip(*given_rows, strict=True)) if given_rows else ([],) * 3
    )
    pairs = Pairs.of(range(6), source, target, weight)
    expected: dict[tuple[int, int], float] = {}
    for a, b, w in given_rows:
        expected[a, b] = expected.get((a, b), 0) + w

    assert rows(pairs) == sorted((a, b, float(w)) for (a, b), w in expected.items())


@pytest.mark.parametrize(
    ("infector", "case", "weight", "says"),
    [
        ([0], [0], [1], "nobody infects themselves"),
        ([0], [2], [1], "outside of 0 to 1"),
        ([-1], [0], [1], "outside of 0 to 1"),
        ([0], [1], [-1], "from zero up"),
        ([0], [1], [float("nan")], "from zero up"),
        ([0], [1, 0], [1], "equally long"),
    ],
)
def test_pairs_that_cannot_be_are_refused(infector, case, weight, says):
    with pytest.raises(ValueError, match=says):
        Pairs.of([0, 4], infector, case, weight)


@given(st.lists(st.integers(0, 40), max_size=25))
def test_dates_alone_leave_everyone_at_a_possible_interval(onset):
    interval = serial_interval("gamma", mean=4, sd=1)
    possible = {
        (i, j)
        for i, a in enumerate(onset)
        for j, b in enumerate(onset)
        if i != j and interval.first <= b - a <= interval.days[-1]
    }
    pairs = by_dates(onset, interval)

    assert set(zip(pairs.infector.tolist(), pairs.case.tolist(), strict=True)) == possible


def test_dates_alone_are_refused_where_they_leave_too_many():
    with pytest.raises(ValueError, match="give contacts"):
        by_dates(range(100), serial_interval("gamma", mean=4, sd=1), most=50)


def test_an_hour_infects_as_told_and_a_day_not_twenty_four_times_as_often():
    hour, day = hazard([60, 1440], per_hour=0.1)

    assert hour == pytest.approx(0.1)
    assert day == pytest.approx(1 - 0.9**24)


def test_a_certain_hour_is_no_hazard():
    with pytest.raises(ValueError, match="between 0 and 1"):
        hazard([60], per_hour=1)
