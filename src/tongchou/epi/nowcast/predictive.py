"""Predictive laws of a final count, given what is known of it and of the delays.

Each is a list of probabilities of 0, 1, 2 ... The ones named after R's `surveillance` are those
of Höhle & an der Heiden 2014, and equal R's where R does not throw dice; where it does, the
mixture over the unknown delay law is integrated here.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from tongchou.epi.detect.series import Floats
from tongchou.epi.nowcast.triangle import Delays

__all__ = ["METHODS", "NODES", "beta_nodes", "beta_of_cdf", "nb_log_pmf", "quantiles"]

NODES = 96


def uniform(known: int, size: int) -> Floats:
    """Every final count up to the largest is as likely: knows nothing of delays."""
    pmf = np.zeros(size)
    pmf[known:] = 1.0 / max(size - known, 1)
    return pmf


def lawless(known: int, share: float, size: int) -> Floats:
    """The normal law of Lawless 1994 on whole numbers, cut off below what is known.

    Mean n / F, variance n (1 - F) / F²; that F is itself estimated is not counted. As in R, the
    probability below the known count is added once more at it, so the sum is a little over 1.
    """
    pmf = np.zeros(size)
    sd = np.sqrt(known * (1 - share)) / share
    if sd <= 0:
        pmf[min(known, size - 1)] = 1.0
        return pmf
    below = special.ndtr((np.arange(size) - known / share) / sd)
    pmf[known + 1 :] = np.diff(below)[known:] / (1 - below[known])
    pmf[known] = below[known] / (1 - below[known])
    return pmf


def beta_negative_binomial(known: int, a: float, b: float, size: int) -> Floats:
    """Flat prior of the final count, share reported by now beta(a, b): in closed form."""
    unseen = np.arange(size - known)
    pmf = np.zeros(size)
    pmf[known:] = np.exp(
        special.gammaln(known + 1 + unseen)
        - special.gammaln(unseen + 1)
        - special.gammaln(known + 1)
        + special.betaln(a + known + 1, b + unseen)
        - special.betaln(a, b)
    )
    return pmf


def poisson_gamma(
    known: int, a: float, b: float, size: int, *, shape: float, rate: float
) -> Floats:
    """Final count Poisson with a gamma(shape, rate) mean, share reported by now beta(a, b)."""
    unseen = np.arange(float(size - known))
    pmf = np.zeros(size)
    for share in beta_nodes(a, b):
        success = (rate + share) / (rate + 1)
        pmf[known:] += np.exp(nb_log_pmf(unseen, shape + known, success)) / NODES
    return pmf


def beta_nodes(a: float, b: float) -> Floats:
    """Quantiles of a beta law in the middle of equal steps of probability."""
    if b <= 0:
        return np.ones(NODES)
    middle = (np.arange(NODES) + 0.5) / NODES
    nodes: Floats = np.clip(special.betaincinv(a, b, middle), 1e-9, 1.0)
    return nodes


def nb_log_pmf(k: Floats, size: float, success: float) -> Floats:
    """Log probabilities of a negative binomial that counts failures before `size` successes."""
    log: Floats = (
        special.gammaln(k + size)
        - special.gammaln(k + 1)
        - special.gammaln(size)
        + size * np.log(success)
        + special.xlog1py(k, -success)
    )
    return log


def beta_of_cdf(law: Delays, delay: int, prior: float, *, truncated: bool) -> tuple[float, float]:
    """The share heard of within `delay` as a beta law.

    Without truncation it is exactly one (Dirichlet). With it, the share is a product of
    independent beta variables, one for each longer delay; the beta with the same mean and
    variance stands for it.
    """
    n = law.events.size
    if not truncated:
        seen = float((law.events[: delay + 1] + prior).sum())
        return seen, float((law.events[delay + 1 :] + prior).sum())
    cells = np.arange(delay + 1, n)
    a = law.at_risk[cells] - law.events[cells] + prior * cells
    b = law.events[cells] + prior
    total = a + b
    if not np.all(total > 0) or np.any(a <= 0):
        return np.nan, np.nan
    mean = float(np.prod(a / total))
    square = float(np.prod(a / total * (a + 1) / (total + 1)))
    if square <= mean**2 or mean >= 1:
        return np.inf, 0.0
    weight = (mean - square) / (square - mean**2)
    return mean * weight, (1 - mean) * weight


def quantiles(pmf: Floats, levels: Floats) -> Floats:
    """The smallest count whose cumulated probability exceeds each level."""
    # summed in extended precision: where equal steps reach a level exactly, rounding decides
    below = np.cumsum(pmf, dtype=np.longdouble).astype(np.float64)
    at: Floats = np.searchsorted(below, levels, side="right").astype(np.float64)
    return np.minimum(at, pmf.size - 1)


#: The methods of R's `surveillance::nowcast` that are offered, with the prior of their delay law.
METHODS: dict[str, Callable[..., Floats]] = {
    "unif": uniform,
    "lawless": lawless,
    "bayes.notrunc.bnb": beta_negative_binomial,
    "bayes.notrunc": poisson_gamma,
    "bayes.trunc": poisson_gamma,
}
