"""Less going out: shops, restaurants, public transport and gatherings at part of what they were."""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.adherence import left
from tongchou.epi.spread.measures.checks import shares
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import COMPOUND

__all__ = ["Gatherings", "shape"]


@dataclass(frozen=True, slots=True)
class Gatherings:
    """What is left of contacts in the compound, the community, the city and in vehicles.

    Of a contact between two districts what the stricter of them leaves is left.
    """

    compound: float = 1.0
    community: float = 1.0
    city: float = 1.0
    vehicle: float = 1.0

    def __post_init__(self) -> None:
        shares(self, "compound", "community", "city", "vehicle")


def shape(run: Run) -> None:
    """What gatherings leave of contacts, into today's tables."""
    asked = run.once(Gatherings, _asked)
    if asked is not None and run.begun:
        run.behaviour.made[:, :, COMPOUND:] *= left(run, asked)[:, None, :]


def _asked(run: Run) -> NDArray[np.float64] | None:
    # fields stand in the order of the layers
    asked = np.array([astuple(response.gatherings) for response in run.policy.both])
    return None if (asked == 1).all() else asked
