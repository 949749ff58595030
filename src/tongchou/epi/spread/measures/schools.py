"""Schools close, by level, and children are at home."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.checks import shares
from tongchou.epi.spread.presence import PUPILS
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import CLASS, Ways

__all__ = ["LEVELS", "Schools", "shape"]

LEVELS = ("kindergarten", "primary", "secondary", "university")


@dataclass(frozen=True, slots=True)
class Schools:
    """Which schools are closed, by the district where they are.

    Parameters
    ----------
    closed
        Levels that are closed: kindergarten, primary, secondary, university.
    distancing
        What is left of contacts in classes that stay open.
    """

    closed: tuple[str, ...] = ()
    distancing: float = 1.0

    def __post_init__(self) -> None:
        shares(self, "distancing")
        for level in self.closed:
            if level not in LEVELS:
                raise ValueError(f"schools.closed is {level!r}; it is one of {', '.join(LEVELS)}")


@dataclass(frozen=True, eq=False)
class Rule:
    """Both tempos, a row for peace and one for war."""

    present: NDArray[np.float32]  # [2, 4], by level
    distancing: NDArray[np.float32]


def shape(run: Run) -> None:
    """Which pupils are in class today, and what is left of contacts there, into today's tables.

    Nobody meets anybody more for it: that families of pupils kept home see more of each other and
    of neighbours (by half and by a quarter in Ferguson et al. 2020, doi:10.25561/77482, who assumed
    it) is left out.
    """
    rule = run.once(Schools, _rule)
    if rule is not None and run.begun:
        run.behaviour.present[:, :PUPILS] *= rule.present[run.tempo]
        run.behaviour.made[:, :, CLASS] *= rule.distancing[run.tempo][:, None]


def _rule(run: Run) -> Rule | None:
    both = [response.schools for response in run.policy.both]
    if all(not one.closed and one.distancing == 1 for one in both):
        return None
    if any(one.closed for one in both) and not isinstance(run.people, Ways):
        raise ValueError("schools.closed needs a city: a graph does not know levels of classes")
    present = np.ones((2, PUPILS), np.float32)
    for row, one in zip(present, both, strict=True):
        row[[LEVELS.index(level) for level in one.closed]] = 0
    return Rule(present, np.array([one.distancing for one in both], np.float32))
