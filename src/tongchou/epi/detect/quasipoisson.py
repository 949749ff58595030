"""Quasi-Poisson regressions of thousands of series that share a design: groups and one slope.

With one mean for each group and one common slope, X'WX has the shape of an arrow: a step of
iteratively reweighted least squares costs a pass over the rows and no matrix at all.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import prange
from numpy.typing import NDArray

from tongchou.epi.detect.series import Floats
from tongchou.kit.compiled import example, kernel, parallel_kernel

__all__ = ["Design", "Fits", "Rules", "fit"]

I32 = NDArray[np.int32]
#: The deviance has settled when it changes by less than this part; after so many steps it has not.
_SETTLED, _STEPS = 1e-8, 25
_LEAST = float(np.finfo(np.float64).eps)
#: Threads cost more than they save for fewer series.
_FEW = 32
#: A row with this leverage is its own group: its residual is zero whatever was counted.
_ALONE = 1.0 - 10 * _LEAST


@dataclass(frozen=True, eq=False)
class Design:
    """The rows that every series of one date is fitted to.

    Attributes
    ----------
    rows
        i64[n_rows], columns of the table of counts.
    group
        i32[n_rows], the season each row belongs to, from 0.
    time
        f64[n_rows], in steps of the series.
    now, now_time
        The column and the time predicted for.
    n_groups, now_group
        How many seasons there are, and which one the prediction belongs to.
    """

    rows: NDArray[np.int64]
    group: I32
    time: Floats
    now: int
    now_time: float
    n_groups: int
    now_group: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What is done to a fit.

    Attributes
    ----------
    trend
        Whether a slope is tried.
    p_trend
        It is kept where its p (t test) is below this; 1 keeps every one.
    weights_threshold
        Rows whose Anscombe residual is above count less in a second fit; None fits once.
    min_rows
        Fewer reported rows are not fitted.
    min_now
        Nor is a series with fewer rows in the season predicted for.
    r_weights
        As R's flexible method: after the second fit its weights stand for the working weights in
        the dispersion that the slope's t and the mean's variance are scaled by.
    """

    trend: bool
    p_trend: float
    weights_threshold: float | None
    min_rows: int = 1
    min_now: int = 1
    r_weights: bool = False


@dataclass(frozen=True, eq=False)
class Fits:
    """Fitted means at the time predicted for; each f64[n_series], NaN where nothing was fitted.

    Attributes
    ----------
    mean
        Expected count.
    phi
        Overdispersion, at least 1.
    variance
        Of the logarithm of the mean.
    slope
        Growth of the logarithm in a step; NaN where there is none.
    """

    mean: Floats
    phi: Floats
    variance: Floats
    slope: Floats


def fit(counts: Floats, design: Design, rules: Rules, offset: Floats | None = None) -> Fits:
    """Fit every series to one design.

    Log link; from mu = y + 0.1 until the deviance settles. A slope stays only where it is
    significant, and the mean predicted with it is no larger than the largest count fitted to; else
    the series is fitted without one. Rows with unexpectedly large counts weigh less in a second
    fit, by their Anscombe residuals (Farrington et al. 1996).

    Where every count was zero and the fit does not settle, the mean is that of half a case in all
    rows, unless `r_weights` asks for R.

    Parameters
    ----------
    counts
        f64[n_series, n_times]; NaN rows are left out.
    offset
        f64[n_series, n_times], added to the logarithm of the mean: of the population, say. The
        prediction takes the offset of the time predicted for, which must then be a column.

    References
    ----------
    Farrington et al. 1996, doi:10.2307/2983331; Noufaily et al. 2013, doi:10.1002/sim.5595
    """
    n_series, n_rows = counts.shape[0], design.rows.size
    out = np.full((4, n_series), np.nan)
    first = design.time[0] if n_rows else 0.0
    judge = _fit_all if n_series >= _FEW else _fit_few
    judge(
        np.ascontiguousarray(counts),
        np.zeros((0, 0)) if offset is None else np.ascontiguousarray(offset),
        design.rows,
        design.group,
        design.time - first,
        (design.now_time - first, design.now, design.n_groups, design.now_group),
        _critical(rules.p_trend, n_rows) if rules.trend else np.zeros(0),
        -1.0 if rules.weights_threshold is None else rules.weights_threshold,
        (max(rules.min_rows, 1), max(rules.min_now, 1)),
        rules.r_weights,
        out,
    )
    return Fits(*out)


