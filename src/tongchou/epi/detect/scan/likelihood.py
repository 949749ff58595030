"""Kulldorff's log-likelihood ratio, and the counts at which it reaches a level.

Both models use the same ratio: of `total` cases, `cases` in the cylinder where `expected` were
due. In a list of circles it is compared as a count against a table, never as a logarithm.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Floats
from tongchou.kit.compiled import example, kernel

__all__ = ["critical_counts", "levels", "llr"]


@kernel
def llr(cases: float, expected: float, total: float) -> float:
    """Log-likelihood ratio of a cylinder against no cluster; 0 where there are not too many.

    c ln(c / m) + (C - c) ln((C - c) / (C - m)) for c cases, m expected, C in all.

    References
    ----------
    Kulldorff 1997, doi:10.1080/03610929708831995; with m from the margins, Kulldorff et al.
    2005, doi:10.1371/journal.pmed.0020059
    """
    if cases <= expected:
        return 0.0
    if expected <= 0.0:
        return math.inf
    inside = cases * math.log(cases / expected)
    if cases >= total:
        return inside
    return inside + (total - cases) * math.log((total - cases) / (total - expected))


def levels(total: int) -> Floats:
    """Rungs of a ladder of ratios, from 0 beyond the largest that `total` cases can reach.

    Halves where the maxima of replicates lie, then a quarter more each, for real outbreaks.
    """
    rungs = np.arange(0.0, 20.0, 0.5)
    highest = total * math.log(max(total, 2) * 1e3)
    above = 20.0 * 1.25 ** np.arange(max(math.ceil(math.log(max(highest / 20, 1), 1.25)), 1))
    return np.concatenate((rungs, above))


@kernel
def critical_counts(
    rungs: Floats, expected: Floats, total: float, least: int, cap: int
) -> NDArray[np.int64]:
    """The smallest count whose ratio reaches each rung, or `cap` where none below it does.

    Never too high by rounding: a rung counts as reached within 1e-9.

    Parameters
    ----------
    rungs
        Rising, f64[r].
    expected
        f64[m].
    least
        No count below is looked at.

    Returns
    -------
    i64[r, m]
    """
    out = np.empty((rungs.size, expected.size), np.int64)
    for i in range(expected.size):
        mean = expected[i]
        c = max(least, math.floor(mean) + 1)
        for r in range(rungs.size):
            if mean <= 0.0 or mean >= total or c >= cap:
                out[r, i] = cap if mean <= 0.0 or c >= cap or mean >= total else c
                continue
            goal = rungs[r] * (1 - 1e-9) - 1e-9
            if llr(float(c), mean, total) < goal:
                # Newton from below: the ratio is convex in the count, so one step lands beyond.
                x = float(c)
                for _ in range(60):
                    slope = math.log(x / mean)
                    if x < total:
                        slope -= math.log((total - x) / (total - mean))
                    step = (goal - llr(x, mean, total)) / slope
                    x = min(x + step, total)
                    if abs(step) < 0.25:
                        break
                found = max(math.ceil(x), c)
                while found > c and llr(float(found - 1), mean, total) >= goal:
                    found -= 1
                while found <= total and llr(float(found), mean, total) < goal:
                    found += 1
                c = min(found, cap) if found <= total else cap
            out[r, i] = c
    return out


@example
def _warm_up() -> None:
    critical_counts(levels(10), np.ones(1), 10.0, 2, 100)
