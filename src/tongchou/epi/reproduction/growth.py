"""How fast counts grow: a straight line through their logarithm, by quasi-Poisson regression.

It needs no serial interval. Zeros are counts like any other, days that were not reported are
left out, and scatter beyond Poisson's widens the interval.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from tongchou.epi.reproduction.cori import USUAL, cases_of
from tongchou.epi.reproduction.windows import Estimates, Floats, Reason, sliding

__all__ = ["Growth", "doubling_time", "growth_rate"]

_ROUNDS = 40
Flags = NDArray[np.bool_]

#: A count cannot well change more than twentyfold in a day; beyond it the fit has run away.
_STEEPEST = 3.0


@dataclass(frozen=True, slots=True)
class Growth:
    """How a growth rate is estimated.

    Attributes
    ----------
    window
        Days of a window. Whole weeks, or weekends will look like growth.
    probabilities
        Of the quantiles.
    min_cases, min_reported
        A window speaks with at least so many cases, and this share of its days reported.
    newest
        Only the last window of all.
    """

    window: int = 14
    probabilities: tuple[float, ...] = USUAL
    min_cases: int = 10
    min_reported: float = 0.7
    newest: bool = False

    def __post_init__(self) -> None:
        if self.window < 3:
            raise ValueError(f"a growth rate needs a window of 3 days or more, not {self.window}")
        if not all(0 < p < 1 for p in self.probabilities):
            raise ValueError("the probabilities of quantiles lie between 0 and 1")
        if not (self.min_cases >= 1 and 0 < self.min_reported <= 1):
            raise ValueError("min_cases is at least 1, min_reported a share")


def growth_rate(counts: ArrayLike, *, options: Growth = Growth()) -> Estimates:
    """Exponential growth per day of each series in each window, with its law.

    The law is Student's, with the window's days less two as degrees of freedom. The dispersion
    is never taken below Poisson's.

    Parameters
    ----------
    counts
        f64[n_series, n_times] or f64[n_times]; NaN where not reported.

    Examples
    --------
    >>> found = growth_rate(100 * 2 ** (np.arange(14) / 7))
    >>> doubling_time(found.mean).round(6).tolist()
    [[7.0]]

    References
    ----------
    McCullagh & Nelder 1989, Generalized Linear Models, section 6.2
    """
    total, _ = cases_of(counts, None)
    start, end = sliding(total.shape[1], options.window, first=0)
    if options.newest:
        start, end = start[-1:], end[-1:]
    asked = np.array(options.probabilities)
    size = (total.shape[0], start.size)
    rate, error = np.full((2, *size), np.nan)
    reason = np.zeros(size, np.int8)
    freedom = np.ones(size)
    for at, first in enumerate(start.tolist()):  # one window of all series at once
        y = total[:, first : first + options.window]
        seen = ~np.isnan(y)
        cases = np.where(seen, y, 0.0)
        rate[:, at], error[:, at] = _fitted(cases, seen)
        freedom[:, at] = np.maximum(seen.sum(axis=1) - 2, 1)
        n = cases.sum(axis=1)
        reason[n < options.min_cases, at] = Reason.FEW_CASES
        reason[n <= 0, at] = Reason.NOTHING
        reason[seen.mean(axis=1) < options.min_reported, at] = Reason.NOT_REPORTED
    reason[(np.abs(rate) > _STEEPEST) & (reason == Reason.NONE)] = Reason.FEW_CASES
    t = special.stdtrit(freedom, asked[:, None, None])
    found = Estimates(start, end, rate, error, asked, rate + t * error, reason)
    found.silence(reason != Reason.NONE)
    return found


def doubling_time(rate: ArrayLike) -> Floats:
    """Days in which counts double at this growth per day; negative: days in which they halve.

    An interval of rates that holds zero has no interval of doubling times: its ends are a
    halving and a doubling time, and everything slower than both lies between.

    Examples
    --------
    >>> doubling_time([0.1, -0.1, 0.0]).round(2).tolist()
    [6.93, -6.93, inf]
    """
    r = np.asarray(rate, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(r == 0, np.inf, np.log(2) / r))


def _fitted(y: Floats, seen: Flags) -> tuple[Floats, Floats]:
    """Slope and its standard error, f64[n_series] both, of counts [n_series, n_days]."""
    n_days = y.shape[1]
    x = np.arange(n_days) - (n_days - 1) / 2
    weight = seen.astype(np.float64)
    level = np.log(np.maximum(y.sum(axis=1), 0.5) / np.maximum(weight.sum(axis=1), 1))
    slope = np.zeros(y.shape[0])
    for _ in range(_ROUNDS):
        mu, (s0, s1, s2) = _moments(level, slope, x, weight)
        det = np.maximum(s0 * s2 - s1**2, 1e-300)
        off = (y - mu) * weight
        g0, g1 = off.sum(axis=1), off @ x
        # Steps are cut, so that a window that falls to nothing does not throw the fit.
        up = np.clip((s2 * g0 - s1 * g1) / det, -2, 2)
        steeper = np.clip((s0 * g1 - s1 * g0) / det, -0.5, 0.5)
        level, slope = np.clip(level + up, -50, 50), np.clip(slope + steeper, -5, 5)
        if np.all(np.abs(up) < 1e-12) and np.all(np.abs(steeper) < 1e-12):
            break
    mu, (s0, s1, s2) = _moments(level, slope, x, weight)
    pearson = ((y - mu) ** 2 / np.maximum(mu, 1e-300) * weight).sum(axis=1)
    dispersion = np.maximum(pearson / np.maximum(weight.sum(axis=1) - 2, 1), 1.0)
    return slope, np.sqrt(dispersion * s0 / np.maximum(s0 * s2 - s1**2, 1e-300))


def _moments(
    level: Floats, slope: Floats, x: Floats, weight: Floats
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    mu = np.exp(np.clip(level[:, None] + slope[:, None] * x, -60, 60))
    w = mu * weight
    return mu, (w.sum(axis=1), w @ x, w @ x**2)
