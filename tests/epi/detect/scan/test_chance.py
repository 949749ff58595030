import numpy as np
import pytest

from tongchou.epi.detect.scan.chance import Gumbel, rank, stopped_at

MAXIMA = np.array([3.0, 5, 4, 6, 2, 7, 1, 8, 9])


def test_the_truth_is_ranked_among_the_replicates():
    assert rank(MAXIMA, 6.5) == pytest.approx(4 / 10)
    assert rank(MAXIMA, 10) == pytest.approx(1 / 10)


def test_a_tie_counts_against_the_cluster():
    assert rank(MAXIMA, 9) == pytest.approx(2 / 10)


def test_the_replicates_end_when_enough_have_reached_the_truth():
    assert stopped_at(MAXIMA, 4, 3) == 4
    assert rank(MAXIMA[:4], 4, 3) == pytest.approx(3 / 4)


def test_without_enough_of_them_they_go_on_to_the_end():
    assert stopped_at(MAXIMA, 8.5, 3) is None
    assert rank(MAXIMA, 8.5, 3) == pytest.approx(2 / 10)


def test_stopping_early_keeps_the_chance_of_a_small_p():
    """Besag and Clifford: h/n is as valid as the rank."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(4000):
        maxima, truth = rng.random(99), rng.random()
        stop = stopped_at(maxima, truth, 5) or 99
        found.append(rank(maxima[:stop], truth, 5))

    for level in (0.02, 0.05, 0.1, 0.5):
        assert np.mean(np.array(found) <= level + 1e-9) == pytest.approx(level, abs=0.02)


def test_a_gumbel_law_is_found_again():
    rng = np.random.default_rng(2)
    law = Gumbel.fitted(rng.gumbel(8, 1.25, 20_000))

    assert (law.place, law.scale) == pytest.approx((8, 1.25), rel=0.01)
    assert law.beyond(8 + 1.25 * 6.907) == pytest.approx(0.001, rel=0.05)


def test_no_law_nearby_is_likelier_than_the_one_fitted():
    maxima = np.random.default_rng(3).gumbel(5, 2, 199)
    law = Gumbel.fitted(maxima)

    def likelihood(place, scale):
        z = (maxima - place) / scale
        return (-np.log(scale) - z - np.exp(-z)).sum()

    best = likelihood(law.place, law.scale)
    for by in (-1e-4, 1e-4):
        assert likelihood(law.place + by, law.scale) < best
        assert likelihood(law.place, law.scale + by) < best


def test_too_few_replicates_make_no_law():
    assert Gumbel.fitted(MAXIMA) is None
    assert Gumbel.fitted(np.full(50, 3.0)) is None


def test_without_replicates_there_is_no_chance():
    assert np.isnan(rank(np.empty(0), 5))
