"""The units that are closed off, and what that makes of the people in them.

A unit stands on a ladder, lockdown first; the coarser unit around it stands one rung lower, and the
one around that another. A person counts at the strictest of what holds where they live.
"""

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.absence import book_away, ill_from, ill_until
from tongchou.epi.spread.city import UNITS, tiny
from tongchou.epi.spread.slots import NEVER, empty
from tongchou.epi.spread.state import HOLD, Run
from tongchou.epi.spread.ways import ROLES, Ways, ways_of
from tongchou.kit.compiled import example, kernel

__all__ = ["CONTROL", "LOCKDOWN", "PRECAUTION", "Book", "redraw"]

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

#: The role of workers of no sector; below are pupils.
NO_SECTOR = 4
#: Values of `run.zone`.
NONE, PRECAUTION, CONTROL, LOCKDOWN = range(4)


class Book:
    """The zones of one kind of unit: which are in force, on which rung, since when it is quiet.

    Parameters
    ----------
    unit
        The smallest unit that is closed off.
    days
        Clean days on precaution, control and lockdown after which the next rung down is reached;
        0 leaves the rung out.
    trigger, window
        Cases in the unit within so many days that close it off.
    """

    def __init__(
        self, ways: Ways, unit: str, *, days: tuple[int, int, int], trigger: int, window: int
    ) -> None:
        rungs = [level for level in (LOCKDOWN, CONTROL, PRECAUTION) if days[level - 1]]
        self.top = rungs[0] if rungs else NONE
        #: level -> the next one down
        self.below = np.zeros(4, np.uint8)
        for level, lower in zip(rungs, [*rungs[1:], NONE], strict=True):
            self.below[level] = lower
        self.days = np.array((0, *days), np.int32)
        self.trigger, self.window = trigger, window
        at = UNITS.index(unit)
        self.starts = [_starts(ways, name) for name in UNITS[at : at + 3]]
        #: The unit, the one around it and the one around that; a coarsest one is its own.
        self.three = [*self.starts, *self.starts[-1:] * 2][:3]
        n = self.starts[0].size - 1
        #: by unit
        self.district_of = np.searchsorted(ways.district_start, self.starts[0][:-1], "right") - 1
        self.level = np.zeros(n, np.uint8)
        self.quiet_since = np.zeros(n, np.int32)
        self.cases = np.zeros(n, np.int32)
        self.recent: deque[tuple[int, I64]] = deque()
        self.in_force: I64 = np.empty(0, np.int64)

    def turn(self, day: int, people: I32, drawing: NDArray[np.bool_]) -> I64:
        """Draw and lift by the cases among `people`, found today. Returns the units that changed.

        `drawing[district]`: whether new zones may be drawn there today.
        """
        if not (people.size or self.recent or self.in_force.size):
            return self.in_force
        units = np.searchsorted(self.starts[0], people, side="right") - 1
        while self.recent and self.recent[0][0] <= day - self.window:
            np.subtract.at(self.cases, self.recent.popleft()[1], 1)
        if units.size:
            self.recent.append((day, units))
        most = self.in_force.size + units.size
        in_force, changed = np.empty((2, most), np.int64)
        n, m = _turn(
            day, units, self.district_of, drawing, self.trigger, self.top, self.days, self.below,
            self.level, self.quiet_since, self.cases, self.in_force, in_force, changed,
        )  # fmt: skip
        self.in_force = in_force[:n]
        return changed[:m]


def redraw(run: Run, books: list[Book], changed: list[I64]) -> None:
    """Write the zones of all books into `run.zone` where something changed, and count people."""
    ways = run.people
    assert isinstance(ways, Ways)
    cells = run.once(Cells, lambda run: Cells(books, run.district_start))
    edges = [book.starts[0][units] for book, units in zip(books, changed, strict=True)]
    at = np.searchsorted(cells.people, np.concatenate(edges))
    areas = np.unique(np.searchsorted(cells.areas, at, side="right") - 1)
    first, last = cells.areas[areas], cells.areas[areas + 1]
    for book, (fine, coarse, coarsest) in zip(books, cells.threes, strict=True):
        _paint(first, last, fine, coarse, coarsest, book.level, book.below, cells.fresh)
    _settle(
        first, last, run.districts_of(cells.people[first]), cells.people, cells.fresh, cells.level,
        run.zone, ways.group, ways.group_role, run.zone_people, run.kept_in,
        run.day, run.held_until, run.held, run.slots, run.slot_of, run.away,
    )  # fmt: skip


class Cells:
    """The smallest units that any book closes off; everybody in one is on the same rung.

    Parameters
    ----------
    people
        i32[n_cells + 1]: the first person of each.
    areas
        i64[n + 1]: the first cell of each stretch that is drawn anew where something changed: the
        coarsest units of the only book; of two, which need not share theirs, whole districts.
    threes
        For each book its three kinds of units, each by their first cells.
    level, fresh
        u8[n_cells]: the rungs in force, and room for those to come.
    """

    def __init__(self, books: list[Book], district_start: I32) -> None:
        self.people = max((book.starts[0] for book in books), key=lambda starts: starts.size)
        at = [[np.searchsorted(self.people, kind) for kind in book.three] for book in books]
        self.threes = at
        coarsest = at[0][len(books[0].starts) - 1]
        self.areas = coarsest if len(books) == 1 else np.searchsorted(self.people, district_start)
        self.level, self.fresh = np.zeros((2, self.people.size - 1), np.uint8)


