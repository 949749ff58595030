"""Masks, outside the household."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.adherence import left
from tongchou.epi.spread.measures.checks import shares
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import WORKPLACE

__all__ = ["Masks", "shape"]


@dataclass(frozen=True, slots=True)
class Masks:
    """Share of people who wear a mask outside the household, and what it does.

    Parameters
    ----------
    share
        Of people, on any contact outside household and class.
    source, wearer
        How much less a wearer passes on, and how much less a wearer catches.
    """

    share: float = 0.0
    source: float = 0.5
    wearer: float = 0.3

    def __post_init__(self) -> None:
        shares(self, "share", "source", "wearer")


def shape(run: Run) -> None:
    """What masks leave of a contact, at both ends, into today's tables.

    A mean over wearers and others, who are taken to meet each other at random.
    """
    asked = run.once(Masks, _asked)
    if asked is None or not run.begun:
        return
    gives, takes = left(run, asked).T
    run.behaviour.gives[..., WORKPLACE:] *= gives[:, None, None, None]
    run.behaviour.takes[..., WORKPLACE:] *= takes[:, None, None, None]


def _asked(run: Run) -> NDArray[np.float64] | None:
    """f64[2, 2]: for peace and war, what is left of passing on and of catching."""
    both = [response.masks for response in run.policy.both]
    asked = np.array([(1 - one.share * one.source, 1 - one.share * one.wearer) for one in both])
    return None if (asked == 1).all() else asked
