"""Delays in whole days, as frozen values that add up.

Dates have no hours: an event on one day and another on the next may lie 1 minute or 47
hours apart. A delay law therefore becomes a delay between *dates* by averaging over the
hour of both, not by rounding, and that keeps its mean exactly.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.incomplete_gamma import Array
from tongchou.epi.laws import LAWS, Gamma, Law, LogNormal, Weibull

__all__ = [
    "LAWS",
    "Delay",
    "Gamma",
    "Law",
    "LogNormal",
    "Timeliness",
    "Weibull",
    "between",
    "certain",
    "discretise",
    "timeliness",
]


@dataclass(frozen=True, eq=False)
class Delay:
    """A delay in whole days: `pmf[i]` is the probability of `first + i` days.

    Made by `discretise`, `between` or `certain`. Two delays in a row are `a + b`.
    """

    pmf: Array
    first: int = 0

    def __post_init__(self) -> None:
        pmf = np.array(self.pmf, dtype=float)
        if pmf.ndim != 1 or not pmf.size or not np.all(pmf >= 0) or not 0 < pmf.sum() < math.inf:
            raise ValueError("a delay needs a list of probabilities, none of them negative")
        pmf /= pmf.sum()
        pmf.setflags(write=False)
        object.__setattr__(self, "pmf", pmf)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Delay)
            and self.first == other.first
            and np.array_equal(self.pmf, other.pmf)
        )

    def __hash__(self) -> int:
        return hash((self.first, self.pmf.tobytes()))

    def __add__(self, other: "Delay") -> "Delay":
        """The delay of one after the other, where neither knows of the other."""
        return Delay(np.convolve(self.pmf, other.pmf), self.first + other.first)

    def shifted(self, days: int) -> "Delay":
        """The same delay, `days` longer."""
        return Delay(self.pmf, self.first + days)

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """The days that `pmf` speaks of."""
        return np.arange(self.first, self.first + self.pmf.size)

    @cached_property
    def cdf(self) -> Array:
        """`cdf[i]`: the probability of at most `first + i` days."""
        return np.minimum(np.cumsum(self.pmf), 1.0)

    @property
    def mean(self) -> float:
        return float(self.pmf @ self.days)

    @property
    def sd(self) -> float:
        return math.sqrt(float(self.pmf @ (self.days - self.mean) ** 2))

    def within(self, days: int) -> float:
        """The probability of at most so many days."""
        place = days - self.first
        return float(self.cdf[min(place, self.pmf.size - 1)]) if place >= 0 else 0.0

    def quantile(self, p: float) -> int:
        """The fewest days that are enough with probability `p`."""
        if not 0 <= p <= 1:
            raise ValueError(f"a quantile is asked for a share between 0 and 1, not {p}")
        # Sums of probabilities miss round shares by a hair; a day must not hang on that.
        place = int(np.searchsorted(self.cdf, p - 1e-12))
        return self.first + min(place, self.pmf.size - 1)

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.int64]:
        """So many delays, with the dice handed in."""
        places = np.searchsorted(self.cdf, rng.random(size), side="right")
        return self.first + np.minimum(places, self.pmf.size - 1)


def discretise(law: Law, *, until: int | None = None) -> Delay:
    """A continuous delay as one between dates (double interval censoring).

    The first event falls anywhere in its day with equal chance; so the delay between the
    two dates is k with probability H(k-1) - 2 H(k) + H(k+1), where H(x) is the mean excess
    of the law beyond x. Trust it where the first event is about as likely at any hour;
    while cases grow by far more than a tenth a day, more of them come late in the day.

    Parameters
    ----------
    law
        A `Gamma`, `LogNormal` or `Weibull`.
    until
        The longest delay kept, in days; what lies beyond is spread over the rest. By
        default so far out that less than 1e-9 is lost.

    Examples
    --------
    >>> delay = discretise(Gamma(mean=5, sd=2))
    >>> round(delay.mean, 6), delay.quantile(0.95)
    (5.0, 9)

    References
    ----------
    Cori et al. 2013, doi:10.1093/aje/kwt133, web appendix 11; Reich et al. 2009,
    doi:10.1002/sim.3659; Park et al. 2024, doi:10.1101/2024.01.12.24301247
    """
    if until is None:
        until = math.ceil(float(law.quantile(1 - 1e-9))) + 1
    if until < 0:
        raise ValueError(f"the longest delay cannot be {until} days")
    excess = law.excess(np.arange(-1, until + 2))
    return Delay(np.maximum(excess[:-2] - 2 * excess[1:-1] + excess[2:], 0.0))


def certain(days: int) -> Delay:
    """A delay that is always the same."""
    return Delay(np.ones(1), days)


def between(starts: Iterable[date | None], ends: Iterable[date | None]) -> Delay:
    """The delays seen between pairs of dates; pairs that lack a date say nothing.

    Ends before starts count as negative days, as serial intervals may be. While an outbreak
    grows, the pairs known so far are the quick ones: do not read this as the final delay.
    """
    pairs = zip(starts, ends, strict=True)
    seen = np.array([(b - a).days for a, b in pairs if a is not None and b is not None])
    if not seen.size:
        raise ValueError("no pair has both of its dates")
    first = int(seen.min())
    return Delay(np.bincount(seen - first).astype(float), first)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How long something took, and how often that was in time. In the unit handed in."""

    n: int
    n_open: int
    median: float
    p90: float
    share: float
    limit: float


def timeliness(
    taken: ArrayLike, *, limit: float, still_open: Sequence[float] | Array = ()
) -> Timeliness:
    """Median, 90th percentile and share within `limit` of what has been done.

    Parameters
    ----------
    taken
        What each finished one took.
    limit
        The time allowed; exactly that long is in time.
    still_open
        How long each unfinished one has waited so far. They enter the median and the
        percentile as they stand, so both can only grow: leaving them out would praise a
        desk for what it has not done. In the share they count once they are late; before
        that nothing is known of them.

    Returns
    -------
    Timeliness
        With nan for what cannot be said, as where there is nothing yet.

    Examples
    --------
    >>> seen = timeliness([1, 2, 30], limit=24, still_open=[40, 3])
    >>> seen.n, seen.n_open, seen.median, seen.share
    (3, 2, 3.0, 0.5)
    """
    done = np.asarray(taken, dtype=float).ravel()
    waiting = np.asarray(still_open, dtype=float).ravel()
    everyone = np.concatenate((done, waiting))
    if np.isnan(everyone).any():
        raise ValueError("a duration is missing; leave it out, or count it as still open")
    judged = done.size + int((waiting > limit).sum())
    median, p90 = np.quantile(everyone, (0.5, 0.9)) if everyone.size else (math.nan, math.nan)
    return Timeliness(
        n=done.size,
        n_open=waiting.size,
        median=float(median),
        p90=float(p90),
        share=float((done <= limit).sum() / judged) if judged else math.nan,
        limit=limit,
    )
