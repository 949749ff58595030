import numpy as np
import pytest

from tongchou.epi.spread.dice import draw, stream, unit
from tongchou.epi.spread.draws import rounded, units, whole


def test_many_draws_are_the_draws_of_each_person() -> None:
    start = stream(7, 42, 3)
    people = np.array([5, 0, 4_000_000, 5], np.int32)
    expected = [unit(draw(start, int(person))) for person in people]
    assert units(start, people).tolist() == [float(value) for value in expected]


def test_draws_of_a_list_do_not_hang_on_its_width_or_layout() -> None:
    start = stream(7, 42, 3)
    people = np.arange(20, dtype=np.int64)
    assert np.array_equal(
        units(start, people[::2]), units(start, np.arange(0, 20, 2).astype(np.int32))
    )


def test_draws_lie_evenly_between_nothing_and_one() -> None:
    found = units(stream(1, 2, 3), np.arange(100_000))
    counts = np.histogram(found, bins=10, range=(0, 1))[0]
    assert counts.sum() == 100_000
    assert abs(counts - 10_000).max() < 400  # four standard deviations are 380


def test_whole_numbers_reach_every_one_below_the_limit() -> None:
    counts = np.bincount(whole(stream(1, 2, 3), np.arange(70_000), 7), minlength=7)
    assert counts.size == 7
    assert abs(counts - 10_000).max() < 400


def test_whole_numbers_of_a_large_city_reach_odd_and_even_people() -> None:
    found = whole(stream(1, 2, 3), np.arange(10_000), 40_000_000)
    assert 4800 < (found % 2).sum() < 5200


def test_counts_made_whole_keep_their_mean() -> None:
    days = [rounded(np.array([0.2, 3.0, 7.75]), stream(1, 2, day)) for day in range(4000)]
    assert np.mean(days, axis=0).tolist() == pytest.approx([0.2, 3.0, 7.75], abs=0.03)
    assert {int(day[1]) for day in days} == {3}
