import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from tests.epi.reproduction.truth import as_r
from tongchou.epi.delays import Delay
from tongchou.epi.reproduction import Cori, Reason, instantaneous, shifted_gamma

EVERY = Cori(max_cv=None)
GROWING = np.round(10 * 1.2 ** np.arange(30))
INTERVAL = [0, 0.25, 0.5, 0.25]


def test_a_known_serial_interval_gives_what_epiestim_gives(outbreak):
    interval = shifted_gamma(outbreak.mean, outbreak.sd, outbreak.cases.size)
    found = instantaneous(outbreak.cases, interval, options=EVERY)

    np.testing.assert_allclose(as_r(found), outbreak.said("param"), rtol=1e-9, equal_nan=True)


def test_a_table_of_shares_gives_what_epiestim_gives(outbreak):
    found = instantaneous(outbreak.cases, outbreak.table, options=EVERY)

    np.testing.assert_allclose(as_r(found), outbreak.said("nonparam"), rtol=1e-9, equal_nan=True)


def test_mean_and_quantiles_are_those_of_the_gamma_posterior():
    found = instantaneous([2.0, 3, 5, 4, 6], [0, 1.0], options=Cori(3, 2.0, 1.0, (0.9,), None))
    shape, rate = 4 + (5 + 4 + 6), 2 + (3 + 5 + 4)

    assert found.mean[0, -1] == pytest.approx(shape / rate)
    assert found.sd[0, -1] == pytest.approx(np.sqrt(shape) / rate)
    assert found.quantiles[0, 0, -1] == pytest.approx(special.gammaincinv(shape, 0.9) / rate)


def test_steady_growth_gives_the_r_of_the_renewal_equation():
    found = instantaneous(1000 * 1.2 ** np.arange(40), INTERVAL, options=EVERY)
    growth = 1 / sum(w * 1.2**-day for day, w in enumerate(INTERVAL))

    assert found.mean[0, -1] == pytest.approx(growth, rel=1e-3)


def test_imported_cases_infect_but_nobody_here_infected_them():
    cases = np.array([5.0, 0, 6, 2, 3, 4])
    brought = np.array([5.0, 0, 5, 0, 1, 0])
    found = instantaneous(cases, [0, 1.0], imported=brought, options=Cori(4, 5, 5, (0.5,), None))
    local = 1 + 2 + 2 + 4
    infectious = 0 + 6 + 2 + 3

    assert found.mean[0, -1] == pytest.approx((1 + local) / (1 / 5 + infectious))


def test_windows_may_be_of_any_length():
    found = instantaneous(GROWING, INTERVAL, start=[4, 10], end=[4, 29], options=EVERY)
    one = instantaneous(GROWING, INTERVAL, options=Cori(20, max_cv=None))

    assert found.mean[0, 1] == pytest.approx(one.mean[0, -1])
    assert found.mean.shape == (1, 2)


def test_a_delay_is_taken_as_its_table_is():
    as_delay = instantaneous(GROWING, Delay(np.array([0.25, 0.5, 0.25]), 1))
    as_table = instantaneous(GROWING, INTERVAL)

    np.testing.assert_allclose(as_delay.mean, as_table.mean)


# --- where it does not speak ---------------------------------------------------------------------


def test_a_window_before_one_mean_interval_says_nothing():
    found = instantaneous(GROWING, shifted_gamma(12.5, 3, 30), options=Cori(3))

    assert found.reason[0, :9].tolist() == [Reason.EARLY] * 9
    assert np.isnan(found.mean[0, :9]).all() and not np.isnan(found.mean[0, 9])


def test_few_cases_are_no_estimate_unless_one_asks_for_it():
    cases = np.array([1.0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0])
    quiet = instantaneous(cases, INTERVAL)
    shown = instantaneous(cases, INTERVAL, options=Cori(show_thin=True))

    assert (quiet.reason == Reason.FEW_CASES).all() and np.isnan(quiet.quantiles).all()
    assert (shown.reason == Reason.FEW_CASES).all() and not np.isnan(shown.mean).any()


