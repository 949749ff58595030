"""Records of who is well again, or dead, are put away while a run goes on, and memory given back.

The model asks nothing of somebody whose infection has ended but whether it was known, so `slot_of`
keeps that as a code and the record goes. Records stand in the order of infection and the ended are
mostly the old: those of the old part that are still needed move up to the young ones, in order, and
what lies before them is given back. Young records keep their place, so most are never moved.

Every draw belongs to a person and every list keeps its order, so a run gives the same result, bit
for bit. What is lost is the log: `infector` says nothing any more. Only `run.simulate` does it, and
only for cities of which the memory can be given back (`memory.LARGE`).
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.memory import give_back, trim
from tongchou.epi.spread.slots import DEAD, SETTLED, SLOT, UNNOTICED
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import example, kernel, prefetch

__all__ = ["LEAST", "put_away"]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]

#: Below so many records memory does not matter.
LEAST: Final = 100_000
#: So many records must be put away at once, for each that is needed.
SPARE: Final = 0.04
#: What moving one record costs, in records put away.
PRICE: Final = 0.6
#: So many stretches are looked at.
STRETCHES: Final = 64
#: Records ahead for which memory is asked.
AHEAD: Final = 16


def put_away(run: Run, least: int = LEAST) -> None:
    """Put away the records of who has ended, if there are many; at the end of a day."""
    kept = run.n_slots - run.first_slot
    if kept < least or kept < (1 + SPARE) * run.active.size:
        return
    first, end = run.first_slot, _end_of_the_old(run)
    if end == first:
        return
    needed = np.zeros(end - first, np.uint8)
    waiting = [slots for results in run.due.values() for slots in results]
    lists = (run.active, run.untraced, run.found_today, run.found_outside, *waiting)
    for slots in lists:
        _mark(slots, first, end, needed)
    run.first_slot = _pack(
        run.slots, run.meets, needed, first, run.slot_of, run.where_slot, run.day
    )
    for slots in lists:
        _renumber(slots, run.slots, end)
    for array in (run.slots, run.meets):
        give_back(array, first, run.first_slot)
    trim()


def _end_of_the_old(run: Run) -> int:
    """Up to which record it is worth it, stretch by stretch; `first_slot` where nowhere."""
    edges = np.linspace(run.first_slot, run.n_slots, STRETCHES + 1).astype(run.active.dtype)
    needed = np.searchsorted(run.active, edges)  # of one type: the list is not copied
    ended = edges - run.first_slot - needed
    at = int(np.argmax(ended - PRICE * needed))
    return int(edges[at] if ended[at] > SPARE * run.active.size else run.first_slot)


@kernel
def _mark(slots: Any, first: Any, end: Any, needed: Any) -> None:
    for i in range(slots.size):
        if slots[i] < end:
            needed[slots[i] - first] = 1


@kernel
def _renumber(some: Any, slots: Any, end: Any) -> None:
    """The same records by their new numbers, in place."""
    for i in range(some.size):
        if some[i] < end:
            some[i] = slots[some[i]]["infector"]


@kernel
def _pack(
    slots: Any, meets: U8, needed: U8, first: Any, slot_of: I32, slots_of: Any, day: Any
) -> Any:
    """Move the needed records up, the last first; a code for the others. Returns the new first.

    Where a record stood, `infector` then says where it went: that costs no room of its own.
    """
    to = first + needed.size - 1
    for i in range(needed.size - 1, -1, -1):
        if i >= AHEAD:
            prefetch(slots_of + 4 * np.int64(slots[first + i - AHEAD]["who"]))
        s = first + i
        person = slots[s]["who"]
        if needed[i]:
            if to != s:
                went = slots[to]["infector"]
                slots[to] = slots[s]
                slots[to]["infector"] = went
                for layer in range(meets.shape[1]):
                    meets[to, layer] = meets[s, layer]
                slot_of[person] = to + 1
            slots[s]["infector"] = to
            to -= 1
        else:
            known = slots[s]["fate"] == DEAD or slots[s]["found"] <= day
            slot_of[person] = SETTLED if known else UNNOTICED
    return to + 1


@example
def _warm() -> None:
    needed, who = np.ones(1, np.uint8), np.zeros(1, np.int32)
    slots = np.zeros(1, SLOT)
    _mark(who, 0, 1, needed)
    _pack(slots, np.zeros((1, 7), np.uint8), needed, 0, who, int(who.ctypes.data), 0)
    _renumber(who, slots, 1)