@kernel
def _turn(
    day: Any, units: Any, district_of: Any, drawing: Any, trigger: Any, top: Any, days: Any,
    below: Any, level: Any, quiet_since: Any, cases: Any, before: Any, in_force: Any, changed: Any,
) -> Any:  # fmt: skip
    """Units in force after today, and those whose rung is another one now; how many of each."""
    n, m = 0, 0
    for unit in units:
        cases[unit] += 1
        quiet_since[unit] = day
    for unit in units:
        own = level[unit]
        if cases[unit] >= trigger and own < top and drawing[district_of[unit]]:
            level[unit] = top
            changed[m] = unit
            m += 1
            if own == NONE:
                in_force[n] = unit
                n += 1
    for unit in before:
        own = level[unit]
        if day - quiet_since[unit] >= days[own]:
            own = below[own]
            level[unit], quiet_since[unit] = own, day
            changed[m] = unit
            m += 1
        if own > NONE:
            in_force[n] = unit
            n += 1
    return n, m


@kernel
def _paint(
    first: Any, last: Any, fine: Any, coarse: Any, coarsest: Any, level: Any, below: Any, fresh: Any
) -> None:
    """Write the level of each unit, and of the units around it, over the cells of these areas."""
    for a in range(first.size):
        unit = np.searchsorted(fine, first[a], side="right") - 1
        around = np.searchsorted(coarse, first[a], side="right") - 1
        far = np.searchsorted(coarsest, first[a], side="right") - 1
        here = fine[unit]
        strictest, strictest_far = below[0], below[0]
        while here < last[a]:
            own = level[unit]
            for cell in range(here, fine[unit + 1]):
                fresh[cell] = max(fresh[cell], own)
            strictest = max(strictest, below[own])
            strictest_far = max(strictest_far, below[below[own]])
            unit += 1
            here = fine[unit]
            if here == coarse[around + 1]:
                for cell in range(coarse[around], here):
                    fresh[cell] = max(fresh[cell], strictest)
                around, strictest = around + 1, below[0]
            if here == coarsest[far + 1]:
                for cell in range(coarsest[far], here):
                    fresh[cell] = max(fresh[cell], strictest_far)
                far, strictest_far = far + 1, below[0]


@kernel
def _settle(
    first: Any, last: Any, district: Any, cells: Any, fresh: Any, level: Any, zone: Any, group: Any,
    role: Any, people: Any, kept: Any, day: Any, held_until: Any, held: Any, slots: Any,
    slot_of: Any, away: Any,
) -> None:  # fmt: skip
    """Carry the new levels over to the people, and leave `fresh` empty for the next time."""
    for a in range(first.size):
        d = district[a]
        for cell in range(first[a], last[a]):
            before, now = level[cell], fresh[cell]
            fresh[cell] = NONE
            if before == now:
                continue
            level[cell] = now
            start, end = cells[cell], cells[cell + 1]
            zone[start:end] = now
            people[d, before] -= end - start
            people[d, now] += end - start
            if (before < CONTROL) == (now < CONTROL):
                continue
            for person in range(start, end):
                number = group[person]
                if number < 0:
                    continue
                kept[d, role[number]] += 1 if now >= CONTROL else -1
                if role[number] <= NO_SECTOR:
                    continue
                until, ill, well = np.int64(0), np.int64(NEVER), np.int64(NEVER)
                if held:
                    until = np.int64(held_until[person])
                if slot_of[person] > 0:
                    slot = slots[slot_of[person] - 1]
                    ill, well = ill_from(slot), ill_until(slot)
                elif until <= day:
                    continue
                sector = role[number] - NO_SECTOR
                inside = before >= CONTROL
                book_away(away, -1, day, d, sector, until, ill, well, inside)
                book_away(away, 1, day, d, sector, until, ill, well, not inside)


def _starts(ways: Ways, unit: str) -> I32:
    starts: I32 = getattr(ways, f"{unit}_start")
    return starts


@example
def _warm() -> None:
    ways = ways_of(tiny())
    book = Book(ways, "compound", days=(7, 7, 7), trigger=1, window=7)
    book.turn(0, np.zeros(1, np.int32), np.ones(1, np.bool_))
    starts = ways.compound_start
    cells = np.searchsorted(starts, starts)
    first, last = cells[:1], cells[-1:]
    zone, level, fresh = np.zeros(12, np.uint8), *np.zeros((2, 4), np.uint8)
    people, kept = np.zeros((1, 4), np.int64), np.zeros((1, ROLES), np.int64)
    _paint(first, last, cells, cells, cells, level, level, fresh)
    districts = np.zeros(1, np.int64)
    held_until = np.zeros(12, HOLD)["held_until"]
    slot_of, away = np.zeros(12, np.int32), np.zeros((3, 2, 1, 43), np.int32)
    _settle(
        first, last, districts, starts, fresh, level, zone, ways.group, ways.group_role, people,
        kept, 0, held_until, False, empty(1), slot_of, away,
    )  # fmt: skip
