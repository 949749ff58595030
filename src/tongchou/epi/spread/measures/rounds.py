"""Rounds of pooled PCR (混采): a unit is tested whole, again and again, until clean."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, one_of, shares

UNITS = ("zone", "community", "district", "city")


@dataclass(frozen=True, slots=True)
class Rounds:
    """When a round is ordered, whom it covers, and what it can see.

    Parameters
    ----------
    unit
        What is tested: the zones in force, or the communities, districts or city with a trigger.
    trigger_cases
        Cases found outside quarantine in the unit within `window_days` that order rounds; 0: none.
    window_days
        See above.
    interval_days
        From one round to the next.
    stop_after
        Rounds end after so many in a row that find nobody outside quarantine.
    pool_size
        Swabs in one tube. A positive pool is taken apart: each member is tested singly.
    coverage
        Share of people who come to a round.
    sensitivity
        Probability that a tube with one infectious swab at high load and no dilution is positive.
    dilution
        What is left of the sensitivity for each doubling of the pool size (1: pools lose nothing).
    low_load
        What is left of the sensitivity once the load is low.
    result_days
        From the swab to the single result.
    tubes
        Tubes the laboratories can read a day; a larger round takes more days.
    people_per_sampler
        People one sampler swabs in a day.
    """

    unit: str = "district"
    trigger_cases: int = 0
    window_days: int = 7
    interval_days: int = 2
    stop_after: int = 3
    pool_size: int = 10
    coverage: float = 0.95
    sensitivity: float = 0.95
    dilution: float = 0.98
    low_load: float = 0.8
    result_days: int = 1
    tubes: float = UNLIMITED
    people_per_sampler: float = 800.0

    def __post_init__(self) -> None:
        one_of(self, "unit", UNITS)
        at_least(self, 0, "trigger_cases", "result_days", "tubes")
        at_least(self, 1, "window_days", "interval_days", "stop_after", "pool_size")
        at_least(self, 1, "people_per_sampler")
        shares(self, "coverage", "sensitivity", "dilution", "low_load")
