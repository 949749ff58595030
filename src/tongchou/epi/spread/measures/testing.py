"""People are tested: who feels ill and asks, who is watched, who asks anyway."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares


@dataclass(frozen=True, slots=True)
class Testing:
    """PCR tests one by one, apart from rounds.

    Each day a person who is not yet known as a case is tested with one of four probabilities.
    A daily probability p is a mean wait of (1 - p) / p days from the first day of symptoms.

    Parameters
    ----------
    symptomatic, asymptomatic
        Daily probability for people with symptoms, and for all others.
    symptomatic_held, asymptomatic_held
        The same for people in quarantine.
    severe
        Probability that a severely ill person is tested on admission.
    sensitivity
        Probability that an infectious person tests positive. Nobody tests positive before.
    result_days
        From the sample to the result.
    capacity
        Tests a day; beyond it people are turned away, and may ask again the next day.
    """

    symptomatic: float = 0.0
    asymptomatic: float = 0.0
    symptomatic_held: float = 0.0
    asymptomatic_held: float = 0.0
    severe: float = 0.0
    sensitivity: float = 1.0
    result_days: int = 1
    capacity: float = UNLIMITED

    def __post_init__(self) -> None:
        shares(self, "symptomatic", "asymptomatic", "symptomatic_held", "asymptomatic_held")
        shares(self, "severe", "sensitivity")
        at_least(self, 0, "result_days", "capacity")
