"""Random numbers for many people at once, for measures that are written in NumPy.

The same draws as in the kernels: `units(start, persons)[i]` is `unit(draw(start, persons[i]))`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, stream, unit
from tongchou.kit.compiled import example, kernel

__all__ = ["rounded", "streams", "units", "whole"]

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

_32 = np.uint64(32)


def streams(seed: int, day: int, n: int) -> NDArray[np.uint64]:
    """u64[n]: where the counters of purposes 0 to n - 1 start on a day (`dice.stream`)."""
    found = np.empty(n, np.uint64)
    _streams(seed, day, found)
    return found


@kernel
def _streams(seed: Any, day: Any, found: Any) -> None:
    for purpose in range(found.size):
        found[purpose] = stream(seed, purpose, day)


def units(start: np.uint64, persons: NDArray[Any]) -> F32:
    """A number above 0 and below 1 for each of these people (households, units, …).

    Parameters
    ----------
    start
        A stream: `run.stream(purposes.X)`.
    persons
        Whole numbers of any width and layout, none negative, [n].

    Returns
    -------
    f32[n], the same for the same person wherever they stand in the list.
    """
    found = np.empty(persons.size, np.float32)
    # One type for the kernel, whatever comes: it is compiled once.
    _units(np.uint64(start), np.ascontiguousarray(persons, np.int64), found)
    return found


def whole(start: np.uint64, numbers: NDArray[Any], below: int) -> I64:
    """A whole number from 0 up to, not with, `below` for each of these (people, places in a list).

    All are equally likely to within 1 in 2**32, which 24 bits of `units` are too few for.
    """
    found = np.empty(numbers.size, np.int64)
    _whole(np.uint64(start), np.ascontiguousarray(numbers, np.int64), below, found)
    return found


def rounded(values: NDArray[Any], start: np.uint64, first: int = 0) -> I64:
    """Counts (none negative) made whole by chance, so that the mean is kept: 0.2 is 1 once in five.

    Each hangs on its own draw of `start`, numbered from `first`.
    """
    found = np.empty(values.size, np.int64)
    _rounded(np.ascontiguousarray(values, np.float64), np.uint64(start), first, found)
    return found


@kernel
def _rounded(values: Any, start: np.uint64, first: int, found: I64) -> None:
    for i in range(values.size):
        # 1.0 - 1e-9 is a one that a sum of shares has missed
        chance = np.float64(unit(draw(start, first + i)))
        found[i] = np.int64(np.floor(values[i] + 1e-9 + chance * (1 - 1e-9)))


@kernel
def _units(start: np.uint64, persons: I64, found: F32) -> None:
    for i in range(persons.size):
        found[i] = unit(draw(start, persons[i]))


@kernel
def _whole(start: np.uint64, numbers: I64, below: int, found: I64) -> None:
    for i in range(numbers.size):
        found[i] = np.int64(((draw(start, numbers[i]) >> _32) * np.uint64(below)) >> _32)


@example
def _warm() -> None:
    units(np.uint64(1), np.zeros(1, np.int64))
    whole(np.uint64(1), np.zeros(1, np.int64), 1)
    rounded(np.zeros(1), np.uint64(1))
