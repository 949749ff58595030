"""The smallest of several p-values of windows that all end today, made into one honest p-value.

Windows of 1, 2, 3, 5 and 7 days share their days; asking all of them is asking about three
questions, not five, and this file says how many.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tongchou.epi.detect.series import Floats

__all__ = ["of_smallest", "smallest_for"]

_GRID = np.concatenate((np.logspace(-12, -2, 41), np.linspace(0.015, 0.99, 60)))
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(100)


def of_smallest(p: ArrayLike, lengths: tuple[int, ...]) -> Floats:
    """Probability that the smallest p of the windows is as small as `p`, where nothing happens.

    Parameters
    ----------
    p
        The smallest p-value, any shape.
    lengths
        Days of the windows, rising; all end on the same day.

    Examples
    --------
    >>> of_smallest(0.003, (1, 2, 3, 5, 7)).round(4).item()
    0.0109

    References
    ----------
    Nested sums of independent days are a random walk seen at a few times. The chance that it
    stays below all its bounds is found by carrying its density from one time to the next
    (Armitage, McPherson & Rowe 1969, doi:10.2307/2343787).
    """
    chance = np.interp(np.log(np.clip(p, 1e-300, 1.0)), np.log(_GRID), _logit(lengths))
    small = np.asarray(p, float) < _GRID[0]
    answer = special.expit(chance)
    return np.where(
        small, np.asarray(p, float) * len(lengths), np.where(np.isnan(p), np.nan, answer)
    )


def smallest_for(chance: ArrayLike, lengths: tuple[int, ...]) -> Floats:
    """The bound on each window's p that is crossed with probability `chance` by any of them."""
    wanted = special.logit(np.asarray(chance, float))
    answer: Floats = np.exp(np.interp(wanted, _logit(lengths), np.log(_GRID)))
    return answer


@lru_cache(maxsize=16)
def _logit(lengths: tuple[int, ...]) -> Floats:
    if not lengths or lengths[0] < 1 or list(lengths) != sorted(set(lengths)):
        raise ValueError(f"windows are whole days, the shortest first, not {lengths}")
    crossed = [_crossing(float(p), lengths) for p in _GRID]
    return np.asarray(special.logit(np.minimum(crossed, 1 - 1e-9)), dtype=np.float64)


def _crossing(p: float, lengths: tuple[int, ...]) -> float:
    """1 - P(S(n) < z sqrt(n) for every n of `lengths`), S a walk of standard normal steps."""
    z = float(-special.ndtri(p))
    before, lost = 0, 0.0
    points, mass = np.zeros(1), np.ones(1)
    for days in lengths:
        edge = z * np.sqrt(days)
        step = np.sqrt(days - before)
        # What is beyond the edge is summed by itself: 1 - P(stays) would lose its digits.
        lost += float(mass @ special.ndtr((points - edge) / step))
        low = -9.0 * np.sqrt(days)
        new = low + (edge - low) * (_NODES + 1) / 2
        density = np.exp(-(((new[:, None] - points) / step) ** 2) / 2) / (step * np.sqrt(2 * np.pi))
        mass = (density @ mass) * _WEIGHTS * (edge - low) / 2
        points, before = new, days
    return lost
