"""Pooled tests (混采): how many tubes they take, what they miss, and how large a pool pays.

A pool of ten saves nine tests in ten while almost nobody is infected, and saves nothing once one
person in three is. Swabs put into one tube on the street (混采) and samples mixed in the laboratory
(混样) are the same here but for the dilution: the first is 1 or close to it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Cost", "best_pool", "cost_of", "diluted", "dilution_from_cycles", "tubes_per_person"]

Floats = NDArray[np.float64]

#: Above this share of infected people no pool of any size saves a test: 1 - 3 ** (-1/3).
NEVER_PAYS = 1 - 3 ** (-1 / 3)


def tubes_per_person(pool: int, prevalence: ArrayLike, *, sensitivity: float = 1.0) -> Floats:
    """Tubes a person takes when positive pools are taken apart and each member tested singly.

    1/n + 1 - (1 - s p)^n, as whoever shared a positive tube is tested singly; 1 for a pool of one.
    People of a pool are taken as independent; a household in one tube makes it cheaper.

    Parameters
    ----------
    pool
        People in a tube, 1 or more.
    prevalence
        Share of people who are infectious, any shape.
    sensitivity
        Probability that one infectious member makes the tube positive.

    Raises
    ------
    ValueError
        Where the pool is below 1 or a share is none.

    Examples
    --------
    >>> round(float(tubes_per_person(10, 0.001)), 3)
    0.11

    References
    ----------
    Dorfman 1943, doi:10.1214/aoms/1177731363
    """
    shares = _shares("prevalence", prevalence) * float(_shares("sensitivity", sensitivity))
    _check_pool(pool)
    if pool == 1:
        return np.ones_like(shares)
    return np.asarray(1 / pool - np.expm1(pool * np.log1p(-np.minimum(shares, 1 - 1e-16))))


def best_pool(
    prevalence: float, *, most: int = 20, least_sensitivity: float = 0.0, dilution: float = 1.0
) -> int:
    """The pool size with the fewest tests a person, up to `most`; 1 where no pool saves any.

    Without a limit it is close to 1 / sqrt(prevalence) while few are infected.

    Parameters
    ----------
    prevalence
        Share of people who are infectious.
    most
        The largest tube there is: 20 in one since January 2022 in China (20合1: tellerreport.com
        2022-01-18).
    least_sensitivity
        What must be left of the sensitivity of a single test, see `diluted`.

    Examples
    --------
    >>> best_pool(0.01), best_pool(0.001), best_pool(0.4)
    (11, 20, 1)

    References
    ----------
    Dorfman 1943, doi:10.1214/aoms/1177731363, whose table of best sizes this gives again.
    """
    _shares("prevalence", prevalence)
    _check_pool(most)
    sizes = [n for n in range(1, most + 1) if diluted(1.0, n, dilution) >= least_sensitivity]
    tests = [float(tubes_per_person(n, prevalence)) for n in sizes]
    # of equal sizes the smaller: less is lost to dilution
    return sizes[int(np.argmin(tests))] if sizes else 1


def diluted(sensitivity: float, pool: int, dilution: float) -> float:
    """Sensitivity of a tube with one positive swab among `pool`.

    `dilution` is what is left of it for every doubling of the pool; a pool of one loses nothing.
    Each doubling costs a PCR one cycle (see `dilution_from_cycles`), which is why the loss goes by
    doublings.

    Examples
    --------
    >>> round(diluted(0.95, 16, 0.98), 4), diluted(0.95, 1, 0.5)
    (0.8762, 0.95)
    """
    _check_pool(pool)
    return float(_shares("sensitivity", sensitivity) * _shares("dilution", dilution) ** _log(pool))


def dilution_from_cycles(
    cycles: Sequence[float] | Floats, *, pool: int, limit: float = 40.0
) -> float:
    """What dilution leaves for every doubling, from the cycle thresholds (Ct) of positive swabs.

    A swab among n shows log2(n) cycles later; who shows after `limit` is missed.

    Parameters
    ----------
    cycles
        Ct values of people found singly, all of them `limit` or lower.
    pool
        The size at which the loss is measured, 2 or more.

    Raises
    ------
    ValueError
        Where no value is at or below the limit.

    Examples
    --------
    >>> round(dilution_from_cycles([20, 25, 30, 39], pool=4), 4)
    0.866

    References
    ----------
    Yelin et al. 2020, doi:10.1093/cid/ciaa531: one positive found in pools of 32, later by cycles.
    """
    _check_pool(pool)
    seen = np.asarray(cycles, dtype=float)
    seen = seen[seen <= limit]
    if pool < 2 or not seen.size:
        raise ValueError(f"a loss by dilution needs a pool of two and a Ct up to {limit}")
    left = np.count_nonzero(seen + math.log2(pool) <= limit) / seen.size
    return float(left ** (1 / _log(pool)))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a round takes: swabs, tubes, and the share of infectious people whom it finds."""

    swabs: float
    tubes: float
    found: float


def cost_of(
    people: float, pool: int, prevalence: float, *, sensitivity: float = 1.0, dilution: float = 1.0
) -> Cost:
    """The round of `people` who come, in expectation: for a page or a plan, without a simulation.

    Found is who makes the tube positive alone: members of a tube that another made positive are
    found too, which matters only where many are infected.
    """
    tube = diluted(sensitivity, pool, dilution)
    tests = float(tubes_per_person(pool, prevalence, sensitivity=tube)) * people
    again = tests - people / pool if pool > 1 else 0.0
    return Cost(swabs=people + again, tubes=tests, found=tube)


def _log(pool: int) -> float:
    return math.log2(pool)


def _check_pool(pool: int) -> None:
    if pool < 1:
        raise ValueError(f"a pool of {pool}: a tube holds one person or more")


def _shares(name: str, values: ArrayLike) -> Floats:
    shares = np.asarray(values, dtype=float)
    if not np.all((shares >= 0) & (shares <= 1)):
        raise ValueError(f"{name} {values!r} is no share from 0 to 1")
    return shares
