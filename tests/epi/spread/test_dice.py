"""Random numbers that are a function of what they are for."""

import numpy as np
from scipy import stats

from tongchou.epi.spread import purposes
from tongchou.epi.spread.dice import draw, stream, unit
from tongchou.epi.spread.draws import units


def test_the_generator_is_splitmix64() -> None:
    # the first five numbers of SplitMix64 from 1234567, as published with many ports of it
    known = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [int(draw(np.uint64(1234567), np.uint64(n))) for n in range(1, 6)] == known


def test_a_draw_is_above_zero_even_for_the_smallest_word() -> None:
    assert 0 < unit(np.uint64(0)) < 1e-7
    assert unit(np.uint64(2**64 - 1)) <= 1


def test_draws_are_uniform() -> None:
    found = units(stream(1, purposes.ACCEPT, 3), np.arange(200_000))
    assert stats.kstest(found, "uniform").pvalue > 0.001


def test_days_purposes_and_seeds_know_nothing_of_each_other() -> None:
    people = np.arange(100_000)
    streams = [
        stream(seed, purpose, day) for seed in (1, 2) for purpose in (1, 2) for day in (0, 1)
    ]
    found = np.corrcoef([units(start, people) for start in streams])
    apart = found[~np.eye(len(streams), dtype=bool)]
    # 28 pairs, a standard error of 1 in sqrt(100 000)
    assert np.abs(apart).max() < 4.5 / np.sqrt(people.size)


def test_neighbours_know_nothing_of_each_other() -> None:
    found = units(stream(7, purposes.FORCE, 0), np.arange(100_000))
    for lag in (1, 2, 64, 4096):
        assert abs(np.corrcoef(found[lag:], found[:-lag])[0, 1]) < 4 / np.sqrt(found.size)


def test_no_two_purposes_share_a_number() -> None:
    named = {k: v for k, v in vars(purposes).items() if k.isupper()}
    ranges = {"RING": 7, "TRACING": 7}
    taken = [v + i for name, v in named.items() for i in range(ranges.get(name, 1))]
    assert len(taken) == len(set(taken))
