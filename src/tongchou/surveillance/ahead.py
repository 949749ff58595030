"""What the next days may bring: the forecast of the brief, or why there is none."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

HORIZONS = (7, 14)


@dataclass(frozen=True, slots=True)
class Total:
    """New cases over so many days to come: median and 95 % interval."""

    days: int
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """Totals of the next 7 and 14 days after `last`; or `reason`, and none."""

    last: date
    totals: tuple[Total, ...]
    reason: str

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Ahead":
        totals = tuple(Total(**one) for one in facts["totals"])
        return cls(date.fromisoformat(facts["last"]), totals, facts["reason"])


def look_ahead(new: NDArray[np.float64], last: date) -> Ahead:
    """Forecast the new counts after `last`; NaN among them are days that are not to be trusted."""
    return Ahead(last, (), "NOT_YET")
