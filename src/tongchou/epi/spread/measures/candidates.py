"""Whom a test could find today: the infectious whose infection is not known yet.

Everybody else tests negative, and of them only the number counts, which is arithmetic. So a day of
tests looks at the infected only, however many people are swabbed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.slots import NEVER, SLOT
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import example, kernel

__all__ = ["candidates", "high_load", "within_reach"]

I32 = NDArray[np.int32]


def candidates(run: Run) -> I32:
    """Slots, in the order of infection: infectious today, and not waiting for a result either."""
    found = np.empty(run.active.size, np.int32)
    return found[: _candidates(run.slots, run.active, run.day, NEVER, found)]


def within_reach(run: Run) -> I32:
    """Slots of the infectious, known or not, who are neither in a bed nor in a facility."""
    found = np.empty(run.active.size, np.int32)
    return found[: _within_reach(run.slots, run.active, run.day, found)]


def high_load(run: Run, slots: I32) -> NDArray[np.bool_]:
    """Whose load is high today, of infectious people."""
    rows = run.slots[slots]
    high: NDArray[np.bool_] = run.day - rows["day"] - rows["begins"] < rows["high"]
    return high


@kernel
def _candidates(slots: Any, active: I32, day: Any, never: Any, found: I32) -> Any:
    n = 0
    for i in range(active.size):
        slot = slots[active[i]]
        age = day - slot["day"]
        if slot["begins"] <= age < slot["ends"] and slot["found"] == never:
            found[n] = active[i]
            n += 1
    return n


@kernel
def _within_reach(slots: Any, active: I32, day: Any, found: I32) -> Any:
    n = 0
    for i in range(active.size):
        slot = slots[active[i]]
        age = day - slot["day"]
        if age < slot["begins"] or age >= slot["ends"]:
            continue
        if slot["isolated"] <= day and slot["bed"]:
            continue
        if slot["held_from"] <= day < slot["facility_until"]:
            continue
        found[n] = active[i]
        n += 1
    return n


@example
def _warm() -> None:
    none = np.empty(0, np.int32)
    _candidates(np.empty(0, SLOT), none, 0, NEVER, none)
    _within_reach(np.empty(0, SLOT), none, 0, none)
