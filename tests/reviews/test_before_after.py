"""Faster or not: the shift and its interval against a published example and by hand."""

import pytest

from tongchou.reviews.before_after import shift

# Hollander & Wolfe: permeability of chorioamnion at term and at 12 to 26 weeks; R's wilcox.test.
TERM = (0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
EARLY = (1.15, 0.88, 0.90, 0.74, 1.21)


def test_the_shift_is_the_median_of_all_differences():
    found = shift(EARLY, TERM)

    assert found.by == pytest.approx(0.305)
    assert (found.low, found.high) == (pytest.approx(-0.15), pytest.approx(0.76))
    assert not found.faster and not found.slower


def test_fewer_than_five_on_a_side_say_nothing():
    assert shift([1, 2, 3, 4], [5, 6, 7, 8, 9]) is None
    assert shift([5, 6, 7, 8, 9], []) is None


def test_what_lies_wholly_below_is_faster():
    found = shift(range(20, 40), range(10))

    assert found.faster and not found.slower
    assert shift(range(10), range(20, 40)).slower


def test_equal_lengths_are_no_difference():
    found = shift([3] * 8, [3] * 8)

    assert (found.by, found.low, found.high) == (0, 0, 0)
    assert not found.faster
