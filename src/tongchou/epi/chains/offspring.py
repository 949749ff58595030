"""How many others a case infects: mean, dispersion k, and who infected most.

The smaller k, the fewer cases make the outbreak: at k = 0.1 a tenth of them infect four fifths.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.delays import Gamma
from tongchou.kit.compiled import kernel

__all__ = ["Offspring", "chance_of_more", "counts_of", "many", "negative_binomial", "of_recorded"]

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

#: Between these a negative binomial's k can be told from its limits.
_K_LOW, _K_HIGH = 1e-4, 1e4
#: Half of the 95 % point of chi-square with one degree of freedom.
_DROP = 3.841458820694124 / 2


@dataclass(frozen=True, slots=True)
class Offspring:
    """Negative binomial law of how many others one of `n` cases infects.

    `k_low` to `k_high` is the 95 % profile-likelihood interval of k; `k` is infinite where the
    counts spread no more than a Poisson law's.
    """

    mean: float
    k: float
    k_low: float
    k_high: float
    n: int

    @property
    def most_by_few(self) -> float:
        """The share of infections that the most infectious fifth of cases makes."""
        if not self.mean > 0 or math.isinf(self.k):
            return 0.2
        law = Gamma(self.mean, self.mean / math.sqrt(self.k))
        bound = float(law.quantile(0.8))
        return (float(law.excess(bound)) + 0.2 * bound) / self.mean


def of_recorded(n_cases: int, infector: ArrayLike) -> Offspring:
    """The law from recorded pairs, one infector index for each infected case.

    Cases that nobody is recorded to have been infected by count as having infected none.
    """
    per_case = np.bincount(np.asarray(infector, dtype=np.int64), minlength=n_cases)
    return negative_binomial(np.bincount(per_case).astype(float))


def negative_binomial(counts: F64, *, prior: bool = False, interval: bool = True) -> Offspring:
    """Maximum likelihood of mean and k, with the profile-likelihood interval of k.

    Parameters
    ----------
    counts
        How many cases infected 0, 1, 2 … others; shares of a case are welcome.
    prior
        Hold k near 1, as one case in doubt would (log-normal, one unit of log k).

    References
    ----------
    Lloyd-Smith 2007, doi:10.1371/journal.pone.0000180
    """
    z = np.arange(counts.size)
    n = float(counts.sum())
    mean = float(counts @ z) / n if n else math.nan
    if not mean > 0:
        return Offspring(mean, math.nan, 0.0, math.inf, round(n))
    above = np.cumsum(counts[::-1])[::-1][1:]  # how many infected more than x, for x = 0, 1, …

    def likelihood(log_k: float) -> float:
        k = math.exp(log_k)
        rising = float(above @ np.log(k + z[:-1])) if above.size else 0.0
        rest = n * k * (log_k - math.log(k + mean)) - n * mean * math.log(k + mean)
        return rising + rest - (log_k**2 / 2 if prior else 0.0)

    low, high = math.log(_K_LOW), math.log(_K_HIGH)
    top = _top(likelihood, low, high)
    best = likelihood(top)
    free = math.log(_K_HIGH) - top < 1e-3
    k = math.inf if free else math.exp(top)
    if not interval:
        return Offspring(mean, k, 0.0, math.inf, round(n))
    k_low = math.exp(_crossing(likelihood, best - _DROP, low, top))
    open_end = likelihood(high) > best - _DROP
    k_high = math.inf if open_end else math.exp(_crossing(likelihood, best - _DROP, high, top))
    return Offspring(mean, k, k_low, k_high, round(n))


def counts_of(n_cases: int, infector: I32, probability: F64, by_infector: I64 | None = None) -> F64:
    """How many cases infected 0, 1, 2 … others, in expectation, from probabilities of pairs.

    The number a case infected is a sum of independent yes and no of unlike chances; its whole law
    enters, not its mean, so that doubt does not pass for evenness.
    """
    order = np.argsort(infector, kind="stable") if by_infector is None else by_infector
    rows = np.zeros(n_cases + 1, np.int64)
    np.cumsum(np.bincount(infector, minlength=n_cases), out=rows[1:])
    counts = _counts(rows, probability[order])
    return counts[: np.flatnonzero(counts)[-1] + 1] if counts.any() else counts[:1]


def many(mean: float) -> int:
    """More than this many make a superspreader: what 99 of 100 cases stay within by chance alone.

    References
    ----------
    Lloyd-Smith et al. 2005, doi:10.1038/nature04153
    """
    term = total = math.exp(-mean)
    z = 0
    while total < 0.99:
        z += 1
        term *= mean / z
        total += term
    return z


def chance_of_more(n_cases: int, infector: I32, probability: F64, than: int) -> F64:
    """The chance that each case infected more than so many, f64[n_cases]."""
    order = np.argsort(infector, kind="stable")
    rows = np.zeros(n_cases + 1, np.int64)
    np.cumsum(np.bincount(infector, minlength=n_cases), out=rows[1:])
    return _more(rows, probability[order], than)


@kernel
def _counts(rows: I64, probability: F64) -> F64:
    """Sum over infectors of the Poisson-binomial law of their rows."""
    longest = 0
    for i in range(rows.size - 1):
        longest = max(longest, rows[i + 1] - rows[i])
    total = np.zeros(longest + 1)
    law = np.zeros(longest + 2)
    for i in range(rows.size - 1):
        law[0] = 1.0
        top = 0
        for row in range(rows[i], rows[i + 1]):
            p = probability[row]
            if p < 1e-9:
                continue
            law[top + 1] = 0.0
            for z in range(top + 1, 0, -1):
                law[z] = law[z] * (1.0 - p) + law[z - 1] * p
            law[0] *= 1.0 - p
            # a tail nobody will ever see would make this square in the number of contacts
            if law[top + 1] > 1e-15:
                top += 1
        for z in range(top + 1):
            total[z] += law[z]
    return total


@kernel
def _more(rows: I64, probability: F64, than: int) -> F64:
    """One minus the first `than` + 1 terms of each Poisson-binomial law."""
    more = np.zeros(rows.size - 1)
    law = np.zeros(than + 1)
    for i in range(rows.size - 1):
        if rows[i + 1] - rows[i] <= than:
            continue
        law[:] = 0.0
        law[0] = 1.0
        for row in range(rows[i], rows[i + 1]):
            p = probability[row]
            for z in range(than, 0, -1):
                law[z] = law[z] * (1.0 - p) + law[z - 1] * p
            law[0] *= 1.0 - p
        more[i] = max(1.0 - law.sum(), 0.0)
    return more


def _top(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden section: the top of a hill with one summit."""
    ratio = (math.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    at_a, at_b = function(a), function(b)
    while high - low > 1e-7:
        if at_a >= at_b:
            high, b, at_b = b, a, at_a
            a = high - ratio * (high - low)
            at_a = function(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + ratio * (high - low)
            at_b = function(b)
    return (low + high) / 2


def _crossing(function: Callable[[float], float], level: float, beyond: float, top: float) -> float:
    """Where the hill falls to `level` between its top and `beyond`; `beyond` if it does not."""
    if function(beyond) > level:
        return beyond
    above, below = top, beyond
    while abs(above - below) > 1e-6:
        middle = (above + below) / 2
        above, below = (middle, below) if function(middle) > level else (above, middle)
    return (above + below) / 2
