"""Which past weeks a week is judged by: those around its anniversaries, and the seasons between.

Noufaily et al. 2013: the weeks within `w` of each anniversary are one season, the rest of the year
is shared among the others as evenly as can be, the first ones taking what is left over.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from tongchou.epi.detect.calendar_weeks import years_back
from tongchou.epi.detect.quasipoisson import Design

__all__ = ["TooLittleHistory", "anniversaries", "baseline"]


class TooLittleHistory(ValueError):
    """There are not so many years before this time."""


def anniversaries(
    t: int,
    b: int,
    w: int,
    *,
    freq: float,
    dates: Sequence[date] | None = None,
    partial: bool = False,
) -> list[int]:
    """The column `t` and its anniversaries, newest first, by the calendar where there are dates.

    With `partial` those that lie before the first column are left out, unless their window does
    not.

    Raises
    ------
    TooLittleHistory
        Where there are not so many; of the oldest window one column may be missing, as in R.
    """
    if dates is None:
        found = [t - round(k * freq) for k in range(b + 1)]
    else:
        step = (dates[1] - dates[0]).days if len(dates) > 1 else 1
        found = [_column(day, dates, step) for day in years_back(dates[t], b, weekly=step == 7)]
    if partial:
        found = [point for point in found if point + w >= 0]
    elif found[-1] < 0 or found[-1] - w < -1:
        raise TooLittleHistory(f"time {t} has no {b} years before it")
    return found


def _column(day: date, dates: Sequence[date], step: int) -> int:
    """The column of a day, or the last one before it; below zero before the first."""
    if day < dates[0]:
        return (day - dates[0]).days // step
    return bisect_right(dates, day) - 1


def baseline(
    points: Sequence[int],
    *,
    w: int,
    no_periods: int,
    left_out: int,
    dates: Sequence[date] | None = None,
) -> Design:
    """The rows that the newest of `points` is judged by.

    Parameters
    ----------
    points
        The column judged and its anniversaries, newest first.
    w
        Weeks on each side of an anniversary that belong to its season.
    no_periods
        Seasons in a year; with 1 only the weeks around the anniversaries are fitted to.
    left_out
        So many weeks before the one judged are no baseline: the outbreak may have begun.
    dates
        Of the columns, where time runs by the calendar: months are not equally long.
    """
    now = points[0]
    season = np.full(now + 1, -1, dtype=np.int32)
    season[max(now - w, 0) : now + 1] = no_periods - 1
    for newer, point in pairwise(points):
        season[max(point - w, 0) : max(point + w + 1, 0)] = no_periods - 1
        between = newer - w - (point + w + 1)
        if no_periods > 1:
            if between < no_periods - 1:
                raise ValueError(
                    f"no_periods is {no_periods}: {between} weeks between the windows are too few"
                )
            lengths = np.full(no_periods - 1, between // (no_periods - 1))
            lengths[: between % (no_periods - 1)] += 1
            season[point + w + 1 : newer - w] = np.repeat(np.arange(no_periods - 1), lengths)
    season[max(now - left_out, 0) :] = -1
    rows = np.flatnonzero(season >= 0)
    time = np.arange(now + 1, dtype=np.float64)
    if dates is not None:
        days = np.array([day.toordinal() for day in dates[: now + 1]], dtype=np.float64)
        time = (days - days[0]) / (days[1] - days[0])
    return Design(rows, season[rows], time[rows], now, float(time[now]), no_periods, no_periods - 1)
