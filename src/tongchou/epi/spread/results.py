"""Samples that were positive, and the day on which that becomes known."""

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run

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
    fresh = unknown(run, slots)
    if fresh.size:
        run.slots["found"][fresh] = run.day + result_days
        run.due[run.day + result_days].append(fresh)


def report(run: Run) -> None:
    """Results of today: `found_today`, in the order of infection; `found_outside` quarantine."""
    due = run.due.pop(run.day, [])
    run.found_today = np.sort(np.concatenate(due)) if due else np.empty(0, np.int32)
    people = run.slots["who"][run.found_today]
    run.found_outside = run.found_today
    run.count("found", people)
    if run.held:
        held = (run.held_until[people] > run.day) & (run.keeps[people] == 1)
        run.found_outside = run.found_today[~held]
        run.count("found_in_quarantine", people[held])
