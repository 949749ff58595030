"""Which units are tested in rounds: when a round begins, how far it is, and when it was the last.

Nothing here knows of tubes or of who is ill; people are places in a line, so that half a round is
the first half of the line, and the same people come early every time.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw
from tongchou.epi.spread.dice import unit as unit_
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import Ways
from tongchou.epi.spread.zoning import CONTROL
from tongchou.kit.compiled import example, kernel

__all__ = ["KINDS", "Programme", "Round", "along", "place_of"]

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

KINDS = ("zone", "community", "district", "city")
ZONE, CITY = KINDS.index("zone"), KINDS.index("city")


@dataclass
class Round:
    """One round: `size` people in a line, of whom `done` were asked before today and `part` today.

    `rank` sorts rounds by who is served first: begun earlier, and then with more cases.
    """

    begun: int
    size: int
    rank: tuple[int, int, int]
    done: int = 0
    part: int = 0


@dataclass
class Series:
    """The rounds of a unit, one after another: `known`, days on which clean ones were known."""

    due: int
    round: Round | None = None
    known: list[int] = field(default_factory=list)


class Programme:
    """The rounds that one rule orders, in the districts that stand in its tempos.

    Parameters
    ----------
    kind
        Of unit, one of `KINDS`.
    tempos
        In which districts are tested by this rule.

    Raises
    ------
    ValueError
        Where the people have no communities.
    """

    def __init__(self, run: Run, kind: str, tempos: list[int]) -> None:
        self.kind, self.tempos = kind, tempos
        self.starts = _starts(run, kind)
        n = self.starts.size - 1
        self.district_of = run.districts_of(self.starts[:-1])
        self.people = np.diff(run.district_start).astype(np.int64)
        self.series: dict[int, Series] = {}
        self.recent: deque[tuple[int, I64]] = deque()
        #: cases up to this day were seen to by a series that has ended
        self.settled = np.full(n, -NEVER, np.int64)
        #: for a city: where each of its districts stands in the line, and one more at the end
        self.line = np.zeros(run.n_districts + 1, np.int64)

    def turn(self, run: Run, window: int, trigger: int, interval: int, stop_after: int) -> None:
        """Begin and end series by the cases found outside quarantine last night."""
        cases = self._count(run, window)
        if not self.series and not cases.any():
            return
        size = self._sizes(run)
        for unit in [unit for unit in self.series if not size[unit]]:
            del self.series[unit]
        for unit in np.flatnonzero((cases >= trigger) & (size > 0)).tolist():
            self.series.setdefault(unit, Series(due=run.day))
        for unit, series in list(self.series.items()):
            if series.round is not None or run.day < series.due:
                continue
            if sum(day <= run.day for day in series.known) >= stop_after:
                del self.series[unit]
                self.settled[unit] = run.day - 1
                continue
            series.round = Round(run.day, int(size[unit]), (run.day, -int(cases[unit]), unit))
            series.due = run.day + interval
            if self.kind == "city":
                here = run.under(self.tempos)
                np.cumsum(self.people * here, out=self.line[1:])

    def under_way(self) -> Iterator[Round]:
        """Rounds that are not finished."""
        return (each.round for each in self.series.values() if each.round is not None)

    def today(self) -> I64:
        """i64[3, n_units]: where today's part of each line begins and ends, and the whole line."""
        parts = np.zeros((3, self.starts.size - 1), np.int64)
        for number, series in self.series.items():
            if series.round is not None:
                each = series.round
                parts[:, number] = each.done, each.done + each.part, each.size
        return parts

    def by_district(self, coverage: float) -> I64:
        """i64[n_districts]: how many of the people asked today come."""
        asked: I64 = np.zeros(self.people.size, np.int64)
        for unit, series in self.series.items():
            if series.round is None:
                continue
            first, last = series.round.done, series.round.done + series.round.part
            if self.kind == "city":
                cut: I64 = np.clip(self.line, first, last)
                asked += cut[1:] - cut[:-1]
            else:
                asked[self.district_of[unit]] += last - first
        return along(asked, coverage)

    def close_the_day(self, day: int, result_days: int) -> None:
        """Today's parts are done; results of a finished round are known by a later morning."""
        for series in self.series.values():
            each = series.round
            if each is None:
                continue
            each.done, each.part = each.done + each.part, 0
            if each.done >= each.size:
                series.round = None
                series.due = max(series.due, day + 1)
                series.known.append(day + result_days + 1)

    def _count(self, run: Run, window: int) -> I64:
        """i64[n_units]: cases that still ask for rounds. No round before a new one counts."""
        while self.recent and self.recent[0][0] < run.day - window:
            self.recent.popleft()
        if run.found_outside.size:
            people = run.slots["who"][run.found_outside]
            found = np.searchsorted(self.starts, people, side="right") - 1
            self.recent.append((run.day - 1, found))
            for unit in np.unique(found).tolist():
                if unit in self.series:
                    self.series[unit].known.clear()
        counts = np.zeros(self.starts.size - 1, np.int64)
        for day, found in self.recent:
            np.add.at(counts, found[self.settled[found] < day], 1)
        return counts

    def _sizes(self, run: Run) -> I64:
        """i64[n_units]: people to be asked; 0 where this rule does not hold."""
        here = run.under(self.tempos)
        if self.kind == "city":
            return np.array([(self.people * here).sum()])
        if self.kind == "zone":
            inside: I64 = run.zone_people[:, CONTROL:].sum(axis=1)
            return inside * here
        return np.diff(self.starts).astype(np.int64) * here[self.district_of]


@kernel
def place_of(
    kind: Any, who: Any, unit: Any, size: Any, start: Any, line: Any, district: Any,
    district_start: Any, zone: Any, hashed: Any,
) -> Any:  # fmt: skip
    """The place of a person in the line of the unit; -1 for who is not in it.

    `kind` is a place of `KINDS`, `hashed` the stream of places in zones.
    """
    if kind == CITY:
        if line[district + 1] <= line[district]:
            return -1
        return line[district] + who - district_start[district]
    if kind == ZONE:
        # zones come and go within a round; a hashed place needs no list of who lives in them
        if zone[who] < CONTROL:
            return -1
        return np.int64(np.float64(unit_(draw(hashed, who))) * size)
    return np.int64(who) - start


def _starts(run: Run, kind: str) -> I32:
    if kind == "city":
        return np.array([0, run.n], np.int32)
    if kind != "community":
        return run.district_start
    if not isinstance(run.people, Ways):
        raise ValueError("rounds by community need a city: a graph has no communities")
    return run.people.community_start


def along(people: I64, share: float) -> I64:
    """A share of the people of each district, whole numbers that add up to that of the whole line.

    Examples
    --------
    >>> along(np.array([3, 3, 3]), 0.5).tolist()
    [1, 2, 1]
    """
    parts = np.empty(people.size, np.int64)
    _along(people, share, parts)
    return parts


@kernel
def _along(people: Any, share: Any, parts: Any) -> None:
    line, before = np.int64(0), np.int64(0)
    for i in range(people.size):
        line += people[i]
        upto = np.int64(np.floor(line * share + 1e-9))
        parts[i], before = upto - before, upto


@example
def _warm() -> None:
    along(np.zeros(1, np.int64), 0.5)
