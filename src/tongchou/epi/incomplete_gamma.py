"""The regularised incomplete gamma function on arrays: SciPy's, with the shape checked.

It is the one special function the delay laws need: the normal law is its case a = 1/2. SciPy is
imported at the first call, so that pages which only name a delay do not wait for it.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def lower(a: float, x: ArrayLike) -> Array:
    """P(a, x): the share of a unit-scale gamma law with shape `a` below `x`.

    Parameters
    ----------
    a
        Shape, above zero.
    x
        Points; below zero counts as zero.

    Examples
    --------
    >>> lower(1.0, [0.0, 1.0]).round(6).tolist()
    [0.0, 0.632121]
    """
    from scipy import special

    return np.asarray(special.gammainc(_checked(a), _points(x)))


def upper(a: float, x: ArrayLike) -> Array:
    """Q(a, x) = 1 - P(a, x), without the loss of digits that the subtraction would bring."""
    from scipy import special

    return np.asarray(special.gammaincc(_checked(a), _points(x)))


def _checked(a: float) -> float:
    if not a > 0 or not math.isfinite(a):
        raise ValueError(f"the shape must be above zero, not {a}")
    return a


def _points(x: ArrayLike) -> Array:
    return np.asarray(np.maximum(np.asarray(x, dtype=float), 0.0))
