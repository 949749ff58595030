"""A daily model per series, and windows of one to seven days held against it.

Weekday, season, trend and holidays are fitted to the days up to a fortnight ago; the days of each
window that were reported are summed, and so are their expectations. The smallest p-value of the
windows is turned into one p-value that is honest about having looked at several.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect import batched_glm, daily_columns, tails
from tongchou.epi.detect.series import Floats, Indices, Series, Verdicts
from tongchou.epi.detect.windows import of_smallest, smallest_for

__all__ = ["Baseline", "Daily", "DailyVerdicts", "Weekly", "baseline", "glm"]


@dataclass(frozen=True)
class Daily:
    """How the daily model is fitted and judged.

    Attributes
    ----------
    windows
        Days of the windows, the shortest first; all end on the day that is judged.
    alpha
        False alarms per day and series: the bound on the p-value.
    history
        Days that a fit looks back.
    gap
        Days before the judged one that do not enter its fit, lest an outbreak explain itself.
    least
        Reported days without which nothing is said.
    harmonics, trend, year
        Waves of the season, whether there is a trend, and days in a year. History shorter than
        a year has neither season nor trend, and shorter than a year and a half one wave.
    refit
        Days that share a fit, when many are judged.
    recurring
        Whether a day is expected to be odd that was odd in the same direction, by more than two
        standard deviations, on its date in each of the two or more years before: a holiday that
        nobody wrote down.
    week, step
        Columns of the weekly cycle (1: none) and days from one column to the next.
    refits
        Rounds in which past outbreaks are pulled in (see `batched_glm.fit`).
    """

    windows: tuple[int, ...] = (1, 2, 3, 5, 7)
    alpha: float = 0.01
    history: int = 1095
    gap: int = 14
    least: int = 56
    harmonics: int = 2
    trend: bool = True
    year: float = 365.25
    refit: int = 7
    refits: int = 2
    recurring: bool = True
    week: int = 7
    step: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise ValueError(f"alpha is a share between 0 and 0.5, not {self.alpha}")
        if self.gap < 0 or self.refit < 1 or self.harmonics < 0 or self.refits < 0:
            raise ValueError("gap, harmonics and refits are zero or more, refit is one or more")
        if not 4 * self.week <= self.least <= self.history:
            raise ValueError(
                f"least must lie between {4 * self.week} and history, not {self.least}"
            )
        smallest_for(self.alpha, self.windows)


@dataclass(frozen=True)
class Weekly(Daily):
    """The same for weekly counts: five years back, windows of one and two weeks."""

    windows: tuple[int, ...] = (1, 2)
    alpha: float = 0.013
    history: int = 261
    gap: int = 8
    least: int = 52
    year: float = 365.25 / 7
    refit: int = 1
    recurring: bool = False
    week: int = 1
    step: int = 7


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


@dataclass(frozen=True, eq=False)
class _Judged:
    """A block of days with one fit: expectations of each day back to the longest window."""

    at: Indices
    first: int
    mu: Floats
    x: Floats
    fit: batched_glm.Fit
    speaks: np.ndarray


def glm(
    series: Series,
    at: ArrayLike | None = None,
    options: Daily = Daily(),
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
    chosen = series.times(at)
    verdicts = Verdicts.silent(series.n_series, chosen)
    shape = verdicts.p.shape
    window = np.zeros(shape, dtype=np.int64)
    in_window, expected_in_window = np.full((2, *shape), np.nan)
    limit = smallest_for(options.alpha, options.windows)
    lengths = np.array(options.windows)
    for block in _blocks(series, chosen, options, holidays):
        for column in block.at:
            place = np.flatnonzero(chosen == column)
            count, mean, variance = _windows(series.counts, block, int(column), options)
            today = series.counts[:, column]
            says = block.speaks & ~np.isnan(today)
            p = tails.mid_p(count, mean, variance)
            loudest = p.argmin(axis=1)
            smallest = p.min(axis=1)
            room = tails.largest_count(limit, mean, variance) - (
                count - np.nan_to_num(today)[:, None]
            )
            together = of_smallest(smallest, options.windows)
            row = np.arange(series.n_series)
            for target, values in (
                (verdicts.expected, block.mu[:, column - block.first]),
                (verdicts.bound, np.maximum(room.min(axis=1), -1.0)),
                (verdicts.p, together),
                (verdicts.score, -np.log10(np.maximum(together, 1e-300))),
                (in_window, count[row, loudest]),
                (expected_in_window, mean[row, loudest]),
            ):
                target[:, place] = np.where(says, values, np.nan)[:, None]
            window[:, place] = np.where(says, lengths[loudest], 0)[:, None]
            verdicts.alarm[:, place] = (says & (smallest < limit))[:, None]
    return DailyVerdicts(
        chosen,
        verdicts.expected,
        verdicts.bound,
        verdicts.p,
        verdicts.score,
        verdicts.alarm,
        window,
        in_window,
        expected_in_window,
    )


def baseline(
    series: Series,
    at: ArrayLike | None = None,
    options: Daily = Daily(),
    *,
    holidays: Collection[date] | Collection[int] = (),
) -> Baseline:
    """What the daily model of `glm` expects, without judging: for `evidence` and for pages."""
    chosen = series.times(at)
    expected, dispersion = np.full((2, series.n_series, chosen.size), np.nan)
    for block in _blocks(series, chosen, options, holidays):
        for column in block.at:
            place = np.flatnonzero(chosen == column)
            mu = block.mu[:, column - block.first]
            expected[:, place] = np.where(block.speaks, mu, np.nan)[:, None]
            spread = np.maximum(block.fit.dispersion[:, 0], 1.0)
            dispersion[:, place] = np.where(block.speaks, spread, np.nan)[:, None]
    return Baseline(chosen, expected, dispersion)


def _blocks(
    series: Series, chosen: Indices, options: Daily, holidays: Collection[date] | Collection[int]
) -> Iterator[_Judged]:
    days = daily_columns.day_numbers(series.dates, series.n_times, step=options.step)
    free = {
        (day.toordinal() - 1) // options.step if isinstance(day, date) else int(day)
        for day in holidays
    }
    wanted = np.unique(chosen)
    start: Floats | None = None
    longest = options.windows[-1]
    while wanted.size:
        at = wanted[wanted < wanted[0] + options.refit]
        wanted = wanted[at.size :]
        until = int(at[0]) - options.gap
        since = max(until - options.history, 0)
        if until - since < options.least:
            continue
        span = until - since
        known = daily_columns.columns(
            days[since : at[-1] + 1],
            year=options.year,
            harmonics=_harmonics(span, options),
            trend=options.trend and span >= options.year,
            week=options.week,
            holidays=free,
        )
        past = series.counts[:, since:until]
        shut = daily_columns.closed(past, daily_columns.Columns(known.x[:span], known.groups))
        if start is not None and start.shape[1] != known.x.shape[1]:
            start = None
        found = batched_glm.fit(
            past,
            known.x[:span],
            use=~shut,
            windows=options.windows,
            refits=options.refits,
            start=start,
        )
        start = found.beta
        first = max(int(at[0]) - longest + 1, since)
        x = known.x[first - since :]
        mu = _means(found, x)
        if shut.any():
            mu[shut.astype(float) @ (x == 1.0).T.astype(float) > 0] = 0.0
        mu = np.maximum(mu, found.floor[:, None])
        if options.recurring:
            for column in range(first, int(at[-1]) + 1):
                years = _anniversaries(column, series, options.year, since, until)
                mu[:, column - first] *= _oddness(past, known.x, found, [y - since for y in years])
        speaks = (~np.isnan(past)).sum(axis=1) >= options.least
        yield _Judged(at, first, mu, x, found, speaks)


def _anniversaries(column: int, series: Series, year: float, since: int, until: int) -> list[int]:
    """The columns of the same date in earlier years, as far as the fit saw them."""
    if series.dates is None:
        back = [round(year * n) for n in range(1, int((column - since) / year) + 1)]
    else:
        day = series.dates[column]
        before = [day.year - n for n in range(1, day.year - series.dates[since].year + 1)]
        leap = (day.month, day.day) == (2, 29)
        back = [] if leap else [(day - day.replace(year=each)).days for each in before]
    return [column - days for days in back if since <= column - days < until]


def _oddness(past: Floats, x: Floats, found: batched_glm.Fit, columns: list[int]) -> Floats:
    """f64[n_series]: counted to expected on these days where all were odd alike, else 1."""
    answer = np.ones(past.shape[0])
    if len(columns) < 2:
        return answer
    count = past[:, columns]
    mean = np.maximum(_means(found, x[columns]), found.floor[:, None])
    odd = (count - mean) / np.sqrt(np.maximum(found.dispersion[:, :1], 1.0) * mean)
    alike = (odd > 2).all(axis=1) | (odd < -2).all(axis=1)
    answer[alike] = (count[alike].sum(axis=1) + 0.5) / (mean[alike].sum(axis=1) + 0.5)
    return answer


def _means(found: batched_glm.Fit, x: Floats) -> Floats:
    answer: Floats = np.exp(np.clip(found.beta @ x.T, -30.0, 30.0))
    return answer


def _harmonics(span: int, options: Daily) -> int:
    if span < options.year:
        return 0
    return min(options.harmonics, 1) if span < 1.5 * options.year else options.harmonics


def _windows(
    counts: Floats, block: _Judged, today: int, options: Daily
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
