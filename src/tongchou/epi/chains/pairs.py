"""Candidate pairs, sparse: for each case the cases that may have infected it.

Rows of one case lie together, so that a million pairs of ten thousand cases take 16 MB where the
full square would take 800.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.delays import Delay

__all__ = ["Pairs", "by_dates", "hazard"]

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Possible infectors of `n_cases` cases, made by `Pairs.of`.

    Parameters
    ----------
    offsets
        i64[n_cases + 1]; the candidates of case j are rows `offsets[j]:offsets[j + 1]`.
    infector
        i32[m], within a case in rising order, each at most once.
    days
        i32[m], onset of the case minus onset of the infector.
    weight
        f64[m], the exposure hazard of the pair in any unit; zero where infection is ruled out.
    """

    offsets: I64
    infector: I32
    days: I32
    weight: F64

    @property
    def n_cases(self) -> int:
        return self.offsets.size - 1

    def __len__(self) -> int:
        return self.infector.size

    @property
    def case(self) -> I32:
        """The infected case of each row, i32[m]."""
        return np.repeat(np.arange(self.n_cases, dtype=np.int32), np.diff(self.offsets))

    @classmethod
    def of(
        cls, onset: ArrayLike, infector: ArrayLike, case: ArrayLike, weight: ArrayLike | None = None
    ) -> "Pairs":
        """Pairs in any order; those given twice become one, with their weights added.

        Parameters
        ----------
        onset
            Day number of each case's onset, whole numbers [n_cases].
        infector, case
            Indices into `onset`, [m]: `infector` may have infected `case`.
        weight
            Exposure hazard, [m]; without it every pair counts the same.

        Raises
        ------
        ValueError
            For indices beyond the cases, a case paired with itself, or weights that are negative
            or no number.
        """
        day = np.asarray(onset, dtype=np.int64)
        source = np.asarray(infector, dtype=np.int64)
        target = np.asarray(case, dtype=np.int64)
        weights = np.ones(source.size) if weight is None else np.asarray(weight, dtype=float)
        _check(day.size, source, target, weights)
        key = target * day.size + source
        order = np.argsort(key, kind="stable")
        key, weights = key[order], weights[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        key = key[first]
        target, source = np.divmod(key, max(day.size, 1))
        offsets = np.zeros(day.size + 1, np.int64)
        np.cumsum(np.bincount(target, minlength=day.size), out=offsets[1:])
        return cls(
            offsets,
            source.astype(np.int32),
            (day[target] - day[source]).astype(np.int32),
            np.add.reduceat(weights, first) if first.size else weights[:0],
        )


def _check(n_cases: int, source: I64, target: I64, weights: F64) -> None:
    if not source.size == target.size == weights.size:
        raise ValueError("infector, case and weight must be equally long")
    if not source.size:
        return
    if min(source.min(), target.min()) < 0 or max(source.max(), target.max()) >= n_cases:
        raise ValueError(f"a pair names a case outside of 0 to {n_cases - 1}")
    if np.any(source == target):
        raise ValueError("nobody infects themselves: leave such pairs out")
    if not np.all((weights >= 0) & (weights < np.inf)):
        raise ValueError("the weight of a pair is a number from zero up")


def by_dates(onset: ArrayLike, interval: Delay, *, most: int = 20_000_000) -> Pairs:
    """Every case whose onset lies a possible interval before: where nobody knows the contacts.

    This is what Wallinga and Teunis use. It seldom finds the infector: take it for the shape of
    the outbreak, not for names.

    Raises
    ------
    ValueError
        For more than `most` pairs, which is where only contacts help.

    References
    ----------
    Wallinga & Teunis 2004, doi:10.1093/aje/kwh255
    """
    day = np.asarray(onset, dtype=np.int64)
    order = np.argsort(day, kind="stable")
    from_place = np.searchsorted(day[order], day - interval.days[-1], side="left")
    until_place = np.searchsorted(day[order], day - interval.first, side="right")
    counts = np.maximum(until_place - from_place, 0)
    total = int(counts.sum())
    if total > most:
        raise ValueError(f"dates alone leave {total:,} possible pairs: give contacts")
    case = np.repeat(np.arange(day.size), counts)
    step = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    infector = order[np.repeat(from_place, counts) + step]
    other = infector != case
    return Pairs.of(day, infector[other], case[other])


def hazard(minutes: ArrayLike, *, per_hour: float) -> F64:
    """The chance that so many minutes together infect, if every hour does with `per_hour`.

    Grows with the time together and is full at one: a week in one room is not seven times a day.
    """
    if not 0 < per_hour < 1:
        raise ValueError(f"the hazard of an hour lies between 0 and 1, not at {per_hour}")
    hours = np.maximum(np.asarray(minutes, dtype=float), 0.0) / 60
    return np.asarray(-np.expm1(hours * np.log1p(-per_hour)))
