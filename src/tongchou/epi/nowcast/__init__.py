"""How many there will have been: counts of the last days, completed for what is not yet reported.

The newest days look like a fall in every curve of an outbreak. `estimate` says how many events of
each day will be known in the end, and with what interval, or why it will not say.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tongchou.epi.detect.series import Floats, Indices
from tongchou.epi.nowcast import predictive
from tongchou.epi.nowcast.triangle import Delays, Triangle, delays

__all__ = ["REASONS", "Delays", "Nowcast", "Options", "Triangle", "delays", "estimate"]

#: Why a day has no nowcast, by code.
REASONS = {
    "": "spoken",
    "thin": "fewer events with a known delay than `least_events`",
    "short": "no day is old enough to have shown the longest delays",
    "early": "less of the day is in than `least_share`",
}


@dataclass(frozen=True)
class Options:
    """How to nowcast.

    Attributes
    ----------
    method
        `negbin` (our own, see `estimate`), or one of R's: `lawless`, `unif`, `bayes.notrunc`,
        `bayes.notrunc.bnb`, `bayes.trunc`.
    levels
        Quantiles wanted, rising.
    window
        Only reports of the last so many times teach the delays; all by default.
    least_events, least_share
        `negbin` refuses with fewer events in the triangle, and for days of which a smaller
        share is in. R's methods never refuse.
    largest
        R's methods only: the largest final count thought of.
    prior_mean, prior_var
        R's `bayes.notrunc` and `bayes.trunc` only: of the gamma law of a day's mean.
    """

    method: str = "negbin"
    levels: tuple[float, ...] = (0.025, 0.5, 0.975)
    window: int | None = None
    least_events: int = 30
    least_share: float = 0.05
    largest: int = 300
    prior_mean: float = 50.0
    prior_var: float = 3000.0

    def __post_init__(self) -> None:
        if self.method != "negbin" and self.method not in predictive.METHODS:
            known = ", ".join(["negbin", *predictive.METHODS])
            raise ValueError(f"no method {self.method}; there are {known}")
        inside = all(0 < level < 1 for level in self.levels)
        if not self.levels or not inside or sorted(self.levels) != list(self.levels):
            raise ValueError("levels of quantiles lie between 0 and 1, and rise")


@dataclass(frozen=True, eq=False)
class Nowcast:
    """Final counts as they will be.

    Attributes
    ----------
    at
        i64[n_at], rows of the triangle.
    reported
        f64[n_at], known so far.
    share
        f64[n_at], share of a day's events that is known by its age; NaN where nobody can tell.
    point
        f64[n_at], reported / share: the chain ladder.
    quantiles
        f64[n_at, n_levels]; NaN where the method does not speak.
    refused
        A code of `REASONS` for each time.
    """

    at: Indices
    reported: Floats
    share: Floats
    point: Floats
    quantiles: Floats
    refused: tuple[str, ...]


def estimate(
    triangle: Triangle, at: ArrayLike | None = None, options: Options = Options()
) -> Nowcast:
    """Final counts of some times of a triangle; by default of all that can still grow.

    The own method, `negbin`: unseen events are negative binomial. Their mean and variance come
    from a day's mean that is gamma around the days before it (shape 1: as sure as one event), a
    share reported by now that is beta by the delay law under truncation. Intervals are then widened
    by as much as complete days strayed from the chain ladder at that age beyond chance: more where
    reports come in lumps, as over weekends.

    Parameters
    ----------
    at
        Rows of the triangle, negative from the end.

    References
    ----------
    Mack 1993, doi:10.2143/AST.23.2.2005092 (chain ladder and its error); Höhle & an der Heiden
    2014, doi:10.1111/biom.12194

    Examples
    --------
    >>> known = [[2.0, 6, 2], [3, 5, np.nan], [4, np.nan, np.nan]]
    >>> now = estimate(Triangle(np.array(known)), options=Options("lawless"))
    >>> now.point.round(2).tolist()
    [10.0, 16.0]
    """
    if at is None:
        rows = np.flatnonzero(triangle.oldest_delay < triangle.max_delay)
    else:
        rows = np.atleast_1d(np.asarray(at, dtype=np.int64))
        rows = np.where(rows < 0, rows + triangle.n_times, rows)
        if rows.size and not (rows.min() >= 0 and rows.max() < triangle.n_times):
            raise ValueError(f"there are {triangle.n_times} times; asked for {rows.tolist()}")
    law = delays(triangle, window=options.window)
    reported = triangle.reported
    share = law.cdf[triangle.oldest_delay]
    with np.errstate(divide="ignore", invalid="ignore"):
        point = np.where(share > 0, reported / share, np.nan)
    levels = np.array(options.levels)
    if options.method == "negbin":
        table, refused = _negbin(triangle, rows, law, point, options)
    else:
        pmfs = (_pmf(triangle, int(row), law, options) for row in rows)
        table = np.array([predictive.quantiles(p, levels) for p in pmfs])
        table = table.reshape(rows.size, levels.size)
        refused = ("",) * rows.size
    return Nowcast(rows, reported[rows], share[rows], point[rows], table, refused)


def _pmf(triangle: Triangle, row: int, law: Delays, options: Options) -> Floats:
    known, delay = int(triangle.reported[row]), int(triangle.oldest_delay[row])
    size = options.largest + 1
    if known >= size:
        raise ValueError(f"{known} events are known already, more than the largest thought of")
    if options.method == "unif":
        return predictive.uniform(known, size)
    if delay >= triangle.max_delay:
        pmf = np.zeros(size)
        pmf[known] = 1.0
        return pmf
    if options.method == "lawless":
        return predictive.lawless(known, float(law.cdf[delay]), size)
    truncated = options.method == "bayes.trunc"
    a, b = predictive.beta_of_cdf(law, delay, 0.1, truncated=truncated)
    if options.method == "bayes.notrunc.bnb":
        return predictive.beta_negative_binomial(known, a, b, size)
    shape = options.prior_mean**2 / options.prior_var
    rate = options.prior_mean / options.prior_var
    return predictive.poisson_gamma(known, a, b, size, shape=shape, rate=rate)


def _negbin(
    triangle: Triangle, rows: Indices, law: Delays, point: Floats, options: Options
) -> tuple[Floats, tuple[str, ...]]:
    table = np.full((rows.size, len(options.levels)), np.nan)
    refused = []
    levels = np.array(options.levels)
    strayed = lumps(triangle, law)
    age = triangle.oldest_delay
    around = usual(point, law.cdf[age])
    for place, row in enumerate(rows):
        known, delay = float(triangle.reported[row]), int(age[row])
        why = reason(triangle, law, delay, options)
        refused.append(why)
        if why:
            continue
        if delay >= triangle.max_delay:
            table[place] = known
            continue
        share = predictive.beta_of_cdf(law, delay, 0.1, truncated=True)
        mean, var = _unseen(known, float(around[row]), share)
        lumpy = var + (strayed[delay] - 1) * mean / float(law.cdf[delay])
        table[place] = known + nb_quantiles(mean, var, np.sqrt(lumpy / var), levels)
    return table, tuple(refused)


def reason(triangle: Triangle, law: Delays, delay: int, options: Options) -> str:
    """Why nothing is said of a day of this age: a code of `REASONS`, empty where it is."""
    if triangle.n_times <= triangle.max_delay or np.isnan(law.cdf[delay]):
        return "short"
    if law.at_risk[-1] < options.least_events / 2 or law.events.sum() < options.least_events:
        return "thin"
    if law.cdf[delay] < options.least_share:
        return "early"
    return ""


def usual(point: Floats, share: Floats) -> Floats:
    """The mean of the days before each, as far as half of them is in: where a new one starts."""
    good = share >= 0.5
    found = np.full(point.size, np.nan)
    for row in range(point.size):
        before = np.flatnonzero(good[:row])[-7:]
        found[row] = point[before].mean() if before.size else np.nan
    overall = float(np.nanmean(point[good])) if good.any() else 1.0
    return np.maximum(np.where(np.isnan(found), overall, found), 0.5)


def _unseen(known: float, usual: float, share: tuple[float, float]) -> tuple[float, float]:
    """Mean and variance of what is still to come, over gamma mean and beta share."""
    nodes = predictive.beta_nodes(*share)
    shape = 1.0 + known
    rate = 1.0 / usual + nodes
    # how well each share explains what is known
    weight = np.exp(special.xlogy(known, nodes) - shape * np.log(rate))
    weight /= weight.sum()
    means = shape * (1 - nodes) / rate
    mean = float(weight @ means)
    var = float(weight @ (means + means**2 / shape + means**2)) - mean**2
    return mean, max(var, mean)


def lumps(triangle: Triangle, law: Delays) -> Floats:
    """By delay, how far complete days strayed from the chain ladder: 1 where only by chance.

    f64[max_delay + 1], never below 1. Of a day with n in by delay d, n (1 - F) / F more should
    come, with variance n (1 - F) / F² if each event waits on its own. Smoothed over a week of
    delays.
    """
    whole = triangle.counts[triangle.oldest_delay >= triangle.max_delay]
    known = np.cumsum(whole, axis=1)
    share = np.clip(law.cdf, 1e-3, 1.0)
    var = known * (1 - share) / share**2
    fit = var >= 0.5
    strayed = (known[:, -1:] - known / share) ** 2
    square = np.where(fit, strayed / np.maximum(var, 0.5), 0.0).sum(axis=0)
    smooth = np.ones(min(7, share.size))
    n = np.convolve(fit.sum(axis=0), smooth, "same")
    spread = np.convolve(square, smooth, "same") / np.maximum(n, 1)
    chosen: Floats = np.maximum(np.where(n >= 10, spread, 1.0), 1.0)
    return chosen


def nb_quantiles(mean: float, var: float, wider: float, levels: Floats) -> Floats:
    """Quantiles of the negative binomial of this mean and variance (Poisson at the limit).

    They are then moved away from the median by the factor `wider`: more variance in the law
    itself would pull the median below what has always come in the end.
    """
    if mean <= 0:
        return np.zeros(levels.size)
    top = int(mean + 12 * np.sqrt(var) + 30)
    success = min(mean / max(var, mean * (1 + 1e-9)), 1 - 1e-9)
    size = mean * success / (1 - success)
    pmf = np.exp(predictive.nb_log_pmf(np.arange(top + 1.0), size, success))
    middle, *others = predictive.quantiles(pmf, np.append(0.5, levels))
    moved = middle + wider * (np.array(others) - middle)
    rounded: Floats = np.where(levels < 0.5, np.floor(moved), np.ceil(moved))
    return np.maximum(rounded, 0.0)
