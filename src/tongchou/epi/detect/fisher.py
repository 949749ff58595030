"""Fisher's sum over the channels of a community: the plain check beside `evidence`.

It needs no idea of what an outbreak looks like. It does believe that channels are independent,
which they are not: set its bound by replay (`thresholds`), not by its p-value.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from tongchou.epi.detect import tails
from tongchou.epi.detect.series import Floats

__all__ = ["Combined", "fisher"]


@dataclass(frozen=True, eq=False)
class Combined:
    """Fisher's sum of each community and day.

    Attributes
    ----------
    score, p
        f64[n_communities, n_days]: -2 times the sum of log mid-p, and its p-value for independent
        channels. NaN where no channel reported.
    contributions
        f64[n_communities, n_channels, n_days]: what each channel adds; NaN where it said nothing.
    """

    score: Floats
    p: Floats
    contributions: Floats


def fisher(counts: Floats, expected: Floats, dispersion: Floats, *, days: int = 7) -> Combined:
    """Fisher's sum of the mid-p values of the counts of the last days, channel by channel.

    Parameters
    ----------
    counts, expected, dispersion
        f64[n_communities, n_channels, n_days]; NaN where nothing was reported or expected.
    days
        Days summed up in each channel before it is judged. Days that were not reported are left
        out of both sums.

    References
    ----------
    Fisher 1932, Statistical Methods for Research Workers, section 21.1; Burkom et al. 2005
    (Fisher and Edgington the most robust of the combinations tried).
    """
    if days < 1:
        raise ValueError(f"days is one or more, not {days}")
    known = ~np.isnan(counts + expected + dispersion)
    count = _last(np.where(known, counts, 0.0), days)
    mean = _last(np.where(known, expected, 0.0), days)
    variance = _last(np.where(known, expected * dispersion, 0.0), days)
    any_day = _last(known.astype(float), days) > 0
    p = tails.mid_p(count, mean, np.maximum(variance, mean))
    parts = np.where(any_day, -2.0 * np.log(np.maximum(p, 1e-300)), np.nan)
    channels = any_day.sum(axis=1)
    score = np.where(channels > 0, np.nansum(parts, axis=1), np.nan)
    even = special.gammaincc(np.maximum(channels, 1), np.nan_to_num(score) / 2)
    return Combined(score, np.where(channels > 0, even, np.nan), parts)


def _last(each: Floats, days: int) -> Floats:
    """Sums over the last `days` days, or over as many as there are."""
    total = each.copy()
    for back in range(1, min(days, each.shape[2])):
        total[:, :, back:] += each[:, :, :-back]
    return total
