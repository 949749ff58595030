"""A run that is sure to break a bound need not be run to its end.

What only grows can be judged on the way: a sum of people or days, and a peak. Courses are drawn on
the day of infection, so a bed that somebody will need in two weeks counts today. A run that was cut
says at least how much each of its sums and peaks is. Days of work not done are counted day by day
(`spread.absence`), so only up to that evening, whatever illness or quarantine was still to last;
what stands ready is idle on every day that was not run, so the cost of that alone is too high.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.spread.series import SERIES

if TYPE_CHECKING:
    from tongchou.epi.spread.state import Run

__all__ = ["Watch", "known_early"]

#: Statistics of a series that no later day makes smaller.
_GROWING: Final = ("total", "peak")


def known_early(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Those of the constraints that a run can be seen to break before its last day."""
    return tuple(
        each
        for each in constraints
        if each.at_most
        and each.metric.series
        and each.metric.statistic in _GROWING
        and all(name in SERIES for name in each.metric.series)
    )


class Watch:
    """Looks at a run each evening, and stops it once a bound is broken for certain.

    Parameters
    ----------
    bounds
        Of those that `known_early` gives.

    Attributes
    ----------
    days
        How many days were run before it was stopped; None where it was not.
    """

    def __init__(self, bounds: Sequence[Constraint]) -> None:
        self.bounds = tuple(bounds)
        self.days: int | None = None

    def __call__(self, run: "Run") -> bool:
        if any(_so_far(run, each) > each.limit for each in self.bounds):
            self.days = run.day + 1
            _close(run)
        return self.days is not None


def _so_far(run: "Run", bound: Constraint) -> float:
    """The least that the number of a run will be."""
    curve = np.zeros(run.days)
    for name in bound.metric.series:
        known = _known(run, name)
        curve[: known.size] += known
    return float(curve.sum() if bound.metric.statistic == "total" else curve.max(initial=0.0))


def _close(run: "Run") -> None:
    """Take off what stands booked for days to come and might still be given back."""
    ended = run.day + 1
    for values in run.daily.values():
        values[ended:] = 0
    for moves in run.moves.values():
        moves[ended] = -moves[:ended].sum(axis=0)
        moves[ended + 1 :] = 0


def _known(run: "Run", name: str) -> NDArray[Any]:
    """The whole city by day, as far as no later day can make it less."""
    from tongchou.epi.spread.run import STOCKS  # brings the compiler along
    from tongchou.epi.spread.settling import BOOKED

    if name in BOOKED:  # booked at the infection for all days to come, and never taken back
        booked = run.booked[BOOKED.index(name)].sum(axis=1)
        return np.cumsum(booked) if name in STOCKS else booked
    ended = run.day + 1  # stays to come may be given back
    if name in run.moves:
        return np.cumsum(run.moves[name][:ended].sum(axis=1))
    whole: NDArray[Any] = run.daily[name][:ended].sum(axis=1)
    return whole
