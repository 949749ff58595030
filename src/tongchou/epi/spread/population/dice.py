"""Draws for whole arrays, and alias tables: a draw from any law by one look-up.

A draw is a function of the seed, its purpose and a number, so that a city is the same with any
number of threads. The purposes are counted from 900, out of the way of those of an epidemic.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.spread.dice import draw, stream, unit
from tongchou.kit.compiled import kernel

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

(
    RESIDENTS, JOBS, DISTRICTS, EDGES, HOUSEHOLD, TILT, LAST, AGE, ENROLLED, ELSEWHERE, WORKS,
    ZONE, PLACE, OWN, SHUFFLE, SIZES, ORDER,
) = range(900, 917)  # fmt: skip


def streams(seed: int) -> U64:
    """u64[17]: where each purpose starts; index with `purpose - 900`."""
    return np.array(
        [stream(seed, purpose, 0) for purpose in range(RESIDENTS, ORDER + 1)], np.uint64
    )


def uniforms(seed: int, purpose: int, n: int) -> F64:
    """f64[n] between 0 and 1."""
    out = np.empty(n)
    _fill(np.uint64(stream(seed, purpose, 0)), out)
    return out


@kernel
def _fill(start: np.uint64, out: F64) -> None:
    for i in range(out.size):
        out[i] = unit(draw(start, i))


def shuffled(seed: int, purpose: int, n: int) -> I64:
    """i64[n]: the numbers from 0 in random order."""
    out = np.arange(n)
    _shuffle(np.uint64(stream(seed, purpose, 0)), out)
    return out


@kernel
def _shuffle(start: np.uint64, out: I64) -> None:
    for last in range(out.size - 1, 0, -1):
        word = draw(start, last) >> np.uint64(32)
        swap = np.int64((word * np.uint64(last + 1)) >> np.uint64(32))
        out[last], out[swap] = out[swap], out[last]


def lognormal_weights(seed: int, purpose: int, n: int, sd: float) -> F64:
    """f64[n]: log-normal with mean one, evenly over its quantiles, in random order."""
    from scipy.special import ndtri

    out = np.empty(n)
    out[shuffled(seed, purpose, n)] = np.exp(sd * ndtri((np.arange(n) + 0.5) / n))
    return np.asarray(out / out.mean())


def shared_out(total: int, weights: ArrayLike, least: int = 0) -> I64:
    """i64[n]: `total` in whole parts as near to the weights as can be, each at least `least`.

    Examples
    --------
    >>> shared_out(10, [1, 1, 2]).tolist()
    [3, 2, 5]
    """
    share = np.asarray(weights, float)
    share = share / share.sum() * total
    parts = np.maximum(np.floor(share).astype(np.int64), least)
    while lacking := total - int(parts.sum()):
        by_need = np.argsort(parts - share, kind="stable")
        if lacking > 0:
            parts[by_need[:lacking]] += 1
        else:  # the least of some was taken from nobody yet
            rich = by_need[parts[by_need] > least]
            parts[rich[lacking:]] -= 1
    return np.asarray(parts)


def alias_tables(weights: ArrayLike) -> tuple[F32, I32]:
    """(f32[rows, n], i32[rows, n]): the tables of Walker and Vose, a row for each law.

    References
    ----------
    Vose 1991, doi:10.1109/32.92917
    """
    rows = np.atleast_2d(np.asarray(weights, float))
    keep = np.ones(rows.shape, np.float32)
    other = np.zeros(rows.shape, np.int32)
    _alias(rows, keep, other)
    return keep, other


@kernel
def _alias(rows: F64, keep: F32, other: I32) -> None:
    n = rows.shape[1]
    left = np.empty(n)
    small, large = np.empty(n, np.int64), np.empty(n, np.int64)
    for row in range(rows.shape[0]):
        total = rows[row].sum()
        n_small = n_large = 0
        for i in range(n):
            other[row, i] = i
            left[i] = rows[row, i] / total * n
            if left[i] < 1.0:
                small[n_small] = i
                n_small += 1
            else:
                large[n_large] = i
                n_large += 1
        while n_small > 0 and n_large > 0:
            n_small -= 1
            poor, rich = small[n_small], large[n_large - 1]
            keep[row, poor] = left[poor]
            other[row, poor] = rich
            left[rich] -= 1.0 - left[poor]
            if left[rich] < 1.0:
                n_large -= 1
                small[n_small] = rich
                n_small += 1
        # what is over here is 1 but for rounding; a weight of zero must still never be drawn
        for k in range(n_small):
            if rows[row, small[k]] <= 0.0:
                keep[row, small[k]] = 0.0
                other[row, small[k]] = np.argmax(rows[row])
