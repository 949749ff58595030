"""Bounds and tails of counts around a fitted mean: transformed normal, Poisson, negative binomial.

Overdispersion is a factor here, variance over mean, as quasi-Poisson fits give it; at 1 the law is
Poisson's.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from tongchou.epi.detect.series import Floats

__all__ = ["Power", "normal_bound", "normal_tail", "quantile", "tail"]

Power = Literal["2/3", "1/2", "none"]
#: Whole numbers beyond have no neighbours in a float.
_EXACT = 2.0**52
_POWER = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}


def tail(count: ArrayLike, mean: ArrayLike, phi: ArrayLike) -> Floats:
    """P(Y >= count) of a count with this mean and variance phi x mean."""
    y, mean, phi = _floats(count, mean, phi)
    loose = phi > 1
    size = np.where(loose, mean / np.where(loose, phi - 1, 1.0), 1.0)
    share = np.where(loose, 1 - 1 / np.where(loose, phi, 1.0), 0.5)
    some = np.maximum(y, 1e-300)
    beyond = np.where(loose, special.betainc(some, size, share), special.gammainc(some, mean))
    beyond = np.where(y > 0, beyond, 1.0)
    return np.where(np.isnan(y) | ~np.isfinite(mean) | np.isnan(phi), np.nan, beyond)


def quantile(p: float, mean: ArrayLike, phi: ArrayLike) -> Floats:
    """The smallest count that is exceeded with a probability of at most `1 - p`.

    A guess from the first three moments (Cornish and Fisher) is fenced in by growing steps and
    then halved down to the exact answer, mostly in two or three looks.
    """
    mean, phi = _floats(mean, phi)
    found = np.full(mean.shape, np.nan)
    known = np.isfinite(mean) & np.isfinite(phi)
    mean, phi = mean[known], np.maximum(phi[known], 1.0)
    z = special.ndtri(p)
    guess = mean + np.sqrt(mean * phi) * z + (2 * phi - 1) * (z * z - 1) / 6
    guess, small = np.maximum(np.floor(guess), 0.0), mean < _EXACT
    guess[small] = _walk(guess[small], mean[small], phi[small], 1 - p)
    found[known] = guess
    return found


def _walk(guess: Floats, mean: Floats, phi: Floats, above: float) -> Floats:
    """The smallest count of which `P(Y > count) <= above`."""

    def enough(count: Floats, who: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(tail(count + 1, mean[who], phi[who]) <= above)

    low, high = guess - 1, guess.copy()  # low is too low, high is high enough
    step, left = 1.0, np.flatnonzero(~enough(high, np.arange(high.size)))
    while left.size:
        low[left] = high[left]
        high[left] += step
        left, step = left[~enough(high[left], left)], step * 2
    step, left = 1.0, np.flatnonzero((low == guess - 1) & (low >= 0))
    left = left[enough(low[left], left)]
    while left.size:
        high[left] = low[left]
        low[left] = np.maximum(low[left] - step, -1.0)
        left, step = left[low[left] >= 0], step * 2
        left = left[enough(low[left], left)]
    left = np.flatnonzero(high - low > 1)
    while left.size:
        middle = np.floor((low[left] + high[left]) / 2)
        fits = enough(middle, left)
        high[left[fits]], low[left[~fits]] = middle[fits], middle[~fits]
        left = left[high[left] - low[left] > 1]
    return high


def normal_bound(
    z: float, mean: ArrayLike, phi: ArrayLike, variance: ArrayLike, power: Power
) -> Floats:
    """The count that is `z` standard deviations above, where its `power` is taken for normal.

    `variance` is that of the fitted mean, in counts squared.
    """
    (mean,) = _floats(mean)
    k = _POWER[power]
    above: Floats = mean**k + z * _sd(mean, phi, variance, k)
    return above ** (1 / k)


def normal_tail(
    count: ArrayLike, mean: ArrayLike, phi: ArrayLike, variance: ArrayLike, power: Power
) -> Floats:
    """The probability of more than `count` by the law of `normal_bound`."""
    y, mean = _floats(count, mean)
    k = _POWER[power]
    found: Floats = special.ndtr(-(y**k - mean**k) / _sd(mean, phi, variance, k))
    return found


def _sd(mean: Floats, phi: ArrayLike, variance: ArrayLike, k: float) -> Floats:
    """Standard deviation of (new count) ** k about mean ** k, by the delta method."""
    spread: Floats = k * mean ** (k - 1) * np.sqrt(mean * np.asarray(phi) + np.asarray(variance))
    return spread


def _floats(*values: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(value, float) for value in values)))
