"""Case R after Wallinga and Teunis: how many the cases of a window did infect, looking back.

Each case's infector is one of the earlier cases with the probability that the serial interval
gives. What a window's cases infected is then a sum of binomials, whose law is computed here and
not simulated. Recent windows are too low: what their cases will infect is not in the data yet.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tongchou.epi.delays import Delay
from tongchou.epi.reproduction.cori import Cori, cases_of
from tongchou.epi.reproduction.infectiousness import reaching
from tongchou.epi.reproduction.interval import shares
from tongchou.epi.reproduction.windows import (
    Estimates,
    Floats,
    Reason,
    Reasons,
    sliding,
    windows_of,
)

__all__ = ["wallinga_teunis"]

#: Up to this standard deviation, in cases, the law is exact; beyond, normal with skewness.
_WIDE = 10.0
_FAR = 12.0


def wallinga_teunis(
    counts: ArrayLike,
    interval: Delay | ArrayLike,
    *,
    options: Cori = Cori(),  # noqa: B008 - frozen
    start: ArrayLike | None = None,
    end: ArrayLike | None = None,
) -> Estimates:
    """Mean number infected by each case of a window, with the law of what chance adds.

    The sd and quantiles are those of the unknown infectors alone; that another outbreak would
    have gone otherwise is not in them.

    Parameters
    ----------
    counts
        f64[n_series, n_times] or f64[n_times], cases a day by onset. A series with a day that was
        not reported speaks for windows which that day can neither have infected nor been infected
        by.
    interval
        Serial interval: a `Delay`, or shares by day from day 0 on.
    options
        Its window, probabilities and `max_cv`; the latter asks for 1 / max_cv² cases in the
        window, as for the instantaneous R. Nothing here has a prior.
    start, end
        i64[n_windows]: first and last column of each window; by default all windows of
        `options.window` days, the very last left out, as it can have infected nobody.

    Examples
    --------
    >>> found = wallinga_teunis([1.0, 2, 4, 8, 16, 0], [0, 1.0], options=Cori(2, max_cv=None))
    >>> found.mean[0].tolist()
    [2.0, 2.0, 0.6666666666666666]

    References
    ----------
    Wallinga & Teunis 2004, doi:10.1093/aje/kwh255
    """
    total, _ = cases_of(counts, None)
    n_times = total.shape[1]
    if start is None or end is None:
        first, last = sliding(n_times - 1, options.window)
    else:
        first, last = windows_of(n_times, start, end)
    weights = shares(interval, n_times)
    asked = np.array(options.probabilities)
    size = (total.shape[0], first.size)
    mean, sd = np.full((2, *size), np.nan)
    quantiles, reason = np.full((asked.size, *size), np.nan), np.zeros(size, np.int8)
    found = Estimates(first, last, mean, sd, asked, quantiles, reason)
    reach = reaching(weights)
    for row, cases in enumerate(total):
        _reasons(found.reason[row], cases, reach, found, options)
        thin = (found.reason[row] == Reason.FEW_CASES) & options.show_thin
        known = np.nan_to_num(cases)
        pull = np.convolve(known, weights[: reach + 1])[:n_times]  # on the cases of each day
        for at in np.flatnonzero((found.reason[row] == Reason.NONE) | thin):
            a, b = int(first[at]), int(last[at]) + 1
            after = slice(a, min(b + reach, n_times))
            ours = np.convolve(known[a:b], weights[: reach + 1])[: after.stop - a]
            p = np.divide(ours, pull[after], out=np.zeros_like(ours), where=pull[after] > 0)
            p, infected, n = np.minimum(p, 1.0), known[after], known[a:b].sum()
            mean[row, at] = infected @ p / n
            sd[row, at] = np.sqrt(infected @ (p * (1 - p))) / n
            quantiles[:, row, at] = _sum_of_binomials(infected, p, asked) / n
    return found


def _reasons(out: Reasons, cases: Floats, reach: int, found: Estimates, options: Cori) -> None:
    """Fills in what keeps each window of one series from speaking, i8[n_windows]."""
    unknown = np.concatenate(([0], np.cumsum(np.isnan(cases))))
    known = np.concatenate(([0.0], np.cumsum(np.nan_to_num(cases))))
    a, b = found.start, found.end + 1
    n = known[b] - known[a]
    if options.max_cv is not None:
        out[n < 1 / options.max_cv**2 - 1e-9] = Reason.FEW_CASES
    out[n <= 0] = Reason.NOTHING
    near, far = np.maximum(a - reach, 0), np.minimum(b + reach, cases.size)
    out[unknown[far] > unknown[near]] = Reason.NOT_REPORTED


def _sum_of_binomials(cases: Floats, p: Floats, asked: Floats) -> Floats:
    """Quantiles of the number infected, where of `cases[u]` each is one with chance `p[u]`."""
    unsure = (p > 1e-12) & (p < 1) & (cases > 0)
    n, q = cases[unsure], p[unsure]
    certain = float(cases[p >= 1].sum())
    mean, sd = float(n @ q), math.sqrt(float(n @ (q * (1 - q))))
    if sd > _WIDE or np.any(n != np.floor(n)):
        return certain + _normal(n, q, mean, sd, asked)
    # The characteristic function of the sum is the product of those of its parts. Only a few
    # standard deviations around the mean are asked for, so the law may wrap around them.
    size = math.ceil(2 * _FAR * sd) + 40
    angle = np.exp(-2j * np.pi * np.arange(size) / size)
    log = np.log(1 + q[:, None] * (angle[None, :] - 1)) * n[:, None]
    law = np.maximum(np.fft.ifft(np.exp(log.sum(axis=0))).real, 0.0)
    lowest = max(math.floor(mean) - size // 2, 0)
    law = np.roll(law, -(lowest % size))
    return certain + lowest + np.searchsorted(np.cumsum(law), asked - 1e-12).astype(np.float64)


def _normal(n: Floats, q: Floats, mean: float, sd: float, asked: Floats) -> Floats:
    """The same for large or broken numbers: a normal law with the sum's own skewness."""
    skewness = float(n @ (q * (1 - q) * (1 - 2 * q))) / max(sd, 1e-300) ** 3
    z = np.asarray(special.ndtri(asked))
    point = mean + sd * (z + skewness * (z**2 - 1) / 6)
    return np.asarray(np.ceil(point - 0.5) if sd > _WIDE else point)
