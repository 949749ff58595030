"""One thread for NumPy's matrix products: the same sums in the same order on every machine.

OpenBLAS cuts a product by the number of its threads, and rounds accordingly; and where work is
spread over processes already, more threads only stand in each other's way.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["one_thread"]

_NAMES = (
    "scipy_openblas_{}_num_threads64_",
    "openblas_{}_num_threads64_",
    "openblas_{}_num_threads",
)
_lock = threading.Lock()
_inside = 0
_before = 1


@contextmanager
def one_thread() -> Iterator[None]:
    """While inside, of any thread, NumPy's OpenBLAS computes with one. Others it leaves alone."""
    global _inside, _before
    blas = _openblas()
    if blas is None:
        yield
        return
    get, put = blas
    with _lock:
        if not _inside:
            _before = get()
            put(1)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                put(_before)


@lru_cache(maxsize=1)
def _openblas() -> tuple[Any, Any] | None:
    """How to ask and to set the number of threads of the library that came with NumPy."""
    home = Path(np.__file__).resolve().parent
    for folder in (home.parent / "numpy.libs", home / ".dylibs", home / ".libs"):
        for path in sorted(folder.glob("*openblas*")) if folder.is_dir() else ():
            try:
                library = ctypes.CDLL(str(path))
            except OSError:
                continue
            for name in _NAMES:
                get = getattr(library, name.format("get"), None)
                put = getattr(library, name.format("set"), None)
                if get is not None and put is not None:
                    return get, put
    return None
