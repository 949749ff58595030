"""A daily model per series, and windows of one to seven days held against it.

Weekday, season, trend and holidays are fitted to days a fortnight and more ago (`daily_fits`); the
days of each window that were reported are summed, and so are their expectations. The smallest
p-value of the windows is turned into one that is honest about having looked at several.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect import daily_fits, tails
from tongchou.epi.detect.daily_options import Daily, Weekly
from tongchou.epi.detect.series import Floats, Indices, Series, Verdicts
from tongchou.epi.detect.windows import of_smallest, smallest_for

__all__ = ["USUAL", "Baseline", "Daily", "DailyVerdicts", "Weekly", "baseline", "glm", "judged"]

USUAL = Daily()


@dataclass(frozen=True, eq=False)
class DailyVerdicts(Verdicts):
    """Verdicts, and the window that speaks loudest.

    Attributes
    ----------
    window
        i64[n_series, n_at]: its days; 0 where nothing is said.
    in_window, expected_in_window
        f64[n_series, n_at]: what was counted in it, and what was expected.
    """

    window: Indices
    in_window: Floats
    expected_in_window: Floats

    @classmethod
    def nothing(cls, n_series: int, at: Indices) -> "DailyVerdicts":
        """Verdicts that say nothing yet, to be filled in."""
        silent = Verdicts.silent(n_series, at)
        counted = np.full((2, *silent.p.shape), np.nan)
        return cls(**vars(silent), window=np.zeros(silent.p.shape, np.int64),
                   in_window=counted[0], expected_in_window=counted[1])  # fmt: skip


@dataclass(frozen=True, eq=False)
class Baseline:
    """What was to be expected of each series on each of the days asked for.

    Attributes
    ----------
    at
        i64[n_at], the columns.
    expected, dispersion
        f64[n_series, n_at]: the mean and the variance over the mean of a day's count. NaN where
        too little was reported before.
    """

    at: Indices
    expected: Floats
    dispersion: Floats


def glm(
    series: Series,
    at: ArrayLike | None = None,
    options: Daily = USUAL,
    *,
    holidays: Collection[date] | Collection[int] = (),
) -> DailyVerdicts:
    """Hold 1- to 7-day windows that end on each day against what the daily model expects.

    `expected` is of the day itself, `bound` the largest count of that day which, after the days
    before it, is no alarm (-1 where they alone are one); `p` the chance that any window stands out
    as much where nothing happens; `score` is -log10 of it.

    Parameters
    ----------
    series
        Daily counts; a day that was not reported is NaN, is left out of fits and windows, and gets
        no verdict itself.
    at
        The columns to judge; all of them by default.
    holidays
        Dates; or columns, where the series has no dates. Those to come may be among them.

    Raises
    ------
    ValueError
        Where the days of the series do not follow one another.

    References
    ----------
    Jackson et al. 2007, doi:10.1186/1472-6947-7-6 (a daily GLM beats moving averages);
    Noufaily et al. 2013, doi:10.1002/sim.5595 (weights of past outbreaks).
    """
    return judged(series, at, (), options, holidays=holidays)[0]


def baseline(
    series: Series,
    at: ArrayLike | None = None,
    options: Daily = USUAL,
    *,
    holidays: Collection[date] | Collection[int] = (),
) -> Baseline:
    """What the daily model of `glm` expects, without judging: for `evidence` and for pages."""
    return judged(series, (), at, options, holidays=holidays)[1]


def judged(
    series: Series,
    at: ArrayLike | None,
    known: ArrayLike | None,
    options: Daily = USUAL,
    *,
    holidays: Collection[date] | Collection[int] = (),
) -> tuple[DailyVerdicts, Baseline]:
    """`glm` of the columns `at` and `baseline` of the columns `known`, each block fitted once."""
    chosen, expected = series.times(at), series.times(known)
    verdicts = DailyVerdicts.nothing(series.n_series, chosen)
    base = Baseline(expected, *np.full((2, series.n_series, expected.size), np.nan))
    for block in daily_fits.blocks(series, np.union1d(chosen, expected), options, holidays):
        for column in block.at:
            _judge(verdicts, series, block, int(column), options)
            place = np.flatnonzero(expected == column)
            mu = block.mu[:, column - block.first]
            base.expected[:, place] = np.where(block.speaks, mu, np.nan)[:, None]
            spread = np.maximum(block.fit.dispersion[:, 0], 1.0)
            base.dispersion[:, place] = np.where(block.speaks, spread, np.nan)[:, None]
    return verdicts, base


def _judge(
    verdicts: DailyVerdicts, series: Series, block: daily_fits.Block, column: int, options: Daily
) -> None:
    """Fill in what is said of one column, wherever it was asked about."""
    place = np.flatnonzero(verdicts.at == column)
    if not place.size:
        return
    limit = smallest_for(options.alpha, options.windows)
    count, mean, variance = _windows(series.counts, block, column, options)
    today = series.counts[:, column]
    says = block.speaks & ~np.isnan(today)
    p = tails.mid_p(count, mean, variance)
    loudest = p.argmin(axis=1)
    smallest = p.min(axis=1)
    room = tails.largest_count(limit, mean, variance) - (count - np.nan_to_num(today)[:, None])
    together = of_smallest(smallest, options.windows)
    row = np.arange(series.n_series)
    for target, values in (
        (verdicts.expected, block.mu[:, column - block.first]),
        (verdicts.bound, np.maximum(room.min(axis=1), -1.0)),
        (verdicts.p, together),
        (verdicts.score, -np.log10(np.maximum(together, 1e-300))),
        (verdicts.in_window, count[row, loudest]),
        (verdicts.expected_in_window, mean[row, loudest]),
    ):
        target[:, place] = np.where(says, values, np.nan)[:, None]
    lengths = np.array(options.windows)
    verdicts.window[:, place] = np.where(says, lengths[loudest], 0)[:, None]
    verdicts.alarm[:, place] = (says & (smallest < limit))[:, None]


def _windows(
    counts: Floats, block: daily_fits.Block, today: int, options: Daily
) -> tuple[Floats, Floats, Floats]:
    """Count, mean and variance of the windows that end on `today`: f64[n_series, n_windows]."""
    shape = (counts.shape[0], len(options.windows))
    count, mean, variance = np.zeros((3, *shape))
    for place, length in enumerate(options.windows):
        days = slice(max(today - length + 1, block.first), today + 1)
        part = slice(days.start - block.first, days.stop - block.first)
        seen = ~np.isnan(counts[:, days])
        mu = block.mu[:, part] * seen
        count[:, place] = np.where(seen, counts[:, days], 0.0).sum(axis=1)
        mean[:, place] = mu.sum(axis=1)
        # The expectation is itself an estimate; its error is common to the days of a window.
        slope = mu @ block.x[part]
        error = np.einsum("si,sij,sj->s", slope, block.fit.covariance, slope)
        spread = np.maximum(block.fit.dispersion[:, [0, place]].max(axis=1), 1.0)
        variance[:, place] = spread * (mean[:, place] + error)
    return count, mean, variance
