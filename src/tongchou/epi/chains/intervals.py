"""Serial intervals between onset dates: four laws in whole days, and fits to recorded pairs.

The normal law is the one that allows an infected person to fall ill before the infector.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.delays import LAWS as POSITIVE_LAWS
from tongchou.epi.delays import Delay, Law, discretise
from tongchou.epi.incomplete_gamma import Array

__all__ = ["LAWS", "Fit", "fit", "serial_interval"]

#: So many standard deviations from the mean that less than 1e-9 of a normal law is lost.
_FAR = 6.2


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal law, as far as delays between dates ask for it."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and 0 < self.sd < math.inf):
            raise ValueError(f"mean {self.mean} must be a number and sd {self.sd} above zero")

    def excess(self, x: ArrayLike) -> Array:
        """The mean of what an interval has beyond `x`, counting shorter ones as nothing."""
        z = (np.asarray(x, dtype=float) - self.mean) / self.sd
        above = np.vectorize(math.erfc, otypes=[float])(z / math.sqrt(2)) / 2
        density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        return np.asarray(self.sd * (density - z * above))


LAWS: Mapping[str, Callable[[float, float], Law | Normal]] = MappingProxyType(
    {**POSITIVE_LAWS, "normal": Normal}
)


def serial_interval(law: str, *, mean: float, sd: float) -> Delay:
    """The serial interval between two onset dates, in whole days.

    Parameters
    ----------
    law
        gamma, lognormal, weibull, or normal where onsets in the wrong order are believed.
    mean, sd
        Of the interval between the two moments, in days.

    Raises
    ------
    ValueError
        For a law that is not known, or a mean and sd that it cannot have.

    Examples
    --------
    >>> round(serial_interval("gamma", mean=5, sd=2).mean, 6)
    5.0
    >>> serial_interval("normal", mean=2, sd=4).within(-1) > 0.1
    True

    References
    ----------
    Negative serial intervals: Du et al. 2020, doi:10.3201/eid2606.200357
    """
    if law not in LAWS:
        raise ValueError(f"there is no law {law!r}; there are: {', '.join(LAWS)}")
    if law in POSITIVE_LAWS:
        return discretise(POSITIVE_LAWS[law](mean, sd))
    normal = Normal(mean, sd)
    first, last = math.floor(mean - _FAR * sd) - 1, math.ceil(mean + _FAR * sd) + 1
    return Delay(_between_dates(normal, np.arange(first, last + 1)), first)


def _between_dates(law: Law | Normal, days: NDArray[np.int64]) -> Array:
    """The probability of each difference between two dates, by `delays.discretise`'s formula."""
    before, here, after = (law.excess(days + step) for step in (-1, 0, 1))
    return np.maximum(before - 2 * here + after, 0.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """A law fitted to recorded pairs, in days.

    `seen_mean` and `seen_sd` are the plain mean and standard deviation (n - 1) of the `n`
    differences; `mean` and `sd` those of the most likely law; `log_likelihood` compares laws.
    """

    law: str
    n: int
    seen_mean: float
    seen_sd: float
    mean: float
    sd: float
    log_likelihood: float

    @property
    def delay(self) -> Delay:
        return serial_interval(self.law, mean=self.mean, sd=self.sd)


def fit(days: ArrayLike, law: str = "gamma") -> Fit:
    """The most likely serial interval behind the onset differences of recorded pairs.

    Both onsets are known to the day only, and the likelihood knows that. While an outbreak grows,
    the pairs recorded so far are the quick ones, and the fit is too short.

    Parameters
    ----------
    days
        Onset of the infected minus onset of the infector, whole days.
    law
        As for `serial_interval`.

    Raises
    ------
    ValueError
        With fewer than two different differences, or with negative ones under a law that allows
        none.
    """
    seen = np.asarray(days, dtype=np.int64).ravel()
    if np.unique(seen).size < 2:
        raise ValueError("a serial interval is fitted to at least two pairs that differ")
    if law != "normal" and int(seen.min()) < 0:
        raise ValueError(f"an onset {seen.min()} days after the infector's needs the normal law")
    values, counts = np.unique(seen, return_counts=True)

    def log_likelihood(point: Sequence[float]) -> float:
        mean = point[0] if law == "normal" else math.exp(point[0])
        try:
            chances = _between_dates(LAWS[law](mean, math.exp(point[1])), values)
        except ValueError:
            return -math.inf
        return float(counts @ np.log(np.maximum(chances, 1e-300)))

    mean, sd = float(seen.mean()), float(seen.std(ddof=1))
    start = (mean if law == "normal" else math.log(max(mean, 0.1)), math.log(sd))
    best, value = _highest(log_likelihood, start)
    fitted = best[0] if law == "normal" else math.exp(best[0])
    return Fit(law, seen.size, mean, sd, fitted, math.exp(best[1]), value)


def probability_of(delay: Delay, days: ArrayLike) -> Array:
    """The probability of each of these differences in days; zero where the law ends."""
    place = np.asarray(days, dtype=np.int64) - delay.first
    within = (place >= 0) & (place < delay.pmf.size)
    return np.where(within, delay.pmf[np.where(within, place, 0)], 0.0)


def _highest(
    function: Callable[[Sequence[float]], float], start: tuple[float, float]
) -> tuple[tuple[float, float], float]:
    """The top of a smooth hill in two dimensions, by steps that halve where none leads up."""
    point, value, step = start, function(start), 0.1
    while step > 1e-5:
        for a, b in _COMPASS:
            there = (point[0] + a * step, point[1] + b * step)
            if (height := function(there)) > value:
                point, value = there, height
                break
        else:
            step /= 2
    return point, value


_COMPASS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))
