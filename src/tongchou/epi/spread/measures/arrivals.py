"""Arrivals from elsewhere (闭环转运、落地检): some of them infected, some of them quarantined."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least, shares


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who comes, and what is done with them.

    Parameters
    ----------
    per_day
        Arrivals a day (residents who come back: each is a person of the city).
    prevalence
        Share of them infected, at a random day of their infection.
    quarantine_days, home_days
        Days in a facility, then at home.
    leak
        Share who are not brought into quarantine.
    test_days
        Days after arrival (1 is the first) on which a PCR test is taken.
    sensitivity, result_days
        Of those tests.
    """

    per_day: float = 0.0
    prevalence: float = 0.0
    quarantine_days: int = 0
    home_days: int = 0
    leak: float = 0.0
    test_days: tuple[int, ...] = ()
    sensitivity: float = 0.9
    result_days: int = 1

    def __post_init__(self) -> None:
        at_least(self, 0, "per_day", "quarantine_days", "home_days", "result_days")
        shares(self, "prevalence", "leak", "sensitivity")
        if any(day < 1 for day in self.test_days):
            raise ValueError("arrivals.test_days count from 1, the day of arrival")
