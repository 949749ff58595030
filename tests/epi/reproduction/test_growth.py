import numpy as np
import pytest

from tongchou.epi.reproduction import Growth, Reason, doubling_time, growth_rate


def test_clean_growth_is_found_and_its_doubling_time():
    found = growth_rate(50 * np.exp(0.1 * np.arange(20)))

    assert found.mean[0] == pytest.approx(0.1)
    assert doubling_time(found.mean[0, -1]) == pytest.approx(6.931, abs=1e-3)


def test_a_fall_halves():
    found = growth_rate(500 * np.exp(-0.2 * np.arange(14)))

    assert doubling_time(found.mean[0, 0]) == pytest.approx(-3.466, abs=1e-3)


@pytest.mark.parametrize("size", [None, 3.0])
def test_intervals_hold_the_truth_as_often_as_they_say(size):
    """Poisson counts, and counts with three times its variance and more."""
    rng = np.random.default_rng(11)
    mean = 40 * np.exp(0.05 * np.arange(14))
    counts = np.broadcast_to(mean, (2000, 14))
    if size is not None:
        counts = rng.gamma(counts / size, size)
    found = growth_rate(rng.poisson(counts).astype(float))
    low, high = found.quantiles[0, :, 0], found.quantiles[-1, :, 0]

    assert np.mean((low < 0.05) & (high > 0.05)) == pytest.approx(0.955, abs=0.02)
    assert found.mean.mean() == pytest.approx(0.05, abs=0.003)


def test_days_that_are_missing_do_not_matter_zeros_do():
    cases = 50 * np.exp(0.1 * np.arange(14))
    gap, zero = cases.copy(), cases.copy()
    gap[5], zero[5] = np.nan, 0
    found = growth_rate(np.array([gap, zero]))

    assert found.mean[0, 0] == pytest.approx(0.1)
    assert found.sd[1, 0] > 1.5 * found.sd[0, 0]


def test_thin_windows_say_why_they_are_silent():
    half = np.full(14, 20.0)
    half[:7] = np.nan
    found = growth_rate(np.array([np.zeros(14), np.r_[np.zeros(13), 3], half]))

    assert found.reason[:, 0].tolist() == [Reason.NOTHING, Reason.FEW_CASES, Reason.NOT_REPORTED]
    assert np.isnan(found.mean).all() and np.isnan(found.quantiles).all()


def test_cases_on_one_day_alone_are_no_growth():
    assert growth_rate(np.r_[np.zeros(13), 50]).reason[0, 0] == Reason.FEW_CASES


def test_only_the_newest_window_may_be_asked_for():
    counts = np.arange(60.0).reshape(2, 30) + 5
    every, newest = growth_rate(counts), growth_rate(counts, options=Growth(newest=True))

    np.testing.assert_array_equal(every.mean[:, -1:], newest.mean)


def test_no_growth_never_doubles():
    assert doubling_time([0.0]) == np.inf


@pytest.mark.parametrize("wrong", [{"window": 2}, {"min_cases": 0}, {"probabilities": (0.0,)}])
def test_options_are_checked(wrong):
    with pytest.raises(ValueError):
        Growth(**wrong)
