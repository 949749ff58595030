"""EARS C1, C2 and C3: a count against the mean and spread of the days just before it.

Nothing but the last days is asked for, so that it speaks in the second week of a new channel.
C3's bound in R adds today's own count to itself; see `r_compat`.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numba import prange
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Flags, Floats, Indices, Series, Verdicts
from tongchou.kit.compiled import example, kernel, parallel_kernel

__all__ = ["Ears", "c1", "c2", "c3"]

#: Days between the baseline and the day judged: an outbreak that has begun is not its own baseline.
LAG = 2
#: Below, sums of squares over a baseline are exact in a float.
_LARGE = 1e6
#: C3 adds what the last so many days exceeded.
DAYS = 3


@dataclass(frozen=True, slots=True)
class Ears:
    """Options of EARS.

    Attributes
    ----------
    baseline
        Days that mean and standard deviation are taken from: 7 in the field, 28 where counts are
        small.
    alpha
        Tail of the normal law beyond the bound; None for 0.001, and 0.025 for C3.
    min_sigma
        The standard deviation is taken for no smaller. With 0, one case after a baseline of zeros
        is an alarm.
    min_reported
        Days of the baseline that must have been reported; None for more than half of them.
    r_compat
        As earsC of R's surveillance: a missing day in the baseline, or a C2 of 0/0 in C3, silences
        it; and C3's bound stands above *today's count* instead of the mean, so that today does
        not matter to it. The first for comparison, the second is a fault.

    Raises
    ------
    ValueError
        For an option that makes no sense.
    """

    baseline: int = 7
    alpha: float | None = None
    min_sigma: float = 0.0
    min_reported: int | None = None
    r_compat: bool = False

    def __post_init__(self) -> None:
        if self.baseline < 3:
            raise ValueError(f"baseline is {self.baseline}: three days at least")
        if self.alpha is not None and not 0 < self.alpha < 0.5:
            raise ValueError(f"alpha is {self.alpha}: between 0 and 0.5")
        if not 0 <= self.min_sigma < math.inf:
            raise ValueError(f"min_sigma is {self.min_sigma}: zero or more")
        if self.min_reported is not None and not 2 <= self.min_reported <= self.baseline:
            raise ValueError(
                f"min_reported is {self.min_reported}: from 2 to baseline, {self.baseline}"
            )

    @property
    def needed(self) -> int:
        """Days of a baseline that must have been reported."""
        if self.r_compat:
            return self.baseline
        return self.min_reported if self.min_reported is not None else self.baseline // 2 + 1


def c1(series: Series, at: ArrayLike | None = None, options: Ears | None = None) -> Verdicts:
    """Each count against the days just before it.

    Quick to fire and quick to forget: from the second day an outbreak raises its own bound.

    Parameters
    ----------
    series
        Daily counts (weekly ones do as well).
    at
        The columns to judge; all without. Only what these need is computed.

    Returns
    -------
    Verdicts whose score is the standardised count and p its normal tail; silent for the first
    `baseline` days and where too few of a baseline were reported.

    Examples
    --------
    >>> found = c1(Series([[3, 4, 2, 3, 5, 3, 4, 12]]), at=-1)
    >>> round(float(found.bound[0, 0]), 2), bool(found.alarm[0, 0])
    (6.44, True)

    References
    ----------
    Hutwagner et al. 2003, doi:10.1007/PL00022319; Salmon et al. 2016, doi:10.18637/jss.v070.i10
    """
    return _judge(series, at, options or Ears(), lag=0, cumulated=False)


def c2(series: Series, at: ArrayLike | None = None, options: Ears | None = None) -> Verdicts:
    """Each count against the days before it, two days left between, so that a slow start shows.

    As `c1` otherwise.
    """
    return _judge(series, at, options or Ears(), lag=LAG, cumulated=False)


def c3(series: Series, at: ArrayLike | None = None, options: Ears | None = None) -> Verdicts:
    """What three days together exceed: C2's excesses over one standard deviation, added up.

    The bound is lowered by the excesses of the two days before. As `c1` otherwise, with no p: the
    sum has no simple law.
    """
    return _judge(series, at, options or Ears(), lag=LAG, cumulated=True)


def _judge(
    series: Series, at: ArrayLike | None, options: Ears, *, lag: int, cumulated: bool
) -> Verdicts:
    times = series.times(at)
    alpha = options.alpha if options.alpha is not None else 0.025 if cumulated else 0.001
    wanted = np.zeros(series.n_times, dtype=np.bool_)
    for back in range(DAYS if cumulated else 1):
        wanted[times[times >= back] - back] = True
    shape = (series.n_series, times.size)
    expected, bound, p, score = (np.empty(shape) for _ in range(4))
    alarm = np.empty(shape, dtype=np.bool_)
    _all_series(
        np.ascontiguousarray(series.counts),
        times,
        np.flatnonzero(wanted),
        (options.baseline, lag, options.needed),
        (NormalDist().inv_cdf(1 - alpha), options.min_sigma),
        (cumulated, options.r_compat),
        (expected, bound, p, score),
        alarm,
    )
    return Verdicts(times, expected, bound, p, score, alarm)


@kernel
def _moments(counts: Floats, first: int, after: int, needed: int) -> tuple[float, float]:
    """Mean and standard deviation of what was reported from `first` to before `after`."""
    if first < 0:
        return np.nan, np.nan
    n, total, squares, exact = 0, 0.0, 0.0, True
    for t in range(first, after):
        if not np.isnan(counts[t]):
            n += 1
            total += counts[t]
            squares += counts[t] * counts[t]
            exact = exact and _is_exact(counts[t])
    if n < needed:
        return np.nan, np.nan
    mean = total / n
    if exact:
        return mean, _spread(n, total, squares)
    squares = 0.0
    for t in range(first, after):
        if not np.isnan(counts[t]):
            squares += (counts[t] - mean) ** 2
    return mean, math.sqrt(squares / (n - 1))


@kernel
def _is_exact(count: float) -> bool:
    """Whether sums of such squares are exact: a whole number, and not very large."""
    return count < _LARGE and count == math.floor(count)


@kernel
def _spread(n: int, total: float, squares: float) -> float:
    """Standard deviation from sums of whole numbers."""
    return math.sqrt((n * squares - total * total) / (n * (n - 1)))


@kernel
def _all_exact(counts: Floats) -> bool:
    answer = True
    for t in range(counts.size):  # to the end, without a branch: it is vectorised
        answer = answer and (np.isnan(counts[t]) or _is_exact(counts[t]))
    return answer


@kernel
def _rolling(
    counts: Floats, baseline: int, lag: int, needed: int, mean: Floats, sd: Floats
) -> None:
    """The same for every time, with sums that go along; whole numbers lose nothing by it."""
    mean[:], sd[:] = np.nan, np.nan
    n, total, squares = 0, 0.0, 0.0
    for t in range(lag, counts.size):
        after = t - lag  # the baseline is what comes before
        if after >= 1 and not np.isnan(counts[after - 1]):
            n += 1
            total += counts[after - 1]
            squares += counts[after - 1] ** 2
        if after > baseline and not np.isnan(counts[after - 1 - baseline]):
            n -= 1
            total -= counts[after - 1 - baseline]
            squares -= counts[after - 1 - baseline] ** 2
        if after >= baseline and n >= needed:
            mean[t] = total / n
            sd[t] = _spread(n, total, squares)


@kernel
def _standardised(count: float, mean: float, sd: float, compat: bool) -> float:
    """How many standard deviations above; 0/0 is no news, except to R, which then falls silent."""
    if sd == 0 and count == mean and not compat:
        return 0.0
    return float((count - mean) / sd)


@kernel
def _excess(z: Floats, t: int, compat: bool) -> float:
    """What a day before adds to C3: nothing where it was not reported."""
    if t < 0 or np.isnan(z[t]):
        return np.nan if compat else 0.0
    return float(max(z[t] - 1.0, 0.0))


@kernel
def _lowered(base: float, sd: float, quantile: float, before: float, compat: bool) -> float:
    """C3's bound: the more the two days before exceeded, the lower; never below zero."""
    if np.isinf(before) and not compat:  # a case after nothing but zeros
        return 0.0
    bound = base + sd * (quantile - before)
    return bound if np.isnan(bound) else max(bound, 0.0)


