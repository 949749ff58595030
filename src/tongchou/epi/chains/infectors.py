"""The probability of every possible infector, and that it was somebody outside of the known cases.

Serial interval times exposure hazard times offspring prior: who has infected many others is more
likely to have infected this one too. The prior needs the answer and the answer the prior, so both
are repeated until they agree.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.chains.intervals import probability_of
from tongchou.epi.chains.offspring import Offspring, counts_of, negative_binomial
from tongchou.epi.chains.pairs import Pairs
from tongchou.epi.delays import Delay
from tongchou.kit.compiled import example, kernel

__all__ = ["Infectors", "infer"]

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]

#: Of ten cases with candidates, about two were infected by somebody else: worth five cases, so
#: that a handful of cases says little and a hundred speak for themselves.
_INSIDE, _WORTH = 0.8, 5.0
_CLOSE = 1e-5
#: The law of offspring is looked at again after so many rounds; it changes slowly.
_EVERY = 5


@dataclass(frozen=True, slots=True, eq=False)
class Infectors:
    """What `infer` found.

    Parameters
    ----------
    pairs
        The candidates it was asked about.
    probability
        f64[m], of each row of `pairs`: that this one infected that one.
    outside
        f64[n_cases]: that the infector is not among the candidates. With the probabilities of a
        case's rows it makes one.
    share_outside
        The share of infections from outside, among cases that have a possible candidate.
    offspring
        How many others a case infects, from the probabilities.
    n_rounds
        How often prior and answer were repeated.
    """

    pairs: Pairs
    probability: F64
    outside: F64
    share_outside: float
    offspring: Offspring
    n_rounds: int

    @property
    def expected_offspring(self) -> F64:
        """How many known cases each case infected, in expectation, f64[n_cases]."""
        return _sums(self.pairs, self.probability)

    @property
    def best(self) -> I32:
        """The likeliest infector of each case, i32[n_cases]; -1 where outside is likelier."""
        return _best(self.pairs.offsets, self.pairs.infector, self.probability, self.outside)


def infer(
    pairs: Pairs,
    interval: Delay,
    *,
    outside: float | None = None,
    offspring_prior: bool = True,
    most_rounds: int = 60,
) -> Infectors:
    """The probability of each candidate of each case.

    With probability 1 - `outside` the infector is a candidate, each as likely as its hazard and
    its offspring prior say, and the case's onset follows by the serial interval; else it is
    somebody unknown and the onset may be any day of the interval's span. A case none of whose
    candidates has a possible interval was infected from outside.

    The offspring prior of candidate i is the mean of a negative binomial's individual rate after
    what i has infected besides, hence k + z, with z the sum of its other probabilities (a
    mean-field EM; what all candidates share falls out). It takes sides where two candidates are
    all but equal in every case they share: read two such cases as one source.

    Parameters
    ----------
    interval
        The serial interval, as `intervals.serial_interval` makes it.
    outside
        The share of infections from outside; without it, it is estimated. Where many infectors
        are unknown the estimate is too low: dates of strangers fit too.
    offspring_prior
        False leaves it at serial interval times hazard.

    References
    ----------
    Wallinga & Teunis 2004, doi:10.1093/aje/kwh255; Lloyd-Smith et al. 2005,
    doi:10.1038/nature04153
    """
    if outside is not None and not 0 <= outside < 1:
        raise ValueError(f"the share from outside lies between 0 and 1, not at {outside}")
    fit = probability_of(interval, pairs.days)
    low, high = interval.quantile(0.001), interval.quantile(0.999)
    usual = (pairs.days >= low) & (pairs.days <= high)
    likelihood = fit * (high - low + 1)  # against the flat law of an infector nobody knows
    linked = _linked(pairs.offsets, pairs.weight * fit)
    inside = 1 - outside if outside is not None else _INSIDE
    probability, free = np.zeros(len(pairs)), np.ones(pairs.n_cases)
    by_infector = np.argsort(pairs.infector, kind="stable")
    k, rounds = math.inf, 0
    for rounds in range(1, most_rounds + 1):
        spread = _sums(pairs, probability)
        change = _round(
            pairs.offsets, pairs.infector, pairs.weight, likelihood, usual,
            spread, k, inside, probability, free,
        )  # fmt: skip
        if outside is None and linked.any():
            found = float((1 - free[linked]).sum())
            inside = (_INSIDE * _WORTH + found) / (_WORTH + float(linked.sum()))
        before = k
        if offspring_prior and (change < _CLOSE or rounds % _EVERY == 1):
            counts = counts_of(pairs.n_cases, pairs.infector, probability, by_infector)
            k = negative_binomial(counts, prior=True, interval=False).k
        if change < _CLOSE and (k == before or abs(k / before - 1) < 1e-3):
            break
    counts = counts_of(pairs.n_cases, pairs.infector, probability, by_infector)
    return Infectors(pairs, probability, free, 1 - inside, negative_binomial(counts), rounds)


def _sums(pairs: Pairs, probability: F64) -> F64:
    sums = np.bincount(pairs.infector, probability, minlength=pairs.n_cases)
    return sums.astype(np.float64)


def _linked(offsets: I64, value: F64) -> NDArray[np.bool_]:
    """Which cases have a candidate that is possible at all."""
    so_far = np.concatenate(([0], np.cumsum(value > 0)))
    return np.asarray(np.diff(so_far[offsets]) > 0)


@kernel
def _round(
    offsets: I64,
    infector: I32,
    weight: F64,
    likelihood: F64,
    usual: NDArray[np.bool_],
    spread: F64,
    k: float,
    inside: float,
    probability: F64,
    free: F64,
) -> float:
    """One round over all cases; writes `probability` and `free`, returns the largest change."""
    largest = 0.0
    for case in range(offsets.size - 1):
        first, last = offsets[case], offsets[case + 1]
        possible = any_weight = 0.0
        for row in range(first, last):
            prior = weight[row]
            if k < np.inf:
                prior *= k + max(spread[infector[row]] - probability[row], 0.0)
            if likelihood[row] > 0:
                any_weight += prior
                if usual[row]:
                    possible += prior
        # where all are unusual they share the prior, so that odd intervals still weigh odd
        if possible == 0.0:
            possible = any_weight
        if possible == 0.0:
            for row in range(first, last):
                probability[row] = 0.0
            free[case] = 1.0
            continue
        total = 1.0 - inside
        for row in range(first, last):
            prior = weight[row]
            if k < np.inf:
                prior *= k + max(spread[infector[row]] - probability[row], 0.0)
            total += inside * prior / possible * likelihood[row]
        for row in range(first, last):
            prior = weight[row]
            if k < np.inf:
                prior *= k + max(spread[infector[row]] - probability[row], 0.0)
            now = inside * prior / possible * likelihood[row] / total
            largest = max(largest, abs(now - probability[row]))
            probability[row] = now
        free[case] = (1.0 - inside) / total
    return largest


@example
def _warm() -> None:
    infer(Pairs.of([0, 5], [0], [1]), Delay(np.ones(9)))


@kernel
def _best(offsets: I64, infector: I32, probability: F64, outside: F64) -> I32:
    best = np.full(offsets.size - 1, -1, np.int32)
    for case in range(best.size):
        highest = outside[case]
        for row in range(offsets[case], offsets[case + 1]):
            if probability[row] > highest:
                highest = probability[row]
                best[case] = infector[row]
    return best
