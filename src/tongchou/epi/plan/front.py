"""Plans of which none is better in all (the Pareto front), and how sure that is.

Losses are arrays f64[plans, seeds, objectives], less is better, seeds the same for all: the
difference of two plans is taken seed by seed, so that what luck gave to both drops out.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "beaten", "interval", "on_front", "spread_out"]

Floats = NDArray[np.float64]

#: How sure to be that a rival is better before a plan is given up: 9 of 10.
SURE = 0.9


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
    no_worse = np.all(losses[:, None] <= losses[None], axis=2)
    better = np.any(losses[:, None] < losses[None], axis=2)
    return np.asarray(~np.any(no_worse & better, axis=0))


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


def beaten(own: Floats, others: Floats, *, sure: float = SURE) -> bool:
    """Whether one of `others` is better than `own` in some objective, and none worse in any.

    Judged on the seeds that both have had. "Better" is asked with the confidence `sure` (one-sided
    paired t). "None worse" of one rival is asked of the mean alone: where two plans are alike in an
    objective no number of seeds would tell them apart. A plan that is really better than its rival
    there by d standard deviations of the paired difference has a mean of k seeds that hides it with
    probability Phi(-d sqrt(k)): of four seeds and one deviation 2.3 %.

    Of many rivals some mean hides it sooner, so of K each must be no worse by a margin: the middle
    of what luck gives to the greatest of K differences from one plan. They share the luck of that
    plan, and so correlate by a half (as in Dunnett 1955, J. Am. Stat. Assoc. 50: 1096-1121):
    that middle is t(2^(-1/K)) / sqrt(2) standard errors, and none for one rival.

    Parameters
    ----------
    own
        f64[seeds so far, objectives].
    others
        f64[plans, seeds, objectives], at least as many seeds, the same ones first.
    """
    n = len(own)
    if n < 2 or not len(others):
        return False
    apart = own[None] - others[:, :n]
    means = apart.mean(axis=1)
    error = apart.std(axis=1, ddof=1) / sqrt(n)
    larger = means - _t(sure, n - 1) * error > 0
    no_worse = means - _margin(len(others), n - 1) * error >= 0
    return bool(np.any(larger.any(axis=1) & no_worse.all(axis=1)))


def _margin(rivals: int, df: int) -> float:
    """In standard errors; of one rival nothing."""
    return _t(0.5 ** (1 / rivals), df) / sqrt(2) if rivals > 1 else 0.0


def _t(p: float, df: int) -> float:
    from scipy.special import stdtrit  # slow to load, so only when it is asked

    return float(stdtrit(df, p))
