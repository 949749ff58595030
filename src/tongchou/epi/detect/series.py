"""What every detector takes and returns: many series over the same times, and what it says of them.

Rows are series, columns are times: one row is contiguous, and a detector's work is done for all
rows at once. Counts are floats because NaN is the one way to say "not reported".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Flags", "Floats", "Indices", "Series", "Verdicts"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Series:
    """Counts of many series over the same times.

    Attributes
    ----------
    counts
        f64[n_series, n_times], none below zero; NaN where nothing was reported.
    dates
        The day of each column (of a week: its first), rising; or nothing, where only their order
        is known.
    names
        What the rows are called; or nothing.

    Raises
    ------
    ValueError
        Where the shapes do not agree, a count is negative or infinite, or the dates do not rise.
    """

    counts: Floats
    dates: Sequence[date] | None = None
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        counts = np.atleast_2d(np.asarray(self.counts, dtype=np.float64))
        if counts.ndim != 2:
            raise ValueError("counts are a table: a row for each series, a column for each time")
        if np.isinf(counts).any() or (counts < 0).any():
            raise ValueError("a count is a number from zero up, or NaN where none was reported")
        if self.dates is not None:
            if len(self.dates) != counts.shape[1]:
                raise ValueError(f"{len(self.dates)} dates for {counts.shape[1]} columns")
            if any(b <= a for a, b in zip(self.dates[:-1], self.dates[1:], strict=True)):
                raise ValueError("the dates of the columns must rise")
        if self.names and len(self.names) != counts.shape[0]:
            raise ValueError(f"{len(self.names)} names for {counts.shape[0]} series")
        object.__setattr__(self, "counts", counts)

    @property
    def n_series(self) -> int:
        return int(self.counts.shape[0])

    @property
    def n_times(self) -> int:
        return int(self.counts.shape[1])

    def times(self, at: ArrayLike | None = None) -> Indices:
        """The columns to judge: those given (negative ones from the end), or all of them."""
        if at is None:
            return np.arange(self.n_times)
        chosen = np.atleast_1d(np.asarray(at, dtype=np.int64))
        chosen = np.where(chosen < 0, chosen + self.n_times, chosen)
        if chosen.size and not (chosen.min() >= 0 and chosen.max() < self.n_times):
            raise ValueError(f"there are {self.n_times} times; asked for {chosen.tolist()}")
        return chosen


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What a detector says of each series at each time it was asked about.

    Attributes
    ----------
    at
        i64[n_at], the columns judged.
    expected, bound, p, score
        f64[n_series, n_at]. Expected count; the largest count that is no alarm; probability of a
        count as large under the null; the detector's own statistic. NaN where it has none, or
        does not speak: too little history, or the count itself not reported.
    alarm
        bool[n_series, n_at]; never true where the detector does not speak.
    """

    at: Indices
    expected: Floats
    bound: Floats
    p: Floats
    score: Floats
    alarm: Flags

    @classmethod
    def silent(cls, n_series: int, at: Indices) -> "Verdicts":
        """Verdicts that say nothing yet, to be filled in."""
        shape = (n_series, at.size)
        expected, bound, p, score = np.full((4, *shape), np.nan)
        return cls(at, expected, bound, p, score, np.zeros(shape, dtype=bool))