def _critical(p: float, n: int) -> Floats:
    """|t| above which a slope's two-sided p is below `p`, for each number of degrees of freedom."""
    from scipy import special

    values = np.full(n + 1, np.inf)
    if n:
        values[1:] = special.stdtrit(np.arange(1, n + 1), 1 - p / 2) if p < 1 else -1.0
    return values


@parallel_kernel
def _fit_all(
    counts: Floats,
    offset: Floats,
    rows: NDArray[np.int64],
    group: I32,
    time: Floats,
    now: tuple[float, int, int, int],
    critical: Floats,
    threshold: float,
    least: tuple[int, int],
    r_weights: bool,
    out: Floats,
) -> None:
    for i in prange(counts.shape[0]):
        _fit_one(
            counts[i], offset, i, rows, group, time, now, critical, threshold, least, r_weights, out
        )


@kernel
def _fit_few(
    counts: Floats,
    offset: Floats,
    rows: NDArray[np.int64],
    group: I32,
    time: Floats,
    now: tuple[float, int, int, int],
    critical: Floats,
    threshold: float,
    least: tuple[int, int],
    r_weights: bool,
    out: Floats,
) -> None:
    for i in range(counts.shape[0]):
        _fit_one(
            counts[i], offset, i, rows, group, time, now, critical, threshold, least, r_weights, out
        )


@kernel
def _fit_one(
    counts: Floats,
    offset: Floats,
    i: int,
    rows: NDArray[np.int64],
    group: I32,
    time: Floats,
    now: tuple[float, int, int, int],
    critical: Floats,
    threshold: float,
    least: tuple[int, int],
    r_weights: bool,
    out: Floats,
) -> None:
    """One series: with a slope where it may have one, else without; fitted again by residuals."""
    now_time, column, n_groups, now_group = now
    y, x, off = np.empty(rows.size), np.empty(rows.size), np.zeros(rows.size)
    g = np.empty(rows.size, np.int32)
    n, n_now, largest = 0, 0, 0.0
    for r in range(rows.size):
        count = counts[rows[r]]
        shift = offset[i, rows[r]] if offset.size else 0.0
        if not (np.isnan(count) or np.isnan(shift)):
            y[n], x[n], g[n], off[n] = count, time[r], group[r], shift
            n += 1
            n_now += group[r] == now_group
            largest = max(largest, count)
    if n < least[0] or n_now < least[1]:
        return
    y, x, g, off = y[:n], x[:n], g[:n], off[:n]
    now_shift = offset[i, column] if offset.size else 0.0
    sums = np.empty((3, n_groups))  # of each group: weight, mean of x, mean of z
    level = np.empty(n_groups)
    mu, working, omega = np.empty(n), np.empty(n), np.ones(n)
    for with_slope in (True, False):
        if with_slope and critical.size == 0:
            continue
        omega[:] = 1.0
        settled, slope, spread = _irls(y, x, g, off, omega, with_slope, level, sums, mu, working)
        if not settled:
            continue
        rank = _rank(sums[0], with_slope)
        dispersion = _dispersion(y, mu, working, n - rank)
        if threshold >= 0:
            _reweight(y, x, g, mu, working, sums, spread, max(dispersion, 1.0), threshold, omega)
            settled, slope, spread = _irls(
                y, x, g, off, omega, with_slope, level, sums, mu, working
            )
            if not settled:
                continue
            dispersion = _dispersion(y, mu, working, n - rank)
        scale = dispersion
        if r_weights and threshold >= 0:
            scale = _dispersion(y, mu, omega, n - rank)
        mean = max(math.exp(level[now_group] + slope * now_time + now_shift), _LEAST)
        if with_slope:
            strength = abs(slope) / math.sqrt(scale / spread)
            if not (n > rank and strength > critical[n - rank] and mean <= largest):
                continue
        factor = 1.0 / sums[0, now_group]
        if with_slope:
            factor += (now_time - sums[1, now_group]) ** 2 / spread
        out[0, i], out[1, i] = mean, max(dispersion, 1.0)
        out[2, i] = (scale if r_weights else max(dispersion, 1.0)) * factor
        out[3, i] = slope if with_slope else np.nan
        return
    if largest == 0.0 and not r_weights:
        # Nobody was ever ill, and the mean sinks without end: half a case in all (Jeffreys).
        out[0, i], out[1, i], out[2, i] = 0.5 / n, 1.0, 2.0


