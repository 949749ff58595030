"""Pairs of people who were closer than a distance, from measured distances at steps of time.

Phones or badges that measure each other give one row per pair and step; a pair may be written
either way round.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Near", "within"]

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Pairs that came near, in order of (one, other); columns of equal length.

    Parameters
    ----------
    one, other
        The two, the lower number first, i64[n].
    times
        In how many steps they were near, i64[n].
    nearest
        The least distance, f64[n], in the unit given.
    first, last
        The first and last step in which they were near, f64[n].
    """

    one: I64
    other: I64
    times: I64
    nearest: F64
    first: F64
    last: F64

    def __len__(self) -> int:
        return self.one.size


def within(
    distance: float, a: ArrayLike, b: ArrayLike, measured: ArrayLike, step: ArrayLike | None = None
) -> Near:
    """Pairs at most `distance` apart at any step; exactly that far is near.

    Parameters
    ----------
    a, b
        Numbers of the two, [m].
    measured
        Their distance, [m], in the unit of `distance`.
    step
        When, [m], in any unit; without it every row is a step of its own. Several rows of a pair
        in one step are one time.

    Raises
    ------
    ValueError
        For columns of different lengths, or a distance that is negative or no number.

    Examples
    --------
    >>> near = within(4, [1, 2, 1], [2, 1, 3], [5.0, 4.0, 9.0], [1, 2, 1])
    >>> len(near), near.times.tolist(), near.first.tolist()
    (1, [1], [2.0])
    """
    one, other = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
    apart = np.asarray(measured, dtype=float)
    when = np.arange(one.size, dtype=float) if step is None else np.asarray(step, dtype=float)
    if not one.size == other.size == apart.size == when.size:
        raise ValueError("a, b, measured and step must be equally long")
    if not np.all(apart >= 0):
        raise ValueError("a distance is a number from zero up")
    near = (apart <= distance) & (one != other)
    low, high = np.minimum(one, other)[near], np.maximum(one, other)[near]
    apart, when = apart[near], when[near]
    order = np.lexsort((when, high, low))
    low, high, apart, when = low[order], high[order], apart[order], when[order]
    new_pair = np.ones(low.size, dtype=bool)
    new_pair[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    new_step = new_pair.copy()
    new_step[1:] |= np.diff(when) != 0
    starts = np.flatnonzero(new_pair)
    ends = np.append(starts[1:], low.size) - 1
    if not starts.size:
        return Near(low, high, low, apart, when, when)
    return Near(
        low[starts],
        high[starts],
        np.add.reduceat(new_step.astype(np.int64), starts),
        np.minimum.reduceat(apart, starts),
        when[starts],
        when[ends],
    )
