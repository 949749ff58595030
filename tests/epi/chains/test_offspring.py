import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.chains import offspring


def log_likelihood(counts, mean, k):
    """The negative binomial written out, with gamma functions."""
    return sum(
        n
        * (
            math.lgamma(k + z)
            - math.lgamma(k)
            - math.lgamma(z + 1)
            + k * math.log(k / (k + mean))
            + (z * math.log(mean / (k + mean)) if z else 0)
        )
        for z, n in enumerate(counts)
    )


# 110 smallpox cases would do as well: any counts with more spread than Poisson's
COUNTS = np.array([60.0, 20, 8, 5, 3, 0, 2, 0, 1, 1])


def test_k_is_the_summit_of_the_likelihood():
    law = offspring.negative_binomial(COUNTS)
    top = log_likelihood(COUNTS, law.mean, law.k)

    assert law.mean == pytest.approx(COUNTS @ np.arange(10) / 100)
    for k in (law.k * 0.99, law.k * 1.01):
        assert log_likelihood(COUNTS, law.mean, k) < top


def test_the_interval_ends_where_the_profile_has_fallen_by_half_of_3_84():
    law = offspring.negative_binomial(COUNTS)
    top = log_likelihood(COUNTS, law.mean, law.k)

    for k in (law.k_low, law.k_high):
        assert top - log_likelihood(COUNTS, law.mean, k) == pytest.approx(1.920729, abs=1e-4)


def test_counts_that_spread_no_more_than_chance_have_no_k():
    law = offspring.negative_binomial(np.array([35.0, 40, 18, 6, 1]))

    assert math.isinf(law.k)
    assert math.isinf(law.k_high)
    assert law.k_low > 1


def test_dice_thrown_with_a_k_give_it_back():
    rng = np.random.default_rng(3)
    thrown = rng.poisson(rng.gamma(0.3, 1.5 / 0.3, 5000))
    law = offspring.negative_binomial(np.bincount(thrown).astype(float))

    assert law.k_low < 0.3 < law.k_high
    assert law.k_high - law.k_low < 0.06


def test_nobody_infected_leaves_k_unknown():
    law = offspring.negative_binomial(np.array([12.0]))

    assert law.mean == 0
    assert math.isnan(law.k)


def test_recorded_pairs_count_those_who_infected_nobody():
    law = offspring.of_recorded(10, [0, 0, 0, 4])

    assert law.mean == 0.4
    assert law.n == 10


def test_at_a_small_k_few_cases_make_the_outbreak():
    few = offspring.Offspring(mean=2, k=0.1, k_low=0, k_high=1, n=100)
    even = offspring.Offspring(mean=2, k=math.inf, k_low=1, k_high=math.inf, n=100)

    # Lloyd-Smith et al. 2005: at k = 0.16 the top fifth make more than 80 %
    assert few.most_by_few > 0.85
    assert even.most_by_few == 0.2


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1)), max_size=9))
def test_counts_from_probabilities_are_those_of_every_possible_outcome(links):
    infector = np.array([i for i, _ in links], dtype=np.int32)
    probability = np.array([p for _, p in links])
    expected = np.zeros(len(links) + 1)
    for i in range(4):
        law = np.array([1.0])
        for p in probability[infector == i]:
            law = np.convolve(law, [1 - p, p])
        expected[: law.size] += law
    counts = offspring.counts_of(4, infector, probability)

    np.testing.assert_allclose(counts, expected[: counts.size], atol=1e-7)
    assert expected[counts.size :].sum() < 1e-7


def test_more_than_many_is_what_chance_seldom_does():
    # P(Poisson(1.5) <= 5) = 0.9955, P(<= 4) = 0.9814
    assert offspring.many(1.5) == 5


def test_the_chance_of_a_superspreader_counts_every_link():
    infector = np.array([0, 0, 0, 1], dtype=np.int32)
    chance = offspring.chance_of_more(3, infector, np.array([0.5, 0.5, 0.5, 1.0]), than=1)

    assert chance.tolist() == pytest.approx([0.5, 0.0, 0.0])
