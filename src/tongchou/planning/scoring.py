"""Forecasts held against what happened: inside or not, and the weighted interval score.

The score is the mean over quantiles of twice the pinball loss: the weighted interval score where
levels come in pairs around the median (Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618). It
is in cases, less is better, and a forecast without spread scores its absolute error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tongchou.planning.models import Forecast

__all__ = ["Held", "Score", "held", "score_of", "wis"]


@dataclass(frozen=True)
class Held:
    """One day of one forecast beside what was counted."""

    made_on: date
    day: date
    ahead: int
    median: float
    low: float
    high: float
    seen: int
    wis: float
    naive: float  # the score of "as it was"

    @property
    def inside(self) -> bool:
        return self.low <= self.seen <= self.high


@dataclass(frozen=True)
class Score:
    """Many held days together."""

    n: int
    wis: float
    naive: float
    inside: float

    @property
    def ratio(self) -> float | None:
        """Below 1: better than to say that it stays as it was."""
        return self.wis / self.naive if self.naive else None


def wis(levels: Sequence[float], quantiles: Sequence[float], seen: float) -> float:
    """Weighted interval score of one forecast, in the unit of what was counted.

    >>> wis([0.5], [8.0], 10.0)
    2.0
    """
    losses = [
        2 * ((level - 1) * (seen - q) if seen < q else level * (seen - q))
        for level, q in zip(levels, quantiles, strict=True)
    ]
    return sum(losses) / len(losses)


def held(forecast: Forecast, seen: Mapping[date, int]) -> list[Held]:
    """The days of a forecast that have been counted since."""
    found = []
    for n, row in enumerate(forecast.quantiles, 1):
        day = forecast.made_on + timedelta(days=n - 1)
        if day in seen:
            levels = forecast.levels
            middle = levels.index(0.5)
            found.append(
                Held(
                    forecast.made_on,
                    day,
                    n,
                    row[middle],
                    row[0],
                    row[-1],
                    seen[day],
                    wis(levels, row, seen[day]),
                    wis(levels, forecast.naive[n - 1], seen[day]),
                )
            )
    return found


def score_of(rows: Sequence[Held]) -> Score | None:
    """The mean over days; None where none has been counted."""
    if not rows:
        return None
    n = len(rows)
    return Score(
        n,
        sum(each.wis for each in rows) / n,
        sum(each.naive for each in rows) / n,
        sum(each.inside for each in rows) / n,
    )
