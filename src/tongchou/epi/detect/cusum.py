"""CUSUM of counts made normal: small rises add up until they are an alarm.

It remembers: an alarm goes on until the counts have stayed low for as long as they were high.
That is for somebody who reads a curve, not for a desk that wants one signal for each outbreak.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Floats, Indices, Series, Verdicts

__all__ = ["Cusum", "cusum", "first_judged"]

Transform = Literal["rossi", "standard", "anscombe", "pearson-negbin"]


@dataclass(frozen=True, slots=True)
class Cusum:
    """How counts are summed up.

    Attributes
    ----------
    k, h
        Reference value (half the shift that matters) and decision limit, in standard deviations.
        The defaults go with an in-control run length of 500 and a shift of 2.
    m
        Expected count; without, the mean of all counts before the first one judged.
    transform
        How a count becomes a normal score. rossi is best for means below ten.
    alpha
        Dispersion of `pearson-negbin`: the variance is m + alpha m².
    r_compat
        While the sum stands so high that even a count of zero alarms, R's bound of `rossi` is the
        wrong root of its square, a little above zero. Alarms are the same.
    """

    k: float = 1.04
    h: float = 2.26
    m: float | None = None
    transform: Transform = "rossi"
    alpha: float | None = None
    r_compat: bool = False

    def __post_init__(self) -> None:
        if not (self.k >= 0 and self.h > 0):
            raise ValueError(f"k is zero or above and h above zero, not {self.k:g} and {self.h:g}")
        if self.m is not None and not self.m > 0:
            raise ValueError(f"the expected count m is above zero, not {self.m:g}")
        if (self.transform == "pearson-negbin") != (self.alpha is not None):
            raise ValueError("alpha goes with transform pearson-negbin, and that with alpha")
        if self.alpha is not None and not self.alpha >= 0:
            raise ValueError(f"alpha is zero or above, not {self.alpha:g}")


def cusum(
    series: Series,
    at: ArrayLike | None = None,
    options: Cusum = Cusum(),
) -> Verdicts:
    """Judge counts by how much has added up above what was expected.

    The sum starts at zero with the first time judged; it is no use asking for the newest alone.

    Parameters
    ----------
    at
        Times to judge, in one run; by default the second half of all. What lies before them says
        what to expect.

    Returns
    -------
    Verdicts
        `score` is the sum, `bound` the count from which on it alarms; there is no p. A count that
        was not reported leaves the sum as it is.

    References
    ----------
    Rossi, Lampugnani & Marchi 1999, doi:10.1002/(SICI)1097-0258(19990830)18:16<2111::AID-SIM171>
    3.0.CO;2-Q; behaviour and defaults as in R's surveillance 1.20.3, algo.cusum
    """
    times = first_judged(series, at)
    found = Verdicts.silent(series.n_series, times)
    if not times.size:
        return found
    first = int(times[0])
    mean = np.full(series.n_series, options.m if options.m is not None else np.nan)
    if options.m is None:
        seen = ~np.isnan(series.counts[:, :first])
        total = np.where(seen, series.counts[:, :first], 0.0).sum(axis=1)
        np.divide(total, seen.sum(axis=1), out=mean, where=total > 0)
    total = np.zeros(series.n_series)
    place = {t: i for i, t in enumerate(times.tolist())}
    for t in range(first, int(times[-1]) + 1):
        count = series.counts[:, t]
        bound = _count(options.h + options.k - total, mean, options)
        step = np.maximum(0.0, total + _score(count, mean, options) - options.k)
        known = ~np.isnan(step)
        total = np.where(known, step, total)
        if t in place:
            i = place[t]
            found.expected[:, i] = np.where(known, mean, np.nan)
            found.bound[:, i] = np.where(known, bound, np.nan)
            found.score[:, i] = np.where(known, step, np.nan)
            found.alarm[:, i] = known & (step >= options.h)
    return found


def first_judged(series: Series, at: ArrayLike | None) -> Indices:
    """The times to judge, sorted: those given, or the second half of all."""
    if at is None:
        return np.arange(series.n_times // 2, series.n_times)
    return np.unique(series.times(at))


def _score(count: Floats, m: Floats, options: Cusum) -> Floats:
    """Counts as scores that are nearly standard normal as long as m is right."""
    if options.transform == "rossi":
        return np.asarray((count - 3 * m + 2 * np.sqrt(count * m)) / (2 * np.sqrt(m)))
    if options.transform == "anscombe":
        return np.asarray(1.5 * (np.cbrt(count) ** 2 - np.cbrt(m) ** 2) / m ** (1 / 6))
    return np.asarray((count - m) / np.sqrt(_variance(m, options)))


def _count(score: Floats, m: Floats, options: Cusum) -> Floats:
    """The count that has this score; zero for scores below that of zero."""
    if options.transform == "rossi":
        square = 4 * m + 2 * np.sqrt(m) * score
        root = np.sqrt(np.maximum(square, 0.0)) - np.sqrt(m)
        right = np.maximum(root, 0.0) ** 2
        return np.where(square >= 0, root**2, 0.0) if options.r_compat else right
    if options.transform == "anscombe":
        power = np.cbrt(m) ** 2 + 2 / 3 * m ** (1 / 6) * score
        return np.asarray(np.maximum(power, 0.0) ** 1.5)
    count = np.maximum(m + np.sqrt(_variance(m, options)) * score, 0.0)
    # R rounds up here and nowhere else; any count between the two alarms all the same.
    return np.asarray(np.ceil(count) if options.transform == "standard" else count)


def _variance(m: Floats, options: Cusum) -> Floats:
    return np.asarray(m + (options.alpha or 0.0) * m**2)
