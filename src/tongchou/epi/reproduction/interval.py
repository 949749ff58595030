"""Serial intervals as an instantaneous R takes them: shares by days since the infector's onset.

Element 0 is the share of the same day and is nothing; a pair on one day does not tell who was
first.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from tongchou.epi.delays import Delay

__all__ = ["shares", "shifted_gamma"]

Floats = NDArray[np.float64]

#: Shares of a table that was rounded add up to nearly one.
_ROUNDED = 0.01


def shifted_gamma(mean: float, sd: float, n_lags: int) -> Floats:
    """A gamma serial interval of at least a day, as shares of whole days, f64[n_lags].

    The interval less one day is gamma with mean `mean - 1`; both onsets fall anywhere in their
    days. What lies beyond the last lag is left out, not spread over the others, so that a longer
    array begins with the shorter one.

    Parameters
    ----------
    mean, sd
        Of the continuous interval, in days; the mean above 1.
    n_lags
        How many days from 0 on.

    Examples
    --------
    >>> shifted_gamma(2.6, 1.5, 4).round(4).tolist()
    [0.0, 0.2332, 0.3586, 0.1984]

    References
    ----------
    Cori et al. 2013, doi:10.1093/aje/kwt133, web appendix 11
    """
    if not mean > 1:
        raise ValueError(
            f"this serial interval is a day or longer, so its mean cannot be {mean:g} days; "
            "give shares by day instead"
        )
    if not 0 < sd < np.inf:
        raise ValueError(f"the sd of a serial interval is above zero, not {sd:g}")
    law_mean = mean - 1
    shape, scale = (law_mean / sd) ** 2, sd**2 / law_mean
    days = np.arange(-1, n_lags, dtype=np.float64)
    late = np.maximum(days, 0.0)
    # What an interval has beyond each day on average; tails, not differences from one, so that
    # small shares keep their digits.
    beyond = law_mean * special.gammaincc(shape + 1, late / scale)
    beyond -= late * special.gammaincc(shape, late / scale)
    beyond = np.where(days < 0, law_mean - days, beyond)
    out = np.zeros(n_lags)
    out[1:] = np.maximum(beyond[:-2] - 2 * beyond[1:-1] + beyond[2:], 0.0)[: max(n_lags - 1, 0)]
    return out


def shares(interval: Delay | ArrayLike, n_lags: int) -> Floats:
    """The first `n_lags` shares of an interval, zeros where it ends sooner, f64[n_lags].

    Raises
    ------
    ValueError
        Where same-day or negative intervals have a share, one is negative, or they add up to
        more than one.
    """
    if isinstance(interval, Delay):
        if interval.first < 0 and interval.within(-1) > 0:
            raise ValueError("an instantaneous R takes no interval of less than a day")
        skipped = max(-interval.first, 0)
        given = np.concatenate((np.zeros(max(interval.first, 0)), interval.pmf[skipped:]))
    else:
        given = np.asarray(interval, dtype=np.float64)
    if given.ndim != 1 or not given.size or not np.all(given >= 0):
        raise ValueError("a serial interval needs a list of shares, none of them negative")
    if given[0] != 0:
        raise ValueError(f"the share of day 0 must be 0, not {given[0]:g}")
    if not 0 < given.sum() <= 1 + _ROUNDED:
        raise ValueError(f"the shares of a serial interval add up to one, not {given.sum():g}")
    out = np.zeros(n_lags)
    out[: given.size] = given[:n_lags]
    return out
