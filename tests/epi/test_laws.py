import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.laws import LAWS, Gamma, LogNormal, Weibull

means = st.floats(0.01, 1000)
spreads = st.floats(0.05, 3)
laws = st.builds(
    lambda law, mean, spread: law(mean=mean, sd=mean * spread),
    st.sampled_from(list(LAWS.values())),
    means,
    spreads,
)


def test_exponential_is_the_gamma_and_the_weibull_whose_sd_is_the_mean():
    x = np.array([0.0, 0.5, 2.0, 10.0])
    exact = 1 - np.exp(-x / 3)
    np.testing.assert_allclose(Gamma(3, 3).cdf(x), exact, atol=1e-14)
    np.testing.assert_allclose(Weibull(3, 3).cdf(x), exact, atol=1e-14)


def test_rayleigh_is_the_weibull_of_shape_two():
    law = Weibull(mean=math.sqrt(math.pi) / 2, sd=math.sqrt(1 - math.pi / 4))
    assert law.shape == pytest.approx(2, rel=1e-12)
    assert law.scale == pytest.approx(1, rel=1e-12)


def test_lognormal_has_the_parameters_of_its_moments():
    law = LogNormal(mean=math.exp(1.621 + 0.418**2 / 2), sd=5.5 * math.sqrt(math.expm1(0.418**2)))
    assert law.mu == pytest.approx(1.621, abs=2e-3)
    assert law.sigma == pytest.approx(0.418, abs=2e-3)


def test_covid_incubation_of_lauer_has_its_published_quantiles():
    law = LogNormal(mean=5.56, sd=2.41)
    median, p975 = law.quantile([0.5, 0.975])
    assert median == pytest.approx(5.1, abs=0.05)
    assert p975 == pytest.approx(11.5, abs=0.15)


@pytest.mark.parametrize("law", [Gamma(4, 2), LogNormal(4, 2), Weibull(4, 2)])
def test_the_excess_is_the_area_under_the_tail(law):
    x = np.linspace(0, 400, 400_001)
    tail = 1 - law.cdf(x)
    for at in (0.0, 1.0, 3.5, 9.0):
        assert float(law.excess(at)) == pytest.approx(
            np.trapezoid(tail[x >= at], dx=1e-3), abs=1e-5
        )


@given(laws)
def test_before_zero_the_excess_is_all_of_the_delay(law):
    assert float(law.excess(0.0)) == pytest.approx(law.mean)
    assert float(law.excess(-2.0)) == pytest.approx(law.mean + 2)


@given(laws, st.floats(0.001, 0.999))
def test_a_quantile_undoes_the_distribution_function(law, p):
    assert float(law.cdf(law.quantile(p))) == pytest.approx(p, abs=1e-9)


@given(laws)
def test_the_ends_of_every_law(law):
    assert law.quantile([0.0, 1.0]).tolist() == [0.0, math.inf]
    assert law.cdf([-1.0, 0.0, math.inf]).tolist() == [0.0, 0.0, 1.0]


@given(laws, st.lists(st.floats(0, 5000), min_size=2, max_size=5))
def test_distribution_functions_only_rise(law, points):
    assert np.all(np.diff(law.cdf(np.sort(points))) >= -1e-12)


@pytest.mark.parametrize("law", LAWS.values())
@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_a_share_is_between_zero_and_one(law, p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        law(5, 2).quantile(p)


@pytest.mark.parametrize(("mean", "sd"), [(0, 1), (-1, 1), (1, 0), (math.nan, 1), (math.inf, 1)])
def test_mean_and_spread_are_above_zero(mean, sd):
    with pytest.raises(ValueError, match="above zero"):
        Gamma(mean, sd)


@pytest.mark.parametrize("sd", [1e-5, 1e5])
def test_a_delay_without_spread_is_not_a_law(sd):
    with pytest.raises(ValueError, match=r"delays\.certain"):
        Weibull(1, sd)


def test_laws_with_equal_moments_are_equal():
    assert Weibull(5, 2) == Weibull(5, 2)
    assert {Gamma(5, 2), Gamma(5, 2)} == {Gamma(5, 2)}
