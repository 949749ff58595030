"""Checkpoints between districts: a negative test is asked for, or people turn back."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least, shares


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """What is left of contacts across districts, and who is tested on the way.

    Parameters
    ----------
    crossing
        What is left of contacts with people of other districts.
    tested
        Daily probability that somebody is tested because they cross.
    sensitivity, result_days
        Of those tests.
    """

    crossing: float = 1.0
    tested: float = 0.0
    sensitivity: float = 0.9
    result_days: int = 1

    def __post_init__(self) -> None:
        shares(self, "crossing", "tested", "sensitivity")
        at_least(self, 0, "result_days")
