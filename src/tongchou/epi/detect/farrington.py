"""Farrington's method of 1996: this week against the weeks around its anniversaries.

It reads few weeks and weighs down any above expectation, so that its bound is low: twice to four
times the false alarms of `farrington_flexible.Improved`. For comparison with places that use it.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect import bounds
from tongchou.epi.detect.bounds import Power
from tongchou.epi.detect.past_years import Past, cases_before, check_alarms, fits
from tongchou.epi.detect.quasipoisson import Rules
from tongchou.epi.detect.series import Series, Verdicts

__all__ = ["Farrington", "farrington"]

#: Anscombe residual above which a week weighs less, and p below which a slope is kept.
_WEIGHTS_THRESHOLD, _P_TREND = 1.0, 0.05


@dataclass(frozen=True, slots=True)
class Farrington:
    """Options of Farrington's method; the defaults are those of R's surveillance.

    Attributes
    ----------
    b, w
        Years back, and weeks on each side of an anniversary that are compared with.
    reweight
        Whether past outbreaks weigh less.
    trend
        Whether a slope is kept where its p is below 0.05.
    alpha
        Two-sided: a count is above the bound with half of it.
    powertrans
        2/3, 1/2 or none: the power of counts that is taken for normal.
    limit54
        (cases, weeks): no alarm with fewer cases in so many weeks, this one included.
    freq
        Times in a year; None goes by the calendar where there are dates, and by 52 where not.
    min_reported
        Share of the baseline that must be reported.
    r_compat
        As in R: the bound is 0 where `limit54` forbids an alarm; and with less history than `b`
        years it judges by whatever there is.

    Raises
    ------
    ValueError
        For an option that makes no sense.
    """

    b: int = 5
    w: int = 3
    reweight: bool = True
    trend: bool = True
    alpha: float = 0.05
    powertrans: Power = "2/3"
    limit54: tuple[int, int] = (5, 4)
    freq: float | None = None
    min_reported: float = 0.5
    r_compat: bool = False

    def __post_init__(self) -> None:
        if self.powertrans not in ("2/3", "1/2", "none"):
            raise ValueError(f"powertrans is {self.powertrans!r}: 2/3, 1/2 or none")
        check_alarms(self.alpha, self.limit54)
        _ = self.past

    @property
    def past(self) -> Past:
        """Which of the past is looked at."""
        share = 0.0 if self.r_compat else self.min_reported
        return Past(
            self.b,
            self.w,
            left_out=self.w,
            freq=self.freq,
            min_reported=share,
            partial=self.r_compat,
        )


def farrington(
    series: Series, at: ArrayLike | None = None, options: Farrington | None = None
) -> Verdicts:
    """Each count against the weeks around its anniversaries.

    Parameters
    ----------
    series
        Weekly counts, with years of history.
    at
        The columns to judge; all without.

    Returns
    -------
    Verdicts whose score is 0 at the expected count and 1 at the bound; silent where the history
    does not reach back far enough or the fit does not settle.

    References
    ----------
    Farrington et al. 1996, doi:10.2307/2983331
    """
    options = options or Farrington()
    times = series.times(at)
    threshold = _WEIGHTS_THRESHOLD if options.reweight else None
    found = fits(series, times, options.past, Rules(options.trend, _P_TREND, threshold))
    counts, expected = series.counts[:, times], found.mean
    with np.errstate(all="ignore"):
        z = NormalDist().inv_cdf(1 - options.alpha / 2)
        law = (expected, found.phi, found.variance * expected**2, options.powertrans)
        bound, p = bounds.normal_bound(z, *law), bounds.normal_tail(counts, *law)
        score = (counts - expected) / (bound - expected)
        cases, weeks = options.limit54
        before = cases_before(series.counts, times, weeks)
        forbidden = before + np.nan_to_num(counts) < cases
        if options.r_compat:
            bound[forbidden & ~np.isnan(bound)] = 0.0
        else:
            bound = np.maximum(bound, cases - 1 - before)
        alarm = (counts > bound) & ~forbidden
    for values in (expected, bound, p, score):
        values[np.isnan(counts) | np.isnan(expected)] = np.nan
    return Verdicts(times, expected, bound, p, score, alarm)
