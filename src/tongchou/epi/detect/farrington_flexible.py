"""Farrington's method as Noufaily et al. improved it: this week against the same weeks of years.

A quasi-Poisson regression with seasons and a slope, in which past outbreaks weigh less, says what
is expected. As R has it the bound is too low where the expected count is uncertain; see `r_compat`.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect import bounds
from tongchou.epi.detect.bounds import Power
from tongchou.epi.detect.past_years import Past, cases_before, check_alarms, fits
from tongchou.epi.detect.quasipoisson import Fits, Rules
from tongchou.epi.detect.series import Floats, Indices, Series, Verdicts

__all__ = ["Flexible", "Improved", "flexible"]

ThresholdMethod = Literal["delta", "nbPlugin", "muan"]


@dataclass(frozen=True, slots=True)
class Flexible:
    """Options of Farrington's flexible method; the defaults are those of R's surveillance.

    Attributes
    ----------
    b, w
        Years back, and weeks on each side of an anniversary that are compared with.
    no_periods
        Seasons in a year; 1 compares with the weeks around the anniversaries alone, 10 uses all.
    past_weeks_not_included
        Weeks before the one judged that are no baseline; None for `w`. 26 keeps out what has begun.
    reweight, weights_threshold
        Whether, and above which Anscombe residual, past outbreaks weigh less.
    trend, p_threshold_trend
        Whether there may be a slope, and below which p it is kept: 1 keeps any. With less than
        three years there is none, and none that predicts more than was ever seen.
    threshold_method
        nbPlugin: quantile of the negative binomial law with the fitted mean and overdispersion.
        muan: the same with the upper limit of the mean. delta: normal after `powertrans`.
    alpha
        Probability of a count above the bound, one-sided.
    powertrans
        2/3, 1/2 or none, for delta.
    limit54
        (cases, weeks): no alarm with fewer cases in so many weeks, this one included.
    freq
        Times in a year; None goes by the calendar where there are dates, and by 52 where not.
    min_reported
        Share of the baseline, and of the weeks around anniversaries, that must be reported.
    r_compat
        As farringtonFlexible does: the variance of the fitted mean uses the weights against past
        outbreaks in place of the overdispersion, mostly far too small (delta, muan); the score
        takes the expected count's logarithm for the count (nbPlugin, muan), and where that is
        above the bound no count is an alarm; expected and bound are missing where `limit54`
        forbids one.

    Raises
    ------
    ValueError
        For an option that makes no sense.
    """

    b: int = 5
    w: int = 3
    no_periods: int = 1
    past_weeks_not_included: int | None = None
    reweight: bool = True
    weights_threshold: float = 2.58
    trend: bool = True
    p_threshold_trend: float = 0.05
    threshold_method: ThresholdMethod = "delta"
    alpha: float = 0.05
    powertrans: Power = "2/3"
    limit54: tuple[int, int] = (5, 4)
    freq: float | None = None
    min_reported: float = 0.5
    r_compat: bool = False

    def __post_init__(self) -> None:
        methods, powers = ("delta", "nbPlugin", "muan"), ("2/3", "1/2", "none")
        if self.threshold_method not in methods:
            raise ValueError(
                f"threshold_method is {self.threshold_method!r}: one of {', '.join(methods)}"
            )
        if self.powertrans not in powers:
            raise ValueError(f"powertrans is {self.powertrans!r}: one of {', '.join(powers)}")
        if not self.weights_threshold > 0:
            raise ValueError(f"weights_threshold is {self.weights_threshold}: above 0")
        if not 0 <= self.p_threshold_trend <= 1:
            raise ValueError(f"p_threshold_trend is {self.p_threshold_trend}: a probability")
        check_alarms(self.alpha, self.limit54)
        _ = self.past

    @property
    def past(self) -> Past:
        """Which of the past is looked at."""
        left_out = self.past_weeks_not_included
        return Past(
            self.b,
            self.w,
            self.no_periods,
            self.w if left_out is None else left_out,
            self.freq,
            0.0 if self.r_compat else self.min_reported,
            by_days=True,
        )

    @property
    def rules(self) -> Rules:
        """What is done to a fit."""
        return Rules(
            self.trend,
            self.p_threshold_trend,
            self.weights_threshold if self.reweight else None,
            r_weights=self.r_compat,
        )


@dataclass(frozen=True, slots=True)
class Improved(Flexible):
    """The same with what Noufaily et al. 2013 recommend in place of R's defaults."""

    no_periods: int = 10
    past_weeks_not_included: int | None = 26
    p_threshold_trend: float = 1.0
    threshold_method: ThresholdMethod = "nbPlugin"
    alpha: float = 0.01


def flexible(
    series: Series,
    at: ArrayLike | None = None,
    options: Flexible | None = None,
    population: Floats | None = None,
) -> Verdicts:
    """Each count against the same weeks of years past.

    Parameters
    ----------
    series
        Weekly counts (or 7-day totals every seventh day), with years of history.
    at
        The columns to judge; all without.
    population
        f64[n_series, n_times]: expected counts are proportional to it.

    Returns
    -------
    Verdicts whose score is 0 at the expected count and 1 at the bound; silent where the history
    does not reach back far enough or the fit does not settle.

    References
    ----------
    Noufaily et al. 2013, doi:10.1002/sim.5595; Salmon et al. 2016, doi:10.18637/jss.v070.i10
    """
    options = options or Flexible()
    times = series.times(at)
    found = fits(series, times, options.past, options.rules, population)
    return _verdicts(series, times, found, options)


def _verdicts(series: Series, times: Indices, found: Fits, options: Flexible) -> Verdicts:
    counts = series.counts[:, times]
    mean, phi, variance = found.mean, found.phi, found.variance
    z = NormalDist().inv_cdf(1 - options.alpha)
    high = mean
    with np.errstate(all="ignore"):
        if options.threshold_method == "delta":
            law = (mean, phi, variance * mean**2, options.powertrans)
            bound, p = bounds.normal_bound(z, *law), bounds.normal_tail(counts, *law)
        else:
            if options.threshold_method == "muan":
                high = np.exp(np.log(mean) + z * np.sqrt(variance))
            bound, p = bounds.quantile(1 - options.alpha, high, phi), bounds.tail(counts, high, phi)
        scale = mean
        if options.r_compat and options.threshold_method != "delta":
            scale = np.log(mean)
        score = (counts - scale) / (bound - scale)
    cases, weeks = options.limit54
    before = cases_before(series.counts, times, weeks)
    expected = mean.copy()
    if options.r_compat:
        forbidden = before + np.nan_to_num(counts) < cases
        expected[forbidden], bound = np.nan, np.where(forbidden, np.nan, bound)
    else:
        bound = np.maximum(bound, cases - 1 - before)
    silent = np.isnan(counts) | np.isnan(mean)
    if options.r_compat:
        silent |= ~np.isfinite(high)
    for values in (expected, bound, p, score):
        values[silent] = np.nan
    with np.errstate(invalid="ignore"):
        alarm = counts > bound
        if options.r_compat:
            alarm &= score > 1
        return Verdicts(times, expected, bound, p, score, alarm)
