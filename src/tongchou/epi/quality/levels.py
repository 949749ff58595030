"""From cumulative counts to new ones, and the levels around a day that everything compares with."""

import numpy as np

from tongchou.epi.detect.series import Flags, Floats, Indices

__all__ = ["around", "new_counts", "span"]


def span(reported: Flags) -> tuple[Indices, Indices]:
    """First and last reported column of each row; (n_times, -1) where there is none."""
    n_times = reported.shape[1]
    some = reported.any(axis=1)
    first = np.where(some, reported.argmax(axis=1), n_times)
    last = np.where(some, n_times - 1 - reported[:, ::-1].argmax(axis=1), -1)
    return first.astype(np.int64), last.astype(np.int64)


def new_counts(cumulative: Floats) -> tuple[Floats, Flags]:
    """Differences to the last reported day before, and where that was not the day before.

    A series that enters after others have begun was at zero before: such lists name a place
    when it has something to tell. One that stands there from the first day has no known yesterday.
    """
    reported = ~np.isnan(cumulative)
    n_series, n_times = cumulative.shape
    columns = np.where(reported, np.arange(n_times), -1)
    before = np.full((n_series, n_times), -1)
    if n_times > 1:
        before[:, 1:] = np.maximum.accumulate(columns, axis=1)[:, :-1]
    level = np.take_along_axis(cumulative, np.maximum(before, 0), axis=1)
    opening = int(span(reported)[0].min(initial=n_times))
    level = np.where(before < 0, np.where(np.arange(n_times) > opening, 0.0, np.nan), level)
    over_a_gap = reported & (before >= 0) & (before < np.arange(n_times) - 1)
    return cumulative - level, over_a_gap


def around(new: Floats, rows: Indices, times: Indices, offsets: Indices) -> Floats:
    """New counts at `times + offsets`, f64[n, n_offsets]; NaN outside of the list."""
    at = times[:, None] + offsets[None, :]
    inside = (at >= 0) & (at < new.shape[1])
    found = new[rows[:, None], np.clip(at, 0, new.shape[1] - 1)]
    return np.where(inside, found, np.nan)
