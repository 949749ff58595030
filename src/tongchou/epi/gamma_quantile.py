"""Quantiles of the gamma law for hundreds of millions of shapes and a few probabilities.

Inverting the incomplete gamma function takes a microsecond; two hundred million times that are
minutes. For one probability the quantile is a smooth function of the shape alone, so it is tabled
once as polynomials, fitted to SciPy's inverse, and read off in some ten nanoseconds.
"""

import math
from functools import lru_cache

import numba
import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray
from scipy import special

from tongchou.kit.compiled import example, kernel, parallel_kernel

__all__ = ["gamma_quantiles"]

Floats = NDArray[np.float64]

#: Shapes from 2**-6 to 2**40 are tabled; others go to SciPy one by one.
_FIRST, _LAST = -6, 40
#: Pieces of each octave, and coefficients of each: the nearest singularity is at shape zero, nine
#: half-widths away, so that an error shrinks more than tenfold with each coefficient.
_HALVES, _TERMS = 2, 15
_BLOCK = 8192


def gamma_quantiles(
    shape: ArrayLike, probabilities: ArrayLike, scale: ArrayLike = 1.0, out: Floats | None = None
) -> Floats:
    """Quantiles of gamma laws, to a relative error below 1e-11, f64[n_probabilities, *shape].

    Parameters
    ----------
    shape
        f64[...], above zero; where it is NaN the quantile is, too.
    probabilities
        f64[n_probabilities], each between 0 and 1, the ends left out. Each new one costs some
        milliseconds once.
    scale
        f64[...] like `shape`, or one number.
    out
        Where to write, contiguous; by default a new array.

    Raises
    ------
    ValueError
        For a probability that is not between 0 and 1, or a shape that is not above zero.

    Examples
    --------
    >>> gamma_quantiles([1.0, 100.0], [0.5]).round(4).tolist()
    [[0.6931, 99.6669]]
    """
    a = np.asarray(shape, dtype=np.float64)
    asked = np.atleast_1d(np.asarray(probabilities, dtype=np.float64))
    if not np.all((asked > 0) & (asked < 1)):
        raise ValueError("a quantile is asked for a probability between 0 and 1")
    flat = np.ascontiguousarray(a).reshape(-1)
    factor = np.ascontiguousarray(np.broadcast_to(scale, a.shape), dtype=np.float64).reshape(-1)
    if out is None:
        out = np.empty((asked.size, *a.shape))
    if out.shape != (asked.size, *a.shape) or not out.flags.c_contiguous:
        raise ValueError(f"quantiles need a contiguous array of shape {(asked.size, *a.shape)}")
    tables = np.stack([_table(float(p)) for p in asked]) if asked.size else np.empty((0, 1, 1))
    rows = out.reshape(asked.size, -1)
    if flat.size <= _BLOCK:  # waking threads takes longer than this
        n_outside = _read(0, flat.size, flat, factor, tables, rows)
    else:
        n_outside = _read_all(flat, factor, tables, rows)
    if n_outside:
        _outside(flat, factor, asked, rows)
    return out


def _outside(a: Floats, scale: Floats, asked: Floats, rows: Floats) -> None:
    """What the tables do not hold, from SciPy."""
    if (a <= 0).any():
        raise ValueError("a gamma law has a shape above zero")
    for row, p in zip(rows, asked, strict=True):
        left = np.flatnonzero(np.isnan(row) & ~np.isnan(a))
        row[left] = special.gammaincinv(a[left], p) * scale[left]


@lru_cache(maxsize=256)
def _table(p: float) -> Floats:
    """f64[n_pieces, _TERMS]: coefficients in the place within a piece, from -1 to 1.

    From shape 1 on they give the quantile divided by the shape; below 1, where it falls to
    nothing like p ** (1 / shape), its logarithm times the shape.
    """
    nodes = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
    to_series = np.linalg.inv(chebyshev.chebvander(nodes, _TERMS - 1))
    to_powers = np.zeros((_TERMS, _TERMS))
    for k in range(_TERMS):
        to_powers[: k + 1, k] = chebyshev.cheb2poly(np.eye(_TERMS)[k])[: k + 1]
    exponent = np.repeat(np.arange(_FIRST, _LAST), _HALVES)[:, None]
    piece = np.tile(np.arange(_HALVES), _LAST - _FIRST)[:, None]
    a = np.ldexp(1 + (piece + (nodes + 1) / 2) / _HALVES, exponent)
    value = special.gammaincinv(a, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A quantile that underflows leaves NaN here, which sends its piece to SciPy.
        smooth = np.where(a < 1, np.where(value > 1e-300, a * np.log(value), np.nan), value / a)
    return np.ascontiguousarray(smooth @ to_series.T @ to_powers.T)


@kernel
def _polynomial(terms: Floats, x: float) -> float:
    total: float = terms[-1]
    for k in range(terms.size - 2, -1, -1):
        total = total * x + terms[k]
    return total


@kernel
def _read(low: int, high: int, a: Floats, scale: Floats, tables: Floats, rows: Floats) -> int:
    """Fills the rows; returns how many quantiles are not in the tables (NaN is left there)."""
    outside = 0
    for i in range(low, high):
        m, e = math.frexp(a[i])
        octave = e - 1 - _FIRST
        if not (a[i] > 0 and 0 <= octave < _LAST - _FIRST):
            rows[:, i] = np.nan
            outside += 0 if np.isnan(a[i]) else 1
            continue
        place = (2 * m - 1) * _HALVES
        half = int(place)
        x = 2 * (place - half) - 1
        for j in range(rows.shape[0]):
            value = _polynomial(tables[j, octave * _HALVES + half], x)
            value = a[i] * value if octave >= -_FIRST else math.exp(value / a[i])
            rows[j, i] = value * scale[i]
            outside += 1 if np.isnan(value) else 0
    return outside


@parallel_kernel
def _read_all(a: Floats, scale: Floats, tables: Floats, rows: Floats) -> int:
    outside = np.zeros((a.size + _BLOCK - 1) // _BLOCK, np.int64)
    for block in numba.prange(outside.size):
        low = block * _BLOCK
        outside[block] = _read(low, min(low + _BLOCK, a.size), a, scale, tables, rows)
    return int(outside.sum())


@example
def _tiny() -> Floats:
    return gamma_quantiles(np.full(_BLOCK + 1, 2.0), [0.5])
