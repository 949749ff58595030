"""People keep to rules less the longer and the harder these are."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least, shares


@dataclass(frozen=True, slots=True)
class Adherence:
    """How what people do falls short of what they are asked.

    The share who keep to a restriction is `start` on its first day; the rest falls by half with
    every `half_life_days` of hardship. A day under lockdown is one day of hardship, under control
    `control_weight`, in a district at war `war_weight`; it is the mean over the people of the
    district, and in days of peace it heals at the same rate.
    """

    start: float = 1.0
    half_life_days: float = float("inf")
    floor: float = 0.0
    control_weight: float = 0.5
    war_weight: float = 0.1

    def __post_init__(self) -> None:
        shares(self, "start", "floor", "control_weight", "war_weight")
        at_least(self, 1, "half_life_days")
