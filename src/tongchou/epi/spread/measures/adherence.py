"""People keep to rules less the longer and the harder these are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.checks import at_least, shares
from tongchou.epi.spread.measures.stages import WAR
from tongchou.epi.spread.state import Run

__all__ = ["Adherence", "left", "weigh"]

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Adherence:
    """How what people do falls short of what they are asked.

    The share who keep to a restriction is `start` on its first day, and what of it is above `floor`
    falls by half with every `half_life_days` of hardship. A day under lockdown is one day of
    hardship, under control `control_weight`, in a district at war `war_weight`; a free day in peace
    takes one back. Counted is the mean over the people of the district.

    It weakens zones, gatherings, masks and quarantine at home; what is closed is closed whatever
    people think of it.
    """

    start: float = 1.0
    half_life_days: float = float("inf")
    floor: float = 0.0
    control_weight: float = 0.5
    war_weight: float = 0.1

    def __post_init__(self) -> None:
        shares(self, "start", "floor", "control_weight", "war_weight")
        at_least(self, 1, "half_life_days")
        if self.floor > self.start:
            raise ValueError(
                f"adherence.floor is {self.floor}, above adherence.start, {self.start}; it is what "
                "is left of it in the end"
            )


def weigh(run: Run) -> None:
    """Today's `run.adherence`, after the hardship up to last night; then count today's.

    Zones of today must have been drawn.
    """
    how = run.policy.adherence
    if not run.begun or (how.start == 1 and np.isinf(how.half_life_days)):
        return
    hardship = run.once(Adherence, _none)
    run.adherence = how.floor + (how.start - how.floor) * 0.5 ** (hardship / how.half_life_days)
    people = run.residents
    locked = run.daily["in_lockdown"][run.day] / people
    controlled = run.daily["in_control"][run.day] / people
    elsewhere = np.where(run.tempo == WAR, how.war_weight, -1.0)
    hardship += locked + how.control_weight * controlled + elsewhere * (1 - locked - controlled)
    np.maximum(hardship, 0, out=hardship)


def left(run: Run, asked: Any) -> F64:
    """What is left of something, by district, where `asked` would be if everybody kept to it.

    Parameters
    ----------
    asked
        f64[2, ...]: for peace and war, shares.

    Returns
    -------
    f64[n_districts, ...].
    """
    wanted = asked[run.tempo]
    kept = run.adherence.reshape(-1, *(1,) * (wanted.ndim - 1))
    return 1 - kept * (1 - wanted)  # type: ignore[no-any-return]


def _none(run: Run) -> F64:
    return np.zeros(run.n_districts)
