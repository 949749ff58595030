"""Loops compiled to machine code by Numba, kept on disk so that only the first run ever pays.

A kernel is compiled at its first call (seconds) and then read from `__pycache__` beside its file,
or from the user's cache folder where that cannot be written (milliseconds). Numba looks only at
the kernel's *own* file to see whether the copy is stale; here the files of the kernels that it may
call, and the constants that it may read, count as well (`_reached`). So an upgrade in place never
runs old machine code.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = [
    "example",
    "kernel",
    "parallel_kernel",
    "prefetch",
    "u32_at",
    "u64_at",
    "warm_up",
    "workers",
]

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
        compiled: Any = numba.njit(cache=True, **options)(function)
        kept = compiled._cache._cache_file
        kept._source_stamp = (*kept._source_stamp, _reached(function))
    except RuntimeError:  # no folder that can be written: compile in every process
        compiled = numba.njit(**options)(function)
    return compiled  # type: ignore[no-any-return]


def _reached(function: Callable[..., Any]) -> str:
    """A digest of what goes into the machine code of `function` beside its own file.

    Files of the kernels of other files that its file knows, and of those that these know; and the
    constants of all these files, for they may come from a third.
    """
    found, todo, seen = hashlib.sha256(), [function], set[str]()
    while todo:
        each = todo.pop()
        known = each.__globals__
        for name, value in sorted(_constants(known)):
            found.update(f"{name}={value};".encode())
        for kernel_ in _kernels(known):
            file = kernel_.__code__.co_filename
            if file not in seen and file != function.__code__.co_filename:
                seen.add(file)
                told = os.stat(file)
                found.update(f"{file}:{told.st_mtime_ns}:{told.st_size};".encode())
                todo.append(kernel_)
    return found.hexdigest()


def _kernels(known: dict[str, Any]) -> Iterator[Any]:
    for _name, value in sorted(known.items()):
        if isinstance(value, numba.core.dispatcher.Dispatcher):
            yield value.py_func


def _constants(known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in known.items():
        if name.startswith("__"):
            continue
        if isinstance(value, np.ndarray):
            yield name, hashlib.sha256(value.tobytes()).hexdigest()
        elif isinstance(value, bool | int | float | str | tuple | np.generic | np.dtype):
            yield name, repr(value)


def _load(bits: int) -> Any:
    """A function (address, index) -> i64 for kernels: the unsigned number that stands there.

    With it one kernel walks over many arrays at once, such as the days of a city, whose number
    would otherwise be part of its compiled type. The caller keeps the arrays alive and checks
    every index: a wrong one ends the process.
    """

    def load(typing: Any, address: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            kind = cgutils.ir.IntType(bits)
            start = builder.inttoptr(values[0], kind.as_pointer())
            found = builder.load(cgutils.gep_inbounds(builder, start, values[1]))
            return builder.zext(found, cgutils.ir.IntType(64)) if bits < 64 else found

        return types.int64(types.int64, types.int64), generate

    return intrinsic(load)


u32_at = _load(32)
u64_at = _load(64)


def _prefetch() -> Any:
    """A function (address) for kernels: have this cache line fetched while other work goes on."""

    def prefetch(typing: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            byte, word = cgutils.ir.IntType(8).as_pointer(), cgutils.ir.IntType(32)
            kind = cgutils.ir.FunctionType(cgutils.ir.VoidType(), [byte, word, word, word])
            call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            # for reading, to be kept near, data
            hints = [word(0), word(3), word(1)]
            builder.call(call, [builder.inttoptr(values[0], byte), *hints])
            return context.get_dummy_value()

        return types.void(types.int64), generate

    return intrinsic(prefetch)


prefetch = _prefetch()


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
