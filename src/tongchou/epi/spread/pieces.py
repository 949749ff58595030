"""Long lists are cut and the pieces run side by side; what they give is put together in order."""

from itertools import pairwise
from typing import Any

from tongchou.epi.spread.state import Run

__all__ = ["PIECE", "cut", "side_by_side"]

#: Pieces shorter than this are not worth a thread.
PIECE = 20_000


def cut(size: int, threads: int) -> list[tuple[int, int]]:
    """Where to cut a list of `size`, so that each piece is worth a thread."""
    if threads == 1 or size < 2 * PIECE:
        return [(0, size)]
    n = max(1, min(threads, size // PIECE))
    edges = [size * i // n for i in range(n + 1)]
    return list(pairwise(edges))


def side_by_side(run: Run, work: Any, tasks: list[tuple[Any, ...]]) -> list[Any]:
    """Do the work for each task, the first one here and the others in threads; answers in order."""
    if len(tasks) == 1 or run.pool is None:
        return [work(*task) for task in tasks]
    others = [run.pool.submit(work, *task) for task in tasks[1:]]
    return [work(*tasks[0]), *(other.result() for other in others)]