def test_nothing_to_infect_anybody_is_no_r_of_five():
    found = instantaneous(np.zeros(30), INTERVAL, options=EVERY)

    assert (found.reason == Reason.NOTHING).all() and np.isnan(found.mean).all()


def test_a_day_that_is_missing_is_not_zero():
    whole = 1000 * 1.1 ** np.arange(40)
    gap = whole.copy()
    gap[20] = np.nan
    wide = shifted_gamma(15, 5, 40)
    found, expected = (
        instantaneous(each, wide, options=Cori(max_cv=None)) for each in (gap, whole)
    )

    inside = (found.reason == Reason.NONE)[0]
    assert inside[-1]
    np.testing.assert_allclose(found.mean[0, inside], expected.mean[0, inside], rtol=0.05)


def test_much_of_the_past_missing_is_no_estimate():
    gap = 1000 * 1.1 ** np.arange(40)
    gap[20:26] = np.nan
    found = instantaneous(gap, INTERVAL)

    silent = found.end[found.reason[0] == Reason.NOT_REPORTED]
    assert silent.min() >= 20 and silent.max() < 35
    assert found.reason[0, -1] == Reason.NONE


# --- many series ---------------------------------------------------------------------------------


def test_many_series_are_the_same_as_one_by_one():
    rng = np.random.default_rng(5)
    counts = rng.poisson(20, (40, 50)).astype(float)
    counts[3, 7] = counts[9, 40:] = np.nan
    found = instantaneous(counts, INTERVAL)

    for row in (0, 3, 9, 39):
        alone = instantaneous(counts[row], INTERVAL)
        np.testing.assert_array_equal(found.quantiles[:, row], alone.quantiles[:, 0])
        np.testing.assert_array_equal(found.reason[row], alone.reason[0])


@given(st.lists(st.integers(0, 200), min_size=12, max_size=30), st.integers(2, 9))
def test_more_local_cases_never_lower_r_of_their_day(cases, day):
    """Cases of a window's last day infect nobody within it."""
    counts = np.array(cases, dtype=float) + 1
    more = counts.copy()
    more[day] += 10
    one, two = (
        instantaneous(each, INTERVAL, start=[1], end=[day], options=EVERY)
        for each in (counts, more)
    )

    assert two.mean[0, 0] > one.mean[0, 0]


@pytest.mark.parametrize(
    ("counts", "interval", "words", "said"),
    [
        ([1.0, -1], INTERVAL, {}, "zero up"),
        (GROWING, [0.5, 0.5], {}, "day 0"),
        (GROWING, [0, 2.0], {}, "add up"),
        (GROWING, INTERVAL, {"imported": GROWING + 1}, "imported"),
        (GROWING, INTERVAL, {"start": [0], "end": [3]}, "column 1"),
    ],
)
def test_what_cannot_be_is_refused(counts, interval, words, said):
    with pytest.raises(ValueError, match=said):
        instantaneous(counts, interval, **words)


@pytest.mark.parametrize("wrong", [{"window": 0}, {"prior_sd": 0}, {"probabilities": (1.0,)}])
def test_options_are_checked(wrong):
    with pytest.raises(ValueError):
        Cori(**wrong)


def test_an_interval_longer_than_the_series_says_nothing():
    found = instantaneous([9.0, 9, 9, 9], [0] * 30 + [1.0], options=Cori(2, max_cv=None))

    assert (found.reason == Reason.NOTHING).all()


def test_the_newest_window_is_the_last_of_all():
    counts = np.random.default_rng(2).poisson(30, (20, 200)).astype(float)
    counts[4, 150] = np.nan
    interval = shifted_gamma(5.2, 2.8, 200)
    every = instantaneous(counts, interval, imported=counts / 10)
    newest = instantaneous(counts, interval, imported=counts / 10, start=[193], end=[199])

    np.testing.assert_array_equal(newest.mean[:, 0], every.mean[:, -1])
