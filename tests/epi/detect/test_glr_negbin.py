import math

import numpy as np
import pytest

from tongchou.epi.detect.glr_negbin import GlrNegbin, glr_negbin
from tongchou.epi.detect.series import Series

SETS = ("abattoir", "hepatitisA", "k1", "m1", "n1", "s1", "salmonella.agona", "shadar")
RISE = math.log(1.5)
METHODS = {
    "glrnb": GlrNegbin(),
    "glrpois": GlrNegbin(alpha=0),
    "glrnb_fixed_a0": GlrNegbin(alpha=0, theta=RISE, season=0),
    "glrnb_fixed_a0.2": GlrNegbin(alpha=0.2, theta=RISE, season=0),
}
FLAT = GlrNegbin(mu0=5.0, alpha=0.2)


def read(path):
    return np.genfromtxt(path, delimiter=",", skip_header=1)


def judged(counts, options=FLAT, before=()):
    at = np.arange(len(before), len(before) + len(counts))
    return glr_negbin(Series(np.array([[*before, *counts]], dtype=float)), at, options)


@pytest.mark.parametrize("method", list(METHODS))
@pytest.mark.parametrize("name", SETS)
def test_statistic_mean_and_alarms_are_rs(shared, name, method):
    counts = read(shared / f"reference/r/in_{name}.csv")[:, 2]
    said = read(shared / f"reference/r/out_{name}_{method}.csv")
    found = glr_negbin(Series(counts), said[:, 0].astype(int) - 1, METHODS[method])

    np.testing.assert_allclose(found.score[0], said[:, 1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.expected[0], said[:, 3], rtol=1e-9)
    np.testing.assert_array_equal(found.alarm[0], said[:, 2] == 1)


def test_the_poisson_statistic_is_the_best_over_beginnings():
    counts = np.array([4.0, 9, 8])
    found = judged(counts, GlrNegbin(mu0=5.0, alpha=0))

    best = 0.0
    for begin in range(3):
        total, mean = counts[begin:].sum(), 5.0 * (3 - begin)
        best = max(best, total * math.log(total / mean) - (total - mean))
    assert found.score[0, -1] == pytest.approx(best)


def test_a_small_dispersion_is_nearly_poisson():
    counts = [4, 9, 8, 3, 12]
    nearly = judged(counts, GlrNegbin(mu0=5.0, alpha=1e-6))

    np.testing.assert_allclose(
        nearly.score, judged(counts, GlrNegbin(mu0=5.0, alpha=0)).score, rtol=1e-4
    )


def test_a_fixed_rise_is_pages_recursion():
    found = judged([8, 3, 9], GlrNegbin(mu0=5.0, alpha=0, theta=RISE))
    each = np.array([8, 3, 9]) * RISE - 5 * 0.5
    first = max(each[0], 0)
    second = max(first + each[1], 0)

    np.testing.assert_allclose(found.score[0], [first, second, second + each[2]])


@pytest.mark.parametrize(
    "options",
    [
        FLAT,
        GlrNegbin(mu0=5.0, alpha=0),
        GlrNegbin(mu0=5.0, alpha=0.2, theta=RISE),
        GlrNegbin(mu0=5.0, alpha=0.2, m=2),
    ],
)
def test_the_bound_is_the_largest_count_that_is_no_alarm(options):
    begin = [6.0, 8, 7]
    bound = judged([*begin, 0], options).bound[0, -1]

    assert judged([*begin, bound + 1], options).alarm[0, -1]
    assert not judged([*begin, bound], options).alarm[0, -1]


def test_the_bound_of_a_fall_is_the_least_count_that_is_no_alarm():
    options = GlrNegbin(mu0=9.0, alpha=0.05, dir="dec", c_arl=4.0)
    begin = [4.0, 5, 4]
    bound = judged([*begin, 9], options).bound[0, -1]

    assert judged([*begin, bound - 1], options).alarm[0, -1]
    assert not judged([*begin, bound], options).alarm[0, -1]


def test_after_an_alarm_it_starts_anew():
    found = judged([40, 5, 5])

    assert found.alarm[0].tolist() == [True, False, False]
    assert found.score[0, 1] == 0


def test_a_missing_count_says_nothing_either_way():
    gap, without = judged([7, np.nan, 8]), judged([7, 8])

    assert gap.score[0, 2] == without.score[0, 1]
    assert np.isnan(gap.bound[0, 1]) and np.isnan(gap.expected[0, 1])


def test_a_history_without_cases_is_silent_and_the_others_speak():
    rng = np.random.default_rng(1)
    counts = rng.poisson(6, (2, 120)).astype(float)
    counts[0] = 0
    counts[1, 110:] = 30
    found = glr_negbin(Series(counts), np.arange(104, 120))

    assert np.isnan(found.score[0]).all() and not found.alarm[0].any()
    assert found.alarm[1, 6:].any() and not found.alarm[1, :6].any()


def test_counts_that_scatter_less_than_poisson_are_taken_as_poisson():
    found = judged([5, 6, 30], GlrNegbin(), before=[5.0, 6] * 30)

    assert found.alarm[0].tolist() == [False, False, True]


def test_missing_days_of_the_history_are_left_out():
    history = np.array([5.0, 9, 4, 7, 6, 8] * 12)
    gaps = history.copy()
    gaps[::9] = np.nan
    whole, some = (judged([9, 9], GlrNegbin(season=0), before=each) for each in (history, gaps))

    assert some.expected[0, 0] == pytest.approx(whole.expected[0, 0], rel=0.05)


@pytest.mark.parametrize(
    "wrong",
    [{"c_arl": 0}, {"mu0": 0}, {"alpha": -1}, {"theta": -0.5}, {"m": 1, "m_tilde": 5}],
)
def test_options_are_checked(wrong):
    with pytest.raises(ValueError):
        GlrNegbin(**wrong)
