"""Peace or war (平战转换): each district follows its own count of cases, by rule."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least


@dataclass(frozen=True, slots=True)
class Stages:
    """When a district changes from peace to war, and back.

    Parameters
    ----------
    war_cases
        Confirmed cases in the district within `window_days` that make it war; 0: never.
    window_days
        How many days are looked back over.
    peace_days
        Days without a case found outside quarantine after which it is peace again.
    """

    war_cases: int = 0
    window_days: int = 7
    peace_days: int = 14

    def __post_init__(self) -> None:
        at_least(self, 0, "war_cases")
        at_least(self, 1, "window_days", "peace_days")
