"""Samples that were positive, and the day on which that becomes known."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import kernel

__all__ = ["infectious", "report", "sampled_positive", "unknown"]

I32 = NDArray[np.int32]


def infectious(run: Run, slots: I32) -> NDArray[np.bool_]:
    """Which of these slots are infectious today: nobody tests positive before or after."""
    rows = run.slots[slots]
    age = run.day - rows["day"]
    return (age >= rows["begins"]) & (age < rows["ends"])


def unknown(run: Run, slots: I32) -> I32:
    """Those of these slots whose infection is not known, and not waiting for a result either."""
    fresh: I32 = slots[run.slots["found"][slots] == NEVER]
    return fresh


def sampled_positive(run: Run, slots: I32, *, result_days: int) -> None:
    """These people were sampled today and the sample is positive; known after `result_days`.

    A second sample of somebody who waits for a result changes nothing. Results due on the same day
    as others join them; what is due today must be here before `report`.
    """
    fresh = np.empty(slots.size, np.int32)
    n = _wait(run.slots, slots, NEVER, run.day + result_days, fresh)
    if n:
        run.due[run.day + result_days].append(fresh[:n])


def report(run: Run) -> None:
    """Results of today: `found_today`, in the order of infection; `found_outside` quarantine."""
    due = run.due.pop(run.day, [])
    if not due:
        run.found_today = run.found_outside = np.empty(0, np.int32)
        return
    run.found_today = np.sort(np.concatenate(due))
    outside = np.empty(run.found_today.size, np.int32)
    n = _report(
        run.slots, run.found_today, run.day, run.held, run.held_until, run.keeps, outside,
        run.daily["found"], run.daily["found_in_quarantine"],
    )  # fmt: skip
    run.found_outside = outside[:n]


@kernel
def _wait(slots: Any, sampled: Any, never: Any, day: Any, fresh: Any) -> Any:
    n = 0
    for s in sampled:
        if slots[s]["found"] == never:
            slots[s]["found"] = day
            fresh[n] = s
            n += 1
    return n


@kernel
def _report(
    slots: Any, found: Any, day: Any, watched: Any, held_until: Any, keeps: Any, outside: Any,
    known: Any, known_held: Any,
) -> Any:  # fmt: skip
    n = 0
    for s in found:
        who, district = slots[s]["who"], slots[s]["district"]
        held = watched and held_until[who] > day and keeps[who] == 1
        known[day, district] += 1
        known_held[day, district] += held
        outside[n] = s
        n += not held
    return n
