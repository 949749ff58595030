"""Antigen tests at home (抗原自测): quick, cheap, less sensitive, followed by PCR."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares


@dataclass(frozen=True, slots=True)
class Antigen:
    """How often people test themselves.

    Parameters
    ----------
    every_days
        Everybody is asked to test every so many days; 0: nobody is.
    symptomatic
        Share of people with symptoms who test themselves on the first day of them.
    adherence
        Share of those asked who do, and report what they see.
    sensitivity_high, sensitivity_low
        While the viral load is high, and afterwards while infectious.
    specificity
        Of a person not infectious; a false positive costs a PCR test.
    confirm_days
        From a positive antigen test to the result of the PCR test that confirms it.
    capacity
        Tests a day.
    """

    every_days: int = 0
    symptomatic: float = 0.0
    adherence: float = 1.0
    sensitivity_high: float = 0.85
    sensitivity_low: float = 0.5
    specificity: float = 0.995
    confirm_days: int = 1
    capacity: float = UNLIMITED

    def __post_init__(self) -> None:
        at_least(self, 0, "every_days", "confirm_days", "capacity")
        shares(self, "symptomatic", "adherence", "specificity")
        shares(self, "sensitivity_high", "sensitivity_low")
