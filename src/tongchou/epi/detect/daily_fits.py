"""The fits behind the daily model: one for each block of days, the blocks laid by the calendar.

Which fit a day is held against hangs on its date and on nothing else: a day gets the same answer
alone, among others, in the morning's run and in a replay of half a year, to the last bit.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from tongchou.epi.detect import batched_glm, daily_columns
from tongchou.epi.detect.daily_options import Daily
from tongchou.epi.detect.series import Flags, Floats, Indices, Series

__all__ = ["Block", "blocks"]


@dataclass(frozen=True, eq=False)
class Block:
    """One fit, and the days asked about that it serves.

    Attributes
    ----------
    at
        i64[n], columns of the series, rising.
    first
        The column that `mu` and `x` begin with; they reach back for the longest window.
    mu, x
        f64[n_series, n_days] and f64[n_days, n_columns]: expectations, and what they come from.
    fit
        What was found for each series.
    speaks
        bool[n_series]: enough days were reported before.
    """

    at: Indices
    first: int
    mu: Floats
    x: Floats
    fit: batched_glm.Fit
    speaks: Flags


def blocks(
    series: Series, chosen: Indices, options: Daily, holidays: Collection[date] | Collection[int]
) -> Iterator[Block]:
    """The blocks in which the chosen columns lie, in order; none for days too early to judge.

    A block begins where the number of a day is a multiple of `refit` (day 0 is a Monday), or with
    the first day that can be judged at all. Its fit ends `gap` days before that.
    """
    days = daily_columns.day_numbers(series.dates, series.n_times, step=options.step)
    free = {
        (day.toordinal() - 1) // options.step if isinstance(day, date) else int(day)
        for day in holidays
    }
    earliest = options.least + options.gap
    wanted = np.unique(chosen)
    wanted = wanted[wanted >= earliest]
    number = days[wanted] // options.refit
    for block in np.unique(number):
        begin = max(int(block * options.refit - days[0]), earliest)
        end = int((block + 1) * options.refit - days[0])
        yield _fitted(series, wanted[number == block], begin, end, int(days[0]), options, free)


def _fitted(
    series: Series, at: Indices, begin: int, end: int, origin: int, options: Daily, free: set[int]
) -> Block:
    """The fit of the block of columns `begin` to `end`, whichever of its days are asked about."""
    until = begin - options.gap
    since = max(until - options.history, 0)
    span = until - since
    known = daily_columns.columns(
        np.arange(origin + since, origin + end),  # it may reach beyond the newest day
        year=options.year,
        harmonics=_harmonics(span, options),
        trend=options.trend and span >= options.year,
        week=options.week,
        holidays=free,
    )
    past = series.counts[:, since:until]
    shut = daily_columns.closed(past, daily_columns.Columns(known.x[:span], known.groups))
    found = batched_glm.fit(
        past, known.x[:span], use=~shut, windows=options.windows, refits=options.refits
    )
    first = max(begin - options.windows[-1] + 1, since)
    x = known.x[first - since :]
    mu = _means(found, x)
    if shut.any():
        mu[shut.astype(float) @ (x == 1.0).T.astype(float) > 0] = 0.0
    mu = np.maximum(mu, found.floor[:, None])
    if options.recurring:
        for column in range(max(int(at[0]) - options.windows[-1] + 1, first), int(at[-1]) + 1):
            years = _anniversaries(column, series, options.year, since, until)
            mu[:, column - first] *= _oddness(past, known.x, found, [y - since for y in years])
    speaks = (~np.isnan(past)).sum(axis=1) >= options.least
    return Block(at, first, mu, x, found, speaks)


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
