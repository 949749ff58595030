"""The units that are closed off, and what that makes of the people in them.

A unit stands on a ladder, lockdown first; the coarser unit around it stands one rung lower, and the
one around that another. A person counts at the strictest of what holds where they live.
"""

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import UNITS
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import Ways
from tongchou.kit.compiled import kernel

__all__ = ["CONTROL", "LOCKDOWN", "PRECAUTION", "Book", "redraw"]

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

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
        self.below = np.zeros(4, np.int8)
        for level, lower in zip(rungs, [*rungs[1:], NONE], strict=True):
            self.below[level] = lower
        self.days = np.array((0, *days), np.int32)
        self.trigger, self.window = trigger, window
        at = UNITS.index(unit)
        self.starts = [_starts(ways, name) for name in UNITS[at : at + 3]]
        self.district_start = ways.district_start
        n = self.starts[0].size - 1
        self.level = np.zeros(n, np.int8)
        self.quiet_since = np.zeros(n, np.int32)
        self.cases = np.zeros(n, np.int32)
        self.recent: deque[tuple[int, I64]] = deque()
        self.in_force: I64 = np.empty(0, np.int64)

    def turn(self, day: int, people: I32, drawing: NDArray[np.bool_]) -> I64:
        """Draw and lift by the cases among `people`, found today. Returns the units that changed.

        `drawing[district]`: whether new zones may be drawn there today.
        """
        units = np.searchsorted(self.starts[0], people, side="right") - 1
        while self.recent and self.recent[0][0] <= day - self.window:
            np.subtract.at(self.cases, self.recent.popleft()[1], 1)
        drawn = units[:0]
        if units.size:
            np.add.at(self.cases, units, 1)
            self.recent.append((day, units))
            self.quiet_since[units] = day
            hit = np.unique(units)
            district = self.within(hit, self.district_start)
            hit = hit[(self.cases[hit] >= self.trigger) & drawing[district]]
            drawn = hit[self.level[hit] < self.top]
            self.level[drawn] = self.top
        rung = self.level[self.in_force]
        over = (day - self.quiet_since[self.in_force] >= self.days[rung]) & (rung > NONE)
        lifted = self.in_force[over]
        self.level[lifted] = self.below[self.level[lifted]]
        self.quiet_since[lifted] = day
        changed = np.union1d(drawn, lifted)
        if changed.size:
            self.in_force = np.union1d(self.in_force[self.level[self.in_force] > NONE], drawn)
        return changed

    def within(self, units: I64, starts: I32) -> I64:
        """The coarser unit around each of these."""
        return np.searchsorted(starts, self.starts[0][units], side="right") - 1

    def ranges(self, units: I64) -> I64:
        """i64[m, 3]: first and last person, and level, of these units and of those around them."""
        level = self.level[units]
        found = []
        for starts in self.starts:
            at = self.within(units, starts)
            # of all the small units inside, the strictest tells how the coarse one stands
            strictest = np.unique(at * 4 + level)
            last = np.append(np.diff(strictest // 4) > 0, True)[: strictest.size]
            at, levels = strictest[last] // 4, strictest[last] % 4
            found.append(np.column_stack((starts[at], starts[at + 1], levels))[levels > NONE])
            level = self.below[level]
        return np.concatenate(found).astype(np.int64)


def redraw(run: Run, books: list[Book], changed: list[I64]) -> None:
    """Write the zones of all books into `run.zone` where something changed, and count people."""
    ways = run.people
    assert isinstance(ways, Ways)
    # two books do not share their coarsest unit: then whole districts are drawn anew
    area = books[0].starts[-1] if len(books) == 1 else run.district_start
    around = [book.within(units, area) for book, units in zip(books, changed, strict=True)]
    areas = np.unique(np.concatenate(around))
    drawn = []
    for book in books:
        here = np.isin(book.within(book.in_force, area), areas)
        drawn.append(book.ranges(book.in_force[here]))
    ranges = np.concatenate(drawn)
    ranges = ranges[np.argsort(ranges[:, 0], kind="stable")]
    edges = np.searchsorted(ranges[:, 0], np.append(area[areas], area[areas[-1] + 1]))
    _redraw(
        area[areas].astype(np.int64), area[areas + 1].astype(np.int64), edges, ranges,
        run.districts_of(area[areas]), run.zone, ways.group, ways.group_role,
        run.zone_people, run.kept_in,
    )  # fmt: skip


@kernel
def _redraw(
    first: Any, last: Any, edges: Any, ranges: Any, district: Any, zone: Any, group: Any,
    role: Any, people: Any, kept: Any,
) -> None:  # fmt: skip
    for a in range(first.size):
        lo, d = first[a], district[a]
        fresh = np.zeros(last[a] - lo, np.uint8)
        for r in range(edges[a], edges[a + 1]):
            for i in range(ranges[r, 0] - lo, ranges[r, 1] - lo):
                fresh[i] = max(fresh[i], ranges[r, 2])
        for i in range(fresh.size):
            before, now = zone[lo + i], fresh[i]
            if before == now:
                continue
            zone[lo + i] = now
            people[d, before] -= 1
            people[d, now] += 1
            if (before < CONTROL) != (now < CONTROL):
                number = group[lo + i]
                if number >= 0:
                    kept[d, role[number]] += 1 if now >= CONTROL else -1


def _starts(ways: Ways, unit: str) -> I32:
    starts: I32 = getattr(ways, f"{unit}_start")
    return starts
