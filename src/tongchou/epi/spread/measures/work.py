"""Work goes on in part: fewer people at once, in bubbles (闭环生产), some of them at home."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.checks import at_least, shares
from tongchou.epi.spread.presence import PUPILS
from tongchou.epi.spread.state import SECTORS, Run
from tongchou.epi.spread.ways import Ways

__all__ = ["Work", "shape"]


@dataclass(frozen=True, slots=True)
class Work:
    """What is left of workplaces, offices and shops, by the district where they are.

    Parameters
    ----------
    capacity
        Share of workers who are at their workplace at once; whose turn it is changes by the week.
        Two colleagues meet only if both are there, so half the workers leave a quarter of contacts.
    essential
        Sectors (1 to 42) that work in full all the same.
    bubble
        Largest number of people who meet at work; 0: no bubbles. Told by the district where the
        worker lives.
    """

    capacity: float = 1.0
    essential: tuple[int, ...] = ()
    bubble: int = 0

    def __post_init__(self) -> None:
        shares(self, "capacity")
        at_least(self, 0, "bubble")
        if any(not 1 <= sector <= 42 for sector in self.essential):
            raise ValueError("work.essential names sectors of the 42-sector table, 1 to 42")


@dataclass(frozen=True, eq=False)
class Rule:
    """Both tempos, a row for peace and one for war."""

    present: NDArray[np.float32]  # [2, 43], by sector
    bubble: NDArray[np.int32]


def shape(run: Run) -> None:
    """Who is at work today, and the size of bubbles there, into today's tables."""
    rule = run.once(Work, _rule)
    if rule is not None and run.begun:
        run.behaviour.present[:, PUPILS:] *= rule.present[run.tempo]
        run.behaviour.bubble[:] = rule.bubble[run.tempo]


def _rule(run: Run) -> Rule | None:
    both = [response.work for response in run.policy.both]
    if all(one.capacity == 1 and one.bubble == 0 for one in both):
        return None
    if not isinstance(run.people, Ways):
        raise ValueError("work needs a city: a graph does not know workplaces")
    present = np.empty((2, SECTORS), np.float32)
    for row, one in zip(present, both, strict=True):
        row[:] = one.capacity
        row[list(one.essential)] = 1
    return Rule(present, np.array([one.bubble for one in both], np.int32))
