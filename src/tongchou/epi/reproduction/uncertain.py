"""Instantaneous R when the serial interval itself is uncertain: a mixture over likely intervals.

Only the intervals are drawn. Given an interval the posterior is gamma, so the mixture's mean, sd
and quantiles are computed and not sampled a second time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tongchou.epi.gamma_quantile import gamma_quantiles
from tongchou.epi.reproduction.cori import Cori, cases_of, posterior
from tongchou.epi.reproduction.interval import shifted_gamma
from tongchou.epi.reproduction.windows import Estimates, Floats, Reason, sliding, windows_of

__all__ = ["Uncertain", "instantaneous_uncertain"]

_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A number known to a normal law that is cut off on both sides, in days.

    Examples
    --------
    >>> Uncertain(2.6, sd=1.0, low=1.0, high=4.2)
    Uncertain(mean=2.6, sd=1.0, low=1.0, high=4.2)
    """

    mean: float
    sd: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.sd > 0 and 0 <= self.low < self.high):
            raise ValueError(
                f"an uncertain number needs sd above zero and low < high, not {self.sd:g}, "
                f"{self.low:g} and {self.high:g}"
            )

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        low, high = (special.ndtr((end - self.mean) / self.sd) for end in (self.low, self.high))
        place = special.ndtri(low + (high - low) * rng.random(size))
        return np.clip(self.mean + self.sd * np.asarray(place), self.low, self.high)


def instantaneous_uncertain(
    counts: ArrayLike,
    *,
    mean: Uncertain,
    sd: Uncertain,
    rng: np.random.Generator,
    draws: int = 500,
    options: Cori = Cori(),  # noqa: B008 - frozen
    imported: ArrayLike | None = None,
    start: ArrayLike | None = None,
    end: ArrayLike | None = None,
) -> Estimates:
    """Instantaneous R over many shifted-gamma serial intervals of uncertain mean and sd.

    About half a millisecond for each window and hundred draws: for a city, not for every series.

    Parameters
    ----------
    mean, sd
        Of the serial interval; the mean's `low` at least one day.
    rng
        The dice, for the intervals alone.
    draws
        How many intervals. The mean's Monte Carlo error is its spread between intervals divided
        by the root of this.
    counts, options, imported, start, end
        As for `cori.instantaneous`. An interval longer than the history up to a window's end
        leaves that window to the others.

    References
    ----------
    Cori et al. 2013, doi:10.1093/aje/kwt133, web appendix 4
    """
    if mean.low < 1 or sd.low <= 0:
        raise ValueError("the mean serial interval is at least one day, its sd above zero")
    if draws < 1:
        raise ValueError(f"at least one interval is drawn, not {draws}")
    total, local = cases_of(counts, imported)
    n_times = total.shape[1]
    if start is None or end is None:
        first, last = sliding(n_times, options.window)
    else:
        first, last = windows_of(n_times, start, end)
    means, sds = mean.sample(rng, draws), sd.sample(rng, draws)
    rates = np.full((draws, total.shape[0], first.size), np.nan)
    reason = np.full(rates.shape[1:], Reason.EARLY, np.int8)
    shape = np.full(rates.shape[1:], np.nan)
    for draw in range(draws):
        weights = shifted_gamma(max(means[draw], 1 + 1e-9), sds[draw], n_times)
        shape, rate, why = posterior(total, local, weights, first, last, options)
        known = why != Reason.EARLY
        rates[draw][known] = rate[known]
        reason[known] = why[known]
    asked = np.array(options.probabilities)
    centre, spread, quantiles = _mixture(shape, rates, asked)
    found = Estimates(first, last, centre, spread, asked, quantiles, reason)
    thin = reason == Reason.FEW_CASES
    found.silence((reason != Reason.NONE) & ~(thin & options.show_thin))
    return found


def _mixture(shape: Floats, rates: Floats, asked: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, sd and quantiles of gamma laws of one shape each, mixed over their rates."""
    quantiles = np.full((asked.size, *shape.shape), np.nan)
    mean, sd = np.full((2, *shape.shape), np.nan)
    unit = gamma_quantiles(shape, asked)
    for place in np.ndindex(shape.shape):
        rate = rates[(slice(None), *place)]
        rate = rate[~np.isnan(rate)]
        if not rate.size:
            continue
        a = float(shape[place])
        each = a / rate
        mean[place] = each.mean()
        sd[place] = np.sqrt(np.mean(a / rate**2) + each.var())
        here = (slice(None), *place)
        quantiles[here] = _inverted(a, rate, asked, unit[here])
    return mean, sd, quantiles


def _inverted(a: float, rate: Floats, asked: Floats, unit: Floats) -> Floats:
    """Quantiles of one mixture: they lie between those of its fastest and its slowest law."""
    low, high = unit / rate.max(), unit / rate.min()
    point = unit / np.median(rate)
    for _ in range(_ROUNDS):
        x = point[:, None] * rate
        share = special.gammainc(a, x).mean(axis=1)
        low, high = np.where(share < asked, point, low), np.where(share < asked, high, point)
        # Newton's step in the logarithm; where it leaves the bracket, halve instead.
        slope = np.exp(a * np.log(x) - x - special.gammaln(a)).mean(axis=1)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = point * np.exp((asked - share) / slope)
        within = (step > low) & (step < high)
        new = np.where(within, step, np.sqrt(low * high))
        if np.all(np.abs(new - point) <= 1e-8 * point):  # steps square, so this is exact
            return np.asarray(new)
        point = new
    return point