@kernel
def _irls(
    y: Floats,
    x: Floats,
    g: I32,
    off: Floats,
    omega: Floats,
    with_slope: bool,
    level: Floats,
    sums: Floats,
    mu: Floats,
    working: Floats,
) -> tuple[bool, float, float]:
    """Whether it settled, the slope, and the sum of squares of x about the groups' means.

    Leaves in `working` and `sums` the weights of the step before the last, as R has them.
    """
    slope, spread, before = 0.0, 0.0, 0.0
    for r in range(y.size):
        mu[r] = y[r] + 0.1
        before += omega[r] * _deviance(y[r], mu[r], math.log(mu[r]))
    z = np.empty(y.size)
    for step in range(_STEPS):
        sums[:] = 0.0
        for r in range(y.size):
            w = omega[r] * mu[r]
            eta = math.log(mu[r]) if step == 0 else level[g[r]] + slope * x[r] + off[r]
            z[r] = eta - off[r] + (y[r] - mu[r]) / mu[r]
            working[r] = w
            sums[0, g[r]] += w
            sums[1, g[r]] += w * x[r]
            sums[2, g[r]] += w * z[r]
        for k in range(level.size):
            if sums[0, k] > 0:
                sums[1, k] /= sums[0, k]
                sums[2, k] /= sums[0, k]
        slope, spread = 0.0, 0.0
        if with_slope:
            for r in range(y.size):
                apart = x[r] - sums[1, g[r]]
                spread += working[r] * apart * apart
                slope += working[r] * apart * (z[r] - sums[2, g[r]])
            if not spread > 0:
                return False, np.nan, np.nan
            slope /= spread
        for k in range(level.size):
            level[k] = sums[2, k] - slope * sums[1, k]
        deviance = 0.0
        for r in range(y.size):
            eta = level[g[r]] + slope * x[r] + off[r]
            mu[r] = max(math.exp(eta), _LEAST)
            deviance += omega[r] * _deviance(y[r], mu[r], max(eta, -36.04365338911715))
        if not np.isfinite(deviance):
            return False, np.nan, np.nan
        if abs(deviance - before) / (abs(deviance) + 0.1) < _SETTLED:
            return True, slope, spread
        before = deviance
    return False, np.nan, np.nan


@kernel
def _deviance(y: float, mu: float, log_mu: float) -> float:
    if y > 0:
        return 2.0 * (y * (math.log(y) - log_mu) - (y - mu))
    return 2.0 * mu


@kernel
def _rank(weight: Floats, with_slope: bool) -> int:
    return int((weight > 0).sum()) + (1 if with_slope else 0)


@kernel
def _dispersion(y: Floats, mu: Floats, weight: Floats, freedom: int) -> float:
    total = 0.0
    for r in range(y.size):
        residual = (y[r] - mu[r]) / mu[r]
        total += weight[r] * residual * residual
    return total / freedom if freedom > 0 else np.nan


@kernel
def _reweight(
    y: Floats,
    x: Floats,
    g: I32,
    mu: Floats,
    working: Floats,
    sums: Floats,
    spread: float,
    phi: float,
    threshold: float,
    omega: Floats,
) -> None:
    """Rows with large Anscombe residuals get their inverse square as weight; all add up to n."""
    total = 0.0
    for r in range(y.size):
        leverage = 1.0 / sums[0, g[r]]
        if spread > 0:
            leverage += (x[r] - sums[1, g[r]]) ** 2 / spread
        leverage *= working[r]
        s = 0.0
        if leverage < _ALONE:
            s = 1.5 * (y[r] ** (2 / 3) * mu[r] ** (-1 / 6) - math.sqrt(mu[r]))
            s /= math.sqrt(phi * (1.0 - leverage))
        omega[r] = 1.0 / (s * s) if s > threshold else 1.0
        total += omega[r]
    for r in range(y.size):
        omega[r] *= y.size / total


@example
def _example() -> Fits:
    design = Design(np.arange(3), np.zeros(3, np.int32), np.arange(3.0), 3, 3.0, 1, 0)
    rules = Rules(True, 1.0, 2.58)
    fit(np.ones((1, 4)), design, rules)
    return fit(np.ones((_FEW, 4)), design, rules)
