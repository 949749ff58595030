import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tongchou.epi.detect import tails

MEAN, VARIANCE = 4.0, 9.0
LAW = stats.nbinom(MEAN**2 / (VARIANCE - MEAN), MEAN / VARIANCE)


def test_the_tail_is_that_of_the_negative_binomial_law() -> None:
    counts = np.arange(40)
    assert tails.upper_tail(counts, MEAN, VARIANCE) == pytest.approx(LAW.sf(counts - 1), rel=1e-10)


def test_without_excess_variance_the_law_is_poisson() -> None:
    counts = np.arange(40)
    poisson = stats.poisson(MEAN).logpmf(counts)
    assert tails.log_pmf(counts, MEAN, MEAN) == pytest.approx(poisson, rel=1e-10)


def test_mid_p_is_one_half_on_average() -> None:
    counts = np.arange(400)
    assert LAW.pmf(counts) @ tails.mid_p(counts, MEAN, VARIANCE) == pytest.approx(0.5, abs=1e-9)


def test_a_count_that_did_not_come_has_no_p_value() -> None:
    assert np.isnan(tails.mid_p(np.nan, MEAN, VARIANCE))


@given(p=st.floats(1e-6, 0.4), mean=st.floats(0.01, 5_000.0), dispersion=st.floats(1.0, 20.0))
def test_the_largest_count_is_the_last_that_is_common_enough(
    p: float, mean: float, dispersion: float
) -> None:
    largest = float(tails.largest_count(p, mean, mean * dispersion))
    assert largest < 0 or tails.mid_p(largest, mean, mean * dispersion) >= p
    assert tails.mid_p(largest + 1, mean, mean * dispersion) < p


def test_the_largest_count_is_found_quickly_however_far_the_guess_is_off() -> None:
    largest = tails.largest_count(0.003, [1e11, 1e-9, 50.0], [1e20, 5e-9, 1e6])
    assert (tails.mid_p(largest + 1, [1e11, 1e-9, 50.0], [1e20, 5e-9, 1e6]) < 0.003).all()


def test_a_variance_beyond_all_measure_leaves_a_tail_and_a_bound() -> None:
    mean, variance = 1e8, 5e22
    k = mean**2 / (variance - mean)
    assert tails.upper_tail(1.0, mean, variance) == pytest.approx(
        -np.expm1(k * np.log(mean / variance)), rel=1e-9
    )
    assert tails.largest_count(0.003, mean, variance) in (-1.0, 0.0)
