"""Loops compiled to machine code by Numba, kept on disk so that only the first run ever pays.

A kernel is compiled at its first call (seconds) and then read from `__pycache__` beside its file,
or from the user's cache folder where that cannot be written (milliseconds). Numba looks only at
the kernel's *own* file to see whether the copy is stale: a kernel may call kernels of the same
file, and of another file only those that never change.
"""

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba

__all__ = ["example", "kernel", "parallel_kernel", "warm_up", "workers"]

P = ParamSpec("P")
R = TypeVar("R")
Example = Callable[[], object]

_examples: list[Example] = []


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` for one thread; it lets go of the interpreter lock while it runs.

    Divisions by zero give what NumPy gives. Mind that Numba makes a float of u64 with i64:
    view packed records as i64 (`records.view(np.int64)`), or cast every constant.
    """
    return _compile(function, parallel=False)


def parallel_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """The same with `numba.prange` spread over threads.

    Each turn of the loop must write only what is its own, so that the answer is the same with any
    number of threads.
    """
    return _compile(function, parallel=True)


def _compile(function: Callable[P, R], *, parallel: bool) -> Callable[P, R]:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "parallel": parallel}
    try:
        compiled: Callable[P, R] = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder that can be written: compile in every process
        compiled = numba.njit(**options)(function)
    return compiled


def workers(wanted: int | None = None) -> int:
    """How many threads to use: as many as `wanted`, at most those this process may use."""
    most: int = numba.config.NUMBA_NUM_THREADS
    return max(1, min(wanted, most)) if wanted is not None else most


def example(call: Example) -> Example:
    """Register a tiny call of a module's kernels, for `warm_up` to make."""
    _examples.append(call)
    return call


def warm_up() -> float:
    """Make every registered example call: compiles what is not on disk yet, loads what is.

    For a server's start, in a thread of its own, so that nobody at a desk pays for it.
    Returns the seconds it took. Only modules that were imported are warmed.
    """
    before = time.perf_counter()
    for call in _examples:
        call()
    return time.perf_counter() - before
