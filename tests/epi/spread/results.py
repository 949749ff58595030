"""Small results for tests: two districts, a few days, all zero but what a test names."""

from typing import Any

import numpy as np

from tongchou.epi.spread.result import AGE_GROUPS, REASONS, SECTORS, Result
from tongchou.epi.spread.series import SERIES

DISTRICTS = ("330101", "330102")


def result(days: int = 3, **given: Any) -> Result:
    """A result in which `given` stands: a series by name, or a field of the result."""
    n = len(DISTRICTS)
    daily = {name: np.zeros((days, n), dtype=np.int64) for name in SERIES}
    daily |= {name: np.asarray(given.pop(name)) for name in list(given) if name in SERIES}
    fields: dict[str, Any] = {
        "seed": 1,
        "district_code": DISTRICTS,
        "district_name": ("East", "West"),
        "people": np.array([6000, 4000]),
        "daily": daily,
        "workdays_lost": {reason: np.zeros((n, SECTORS)) for reason in REASONS},
        "deaths_by_age": np.zeros((n, AGE_GROUPS), dtype=np.int64),
        "infections_by_age": np.zeros((n, AGE_GROUPS), dtype=np.int64),
    }
    return Result(**(fields | given))
