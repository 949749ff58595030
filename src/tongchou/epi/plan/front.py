"""Plans of which none is better in all (the Pareto front), and how sure that is.

Losses are arrays f64[plans, seeds, objectives], less is better, seeds the same for all: the
difference of two plans is taken seed by seed, so that what luck gave to both drops out.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Interval", "beaten_for_sure", "interval", "on_front", "spread_out", "surely_larger",
]  # fmt: skip

Floats = NDArray[np.float64]

#: How sure to be before a plan is given up: 99 of 100.
SURE = 0.99


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, the bounds within which it lies with 95 %, and what single runs give.

    Parameters
    ----------
    low, high
        Of the mean: what more seeds would narrow.
    least, most
        The 5th and 95th of a hundred runs: what luck does to one city.
    """

    mean: float
    low: float
    high: float
    least: float
    most: float


def interval(values: Floats) -> Interval:
    """Of one number over the seeds, f64[seeds]. One seed alone gives bounds of nan.

    Of what is never below zero (people, days, money) the mean is not either.
    """
    mean, n = float(np.mean(values)), values.size
    half = _t(0.975, n - 1) * float(np.std(values, ddof=1)) / sqrt(n) if n > 1 else float("nan")
    least, most = (float(each) for each in np.quantile(values, (0.05, 0.95)))
    low = mean - half
    if np.min(values) >= 0:
        low = float(np.maximum(low, 0.0))  # nan stays nan
    return Interval(mean, low, mean + half, least, most)


def on_front(losses: Floats) -> NDArray[np.bool_]:
    """bool[plans]: not worse than any other in every objective and worse in one.

    Parameters
    ----------
    losses
        f64[plans, objectives]. Of plans that are equal in all, each stays.
    """
    kept = np.ones(len(losses), bool)
    for i, own in enumerate(losses):
        better = np.all(losses <= own, axis=1) & np.any(losses < own, axis=1)
        kept[i] = not better.any()
    return kept


def spread_out(losses: Floats, n: int) -> list[int]:
    """Up to `n` plans that stand for all: the best in each objective, then the furthest from these.

    Parameters
    ----------
    losses
        f64[plans, objectives]; each objective is measured by the distance from best to worst.
    """
    span = np.ptp(losses, axis=0)
    place = (losses - losses.min(axis=0)) / np.where(span > 0, span, 1.0)
    chosen = list(dict.fromkeys(int(each) for each in place.argmin(axis=0)))[:n]
    while len(chosen) < min(n, len(losses)):
        gaps = np.linalg.norm(place[:, None] - place[chosen][None], axis=2).min(axis=1)
        gaps[chosen] = -1.0
        chosen.append(int(gaps.argmax()))
    return sorted(chosen)


def surely_larger(differences: Floats, *, sure: float = SURE) -> NDArray[np.bool_]:
    """bool[objectives]: is the mean of paired differences above zero, one-sided t.

    Parameters
    ----------
    differences
        f64[seeds, objectives]. Equal everywhere and above zero counts as sure; of one seed
        nothing is.
    """
    n = len(differences)
    if n < 2:
        return np.zeros(differences.shape[1], bool)
    mean = differences.mean(axis=0)
    error = differences.std(axis=0, ddof=1) / sqrt(n)
    return np.asarray(mean - _t(sure, n - 1) * error > 0)


def beaten_for_sure(own: Floats, others: Floats, *, sure: float = SURE) -> bool:
    """Whether one of `others` is better than `own` in some objective for sure, and in none worse.

    "In none worse" is asked of the seeds that both have had: in each objective the difference is
    surely above zero, or it is zero in every one of them.

    Parameters
    ----------
    own
        f64[seeds so far, objectives].
    others
        f64[plans, seeds, objectives], at least as many seeds, the same ones first.
    """
    for other in others:
        differences = own - other[: len(own)]
        larger = surely_larger(differences, sure=sure)
        if larger.any() and np.all(larger | ~differences.any(axis=0)):
            return True
    return False


def _t(p: float, df: int) -> float:
    from scipy.special import stdtrit  # slow to load, so only when it is asked

    return float(stdtrit(df, p))
