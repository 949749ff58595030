import numpy as np

from tongchou.epi.spread.dice import draw, stream, unit
from tongchou.epi.spread.draws import units


def test_many_draws_are_the_draws_of_each_person() -> None:
    start = stream(7, 42, 3)
    people = np.array([5, 0, 4_000_000, 5], np.int32)
    expected = [unit(draw(start, int(person))) for person in people]
    assert units(start, people).tolist() == [float(value) for value in expected]


def test_draws_of_a_list_do_not_hang_on_its_width_or_layout() -> None:
    start = stream(7, 42, 3)
    people = np.arange(20, dtype=np.int64)
    assert np.array_equal(units(start, people[::2]), units(start, np.arange(0, 20, 2, np.int32)))


def test_draws_lie_evenly_between_nothing_and_one() -> None:
    found = units(stream(1, 2, 3), np.arange(100_000))
    counts = np.histogram(found, bins=10, range=(0, 1))[0]
    assert counts.sum() == 100_000
    assert abs(counts - 10_000).max() < 400  # four standard deviations are 380
