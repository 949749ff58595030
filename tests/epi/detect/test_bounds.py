import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tongchou.epi.detect.bounds import normal_bound, normal_tail, quantile, tail

MEANS = st.floats(1e-6, 5e4)
PHIS = st.one_of(st.just(1.0), st.floats(1.0001, 50))


def law(mean, phi):
    return stats.poisson(mean) if phi == 1 else stats.nbinom(mean / (phi - 1), 1 / phi)


@given(st.integers(0, 10_000), MEANS, PHIS)
def test_the_tail_is_that_of_the_law(count, mean, phi):
    assert tail(count, mean, phi) == pytest.approx(
        law(mean, phi).sf(count - 1), rel=1e-8, abs=1e-300
    )


@given(st.floats(0.9, 0.9999), MEANS, PHIS)
def test_the_quantile_is_the_smallest_count_that_is_seldom_exceeded(p, mean, phi):
    found = float(quantile(p, mean, phi))

    assert tail(found + 1, mean, phi) <= 1 - p
    assert found == 0 or tail(found, mean, phi) > 1 - p


def test_many_quantiles_are_found_at_once():
    mean, phi = np.meshgrid([0.01, 1, 30, 4000], [1, 1.5, 20])

    found = quantile(0.99, mean, phi)

    assert np.array_equal(found, np.vectorize(lambda m, f: law(m, f).ppf(0.99))(mean, phi))


def test_of_what_is_not_known_there_is_no_bound():
    assert np.isnan(quantile(0.99, [np.nan, np.inf], 2)).all()
    assert np.isnan(tail([np.nan, 1, 1], [1, np.nan, np.inf], 2)).all()


def test_a_mean_beyond_counting_has_a_bound_too():
    assert quantile(0.99, 1e20, 3.0) == pytest.approx(1e20)


@pytest.mark.parametrize("power", ["2/3", "1/2", "none"])
def test_beyond_the_normal_bound_lies_the_probability_asked_for(power):
    z = stats.norm.isf(0.01)
    bound = normal_bound(z, 8.0, 1.5, 0.7, power)

    assert normal_tail(bound, 8.0, 1.5, 0.7, power) == pytest.approx(0.01)
