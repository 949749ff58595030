import numpy as np
import pytest
from scipy import special

from tongchou.epi.detect.windows import of_smallest, smallest_for

LENGTHS = (1, 2, 3, 5, 7)


def test_one_window_needs_no_correction() -> None:
    p = np.array([1e-6, 0.003, 0.2])
    assert of_smallest(p, (1,)) == pytest.approx(p, rel=0.01)


def test_the_correction_agrees_with_simulated_days() -> None:
    days = np.random.default_rng(3).normal(size=(400_000, 7)).cumsum(axis=1)
    sums = days[:, np.array(LENGTHS) - 1] / np.sqrt(LENGTHS)
    smallest = special.ndtr(-sums).min(axis=1)
    for p in (0.003, 0.05, 0.5):
        assert of_smallest(p, LENGTHS) == pytest.approx((smallest < p).mean(), rel=0.05)


def test_the_bound_is_the_inverse() -> None:
    chances = np.array([1e-4, 0.003, 0.01, 0.1])
    assert of_smallest(smallest_for(chances, LENGTHS), LENGTHS) == pytest.approx(chances, rel=1e-6)


def test_windows_must_rise() -> None:
    with pytest.raises(ValueError, match="the shortest first"):
        smallest_for(0.01, (7, 1))
