"""What every estimator of R gives: for each series and window a number, or the reason for none."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Estimates", "Floats", "Indices", "Reason", "Reasons", "sliding", "windows_of"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Reasons = NDArray[np.int8]


class Reason(IntEnum):
    """Why there is no estimate for a window, or why it should not be believed."""

    NONE = 0
    #: The window ends before one mean serial interval has passed since the series began.
    EARLY = 1
    #: Too many days of the window, or of those that could have infected it, were not reported.
    NOT_REPORTED = 2
    #: Nobody was there who could have infected anybody: the data say nothing.
    NOTHING = 3
    #: So few cases that the posterior is wider than was allowed.
    FEW_CASES = 4

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Reason.NONE: "",
    Reason.EARLY: "the window ends before one mean serial interval has passed",
    Reason.NOT_REPORTED: "too many days in or before the window were not reported",
    Reason.NOTHING: "nobody who could have infected anybody in the window",
    Reason.FEW_CASES: "too few cases in the window for an estimate this narrow",
}


@dataclass(frozen=True, eq=False)
class Estimates:
    """R, or another rate, of each series in each window.

    Attributes
    ----------
    start, end
        i64[n_windows]: first and last column of each window, both within it.
    mean, sd
        f64[n_series, n_windows]; NaN where nothing is said.
    probabilities, quantiles
        f64[n_p] and f64[n_p, n_series, n_windows].
    reason
        i8[n_series, n_windows], of `Reason`; not `NONE` with a number beside it only where the
        caller asked to see thin windows all the same.
    """

    start: Indices
    end: Indices
    mean: Floats
    sd: Floats
    probabilities: Floats
    quantiles: Floats
    reason: Reasons

    def silence(self, where: NDArray[np.bool_]) -> None:
        """Take the numbers back where `where` holds, bool[n_series, n_windows]."""
        for values in (self.mean, self.sd, *self.quantiles):
            values[where] = np.nan


def sliding(n_times: int, length: int, *, first: int = 1) -> tuple[Indices, Indices]:
    """Windows of `length` columns that move by one; none begins before column `first`.

    The cases of the first column have nobody in the series who infected them, so by default no
    window holds it.

    Examples
    --------
    >>> start, end = sliding(10, 7)
    >>> start.tolist(), end.tolist()
    ([1, 2, 3], [7, 8, 9])
    """
    if length < 1:
        raise ValueError(f"a window has at least one day, not {length}")
    start = np.arange(first, n_times - length + 1)
    return start, start + length - 1


def windows_of(n_times: int, start: ArrayLike, end: ArrayLike) -> tuple[Indices, Indices]:
    """Windows as they were given, checked: first and last columns, both within the window."""
    first = np.atleast_1d(np.asarray(start, dtype=np.int64))
    last = np.atleast_1d(np.asarray(end, dtype=np.int64))
    if first.shape != last.shape or first.ndim != 1:
        raise ValueError("windows need as many first columns as last ones")
    if first.size and (first.min() < 1 or last.max() >= n_times or (last < first).any()):
        raise ValueError(
            f"a window begins at column 1 or later, ends at {n_times - 1} or before, and not "
            "before it begins"
        )
    return first, last
