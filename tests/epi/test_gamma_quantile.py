import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from tongchou.epi.gamma_quantile import gamma_quantiles

USUAL = np.array([0.025, 0.5, 0.975])


def test_whole_and_broken_shapes_agree_with_scipys_inverse():
    shape = np.concatenate((np.arange(1.0, 400), np.geomspace(0.02, 1e9, 3000)))
    expected = special.gammaincinv(shape, USUAL[:, None])

    np.testing.assert_allclose(gamma_quantiles(shape, USUAL), expected, rtol=1e-11)


@pytest.mark.parametrize("p", [1e-6, 0.001, 0.05, 0.9, 0.9999])
def test_rare_probabilities_are_as_exact(p):
    shape = np.geomspace(0.1, 1e5, 500)

    np.testing.assert_allclose(
        gamma_quantiles(shape, [p])[0], special.gammaincinv(shape, p), rtol=1e-11
    )


@given(st.floats(0.02, 1e6), st.floats(0.001, 0.999), st.floats(1e-3, 1e3))
def test_a_quantile_has_its_probability_below_it(shape, p, scale):
    p = round(p, 2) or 0.01  # a table for each; so not too many of them
    found = gamma_quantiles([shape], [min(p, 0.99)], scale)[0, 0]

    assert special.gammainc(shape, found / scale) == pytest.approx(min(p, 0.99), rel=1e-8)


def test_shapes_outside_of_the_tables_go_to_scipy():
    shape = np.array([1e-3, 3e12, np.nan, 2.0])
    found = gamma_quantiles(shape, [0.5], 2.0)[0]

    assert found[:2] == pytest.approx(2 * special.gammaincinv(shape[:2], 0.5))
    assert np.isnan(found[2]) and not np.isnan(found[3])


def test_many_at_once_are_the_same_as_one_by_one():
    shape = 1.0 + np.arange(20_000.0).reshape(4, -1) % 70
    found = gamma_quantiles(shape, USUAL)

    assert found.shape == (3, 4, 5000)
    np.testing.assert_array_equal(found[:, 2, 7], gamma_quantiles(shape[2, 7], USUAL))


@pytest.mark.parametrize(("shape", "p"), [(1.0, 0.0), (1.0, 1.0), (0.0, 0.5), (-1.0, 0.5)])
def test_what_has_no_quantile_is_refused(shape, p):
    with pytest.raises(ValueError):
        gamma_quantiles([shape], [p])
