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
_CLOSE = 1e-4
#: A hazard so much smaller than the largest of its case is none.
_NOTHING = 1e-100
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
        sums = np.bincount(self.pairs.infector, self.probability, minlength=self.pairs.n_cases)
        return sums.astype(np.float64)

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
    most_rounds: int = 100,
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
    rows, offsets, infector, weight, likelihood, usual = _possible(pairs, interval)
    linked = np.diff(offsets) > 0
    by_infector = np.argsort(infector, kind="stable")
    probability, free = np.zeros(rows.size), np.ones(pairs.n_cases)
    spread = np.zeros(pairs.n_cases)
    inside = 1 - outside if outside is not None else _INSIDE
    k, rounds = math.inf, 0
    for rounds in range(1, most_rounds + 1):
        spread, change = _round(
            offsets, infector, weight, likelihood, usual, spread, k, inside, probability, free
        )
        if outside is None and linked.any():
            found = float((1 - free[linked]).sum())
            inside = (_INSIDE * _WORTH + found) / (_WORTH + float(linked.sum()))
        before = k
        if offspring_prior and (change < _CLOSE or rounds % _EVERY == 1):
            counts = counts_of(pairs.n_cases, infector, probability, by_infector)
            k = negative_binomial(counts, prior=True, interval=False).k
        if change < _CLOSE and (k == before or abs(k / before - 1) < 1e-3):
            break
    law = negative_binomial(counts_of(pairs.n_cases, infector, probability, by_infector))
    everywhere = np.zeros(len(pairs))
    everywhere[rows] = probability
    return Infectors(pairs, everywhere, free, 1 - inside, law, rounds)


def _possible(pairs: Pairs, interval: Delay) -> tuple[I64, I64, I32, F64, F64, NDArray[np.bool_]]:
    """The rows that can be at all: number, offsets, infector, weight, likelihood, whether usual.

    The likelihood is held against the flat law of an infector whom nobody knows.
    """
    low, high = interval.quantile(0.001), interval.quantile(0.999)
    fit = probability_of(interval, pairs.days)
    # Shares within a case matter: held against its largest, none is too small to divide by.
    heaviest = np.zeros(pairs.n_cases)
    np.maximum.at(heaviest, pairs.case, pairs.weight)
    weight = np.divide(pairs.weight, heaviest[pairs.case], where=pairs.weight > 0, out=0 * fit)
    rows = np.flatnonzero((fit > 0) & (weight > _NOTHING))
    offsets = np.searchsorted(rows, pairs.offsets)
    days = pairs.days[rows]
    usual = (days >= low) & (days <= high)
    likelihood = fit[rows] * (high - low + 1)
    return rows, offsets, pairs.infector[rows], weight[rows], likelihood, usual


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
) -> tuple[F64, float]:
    """One round over all cases; writes `probability` and `free`.

    Returns how many each case infected, in expectation, and the largest change.
    """
    largest = 0.0
    after = np.zeros(spread.size)
    prior = np.empty(max(np.diff(offsets).max(), 1) if offsets.size > 1 else 1)
    for case in range(offsets.size - 1):
        first, last = offsets[case], offsets[case + 1]
        possible = odd = 0.0
        for row in range(first, last):
            mine = weight[row]
            if k < np.inf:
                mine *= k + max(spread[infector[row]] - probability[row], 0.0)
            prior[row - first] = mine * likelihood[row]
            if usual[row]:
                possible += mine
            else:
                odd += mine
        if first == last:
            continue
        # where all intervals are odd ones they share the prior, so that they still count as odd
        scale = inside / (possible if possible > 0.0 else odd)
        total = 1.0 - inside
        for row in range(first, last):
            total += scale * prior[row - first]
        for row in range(first, last):
            now = scale * prior[row - first] / total
            largest = max(largest, abs(now - probability[row]))
            probability[row] = now
            after[infector[row]] += now
        free[case] = (1.0 - inside) / total
    return after, largest


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
