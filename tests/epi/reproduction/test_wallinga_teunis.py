import numpy as np
import pytest

from tests.epi.reproduction.truth import as_r
from tongchou.epi.reproduction import Cori, Reason, shifted_gamma, wallinga_teunis

EVERY = Cori(max_cv=None, probabilities=(0.025, 0.975))
INTERVAL = [0, 0.25, 0.5, 0.25]


def test_the_mean_is_what_epiestim_gives(outbreak):
    interval = shifted_gamma(outbreak.mean, outbreak.sd, outbreak.cases.size)
    found = as_r(wallinga_teunis(outbreak.cases, interval, options=EVERY))
    said = outbreak.said("wt")

    np.testing.assert_allclose(found[:, :3], said[:, :3], rtol=1e-9)


def test_the_sd_lies_within_the_error_of_epiestims_simulation(outbreak):
    """It drew ten trees: an sd of ten is off by a quarter, and their ratios average out."""
    interval = shifted_gamma(outbreak.mean, outbreak.sd, outbreak.cases.size)
    found = as_r(wallinga_teunis(outbreak.cases, interval, options=EVERY))
    known = found[:, 3] > 0.02
    ratio = outbreak.said("wt")[known, 3] ** 2 / found[known, 3] ** 2

    assert ratio.mean() == pytest.approx(1, abs=3 * np.sqrt(2 / 9) / np.sqrt(known.sum() / 7))


def test_everybody_infected_later_was_infected_by_somebody():
    cases = np.array([4.0, 3, 6, 8, 12, 9, 4, 2, 0, 0, 0])
    every_day = np.arange(1, 10)
    found = wallinga_teunis(cases, INTERVAL, start=every_day, end=every_day, options=EVERY)
    first_day = 3 + 4 * 0.5 / (4 * 0.5 + 3 * 0.25) * 6  # of day 1 all, of day 2 by share

    infected = np.nansum(found.mean[0] * cases[1:10])
    assert infected <= cases[1:].sum() - 3
    assert infected > cases[1:].sum() - first_day - 8


def test_quantiles_are_those_of_simulated_trees():
    cases = np.array([5.0, 8, 9, 14, 20, 26, 21, 15, 9, 6])
    found = wallinga_teunis(cases, INTERVAL, start=[2], end=[4], options=EVERY)
    rng, drawn = np.random.default_rng(3), np.zeros(20_000)
    for day in range(1, 10):
        pull = np.array([cases[day - lag] * INTERVAL[lag] if day >= lag else 0 for lag in range(4)])
        inside = sum(pull[lag] for lag in range(4) if 2 <= day - lag <= 4) / pull.sum()
        drawn += rng.binomial(int(cases[day]), inside, drawn.size)
    drawn /= cases[2:5].sum()

    assert found.mean[0, 0] == pytest.approx(drawn.mean(), abs=0.005)
    assert found.sd[0, 0] == pytest.approx(drawn.std(), rel=0.03)
    np.testing.assert_allclose(found.quantiles[:, 0, 0], np.quantile(drawn, [0.025, 0.975]), 0.03)


def test_thousands_of_cases_have_a_smooth_law_that_is_as_wide():
    cases = np.array([5.0, 8, 9, 14, 20, 26, 21, 15, 9, 6])
    few, many = (
        wallinga_teunis(cases * times, INTERVAL, start=[2], end=[4], options=EVERY)
        for times in (1, 400)
    )

    assert many.mean[0, 0] == pytest.approx(few.mean[0, 0])
    assert np.diff(many.quantiles[:, 0, 0])[0] == pytest.approx(2 * 1.96 * few.sd[0, 0] / 20, 0.01)


def test_a_window_without_cases_says_nothing():
    found = wallinga_teunis([3.0, 2, 0, 0, 0, 4, 5], [0, 1.0], options=Cori(2, max_cv=None))

    assert found.reason[0].tolist() == [0, Reason.NOTHING, Reason.NOTHING, 0]
    assert np.isnan(found.mean[0, 1])


def test_a_missing_day_silences_what_it_touches():
    cases = np.full(20, 30.0)
    cases[10] = np.nan
    found = wallinga_teunis(cases, INTERVAL, options=Cori(2))

    silent = found.reason[0] == Reason.NOT_REPORTED
    assert found.start[silent].tolist() == [6, 7, 8, 9, 10, 11, 12, 13]


def test_few_cases_are_no_estimate():
    assert (wallinga_teunis(np.ones(20), INTERVAL).reason == Reason.FEW_CASES).all()


def test_an_interval_longer_than_the_series_says_nothing():
    found = wallinga_teunis([9.0, 9, 9, 9], [0] * 30 + [1.0], options=Cori(2, max_cv=None))

    assert (found.mean == 0).all()


def test_broken_counts_have_a_law_too():
    found = wallinga_teunis([5.5, 8.5, 9, 14, 20, 12], INTERVAL, options=Cori(2, max_cv=None))

    assert (np.diff(found.quantiles[:, 0], axis=0) >= 0).all()
