"""Upper tails of counts that vary more than Poisson ones do, with half of the count itself.

A negative binomial law is given by its mean and variance here, because that is what a fit knows;
where the variance does not exceed the mean it is the Poisson law.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tongchou.epi.detect.series import Floats

__all__ = ["largest_count", "log_pmf", "mid_p", "upper_tail"]

#: a variance this little above the mean is the mean
_POISSON = 1.0 + 1e-6
_LEAST_MEAN = 1e-12
#: mean over variance
_VAST = 1e-6


def upper_tail(count: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> Floats:
    """P(Y >= count), in any one shape that the three broadcast to."""
    y, least, size, rest = _law(count, mean, variance)
    above, k = np.maximum(y, 1e-300), np.where(np.isinf(size), 1.0, size)
    beyond = np.where(
        np.isinf(size), special.gammainc(above, least), special.betainc(above, k, 1.0 - rest)
    )
    # Where the variance is beyond all measure 1 - rest is 1, and so would be every tail. The
    # complement is right there too, but takes ten times as long.
    vast = rest < _VAST
    if vast.any():
        beyond[vast] = special.betaincc(k[vast], above[vast], rest[vast])
    return np.where(y <= 0, np.where(np.isnan(y + least), np.nan, 1.0), beyond)


def mid_p(count: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> Floats:
    """P(Y > count) + P(Y = count) / 2: right on average, where P(Y >= count) is too large.

    Whatever adds up many p-values of small counts, as Fisher's method does, needs it: plain
    ones make the sum blind.

    Examples
    --------
    >>> mid_p([0, 3], 1.0, 1.0).round(3).tolist()
    [0.816, 0.05]

    References
    ----------
    Lancaster 1961, doi:10.1080/01621459.1961.10482105
    """
    y = np.asarray(count, dtype=float)
    return 0.5 * (upper_tail(y, mean, variance) + upper_tail(y + 1.0, mean, variance))


def log_pmf(count: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> Floats:
    """log P(Y = count)."""
    y, least, size, rest = _law(count, mean, variance)
    k = np.where(np.isinf(size), 1.0, size)
    loose = (
        special.gammaln(y + k)
        - special.gammaln(k)
        + k * np.log(rest)
        + special.xlogy(y, np.where(np.isinf(size), 1.0, 1.0 - rest))
    )
    tight = special.xlogy(y, least) - least
    answer: Floats = np.where(np.isinf(size), tight, loose) - special.gammaln(y + 1.0)
    return answer


def largest_count(p: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> Floats:
    """The largest count whose mid-p is still at least `p`; -1 where even zero is too rare.

    A first guess (the gamma law with the same mean and variance, by Wilson and Hilferty) is mostly
    off by one or two.
    """
    bounds, means, variances = np.broadcast_arrays(
        np.asarray(p, float), np.asarray(mean, float), np.asarray(variance, float)
    )
    rare, middle, wide = bounds.ravel(), np.maximum(means.ravel(), _LEAST_MEAN), variances.ravel()
    spread = np.maximum(wide, middle) / middle**2 / 9.0
    guess = middle * np.maximum(1 - spread + special.ndtri(1 - rare) * np.sqrt(spread), 0.0) ** 3
    known = np.isfinite(guess)
    low = np.where(known, np.maximum(np.floor(guess), -1.0), np.nan)
    high = low + 1.0
    # Widen by ever larger steps until the answer is between, then halve. The guess is mostly
    # right, and then each loop is entered once.
    for bottom in (True, False):
        left, step = np.flatnonzero(known), 1.0
        while left.size:
            there = low[left] if bottom else high[left]
            common = mid_p(there, middle[left], wide[left]) >= rare[left]
            left = left[~common & (there >= 0)] if bottom else left[common]
            if bottom:
                high[left], low[left] = low[left], np.maximum(low[left] - step, -1.0)
            else:
                low[left], high[left] = high[left], high[left] + step
            step *= 2.0
    left = np.flatnonzero(known & (high - low > 1.0))
    while left.size:
        there = np.floor((low[left] + high[left]) / 2.0)
        common = mid_p(there, middle[left], wide[left]) >= rare[left]
        low[left[common]], high[left[~common]] = there[common], there[~common]
        left = left[high[left] - low[left] > 1.0]
    return low.reshape(bounds.shape)


def _law(
    count: ArrayLike, mean: ArrayLike, variance: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Count and mean, the size (infinite: Poisson) and the rest `mean / variance`."""
    y, given, spread = np.broadcast_arrays(
        np.asarray(count, float), np.asarray(mean, float), np.asarray(variance, float)
    )
    least = np.maximum(given, _LEAST_MEAN)
    loose = spread > least * _POISSON
    size = np.full(least.shape, np.inf)
    size[loose] = least[loose] ** 2 / (spread[loose] - least[loose])
    rest = np.where(loose, least / np.where(loose, spread, 1.0), 1.0)
    return y, least, size, rest
