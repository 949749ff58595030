"""Several days together, completed: what a brief says in one sentence.

The days wait for their reports by one delay law. If a share is taken too large for one it is too
large for all, so the intervals of single days cannot be added up as if they erred apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tongchou.epi import nowcast
from tongchou.epi.detect.series import Floats, Indices
from tongchou.epi.nowcast import predictive
from tongchou.epi.nowcast.triangle import Triangle, delays

__all__ = ["USUAL", "Summed", "together"]

USUAL = nowcast.Options()


@dataclass(frozen=True, eq=False)
class Summed:
    """The final count of several times together.

    Attributes
    ----------
    at
        i64[n_at], the rows that are in it: those asked for of which enough is in.
    reported
        Known so far.
    quantiles
        f64[n_levels]; NaN where nothing is said.
    refused
        A code of `nowcast.REASONS`.
    """

    at: Indices
    reported: float
    quantiles: Floats
    refused: str


def together(triangle: Triangle, at: ArrayLike, options: nowcast.Options = USUAL) -> Summed:
    """Final count of these times of a triangle together, by the law of `nowcast.estimate`.

    Of what is unseen of each day mean and variance are those of `negbin`; given how much of the
    delay law is known the days are independent, and the shares heard of move together (the same
    quantile of each day's beta law). Newest times of which too little is in are left out, and `at`
    says which remain.

    Raises
    ------
    ValueError
        For one of R's methods: they are of single days.
    """
    if options.method != "negbin":
        raise ValueError(f"{options.method} completes single days; together they need negbin")
    rows = np.unique(np.where(np.asarray(at) < 0, np.asarray(at) + triangle.n_times, at))
    levels = np.array(options.levels)
    law = delays(triangle, window=options.window)
    ages = triangle.oldest_delay
    whys = [nowcast.reason(triangle, law, int(ages[row]), options) for row in rows]
    kept = rows[[why != "early" for why in whys]]
    known = triangle.reported[kept].astype(float)
    hindered = next((why for why in whys if why not in ("", "early")), "")
    silent = np.full(levels.size, np.nan)
    if hindered or not kept.size:
        return Summed(kept, float(known.sum()), silent, hindered or "early")
    with np.errstate(divide="ignore", invalid="ignore"):
        point = triangle.reported / law.cdf[ages]
    usual = nowcast.usual(point, law.cdf[ages])
    lumps = nowcast.lumps(triangle, law)
    weight = np.zeros(predictive.NODES)
    mean, var = np.zeros((2, predictive.NODES))
    lumpy = 0.0
    for row, seen in zip(kept, known, strict=True):
        age = int(ages[row])
        if age >= triangle.max_delay:
            continue
        share = predictive.beta_nodes(*predictive.beta_of_cdf(law, age, 0.1, truncated=True))
        shape, rate = 1.0 + seen, 1.0 / usual[row] + share
        coming = shape * (1 - share) / rate
        weight += special.xlogy(seen, share) - shape * np.log(rate)
        mean += coming
        var += coming + coming**2 / shape
        lumpy += (lumps[age] - 1) * float(coming.mean()) / float(law.cdf[age])
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    unseen = float(chance @ mean)
    spread = max(float(chance @ (var + mean**2)) - unseen**2, unseen)
    wider = np.sqrt((spread + lumpy) / spread) if spread > 0 else 1.0
    found = known.sum() + nowcast.nb_quantiles(unseen, spread, float(wider), levels)
    return Summed(kept, float(known.sum()), found, "")
