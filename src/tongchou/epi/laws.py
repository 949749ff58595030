"""Laws of a delay in continuous time: gamma, log-normal and Weibull, by mean and spread.

Papers give a mean and a standard deviation, so that is how a law is made; its inner
parameters follow. Days throughout, though any unit will do.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.incomplete_gamma import Array, lower, upper

_SPREADS = (1e-3, 1e3)


class Law(Protocol):
    """What `delays.discretise` asks of a law."""

    @property
    def mean(self) -> float: ...

    def cdf(self, x: ArrayLike) -> Array:
        """The share of delays up to `x`."""

    def excess(self, x: ArrayLike) -> Array:
        """The mean of what a delay has beyond `x`, counting shorter ones as nothing."""

    def quantile(self, p: ArrayLike) -> Array:
        """The delay that a share `p` does not exceed."""


@dataclass(frozen=True)
class _ByMoments:
    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (self.mean > 0 and math.isfinite(self.mean) and self.sd > 0):
            raise ValueError(f"mean {self.mean} and sd {self.sd} must be above zero")
        low, high = _SPREADS
        if not low <= self.sd / self.mean <= high:
            raise ValueError(
                f"sd {self.sd} is not between {low} and {high} times the mean {self.mean}; "
                "for a delay without spread use delays.certain"
            )

    def cdf(self, x: ArrayLike) -> Array:
        raise NotImplementedError

    def quantile(self, p: ArrayLike) -> Array:
        raise NotImplementedError

    def _beyond(self, x: Array) -> Array:
        """Share of the mean that lies in delays longer than x, for x above zero."""
        raise NotImplementedError

    def excess(self, x: ArrayLike) -> Array:
        points = np.asarray(x, dtype=float)
        over = np.maximum(points, 0.0)
        tail = self.mean * self._beyond(over) - over * self._survival(over)
        return np.where(points > 0, np.maximum(tail, 0.0), self.mean - points)

    def _survival(self, x: Array) -> Array:
        raise NotImplementedError


@dataclass(frozen=True)
class Gamma(_ByMoments):
    """A gamma law, the usual one for serial and generation intervals.

    Examples
    --------
    >>> exponential = Gamma(mean=2, sd=2)
    >>> float(exponential.cdf(2).round(6))
    0.632121
    """

    @property
    def shape(self) -> float:
        return (self.mean / self.sd) ** 2

    @property
    def scale(self) -> float:
        return self.sd**2 / self.mean

    def cdf(self, x: ArrayLike) -> Array:
        return lower(self.shape, np.asarray(x, dtype=float) / self.scale)

    def _survival(self, x: Array) -> Array:
        return upper(self.shape, x / self.scale)

    def _beyond(self, x: Array) -> Array:
        return upper(self.shape + 1, x / self.scale)

    def quantile(self, p: ArrayLike) -> Array:
        return _inverted(self, p)


@dataclass(frozen=True)
class LogNormal(_ByMoments):
    """A log-normal law, the usual one for incubation periods (Sartwell 1950)."""

    @property
    def sigma(self) -> float:
        return math.sqrt(math.log1p((self.sd / self.mean) ** 2))

    @property
    def mu(self) -> float:
        return math.log(self.mean) - self.sigma**2 / 2

    def cdf(self, x: ArrayLike) -> Array:
        return _normal_tail(-self._z(np.asarray(x, dtype=float)))

    def _z(self, x: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(np.maximum(x, 0.0)) - self.mu) / self.sigma)

    def _survival(self, x: Array) -> Array:
        return _normal_tail(self._z(x))

    def _beyond(self, x: Array) -> Array:
        return _normal_tail(self._z(x) - self.sigma)

    def quantile(self, p: ArrayLike) -> Array:
        z = np.vectorize(_normal_quantile, otypes=[float])(np.asarray(p, dtype=float))
        return np.asarray(np.exp(self.mu + self.sigma * z))


@dataclass(frozen=True)
class Weibull(_ByMoments):
    """A Weibull law. Its shape has no formula in mean and sd and is found by halving."""

    @cached_property
    def shape(self) -> float:
        wanted = math.log1p((self.sd / self.mean) ** 2)
        low, high = math.log(0.05), math.log(5000.0)
        for _ in range(100):
            middle = (low + high) / 2
            k = math.exp(middle)
            spread = math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k)
            low, high = (middle, high) if spread > wanted else (low, middle)
        return math.exp((low + high) / 2)

    @cached_property
    def scale(self) -> float:
        return self.mean / math.exp(math.lgamma(1 + 1 / self.shape))

    def cdf(self, x: ArrayLike) -> Array:
        return np.asarray(-np.expm1(-self._power(np.asarray(x, dtype=float))))

    def _power(self, x: Array) -> Array:
        return np.asarray((np.maximum(x, 0.0) / self.scale) ** self.shape)

    def _survival(self, x: Array) -> Array:
        return np.asarray(np.exp(-self._power(x)))

    def _beyond(self, x: Array) -> Array:
        return upper(1 + 1 / self.shape, self._power(x))

    def quantile(self, p: ArrayLike) -> Array:
        share = _shares(p)
        with np.errstate(divide="ignore"):
            return np.asarray(self.scale * (-np.log1p(-share)) ** (1 / self.shape))


LAWS: Mapping[str, type[Gamma] | type[LogNormal] | type[Weibull]] = MappingProxyType(
    {"gamma": Gamma, "lognormal": LogNormal, "weibull": Weibull}
)


def _normal_tail(z: Array) -> Array:
    """P(Z > z), by Q(1/2, z²/2) = P(|Z| > z)."""
    half = upper(0.5, z**2 / 2) / 2
    return np.where(z > 0, half, 1 - half)


def _normal_quantile(p: float) -> float:
    _shares(p)
    return NormalDist().inv_cdf(p) if 0 < p < 1 else math.copysign(math.inf, p - 0.5)


def _shares(p: ArrayLike) -> Array:
    share = np.asarray(p, dtype=float)
    if not np.all((share >= 0) & (share <= 1)):
        raise ValueError("a quantile is asked for a share between 0 and 1")
    return share


def _inverted(law: Law, p: ArrayLike) -> Array:
    """Quantiles by bisection of the distribution function: slow, and never wrong."""
    share = _shares(p)
    low, high = np.zeros_like(share), np.full_like(share, law.mean)
    within = share < 1
    while np.any(short := within & (law.cdf(high) < share)):
        high = np.where(short, high * 2, high)
    # Halving ends at a share too small to tell from zero; everything else ends well before.
    for _ in range(200):
        if np.all(high - low <= 1e-14 * high):
            break
        middle = (low + high) / 2
        below = law.cdf(middle) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(within, np.where(share > 0, high, 0.0), np.inf)
