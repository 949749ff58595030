import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.detect.quasipoisson import Design, Rules, fit

ONCE = Rules(trend=True, p_trend=1.0, weights_threshold=None)
GROUP = (np.arange(40) // 5 % 4).astype(np.int32)
DESIGN = Design(np.arange(40), GROUP, np.arange(40.0), 42, 42.0, 4, 2)


def table(seed, n=1):
    rng = np.random.default_rng(seed)
    mean = np.exp(1 + GROUP / 3 - 0.01 * np.arange(40))
    counts = rng.negative_binomial(3, 3 / (3 + mean), (n, 40)).astype(float)
    return np.hstack([counts, np.zeros((n, 3))])


def dense(y, design, weight=1.0, slope=True):
    """The same regression with matrices: mean at the time predicted for, overdispersion, slope."""
    x = np.eye(design.n_groups)[design.group]
    now = np.eye(design.n_groups)[design.now_group]
    if slope:
        x, now = np.c_[x, design.time], np.append(now, design.now_time)
    mu = y + 0.1
    for _ in range(60):
        w = weight * mu
        answer = np.linalg.solve((x.T * w) @ x, x.T @ (w * (np.log(mu) + (y - mu) / mu)))
        mu = np.exp(x @ answer)
    phi = np.sum(weight * (y - mu) ** 2 / mu) / (y.size - x.shape[1])
    variance = max(phi, 1) * now @ np.linalg.solve((x.T * (weight * mu)) @ x, now)
    return np.exp(now @ answer), max(phi, 1), variance, answer[-1]


@given(st.integers(0, 10_000))
def test_it_is_the_regression_that_matrices_give(seed):
    counts = table(seed)
    counts[0, 0:20:5] += 1  # nobody's season is without a case
    mean, phi, variance, slope = dense(counts[0, :40], DESIGN)
    found = fit(counts, DESIGN, ONCE)
    if mean > counts[0, :40].max():
        mean, phi, variance, _ = dense(counts[0, :40], DESIGN, slope=False)
    else:
        assert found.slope[0] == pytest.approx(slope, abs=1e-5)

    assert found.mean[0] == pytest.approx(mean, rel=1e-5)
    assert found.phi[0] == pytest.approx(phi, rel=1e-3)
    assert found.variance[0] == pytest.approx(variance, rel=1e-3)


def test_many_at_once_are_as_each_alone():
    counts = table(3, n=50)
    together = fit(counts, DESIGN, ONCE)
    alone = [fit(counts[i : i + 1], DESIGN, ONCE).mean[0] for i in range(50)]

    assert np.array_equal(together.mean, alone)


def test_a_past_outbreak_weighs_less_in_the_second_fit():
    counts = table(5)
    counts[0, 11] = 90
    plain = fit(counts, DESIGN, ONCE).mean[0]
    robust = fit(counts, DESIGN, Rules(True, 1.0, 2.58)).mean[0]

    assert robust < plain / 1.25


def test_a_slope_that_proves_nothing_is_left_out():
    counts = table(6)

    assert np.isnan(fit(counts, DESIGN, Rules(True, 1e-9, None)).slope[0])
    assert np.isnan(fit(counts, DESIGN, Rules(False, 1.0, None)).slope[0])


def test_no_slope_leads_above_everything_that_was_ever_seen():
    rising = np.exp(np.arange(43) / 8)[None, :].round()

    assert np.isnan(fit(rising, DESIGN, ONCE).slope[0])


def test_what_was_not_reported_is_left_out_and_too_little_is_not_fitted():
    counts = table(7)
    counts[0, 3::4] = np.nan
    known = ~np.isnan(counts[0, :40])
    part = Design(np.flatnonzero(known), GROUP[known], np.arange(40.0)[known], 42, 42.0, 4, 2)

    assert fit(counts, DESIGN, ONCE).mean[0] == fit(counts, part, ONCE).mean[0]
    assert np.isnan(fit(counts, DESIGN, Rules(True, 1.0, None, min_rows=35)).mean[0])
    assert np.isnan(fit(counts, DESIGN, Rules(True, 1.0, None, min_now=10)).mean[0])


def test_twice_the_population_is_twice_the_count():
    counts, offset = table(8), np.zeros((1, 43))
    offset[0, 42] = np.log(2)
    plain, grown = (
        fit(counts, DESIGN, Rules(False, 1, None), each) for each in (0 * offset, offset)
    )

    assert grown.mean[0] == pytest.approx(2 * plain.mean[0])
