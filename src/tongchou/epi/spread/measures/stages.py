"""Peace or war (平战转换): each district follows its own count of cases, by rule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.checks import at_least
from tongchou.epi.spread.state import Run

__all__ = ["PEACE", "WAR", "Stages", "turn"]

#: Rows of every table that has one for peace and one for war.
PEACE, WAR = 0, 1


@dataclass(frozen=True, slots=True)
class Stages:
    """When a district changes from peace to war, and back.

    Cases found in quarantine do not count: they met nobody, and arrivals are held by the thousand.

    Parameters
    ----------
    war_cases
        Cases found outside quarantine in the district within `window_days` that make it war; 0:
        never.
    window_days
        How many days are looked back over, up to last night.
    peace_days
        Days without a case found outside quarantine after which it is peace again.
    """

    war_cases: int = 0
    window_days: int = 7
    peace_days: int = 14

    def __post_init__(self) -> None:
        at_least(self, 0, "war_cases")
        at_least(self, 1, "window_days", "peace_days")


def turn(run: Run) -> None:
    """Set today's tempo of each district (`run.tempo`) by what was known last night."""
    rule = run.policy.stages
    if not rule.war_cases or not run.begun:
        return
    found, held = run.daily["found"], run.daily["found_in_quarantine"]

    def outside(days: int) -> NDArray[np.int64]:
        past = slice(max(0, run.day - days), run.day)
        cases: NDArray[np.int64] = (found[past] - held[past]).sum(axis=0)
        return cases

    threat = outside(rule.window_days) >= rule.war_cases
    run.tempo[threat] = WAR
    # or a short `peace_days` would have the district change every day
    run.tempo[~threat & (outside(rule.peace_days) == 0)] = PEACE
