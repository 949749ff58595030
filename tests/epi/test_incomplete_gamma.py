import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.incomplete_gamma import lower, upper


@pytest.mark.parametrize("shape", [1, 2, 5, 30])
def test_whole_shapes_are_a_sum_over_the_poisson_law(shape):
    x = np.array([0.0, 0.1, 1.0, 4.0, 29.0, 33.0, 90.0])
    tail = [
        sum(math.exp(-at) * at**i / math.factorial(i) for i in range(shape)) for at in x.tolist()
    ]
    np.testing.assert_allclose(upper(shape, x), tail, rtol=1e-12)
    np.testing.assert_allclose(lower(shape, x), 1 - np.array(tail), atol=1e-13)


def test_shape_one_half_is_the_error_function():
    z = np.linspace(0.01, 6, 50)
    np.testing.assert_allclose(lower(0.5, z**2), [math.erf(each) for each in z], rtol=1e-13)
    np.testing.assert_allclose(upper(0.5, z**2), [math.erfc(each) for each in z], rtol=1e-11)


def test_far_tails_keep_their_digits():
    # Q(2, x) = (1 + x) exp(-x)
    assert upper(2, 300.0) == pytest.approx(301 * math.exp(-300), rel=1e-11, abs=0)


def test_the_ends_are_exact():
    assert lower(3, [-1.0, 0.0, np.inf]).tolist() == [0.0, 0.0, 1.0]
    assert upper(3, [-1.0, 0.0, np.inf]).tolist() == [1.0, 1.0, 0.0]


def test_what_is_not_a_number_stays_so():
    assert np.isnan(lower(2, np.nan))


def test_the_shape_of_the_array_is_kept():
    assert lower(2, np.ones((2, 3))).shape == (2, 3)
    assert lower(2, 1.0).shape == ()


@pytest.mark.parametrize("shape", [0, -1, math.nan, math.inf])
def test_a_shape_must_be_above_zero(shape):
    with pytest.raises(ValueError, match="above zero"):
        lower(shape, 1.0)


def test_a_large_shape_is_close_to_the_normal_law():
    assert lower(1e6, 1e6) == pytest.approx(0.5 + 1 / (3 * math.sqrt(2 * math.pi * 1e6)), abs=1e-8)


@given(st.floats(0.01, 500), st.floats(0, 2000))
def test_both_sides_make_one_and_step_by_the_recurrence(shape, x):
    below, above = float(lower(shape, x)), float(upper(shape, x))
    step = math.exp(shape * math.log(x) - x - math.lgamma(shape + 1)) if x else 0.0
    assert below + above == pytest.approx(1)
    assert float(upper(shape + 1, x)) == pytest.approx(above + step, abs=1e-11)
