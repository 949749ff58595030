"""Threads that take the parts of one work between them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from tongchou.epi.spread.population.dice import I64
from tongchou.kit.compiled import workers

#: Works are cut in so many parts, with any number of threads: so the answer is the same.
PARTS = 32

Hands = Callable[[Callable[[int], object], int], None]


@contextmanager
def hands(threads: int | None) -> Iterator[Hands]:
    """A function (work, n) that calls `work` for 0 to n - 1, spread over threads."""
    if workers(threads) == 1:
        yield _alone
        return
    with ThreadPoolExecutor(workers(threads)) as pool:

        def together(work: Callable[[int], object], n: int) -> None:
            for _ in pool.map(work, range(n)):
                pass

        yield together


def _alone(work: Callable[[int], object], n: int) -> None:
    for part in range(n):
        work(part)


def between(
    hands: Hands, kernel: Callable[..., object], edges: I64, *given: Any, each: Any = None
) -> None:
    """Call a kernel for every part between two edges; `each[part]` is given to it last."""

    def work(part: int) -> None:
        own = () if each is None else (each[part],)
        kernel(int(edges[part]), int(edges[part + 1]), *given, *own)

    hands(work, edges.size - 1)


def even(start: Any, parts: int = PARTS) -> I64:
    """Edges between units, so that each part holds about equally many of what they start."""
    wanted = np.linspace(0, start[-1], parts + 1)
    return np.unique(np.searchsorted(start, wanted)).astype(np.int64)
