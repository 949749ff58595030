"""The first day of a week, in the two ways of counting weeks."""

from datetime import date
from functools import lru_cache

from epiweeks import Week


@lru_cache(maxsize=4096)
def first_day(year: int, week: int, system: str) -> date:
    """Sunday of an MMWR week (`mmwr`), Monday of an ISO week (`iso`).

    Raises
    ------
    ValueError
        Where the year has no such week.
    """
    return Week(year, week, system="cdc" if system == "mmwr" else "iso").startdate()
