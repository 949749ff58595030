"""Made-up official counts of a few cities, cumulative, as a list tells them."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from tongchou.surveillance import profiles
from tongchou.surveillance.actions import import_counts

FIRST = date(2020, 1, 1)
NOW = datetime(2020, 6, 1, 8, tzinfo=UTC)
HEAD = "date,province,provinceCode,city,cityCode,confirmed,suspected,cured,dead\n"
CITIES = ("420100", "420200", "420300", "420500", "420600", "420700", "420800", "420900")


def cumulative(n_days: int = 40, *, seed: int = 3) -> np.ndarray:
    """Eight cities that grow, i64[8, n_days]."""
    rng = np.random.default_rng(seed)
    mean = 20 * np.exp(0.04 * np.arange(n_days)) * np.linspace(1, 3, len(CITIES))[:, None]
    return np.cumsum(rng.poisson(mean), axis=1)


def shifted(counts: np.ndarray, at: int) -> np.ndarray:
    """The same from column `at` on under the date of publication: `at` repeats the day before."""
    return np.concatenate([counts[:, :at], counts[:, at - 1 : -1]], axis=1)


def sheet(counts: np.ndarray, cities: Sequence[str] = CITIES, **others: np.ndarray) -> str:
    """The list; `cured` and `dead` may be given like `counts`. A negative number is left out."""
    rows = []
    for row, code in enumerate(cities):
        for column in range(counts.shape[1]):
            confirmed = counts[row, column]
            if confirmed < 0:
                continue
            day = FIRST + timedelta(days=column)
            cured = others["cured"][row, column] if "cured" in others else 0
            dead = others["dead"][row, column] if "dead" in others else 0
            rows.append(f"{day},湖北省,420000,城{code},{code},{confirmed},0,{cured},{dead}")
    return HEAD + "\n".join(rows) + "\n"


def take(text: str, *, now: datetime = NOW):
    return import_counts(
        file=io.BytesIO(text.encode()),
        name="made-up.csv",
        profile=profiles.load("canghailan"),
        by=None,
        now=now,
    )


def day(column: int) -> date:
    return FIRST + timedelta(days=column)
