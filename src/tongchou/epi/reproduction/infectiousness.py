"""How infectious the past was: each day's sum of earlier cases, weighted by the serial interval.

A day that was not reported is not a day without cases: its weight is made up from the days around
it as long as it is small, and beyond that nothing is said.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from tongchou.kit.compiled import example, kernel, parallel_kernel

__all__ = ["gathered", "reaching"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

#: Lags with less than this share change no digit.
_NOTHING = 1e-18
_FEW = 8


def reaching(weights: Floats) -> int:
    """Days after which a case infects nobody any more."""
    far = np.flatnonzero(weights > _NOTHING)
    return int(far[-1]) if far.size else 0


def gathered(
    total: Floats,
    local: Floats,
    weights: Floats,
    start: Indices,
    end: Indices,
    max_missing: float,
) -> tuple[Floats, Floats, Indices]:
    """For each window: local cases, infectiousness, and days that could be used.

    Parameters
    ----------
    total, local
        f64[n_series, n_times]: cases that infect, and those of them infected here. NaN where not
        reported.
    weights
        f64[n_lags]: the serial interval, day 0 first.
    start, end
        i64[n_windows]: first and last column of each window.
    max_missing
        A day is used if at most this share of the infectious past was not reported.

    Returns
    -------
    cases, infectiousness, used
        f64, f64 and i64[n_series, n_windows].
    """
    shape = (total.shape[0], start.size)
    cases, past, used = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int64)
    kept = np.ascontiguousarray(weights[: reaching(weights) + 1])
    if not start.size:
        return cases, past, used
    given = (np.ascontiguousarray(total), np.ascontiguousarray(local), kept, start, end)
    if total.shape[0] > _FEW:
        _gather_all(*given, max_missing, cases, past, used)
    else:  # waking threads takes longer than this
        for row in range(total.shape[0]):
            _gather(row, *given, max_missing, cases, past, used)
    return cases, past, used


@kernel
def _gather(
    row: int,
    total: Floats,
    local: Floats,
    weights: Floats,
    start: Indices,
    end: Indices,
    max_missing: float,
    cases: Floats,
    past: Floats,
    used: Indices,
) -> None:
    n_times, n_lags = total.shape[1], weights.size
    low, high = start.min(), end.max() + 1
    known = np.empty(n_times)
    whole = True
    for t in range(max(low - n_lags + 1, 0), high):
        known[t] = total[row, t]
        if np.isnan(known[t]):
            known[t] = 0.0
            whole = False
    infectious = np.zeros(n_times)
    # Lag by lag: each is one straight run over the days, and slices spare a test for each index.
    for lag in range(1, min(n_lags, high)):
        weight, since = weights[lag], max(low, lag)
        here, before = infectious[since:high], known[since - lag : high - lag]
        for i in range(here.size):
            here[i] += weight * before[i]
    usable = np.ones(n_times, np.bool_)
    if not whole:
        for t in range(low, high):
            seen, missing = 0.0, 0.0
            for lag in range(1, min(t, n_lags - 1) + 1):
                if np.isnan(total[row, t - lag]):
                    missing += weights[lag]
                else:
                    seen += weights[lag]
            usable[t] = missing <= max_missing * (seen + missing)
            if missing > 0 and seen > 0:
                infectious[t] *= (seen + missing) / seen
    for window in range(start.size):
        n, caught, there = 0, 0.0, 0.0
        for t in range(start[window], end[window] + 1):
            if usable[t] and not np.isnan(local[row, t]):
                n += 1
                caught += local[row, t]
                there += infectious[t]
        cases[row, window], past[row, window], used[row, window] = caught, there, n


@parallel_kernel
def _gather_all(
    total: Floats,
    local: Floats,
    weights: Floats,
    start: Indices,
    end: Indices,
    max_missing: float,
    cases: Floats,
    past: Floats,
    used: Indices,
) -> None:
    for row in numba.prange(total.shape[0]):
        _gather(row, total, local, weights, start, end, max_missing, cases, past, used)


@example
def _tiny() -> object:
    one = np.ones((_FEW + 1, 4))
    two = np.array([2])
    return gathered(one, one, np.array([0.0, 1.0]), two, two, 0.1)
