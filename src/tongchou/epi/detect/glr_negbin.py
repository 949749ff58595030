"""Likelihood ratio CUSUM of counts: has the mean risen at some time since the last alarm?

Each time asks for every possible beginning of an outbreak how much likelier the counts since then
are with a higher mean than with the expected one. Negative binomial, or Poisson where alpha is 0.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.cusum import first_judged
from tongchou.epi.detect.seasonal_negbin import design, fitted
from tongchou.epi.detect.series import Floats, Series, Verdicts
from tongchou.kit.compiled import example, kernel

__all__ = ["GlrNegbin", "glr_negbin"]


@dataclass(frozen=True, slots=True)
class GlrNegbin:
    """How a rise is looked for.

    Attributes
    ----------
    c_arl
        The log-likelihood ratio that is an alarm.
    mu0
        Expected count; without, fitted to all counts before the first one judged.
    season, trend, period
        Of that fit: harmonics of a year of `period` times, and whether with a trend.
    alpha
        Dispersion: the variance is mu + alpha mu². None: estimated with the fit (around `mu0`,
        where that is given). 0: Poisson.
    theta
        The rise in the logarithm of the mean that is looked for; None: whatever is likeliest.
    m_tilde, m
        At least so many times are taken together, and a beginning at most so many before the one
        judged; -1: back to the last alarm.
    dir
        inc looks for a rise, dec for a fall.
    change
        intercept: from some time on the mean is multiplied. (R's epi is not here.)
    """

    c_arl: float = 5.0
    mu0: float | None = None
    season: int = 1
    trend: bool = False
    period: float = 52.0
    alpha: float | None = None
    theta: float | None = None
    m_tilde: int = 1
    m: int = -1
    dir: Literal["inc", "dec"] = "inc"
    change: Literal["intercept"] = "intercept"

    def __post_init__(self) -> None:
        if not self.c_arl > 0:
            raise ValueError(f"the limit c_arl is above zero, not {self.c_arl:g}")
        if self.mu0 is not None and not self.mu0 > 0:
            raise ValueError(f"the expected count mu0 is above zero, not {self.mu0:g}")
        if self.alpha is not None and not self.alpha >= 0:
            raise ValueError(f"alpha is zero or above, not {self.alpha:g}")
        if self.season < 0 or not self.period > 1:
            raise ValueError("season counts harmonics, from 0 on, of a period above 1")
        if self.theta is not None and (self.theta == 0 or (self.theta > 0) != (self.dir == "inc")):
            raise ValueError("theta is above zero for a rise, below zero for a fall")
        if self.m_tilde < 1 or self.m < -1 or -1 < self.m < self.m_tilde - 1:
            raise ValueError("m_tilde is 1 or more, m -1 or at least m_tilde - 1")


def glr_negbin(
    series: Series, at: ArrayLike | None = None, options: GlrNegbin = GlrNegbin()
) -> Verdicts:
    """Judge counts by the likelihood ratio of a changed mean since the last alarm.

    It starts anew after each alarm and with the first time judged.

    Parameters
    ----------
    at
        Times to judge, in one run; by default the second half of all. What lies before them says
        what to expect.

    Returns
    -------
    Verdicts
        `score` is the log-likelihood ratio, `bound` the largest count that is no alarm (the least,
        where a fall is looked for), `expected` the mean without change; there is no p. A series
        whose history cannot be fitted is NaN throughout, a count not reported says nothing either
        way.

    References
    ----------
    Höhle & Paul 2008, doi:10.1016/j.csda.2008.02.015; numbers as of R's surveillance 1.20.3,
    glrnb with ret = "value" (the bound is one below its "cases"). With m or m_tilde set R's Poisson
    statistic leaves out beginnings that its negative binomial one asks for; here both ask.
    """
    times = first_judged(series, at)
    found = Verdicts.silent(series.n_series, times)
    if not times.size:
        return found
    first, last = int(times[0]), int(times[-1]) + 1
    for row in range(series.n_series):
        try:
            mean, alpha = _expected(series.counts[row], first, last, options)
        except (ValueError, np.linalg.LinAlgError):
            continue
        counts = series.counts[row, first:last]
        score, bound = np.full((2, counts.size), np.nan)
        rise = 1.0 if options.dir == "inc" else -1.0
        if options.theta is None:
            _glr(counts, mean, alpha, options.c_arl, options.m, options.m_tilde, rise, score, bound)
        else:
            _lr(counts, mean, alpha, options.c_arl, options.theta, score, bound)
        judged = times - first
        known = ~np.isnan(score[judged])
        found.expected[row] = np.where(known, mean[judged], np.nan)
        found.score[row], found.bound[row] = score[judged], bound[judged]
        found.alarm[row] = known & (score[judged] >= options.c_arl)
    return found


def _expected(counts: Floats, first: int, last: int, options: GlrNegbin) -> tuple[Floats, float]:
    """The mean of each time to be judged, and the dispersion."""
    times = np.arange(1.0, last + 1)
    known = np.flatnonzero(~np.isnan(counts[:first]))
    if options.mu0 is not None:
        mean = np.full(last - first, options.mu0)
        if options.alpha is not None:
            return mean, options.alpha
        one = np.ones((known.size, 1))
        return mean, fitted(one, counts[known], None)[1]
    if options.season == 0 and not options.trend and options.alpha is not None:
        total = float(counts[known].sum())  # the likeliest mean is the mean; no steps to stop
        if not total > 0:
            raise ValueError("the history has no cases")
        return np.full(last - first, total / known.size), options.alpha
    columns = design(times, harmonics=options.season, trend=options.trend, period=options.period)
    terms, alpha = fitted(columns[known], counts[known], options.alpha)
    return np.exp(columns[first:last] @ terms), alpha


# --- the two statistics of one series ------------------------------------------------------------

#: No count above this is looked for as a bound; R's limit as well.
_MOST = 10_000.0


@kernel
def _lr(
    x: Floats, mu: Floats, alpha: float, limit: float, theta: float, score: Floats, bound: Floats
) -> None:
    """A change of known size: Page's recursion."""
    total = 0.0
    for t in range(x.size):
        if np.isnan(x[t]):
            continue
        # The log-likelihood ratio of one count is a straight line in it.
        if alpha > 0:
            log = math.log((1 + alpha * mu[t] * math.exp(theta)) / (1 + alpha * mu[t]))
            per, fixed = theta - log, -log / alpha
        else:
            per, fixed = theta, -mu[t] * (math.exp(theta) - 1)
        edge = (limit - total - fixed) / per
        bound[t] = max(math.ceil(edge), 0.0) - 1 if per > 0 else max(math.floor(edge), -1.0) + 1
        total = max(0.0, total + x[t] * per + fixed)
        score[t] = total
        if total >= limit:
            total = 0.0


@kernel
def _glr(
    x: Floats,
    mu: Floats,
    alpha: float,
    limit: float,
    m: int,
    m_tilde: int,
    rise: float,
    score: Floats,
    bound: Floats,
) -> None:
    """A change of any size at any time: the best over beginnings and sizes."""
    begin = 0
    for t in range(x.size):
        if np.isnan(x[t]):
            continue
        furthest = begin if m < 0 else max(begin, t - m)
        best = 0.0
        edge = _MOST if rise > 0 else -1.0
        others, means, kappa = 0.0, 0.0, 0.0
        for k in range(t, furthest - 1, -1):
            if np.isnan(x[k]):
                continue
            means += mu[k]
            others += x[k] if k < t else 0.0
            if t - k + 1 < m_tilde:
                continue
            ratio, kappa = _ratio(x, mu, k, t, x[t], alpha, others, means, rise, kappa)
            best = max(best, ratio)
            # Only a beginning that lowers the bound found so far is looked at more closely.
            low, high = (-1.0, edge) if rise > 0 else (edge, math.floor(means) + 1)
            near = high - 1 if rise > 0 else low + 1
            if near < 0 or _ratio(x, mu, k, t, near, alpha, others, means, rise, kappa)[0] < limit:
                continue
            while high - low > 1:
                middle = math.floor((low + high) / 2)
                there = _ratio(x, mu, k, t, middle, alpha, others, means, rise, kappa)[0]
                if (there >= limit) == (rise > 0):
                    high = middle
                else:
                    low = middle
            edge = high if rise > 0 else low
        score[t], bound[t] = best, edge - rise
        if best >= limit:
            begin = t + 1


@kernel
def _ratio(
    x: Floats,
    mu: Floats,
    k: int,
    t: int,
    newest: float,
    alpha: float,
    others: float,
    means: float,
    rise: float,
    kappa: float,
) -> tuple[float, float]:
    """Log-likelihood ratio of a change from k to t, and its size, with `newest` counted at t."""
    total = others + newest
    if alpha <= 0:
        if (total - means) * rise <= 0:
            return 0.0, 0.0
        size = math.log(total / means) if total > 0 else -math.inf
        gain = total * size if total > 0 else 0.0
        return gain - (total - means), size
    slope, _ = _slopes(x, mu, k, t, newest, alpha, 0.0)
    if slope * rise <= 0:
        return 0.0, 0.0
    if total <= 0:  # nobody since k: the likeliest mean is nothing
        gain = 0.0
        for i in range(k, t + 1):
            if not np.isnan(x[i]):
                gain += math.log(1 + alpha * mu[i]) / alpha
        return gain, kappa
    # The slope falls all the way and changes sign once: Newton's steps, kept in a bracket.
    low, high = (0.0, 60.0) if rise > 0 else (-60.0, 0.0)
    size = kappa if low < kappa < high else math.log(total / means)
    if not low < size < high:
        size = rise * 0.5
    for _ in range(100):
        slope, bend = _slopes(x, mu, k, t, newest, alpha, size)
        if slope > 0:
            low = size
        else:
            high = size
        new = size - slope / bend
        if not low <= new <= high:
            new = (low + high) / 2
        if abs(new - size) < 1e-11:
            break
        size = new
    gain = 0.0
    for i in range(k, t + 1):
        if not np.isnan(x[i]):
            count = x[i] if i < t else newest
            log = math.log((1 + alpha * mu[i] * math.exp(size)) / (1 + alpha * mu[i]))
            gain += count * size - (count + 1 / alpha) * log
    return gain, size


@kernel
def _slopes(
    x: Floats, mu: Floats, k: int, t: int, newest: float, alpha: float, size: float
) -> tuple[float, float]:
    """First and second derivative of that likelihood in the size of the change."""
    slope, bend, factor = 0.0, 0.0, math.exp(size)
    for i in range(k, t + 1):
        if not np.isnan(x[i]):
            count = x[i] if i < t else newest
            mean = mu[i] * factor
            slope += (count - mean) / (1 + alpha * mean)
            bend -= mean * (1 + alpha * count) / (1 + alpha * mean) ** 2
    return slope, bend


@example
def _tiny() -> Verdicts:
    few = Series(np.array([[3.0, 4, 2, 3, 9, 8]]))
    glr_negbin(few, at=[4, 5], options=GlrNegbin(season=0, theta=0.5, alpha=0.1))
    return glr_negbin(few, at=[4, 5], options=GlrNegbin(season=0, alpha=0.1))
