"""What the next days may bring: the forecast of the brief, or why there is none."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Series

HORIZONS = (7, 14)


@dataclass(frozen=True, slots=True)
class Then:
    """New cases of one day, so many days ahead: median and 95 % interval."""

    days: int
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """Each of the days after `last`, up to the furthest of `HORIZONS`; or `reason`, and none."""

    last: date
    then: tuple[Then, ...]
    reason: str

    @property
    def horizons(self) -> tuple[Then, ...]:
        """Those that are said in words."""
        return tuple(one for one in self.then if one.days in HORIZONS)

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Ahead":
        then = tuple(Then(**one) for one in facts["then"])
        return cls(date.fromisoformat(facts["last"]), then, facts["reason"])


def look_ahead(new: NDArray[np.float64], last: date) -> Ahead:
    """Forecast the new counts after `last`; NaN among them are days that are not to be trusted."""
    from tongchou.epi import forecast

    if not new.size or np.isnan(new[-1]):
        return Ahead(last, (), "DOUBTFUL")
    days = [last - timedelta(days=n) for n in range(new.size - 1, -1, -1)]
    series = Series(np.maximum(new, 0.0)[None, :], days)
    levels = (0.025, 0.5, 0.975)
    found = forecast.ahead(series, forecast.Options(n_ahead=max(HORIZONS), levels=levels))
    refused = int(found.refused[0])
    if refused != forecast.OK:
        return Ahead(last, (), "NOT_REPORTED" if refused == forecast.STALE else "FEW_CASES")
    then = (
        Then(n, *(round(float(q), 2) for q in row)) for n, row in enumerate(found.quantiles[0], 1)
    )
    return Ahead(last, tuple(then), "")
