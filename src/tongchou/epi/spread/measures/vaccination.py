"""Vaccination: who has had how many doses at the start, and how many more are given a day."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least

BANDS = (0, 3, 12, 18, 60, 80)


@dataclass(frozen=True, slots=True)
class Vaccination:
    """Doses by age.

    Parameters
    ----------
    coverage
        For ages from 0, 3, 12, 18, 60 and 80 years: shares with none, one, two and three doses at
        the start; empty: nobody has any.
    doses_per_day
        Doses given a day in the whole city.
    oldest_first
        Whether the old are offered them first, or everybody at once.
    takes_days
        From the dose to its effect.
    """

    coverage: tuple[tuple[float, float, float, float], ...] = ()
    doses_per_day: float = 0.0
    oldest_first: bool = True
    takes_days: int = 14

    def __post_init__(self) -> None:
        at_least(self, 0, "doses_per_day", "takes_days")
        if self.coverage and len(self.coverage) != len(BANDS):
            raise ValueError(f"vaccination.coverage needs {len(BANDS)} rows, one per age band")
        for row in self.coverage:
            if len(row) != 4 or min(row) < 0 or abs(sum(row) - 1) > 1e-9:
                raise ValueError(f"vaccination.coverage {row}: four shares that add up to 1")
