"""Comparing units by what is to be expected of their mix: numbers, and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.supervision.standardising import Tally, compare, expected, wilson

tallies = st.integers(1, 400).flatmap(
    lambda n: st.integers(0, n).map(lambda in_time: Tally(n, in_time))
)
mixes = st.dictionaries(st.sampled_from("abcdefgh"), tallies, min_size=1)


def test_the_interval_of_a_share_is_wilsons():
    # Newcombe 1998, table I, method 3.
    for (k, n), limits in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }.items():
        assert wilson(k, n) == pytest.approx(limits, abs=5e-5)


def test_a_share_of_nothing_has_no_interval():
    with pytest.raises(ValueError, match="nothing"):
        wilson(0, 0)


def test_what_is_expected_is_the_sum_over_the_stages():
    city = {"easy": Tally(100, 90), "hard": Tally(100, 40)}

    assert expected({"easy": 10, "hard": 30}, city) == pytest.approx(10 * 0.9 + 30 * 0.4)


def test_the_unit_with_the_hard_work_is_not_the_worst():
    city = {"easy": Tally(900, 855), "hard": Tally(300, 150)}
    busy = compare({"hard": Tally(200, 104)}, city, at_least=30)
    idle = compare({"easy": Tally(200, 180)}, city, at_least=30)

    assert busy.in_time < idle.in_time
    assert busy.ratio is not None and idle.ratio is not None
    assert busy.ratio > 1 > idle.ratio


def test_few_legs_say_nothing():
    city = {"a": Tally(1000, 900)}

    few = compare({"a": Tally(29, 0)}, city, at_least=30)
    assert (few.verdict, few.ratio, few.low, few.share) == ("few", None, None, None)
    assert compare({"a": Tally(30, 0)}, city, at_least=30).verdict == "worse"


def test_a_unit_without_legs_says_nothing():
    assert compare({}, {}, at_least=0).verdict == "few"


def test_a_stage_where_nobody_was_in_time_expects_nothing():
    assert compare({"a": Tally(50, 0)}, {"a": Tally(60, 0)}, at_least=30).verdict == "few"


def test_a_small_difference_is_not_remarked_upon():
    city = {"a": Tally(10_000, 9_000)}

    assert compare({"a": Tally(100, 85)}, city, at_least=30).verdict == "as"
    assert compare({"a": Tally(1000, 850)}, city, at_least=30).verdict == "worse"
    assert compare({"a": Tally(1000, 960)}, city, at_least=30).verdict == "better"


def test_more_in_time_than_there_were_is_no_tally():
    with pytest.raises(ValueError, match="3 of 2"):
        Tally(2, 3)


@given(mixes)
def test_a_unit_that_is_the_city_is_as_expected(city):
    own = compare(city, city, at_least=1)

    if own.ratio is not None:
        assert own.ratio == pytest.approx(1.0)
        assert own.low <= own.ratio * (1 + 1e-9) and own.ratio <= own.high * (1 + 1e-9)
        assert own.verdict == "as"
        assert own.share == pytest.approx(own.in_time / own.n)


@given(mixes, st.integers(2, 9))
def test_a_unit_with_the_shares_of_the_city_is_as_expected_whatever_its_size(unit, times):
    city = {key: Tally(t.n * times, t.in_time * times) for key, t in unit.items()}
    own = compare(unit, city, at_least=1)

    assert own.ratio is None or own.ratio == pytest.approx(1.0)


@given(mixes, st.randoms())
def test_the_order_of_the_stages_does_not_matter(city, dice):
    unit = {key: Tally(t.n, t.n - t.in_time) for key, t in city.items()}
    keys = list(unit)
    dice.shuffle(keys)
    shuffled = {key: unit[key] for key in keys}

    one, other = compare(unit, city, at_least=1), compare(shuffled, city, at_least=1)
    assert one.expected == pytest.approx(other.expected)
    assert (one.n, one.in_time, one.verdict) == (other.n, other.in_time, other.verdict)


@given(tallies, st.sampled_from([1.96, 3.09]))
def test_an_interval_holds_its_share_and_stays_between_none_and_all(tally, z):
    low, high = wilson(tally.in_time, tally.n, z=z)

    assert 0 <= low <= tally.in_time / tally.n <= high <= 1


@given(mixes)
def test_one_more_in_time_never_makes_a_unit_worse(city):
    key, tally = next(iter(city.items()))
    if tally.in_time == tally.n:
        return
    better = city | {key: Tally(tally.n, tally.in_time + 1)}
    was, now = compare(city, city, at_least=1), compare(better, city, at_least=1)

    assert was.ratio is None or now.ratio > was.ratio
