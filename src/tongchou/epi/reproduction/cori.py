"""Instantaneous R after Cori and others: cases of a window against the infectiousness before them.

With a gamma prior and Poisson counts the posterior is gamma as well, so there is nothing to
sample: two sums for each window, and quantiles from a table.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.delays import Delay
from tongchou.epi.gamma_quantile import gamma_quantiles
from tongchou.epi.reproduction.infectiousness import gathered, reaching
from tongchou.epi.reproduction.interval import shares
from tongchou.epi.reproduction.windows import (
    Estimates,
    Floats,
    Indices,
    Reason,
    Reasons,
    sliding,
    windows_of,
)

__all__ = ["Cori", "instantaneous", "posterior"]

#: The quantiles that EpiEstim reports.
USUAL = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Cori:
    """How an instantaneous R is estimated.

    Attributes
    ----------
    window
        Days of a window, where none are given.
    prior_mean, prior_sd
        Of the gamma prior of R. The default is wide and above 1, so that "below 1" is something
        the data say.
    probabilities
        Of the quantiles.
    max_cv
        A window speaks where the posterior's sd is at most this share of its mean, which takes
        about 1 / max_cv² cases (11 at 0.3); None lets it speak whatever the data.
    show_thin
        Give the numbers of windows above `max_cv` beside their reason, instead of NaN.
    min_reported
        The least share of a window's days that must be usable.
    max_missing
        A day is usable if at most this share of the infectious past was not reported.
    """

    window: int = 7
    prior_mean: float = 5.0
    prior_sd: float = 5.0
    probabilities: tuple[float, ...] = USUAL
    max_cv: float | None = 0.3
    show_thin: bool = False
    min_reported: float = 0.5
    max_missing: float = 0.1

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError(f"a window has at least one day, not {self.window}")
        if not (self.prior_mean > 0 and self.prior_sd > 0):
            raise ValueError("mean and sd of the prior of R must be above zero")
        if not all(0 < p < 1 for p in self.probabilities):
            raise ValueError("the probabilities of quantiles lie between 0 and 1")
        if self.max_cv is not None and not self.max_cv > 0:
            raise ValueError(f"max_cv must be above zero, not {self.max_cv}")
        if not (0 < self.min_reported <= 1 and 0 <= self.max_missing < 1):
            raise ValueError("min_reported and max_missing are shares")

    @property
    def prior_shape(self) -> float:
        return (self.prior_mean / self.prior_sd) ** 2

    @property
    def prior_rate(self) -> float:
        return self.prior_mean / self.prior_sd**2


def instantaneous(
    counts: ArrayLike,
    interval: Delay | ArrayLike,
    *,
    options: Cori = Cori(),
    imported: ArrayLike | None = None,
    start: ArrayLike | None = None,
    end: ArrayLike | None = None,
) -> Estimates:
    """Instantaneous R of each series in each window, with its posterior.

    R of a window is the number that each case would infect if all stayed as it was in that
    window. Counts must be of infections or onsets; from counts by report it lags.

    Parameters
    ----------
    counts
        f64[n_series, n_times] or f64[n_times], cases a day; NaN where not reported.
    interval
        Serial interval: a `Delay`, or shares by day from day 0 on.
    imported
        Shaped like counts: those of them that were infected elsewhere. They infect, but nobody of
        the series infected them. The first day's cases count as imported whatever is said.
    start, end
        i64[n_windows]: first and last column of each window, from column 1 on; by default all
        windows of `options.window` days.

    Raises
    ------
    ValueError
        Where more cases are imported than there were, or a window does not lie in the series.

    Examples
    --------
    >>> cases = [10.0, 14, 20, 28, 39, 55, 77, 108, 151]
    >>> found = instantaneous(cases, [0, 0.5, 0.5], options=Cori(window=3))
    >>> round(float(found.mean[0, -1]), 2)
    1.65

    References
    ----------
    Cori et al. 2013, doi:10.1093/aje/kwt133; imported cases: Thompson et al. 2019,
    doi:10.1016/j.epidem.2019.100356
    """
    given = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    n_times = given.shape[1]
    if start is None or end is None:
        first, last = sliding(n_times, options.window)
    else:
        first, last = windows_of(n_times, start, end)
    weights, asked = shares(interval, n_times), np.array(options.probabilities)
    # What is too long ago to infect anybody is not looked at: the newest window reads no history.
    since, until = 0, n_times
    if first.size:
        since, until = max(int(first.min()) - reaching(weights), 0), int(last.max()) + 1
    if imported is not None:
        imported = np.atleast_2d(np.asarray(imported, dtype=np.float64))
        if imported.shape != given.shape:
            raise ValueError(f"imported cases of shape {imported.shape} for {given.shape} counts")
        imported = imported[:, since:until]
    total, local = cases_of(given[:, since:until], imported)
    size = (total.shape[0], first.size)
    mean, sd = np.empty((2, *size))
    quantiles, reason = np.empty((asked.size, *size)), np.zeros(size, np.int8)
    for low in range(0, total.shape[0], _BLOCK):  # what is only passed through stays small
        part = slice(low, low + _BLOCK)
        shape, rate, reason[part] = posterior(
            total[part], local[part], weights, first, last, options, since=since
        )
        scale = np.reciprocal(rate, out=rate)
        np.multiply(shape, scale, out=mean[part])
        np.multiply(np.sqrt(shape), scale, out=sd[part])
        quantiles[:, part] = gamma_quantiles(shape, asked, scale)
    found = Estimates(first, last, mean, sd, asked, quantiles, reason)
    silent = reason != Reason.NONE
    if options.show_thin:
        silent &= reason != Reason.FEW_CASES
    if silent.any():
        found.silence(silent)
    return found


def cases_of(counts: ArrayLike, imported: ArrayLike | None) -> tuple[Floats, Floats]:
    """All cases and those infected here, f64[n_series, n_times] both."""
    total = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    if total.ndim != 2 or np.isinf(total).any() or (total < 0).any():
        raise ValueError("counts are a table of numbers from zero up, NaN where none was reported")
    if imported is None:
        return total, total
    brought = np.atleast_2d(np.asarray(imported, dtype=np.float64))
    if brought.shape != total.shape:
        raise ValueError(f"imported cases of shape {brought.shape} for counts of {total.shape}")
    if (brought > total).any() or (brought < 0).any():
        raise ValueError("imported cases are some of the cases: never more, never below zero")
    return total, total - brought


def posterior(
    total: Floats,
    local: Floats,
    weights: Floats,
    start: Indices,
    end: Indices,
    options: Cori,
    *,
    since: int = 0,
) -> tuple[Floats, Floats, Reasons]:
    """Shape and rate of the gamma posterior, and what keeps it from speaking.

    All are [n_series, n_windows]; shape and rate are numbers even where there is a reason. Windows
    are counted from the series' beginning, of which `total` and `local` may leave out `since` days.
    """
    cases, past, used = gathered(
        total, local, weights, start - since, end - since, options.max_missing
    )
    length = end - start + 1
    reason = np.zeros(cases.shape, np.int8)
    shape, rate = options.prior_shape + cases, options.prior_rate + past
    if options.max_cv is not None:
        # The cv of a gamma law is the inverse root of its shape.
        reason[shape < 1 / options.max_cv**2 - 1e-9] = Reason.FEW_CASES
    reason[past <= 0] = Reason.NOTHING
    reason[used < np.maximum(np.ceil(options.min_reported * length), 1)] = Reason.NOT_REPORTED
    mean = float(weights @ np.arange(weights.size))
    reason[:, end + 1 <= math.floor(mean + 1e-12)] = Reason.EARLY
    return shape, rate, reason