@parallel_kernel
def _all_series(
    counts: Floats,
    at: Indices,
    wanted: Indices,
    days: tuple[int, int, int],
    limits: tuple[float, float],
    kind: tuple[bool, bool],
    out: tuple[Floats, Floats, Floats, Floats],
    alarm: Flags,
) -> None:
    baseline, lag, needed = days
    quantile, min_sigma = limits
    cumulated, compat = kind
    expected, bound, p, score = out
    n_times = counts.shape[1]
    for i in prange(counts.shape[0]):
        mean, sd, z = np.empty(n_times), np.empty(n_times), np.empty(n_times)
        if wanted.size == n_times and _all_exact(counts[i]):
            _rolling(counts[i], baseline, lag, needed, mean, sd)
        else:
            for t in wanted:
                mean[t], sd[t] = _moments(counts[i], t - lag - baseline, t - lag, needed)
        for t in wanted:
            sd[t] = max(sd[t], min_sigma)
            z[t] = _standardised(counts[i, t], mean[t], sd[t], compat)
        for k in range(at.size):
            t = at[k]
            top, value, tail = mean[t] + quantile * sd[t], z[t], np.nan
            if not cumulated:
                tail = math.erfc(value / math.sqrt(2.0)) / 2
            elif t < lag + baseline + 2:
                top = np.nan
            else:
                before = _excess(z, t - 1, compat) + _excess(z, t - 2, compat)
                value = before + _excess(z, t, compat)
                base = counts[i, t] if compat else mean[t]
                top = _lowered(base, sd[t], quantile, before, compat)
            speaks = not (np.isnan(counts[i, t]) or np.isnan(top))
            expected[i, k] = mean[t] if speaks else np.nan
            bound[i, k] = top if speaks else np.nan
            p[i, k] = tail if speaks else np.nan
            score[i, k] = value if speaks else np.nan
            alarm[i, k] = speaks and counts[i, t] > top


@example
def _example() -> Verdicts:
    return c3(Series(np.zeros((1, 20))), at=-1)
