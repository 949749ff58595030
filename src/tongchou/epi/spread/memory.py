"""Memory that is asked for by the page and given back by the page, where the system can.

Of a city of millions every byte a person is megabytes: what has served its time goes back at once,
and does not wait in the allocator for arrays of its size.
"""

import ctypes
import mmap
from contextlib import suppress
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGE", "give_back", "room", "trim"]

#: Rows from which memory is asked of the system itself; below, it does not matter.
LARGE: Final = 1_000_000
PAGE: Final = 1 << 21


def room(shape: int | tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """An array of zeros, of which memory that is never written is never taken."""
    if np.max(shape) < LARGE or not hasattr(mmap, "MAP_ANONYMOUS"):
        return np.zeros(shape, dtype)
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a system without large pages
            memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, dtype).reshape(shape)


def give_back(array: NDArray[Any], first: int, end: int) -> None:
    """Give back rows `first` to `end` of an array made by `room`; they are never read again.

    All rows before them must have been given back already.
    """
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, memoryview):
        owner = owner.obj
    if not isinstance(owner, mmap.mmap) or not hasattr(mmap, "MADV_DONTNEED"):
        return
    row = array.strides[0]
    start, stop = first * row // PAGE * PAGE, end * row // PAGE * PAGE
    if start < stop:
        owner.madvise(mmap.MADV_DONTNEED, start, stop - start)


def trim() -> None:
    """Have the allocator give back what it keeps for later; does nothing where it cannot."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
