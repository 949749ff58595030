"""How surprising it is that k of n cases were among the K visitors of a place.

Binomial deviances after Loader keep 13 digits where differences of log-gammas of ten million lose
half of them; the sum over the tail runs from k on, each term from the one before.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tongchou.kit.compiled import kernel

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def log_tail(k: I64, n_marked: I64, n_drawn: I64, n_all: int) -> F64:
    """log P(X >= k) where `n_drawn` of `n_all` are drawn and `n_marked` are marked, f64[m].

    Parameters
    ----------
    k, n_marked, n_drawn
        i64[m]: cases seen at the place, its visitors, cases in all.

    Examples
    --------
    >>> one = np.array([1])
    >>> round(float(np.exp(log_tail(2 * one, 5 * one, 4 * one, 10)[0])), 6)  # 1 - 5/210 - 50/210
    0.738095

    References
    ----------
    C. Loader 2000, Fast and Accurate Computation of Binomial Probabilities
    """
    out = np.empty(k.size)
    _log_tails(k, n_marked, n_drawn, n_all, out)
    return out


def adjusted(log_p: F64, n_tests: int) -> F64:
    """Benjamini and Hochberg's adjusted p-values, f64[m], of the m smallest of `n_tests`.

    The tests that were not computed must have larger p-values than those handed in, or be handed
    in as well; places where fewer than two cases were are of that kind.

    References
    ----------
    Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    order = np.argsort(log_p, kind="stable")
    rank = np.arange(1, log_p.size + 1)
    scaled = np.exp(log_p[order] + np.log(max(n_tests, log_p.size, 1)) - np.log(rank))
    out = np.empty(log_p.size)
    out[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1.0)
    return out


@kernel
def _log_tails(k: I64, n_marked: I64, n_drawn: I64, n_all: int, out: F64) -> None:
    for i in range(k.size):
        low = max(k[i], n_drawn[i] + n_marked[i] - n_all)
        high = min(n_marked[i], n_drawn[i])
        if k[i] <= max(0, n_drawn[i] + n_marked[i] - n_all):
            out[i] = 0.0
            continue
        if low > high:
            out[i] = -np.inf
            continue
        first = _log_point(low, n_marked[i], n_drawn[i], n_all)
        total, term, x = 1.0, 1.0, low
        while x < high:
            term *= (n_marked[i] - x) * (n_drawn[i] - x)
            term /= (x + 1) * (n_all - n_marked[i] - n_drawn[i] + x + 1.0)
            total += term
            x += 1
            if term < 1e-17 * total:
                break
        out[i] = min(first + math.log(total), 0.0)


@kernel
def _log_point(x: int, n_marked: int, n_drawn: int, n_all: int) -> float:
    p = n_drawn / n_all
    return (
        _log_binomial(x, n_marked, p)
        + _log_binomial(n_drawn - x, n_all - n_marked, p)
        - _log_binomial(n_drawn, n_all, p)
    )


@kernel
def _log_binomial(x: int, n: int, p: float) -> float:
    if p == 0.0 or p == 1.0:
        return 0.0 if x == (n if p == 1.0 else 0) else -np.inf
    if x == 0:
        return n * math.log1p(-p)
    if x == n:
        return n * math.log(p)
    shape = _stirling(n) - _stirling(x) - _stirling(n - x)
    shape -= _deviance(x, n * p) + _deviance(n - x, n * (1.0 - p))
    return shape - _HALF_LOG_2PI - 0.5 * math.log(x * (1.0 - x / n))


@kernel
def _stirling(n: int) -> float:
    """log n! less Stirling's formula."""
    if n < 16:
        return math.lgamma(n + 1.0) - (n + 0.5) * math.log(n) + n - _HALF_LOG_2PI
    s = 1.0 / (n * n)
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / n


@kernel
def _deviance(x: float, mean: float) -> float:
    """x log(x / mean) + mean - x, without loss where the two are near each other."""
    if abs(x - mean) < 0.1 * (x + mean):
        v = (x - mean) / (x + mean)
        total = (x - mean) * v
        term = 2.0 * x * v
        for j in range(1, 1000):
            term *= v * v
            after = total + term / (2 * j + 1)
            if after == total:
                break
            total = after
        return total
    return x * math.log(x / mean) + mean - x
