"""Fits to the same weeks of past years, for many times, and the rule that few cases are no alarm.

What Farrington's method and its flexible form share.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from tongchou.epi.detect.baseline import TooLittleHistory, anniversaries, baseline
from tongchou.epi.detect.quasipoisson import Design, Fits, Rules, fit
from tongchou.epi.detect.series import Floats, Indices, Series

__all__ = ["Past", "cases_before", "check_alarms", "fits"]


@dataclass(frozen=True, slots=True)
class Past:
    """Which of the past is looked at; see `farrington_flexible.Flexible`.

    A slope goes by columns unless `by_days`: months are not equally long. With `partial` what
    there is of the past will do.
    """

    b: int
    w: int
    no_periods: int = 1
    left_out: int = 0
    freq: float | None = None
    min_reported: float = 0.0
    by_days: bool = False
    partial: bool = False

    def __post_init__(self) -> None:
        if self.b < 1:
            raise ValueError(f"b is {self.b}: one year at least")
        if self.w < 0:
            raise ValueError(f"w is {self.w}: from 0 up")
        if self.no_periods < 1:
            raise ValueError(f"no_periods is {self.no_periods}: one at least")
        if self.left_out < 0:
            raise ValueError(f"past_weeks_not_included is {self.left_out}: from 0 up")
        if self.freq is not None and not self.freq > 2 * self.w + 1:
            raise ValueError(f"freq is {self.freq}: more than the window of {2 * self.w + 1}")
        if not 0 <= self.min_reported <= 1:
            raise ValueError(f"min_reported is {self.min_reported}: a share, from 0 to 1")

    def design(self, series: Series, t: int) -> Design | None:
        """The rows behind column `t`; nothing where there is too little history."""
        dates = series.dates if self.freq is None else None
        try:
            points = anniversaries(
                t, self.b, self.w, freq=self.freq or 52.0, dates=dates, partial=self.partial
            )
        except TooLittleHistory:
            return None
        return baseline(
            points,
            w=self.w,
            no_periods=self.no_periods,
            left_out=self.left_out,
            dates=dates if self.by_days else None,
        )


def check_alarms(alpha: float, limit54: tuple[int, int]) -> None:
    """Refuse a probability or a rule of few cases that makes no sense."""
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha is {alpha}: between 0 and 0.5")
    if len(limit54) != 2 or limit54[0] < 0 or limit54[1] < 1:
        raise ValueError(f"limit54 is {limit54}: cases from 0 up, in one week or more")


def fits(
    series: Series, times: Indices, past: Past, rules: Rules, population: Floats | None = None
) -> Fits:
    """What is expected at these times; each array of the answer is [n_series, n_times]."""
    rules = replace(rules, trend=rules.trend and past.b >= 3)
    offset = None
    if population is not None:
        if population.shape != series.counts.shape:
            raise ValueError(f"population is {population.shape}, counts {series.counts.shape}")
        with np.errstate(divide="ignore", invalid="ignore"):
            offset = np.where(population > 0, np.log(population), np.nan)
    out = np.full((4, series.n_series, times.size), np.nan)
    for k, t in enumerate(times.tolist()):
        design = past.design(series, t)
        if design is None:
            continue
        n_now = int((design.group == design.now_group).sum())
        least = replace(
            rules,
            min_rows=math.ceil(past.min_reported * design.rows.size),
            min_now=math.ceil(past.min_reported * n_now),
        )
        found = fit(series.counts, design, least, offset)
        out[:, :, k] = found.mean, found.phi, found.variance, found.slope
    return Fits(*out)


def cases_before(counts: Floats, times: Indices, weeks: int) -> Floats:
    """Cases reported in the weeks before each time, so many that with it they are `weeks`."""
    total = np.zeros((counts.shape[0], times.size))
    for back in range(1, weeks):
        there = times >= back
        total[:, there] += np.nan_to_num(counts[:, times[there] - back])
    return total
