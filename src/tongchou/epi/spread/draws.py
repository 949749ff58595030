"""Random numbers for many people at once, for measures that are written in NumPy.

The same draws as in the kernels: `units(start, persons)[i]` is `unit(draw(start, persons[i]))`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, unit
from tongchou.kit.compiled import example, kernel

__all__ = ["units"]

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]


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


@kernel
def _units(start: np.uint64, persons: I64, found: F32) -> None:
    for i in range(persons.size):
        found[i] = unit(draw(start, persons[i]))


@example
def _warm() -> None:
    units(np.uint64(1), np.zeros(1, np.int64))
