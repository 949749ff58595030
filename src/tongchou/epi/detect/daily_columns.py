"""The columns of a daily model: weekday, season, trend and holidays, the same for every series."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tongchou.epi.detect.series import Flags, Floats, Indices

__all__ = ["Columns", "closed", "columns", "day_numbers"]

WEEKEND = (5, 6)
#: a group of days that should have brought this many counts, and brought none, is without service
_SHOULD_HAVE = 8.0
#: series looked at together, so that a city's copies do not fill the memory
_ROWS = 2048


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of some days.

    Attributes
    ----------
    x
        f64[n_times, n_columns], the first all ones.
    groups
        The columns that are yes or no: the weekdays, and holidays where there are any.
    """

    x: Floats
    groups: Indices


def day_numbers(dates: Sequence[date] | None, n_times: int, *, step: int = 1) -> Indices:
    """The day of each column, counted so that 0 is a Monday; without dates the first column is.

    With a step of 7 the columns are weeks, and it is weeks that are counted.

    Raises
    ------
    ValueError
        Where a day is left out: a model of windows must know how far apart its columns lie.
    """
    if dates is None:
        return np.arange(n_times)
    days = np.array([day.toordinal() - 1 for day in dates], dtype=np.int64)
    gaps = np.flatnonzero(np.diff(days) != step)
    if gaps.size:
        unit = "day" if step == 1 else f"{step} days"
        raise ValueError(
            f"each column must be {unit} after the last, but what follows {dates[int(gaps[0])]} "
            "is not: put times that were not reported in as NaN"
        )
    return days // step


def columns(
    days: Indices,
    *,
    year: float,
    harmonics: int,
    trend: bool,
    week: int = 7,
    holidays: Collection[int] = (),
) -> Columns:
    """The columns for these days.

    Parameters
    ----------
    days
        Day numbers that rise by one; the trend is zero at the last.
    year
        Days in a year.
    harmonics
        Waves of the season: 2 means a year and half a year.
    week
        Days of the weekly cycle, or 1 where there is none.
    holidays
        Day numbers of holidays. They get one column, and so does the first day after each that is
        neither holiday nor weekend: those come then who could not come before.
    """
    parts = [np.ones(days.size)]
    if week > 1:
        parts += list(np.equal.outer(np.arange(week), days % week).astype(float))
    if len(holidays):
        parts += [flags.astype(float) for flags in _around(days, holidays)]
    groups = np.arange(1, len(parts))
    angle = 2 * np.pi * days / year
    for wave in range(1, harmonics + 1):
        parts += [np.cos(wave * angle), np.sin(wave * angle)]
    if trend:
        parts.append((days - days[-1]) / year)
    return Columns(np.ascontiguousarray(np.stack(parts, axis=1)), groups)


def _around(days: Indices, holidays: Collection[int]) -> tuple[Flags, Flags]:
    holiday = np.isin(days, np.asarray(list(holidays), dtype=np.int64))
    ordinary = ~holiday & ~np.isin(days % 7, WEEKEND)
    # The last holiday up to each day lies after the last ordinary day before it.
    place = np.arange(days.size)
    last = np.maximum.accumulate(np.where(holiday, place, -1))
    before = np.concatenate(([-1], np.maximum.accumulate(np.where(ordinary, place, -1))[:-1]))
    return holiday, ordinary & (last > before)


def closed(y: Floats, known: Columns) -> Flags:
    """bool[n_series, n_columns]: the weekdays, or holidays, on which a series has no service.

    That is where the days of the group were always zero, though as many days brought eight counts
    and more elsewhere. Fitted, such an effect would run away to minus infinity.
    """
    inside = known.x[:, known.groups]
    answer = np.zeros((y.shape[0], known.x.shape[1]), dtype=bool)
    if not known.groups.size:
        return answer
    for first in range(0, y.shape[0], _ROWS):
        rows = slice(first, first + _ROWS)
        seen = ~np.isnan(y[rows])
        zeroed = np.where(seen, y[rows], 0.0)
        days = np.maximum(seen.sum(axis=1, keepdims=True), 1)
        should = seen.astype(float) @ inside * zeroed.sum(axis=1, keepdims=True) / days
        answer[rows, known.groups[0] : known.groups[-1] + 1] = (zeroed @ inside == 0) & (
            should > _SHOULD_HAVE
        )
    return answer
