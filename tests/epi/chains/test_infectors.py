import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.chains.infectors import infer
from tongchou.epi.chains.intervals import probability_of, serial_interval
from tongchou.epi.chains.pairs import Pairs

INTERVAL = serial_interval("gamma", mean=5, sd=2)


def chances(onset, links, **how):
    """Probabilities by (infector, case), and of outside by case."""
    source, target, *weight = zip(*links, strict=True)
    pairs = Pairs.of(onset, source, target, *weight)
    found = infer(pairs, INTERVAL, **how)
    named = zip(
        pairs.infector.tolist(), pairs.case.tolist(), found.probability.tolist(), strict=True
    )
    return {(i, j): p for i, j, p in named}, found


def test_candidates_share_by_the_serial_interval():
    found, _ = chances([0, 3, 8], [(0, 2), (1, 2)], offspring_prior=False)
    law = probability_of(INTERVAL, [8, 5])

    assert found[0, 2] / found[1, 2] == pytest.approx(law[0] / law[1])


def test_candidates_share_by_their_exposure():
    found, _ = chances([3, 3, 8], [(0, 2, 1.0), (1, 2, 4.0)], offspring_prior=False)

    assert found[1, 2] == pytest.approx(4 * found[0, 2])


def test_who_infected_others_is_likelier_to_have_infected_this_one():
    links = [(0, 2), (1, 2), *((0, j) for j in range(3, 9))]
    found, _ = chances([3, 3, *[8] * 7], links)

    assert found[0, 2] > 2 * found[1, 2]


def test_without_the_prior_the_others_do_not_count():
    links = [(0, 2), (1, 2), *((0, j) for j in range(3, 9))]
    found, _ = chances([3, 3, *[8] * 7], links, offspring_prior=False)

    assert found[0, 2] == pytest.approx(found[1, 2])


def test_a_case_that_nobody_can_have_infected_comes_from_outside():
    found, of = chances([0, 9, 4], [(1, 2), (0, 1)])

    assert found[1, 2] == 0
    assert of.outside[2] == 1
    assert of.outside[0] == 1


def test_an_odd_interval_points_outside():
    _, usual = chances([0, 5], [(0, 1)], outside=0.2)
    _, odd = chances([0, 16], [(0, 1)], outside=0.2)

    assert usual.outside[1] < 0.15
    assert odd.outside[1] > 0.9


def test_nobody_is_from_outside_where_that_is_ruled_out():
    _, found = chances([0, 5, 11], [(0, 1), (1, 2)], outside=0)

    assert found.outside.tolist() == pytest.approx([1, 0, 0])


def test_a_pair_of_no_weight_is_ruled_out():
    found, of = chances([0, 5], [(0, 1, 0.0)])

    assert found[0, 1] == 0
    assert of.outside[1] == 1


def test_only_the_shares_of_weights_count_however_small_they_are():
    small, _ = chances([0, 1, 5], [(0, 2, 2e-309), (1, 2, 4e-309)])
    usual, _ = chances([0, 1, 5], [(0, 2, 1.0), (1, 2, 2.0)])

    assert small[0, 2] == pytest.approx(usual[0, 2])


def test_a_share_from_outside_is_a_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        chances([0, 5], [(0, 1)], outside=1.5)


def test_many_plain_links_leave_little_to_outside():
    onset = [0, *[5] * 60]
    _, found = chances(onset, [(0, j) for j in range(1, 61)])

    assert found.share_outside < 0.1


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.floats(0, 9)), max_size=60),
    st.booleans(),
)
def test_the_probabilities_of_a_case_make_one(onset, links, prior):
    n = len(onset)
    links = [(a % n, b % n, w) for a, b, w in links if a % n != b % n]
    source, target, weight = (list(c) for c in zip(*links, strict=True)) if links else ([],) * 3
    found = infer(Pairs.of(onset, source, target, weight), INTERVAL, offspring_prior=prior)
    total = np.bincount(found.pairs.case, found.probability, minlength=n) + found.outside

    assert total == pytest.approx(np.ones(n))
    assert found.expected_offspring.sum() == pytest.approx(n - found.outside.sum())


def test_no_pairs_at_all_leave_everyone_to_outside():
    found = infer(Pairs.of([0, 4], [], []), INTERVAL)

    assert found.outside.tolist() == [1, 1]
    assert found.offspring.mean == 0


def outbreak(seed, n=400, k=0.25):
    """A simulated outbreak in which every case also met thirty who did not infect it."""
    rng = np.random.default_rng(seed)
    onset, truth, case = [0], [-1], 0
    while len(onset) < n:
        if case == len(onset):
            onset, truth = [*onset, onset[-1]], [*truth, -1]
        for days in INTERVAL.sample(rng, rng.poisson(rng.gamma(k, 2 / k))):
            onset, truth = [*onset, onset[case] + int(days)], [*truth, case]
        case += 1
    onset, truth = onset[:n], truth[:n]
    links = {(i, j) for j, i in enumerate(truth) if i >= 0}
    links |= {(int(i), j) for j in range(n) for i in rng.integers(0, n, 30) if i != j}
    return onset, np.array(truth), sorted(links)


def test_the_offspring_prior_finds_more_infectors_where_few_infect_many():
    onset, truth, links = outbreak(1)
    known = truth >= 0
    right = {
        prior: np.mean(chances(onset, links, offspring_prior=prior)[1].best[known] == truth[known])
        for prior in (False, True)
    }

    assert right[True] > right[False] + 0.2


def test_the_dispersion_of_an_outbreak_is_found_again():
    onset, truth, links = outbreak(2)
    _, found = chances(onset, links)
    real = np.bincount(truth[truth >= 0], minlength=len(onset))

    assert found.offspring.mean == pytest.approx(real.mean(), rel=0.05)
    assert 0.1 < found.offspring.k < 0.6


def test_a_probability_means_what_it_says():
    onset, truth, links = outbreak(3)
    _, found = chances(onset, links)
    true = found.pairs.infector == truth[found.pairs.case]
    for low, high in ((0.05, 0.35), (0.35, 0.65), (0.65, 1.01)):
        told = (found.probability >= low) & (found.probability < high)
        assert found.probability[told].mean() == pytest.approx(true[told].mean(), abs=0.12)
