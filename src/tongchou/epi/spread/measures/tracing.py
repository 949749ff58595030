"""Contacts of a known case are found (密接、次密接), in some layers more surely."""

import math
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import presence, purposes
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least
from tongchou.epi.spread.meeting import met_on_days
from tongchou.epi.spread.pieces import cut, side_by_side
from tongchou.epi.spread.presence import there
from tongchou.epi.spread.slots import LONG
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import HOUSEHOLD, N_LAYERS, VEHICLE, WORKPLACE, Ways
from tongchou.kit.compiled import kernel

U64 = np.uint64

#: Days after the first symptoms that are asked about at most.
LONGEST_SEARCH = 14
#: Days from a result to an order at most.
LONGEST_WAIT = 255
#: Colleagues of one close contact who are looked for at most.
SECONDARY_MOST = 30


@dataclass(frozen=True, slots=True)
class Tracing:
    """Who is looked for once a case is known, and how surely.

    Parameters
    ----------
    completeness
        Probability that a contact of each layer is found (household, class, workplace, compound,
        community, city, vehicle).
    delay_days
        From the result to the order of quarantine, for each layer.
    look_back_days
        Days before symptoms (before the sample, where there are none) from which a contact counts.
    secondary
        Share of the contacts of contacts (次密接: household and class or workplace) found.
    tracers
        Tracers in the city; each opens `cases_per_tracer` investigations a day, the others wait.
    """

    completeness: tuple[float, ...] = (0.0,) * N_LAYERS
    delay_days: tuple[int, ...] = (0,) * N_LAYERS
    look_back_days: int = 2
    secondary: float = 0.0
    tracers: float = UNLIMITED
    cases_per_tracer: float = 0.5

    def __post_init__(self) -> None:
        for name in ("completeness", "delay_days"):
            if len(getattr(self, name)) != N_LAYERS:
                raise ValueError(f"tracing.{name} needs {N_LAYERS} values, one per layer")
        for share in (*self.completeness, self.secondary):
            if not 0 <= share <= 1:
                raise ValueError(f"tracing.completeness is {share}; a share is from 0 to 1")
        if not 0 <= min(self.delay_days) <= max(self.delay_days) <= LONGEST_WAIT:
            raise ValueError(f"tracing.delay_days are from 0 to {LONGEST_WAIT}")
        at_least(self, 0, "look_back_days", "tracers", "cases_per_tracer")


@dataclass(frozen=True, eq=False)
class Table:
    """The options of both tempos, a row for peace and one for war."""

    completeness: NDArray[np.float32]
    delay: NDArray[np.int32]
    look_back: NDArray[np.int32]
    secondary: NDArray[np.float32]
    cases_a_day: tuple[float, ...]
    cases_per_tracer: tuple[float, ...]
    waits: tuple[int, ...]

    @property
    def longest(self) -> int:
        return self.waits[-1]

    @cached_property
    def window(self) -> int:
        """Days before today of which tracers ask, at most."""
        return int(self.look_back.max()) + LONGEST_SEARCH


def trace(run: Run) -> None:
    """Look for the contacts of cases found, as far as tracers reach; orders begin after a delay."""
    table = run.once(Tracing, _tables)
    if table is None or run.day < run.policy.start_day:
        return
    run.untraced = np.concatenate((run.untraced, run.found_today))
    # tracers are the city's: once one district is at war, all work as at war
    now = int(run.tempo.max())
    n = min(run.untraced.size, _openings(table.cases_a_day[now], run.day))
    cases, run.untraced = run.untraced[:n], run.untraced[n:]
    if not cases.size:
        return
    by_district = np.bincount(run.slots["district"][cases], minlength=run.n_districts)
    run.daily["traced_cases"][run.day] += by_district
    if table.cases_per_tracer[now] > 0:
        run.daily["tracer_days"][run.day] += by_district / table.cases_per_tracer[now]
    close = _close(run, table, cases)
    _order(run, table, close)
    if table.secondary.any() and isinstance(run.people, Ways):
        ways = run.people
        sizes = np.diff(ways.household_start)[ways.household[close[:, 0]]]
        found = np.empty((int(sizes.sum()) + SECONDARY_MOST * len(close), 4), np.int32)
        m = _secondary(
            close, ways.household, ways.household_start, ways.group, ways.group_start, ways.member,
            run.district_start, run.tempo, table.secondary, SECONDARY_MOST,
            run.stream(purposes.SECONDARY), found,
        )  # fmt: skip
        _order(run, table, found[:m])


def _a_day(one: Tracing) -> float:
    return one.tracers if math.isinf(one.tracers) else one.tracers * one.cases_per_tracer


def _openings(a_day: float, day: int) -> int:
    """Investigations that can be opened today: half a one a day is one every second day."""
    if math.isinf(a_day):
        return sys.maxsize
    return math.floor(a_day * (day + 1)) - math.floor(a_day * day)


def _close(run: Run, table: Table, cases: NDArray[np.int32]) -> NDArray[np.int32]:
    """i32[m, 4]: person, last exposure, tier 0, delay in days."""
    streams = run.streams()[purposes.TRACING : purposes.TRACING + N_LAYERS]
    if isinstance(run.people, Graph):
        found = np.empty((_most(run.meets, cases, 1) + 1, 4), np.int32)
        m = _in_graph(
            run.slots, run.people.start, run.people.end, cases, run.day, run.tempo,
            table.completeness, table.delay, streams, found,
        )  # fmt: skip
        return found[:m]
    window = table.window
    most = _most(run.meets, cases, window + 1)
    asked = Asked(np.empty(most, np.int32), *np.empty((5, most), np.uint8))
    n = _asked(
        run.slots, run.meets, run.people.most, cases, run.day, window, run.tempo,
        table.completeness, table.delay, table.look_back, streams,
        asked.person, asked.layer, asked.rank, asked.since, asked.on, asked.wait,
    )  # fmt: skip
    days = range(run.day - window, run.day + 1)
    told = (run.rings_of(days), *presence.past(run, days), run.once(Asked, _addresses))
    tasks = [
        (run, run.day - window, Asked._make(each[lo:hi] for each in asked), *told)
        for lo, hi in cut(n, run.threads)
    ]
    parts: list[NDArray[np.int32]] = side_by_side(run, _met_by, tasks)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _met_by(
    run: Run, start: int, asked: "Asked", rings: Any, present: Any, weeks: Any, addresses: Any
) -> NDArray[np.int32]:
    """Who was met in the contacts that are remembered; as `_close`."""
    n = asked.person.size
    other, found = np.empty(n, np.int32), np.empty((n, 4), np.int32)
    met_on_days(
        run.people, rings, run.behaviour.bubble, run.district_start,
        asked.person, asked.layer, asked.rank, asked.on, n, other, addresses,
    )  # fmt: skip
    m = _named(
        run.people, present, weeks, start, n,
        asked.person, asked.layer, asked.since, asked.on, asked.wait, other, found,
    )  # fmt: skip
    return found[:m]


class Asked(NamedTuple):
    """Contacts that tracers ask for and that the case remembers, one entry each."""

    person: NDArray[np.int32]  # of the case
    layer: NDArray[np.uint8]
    rank: NDArray[np.uint8]
    since: NDArray[np.uint8]  # first and last day of meeting, counted from the start of the window
    on: NDArray[np.uint8]
    wait: NDArray[np.uint8]  # days to the order


def _addresses(run: Run) -> NDArray[np.int64]:
    ways = run.people
    assert isinstance(ways, Ways)
    return np.array([ways.member.ctypes.data, ways.age.ctypes.data], np.int64)


def _order(run: Run, table: Table, found: NDArray[np.int32]) -> None:
    """Put each order down for the day on which it begins."""
    sorted_ = np.empty((found.shape[0], 3), np.int32)
    ends = _by_wait(found, table.longest, sorted_)
    for wait in table.waits:
        run.orders[run.day + wait].append(sorted_[ends[wait] : ends[wait + 1]])


@kernel
def _by_wait(found: Any, longest: Any, sorted_: Any) -> Any:
    """Put orders with the same wait side by side, in the order in which they were given."""
    ends = np.zeros(longest + 2, np.int64)
    for i in range(found.shape[0]):
        ends[found[i, 3] + 1] += 1
    for wait in range(longest + 1):
        ends[wait + 1] += ends[wait]
    fill = ends.copy()
    for i in range(found.shape[0]):
        at = fill[found[i, 3]]
        fill[found[i, 3]] = at + 1
        sorted_[at, 0], sorted_[at, 1], sorted_[at, 2] = found[i, 0], found[i, 1], found[i, 2]
    return ends


def _tables(run: Run) -> Table | None:
    both = [response.tracing for response in run.policy.both]
    completeness = np.array([one.completeness for one in both], np.float32)
    if not completeness.any():
        return None
    return Table(
        completeness=completeness,
        delay=np.array([one.delay_days for one in both], np.int32),
        look_back=np.array([one.look_back_days for one in both], np.int32),
        secondary=np.array([one.secondary for one in both], np.float32),
        cases_a_day=tuple(_a_day(one) for one in both),
        cases_per_tracer=tuple(one.cases_per_tracer for one in both),
        waits=tuple(sorted({days for one in both for days in one.delay_days})),
    )


@kernel
def _in_graph(
    slots: Any, start: Any, end: Any, cases: Any, day: Any, tempo: Any, completeness: Any,
    delay: Any, streams: Any, found: Any,
) -> Any:  # fmt: skip
    """One coin per contact person, layer and day, whoever of today's cases names them."""
    n = 0
    who, rows = np.empty(cases.size, np.int32), np.empty(cases.size, np.uint8)
    first, last = np.empty(cases.size, np.int32), np.empty(cases.size, np.int32)
    for i in range(cases.size):
        who[i] = slots[cases[i]]["who"]
        rows[i] = tempo[slots[cases[i]]["district"]]
    for layer in range(N_LAYERS):
        if completeness[0, layer] == 0 and completeness[1, layer] == 0:
            continue
        for i in range(cases.size):
            place = np.int64(who[i]) * N_LAYERS + layer
            first[i], last[i] = start[place], start[place + 1]
        for i in range(cases.size):
            share, wait = completeness[rows[i], layer], delay[rows[i], layer]
            for at in range(first[i], last[i]):
                # written always and kept by counting: nobody can guess a coin
                found[n, 0], found[n, 1], found[n, 2] = end[at], day, 0
                found[n, 3] = wait
                n += unit(draw(streams[layer], end[at])) < share
    return n


@kernel
def _most(meets: Any, cases: Any, days: Any) -> Any:
    """More contacts than tracers can ask for: of so many days, and of the household once."""
    n = np.int64(0)
    for s in cases:
        n += np.int64(meets[s, 0])
        for a in range(1, N_LAYERS):
            n += np.int64(meets[s, a]) * days
    return n


@kernel
def _asked(
    slots: Any, meets: Any, most: Any, cases: Any, day: Any, window: Any, tempo: Any,
    completeness: Any, delay: Any, look_back: Any, streams: Any,
    who: Any, layer: Any, rank: Any, since: Any, on: Any, wait: Any,
) -> Any:  # fmt: skip
    """The contacts that each case remembers, of the days when it may have passed the infection on.

    Household and small groups are asked for once, on the last day; larger groups day by day. A coin
    for each contact falls before anybody looks up who it was, for that is the dear part.
    """
    n = 0
    start = day - window
    for i in range(cases.size):
        s = cases[i]
        slot = slots[s]
        row = tempo[slot["district"]]
        onset = slot["day"] + slot["onset"]
        # the day of the result counts, not that on which a tracer has time at last
        seen = min(slot["found"], day)
        known = onset if slot["onset"] < LONG and onset <= seen else seen - 1
        first = max(known - look_back[row], 0, start)
        last = min(day, slot["isolated"])
        held = slot["held_from"] < slot["held_until"]
        if held and slot["held_from"] <= seen <= slot["held_until"]:
            last = slot["held_from"]
        if last < start:
            continue  # so long ago that whom this case met is ill, or well, by now
        last = max(last, first)
        for a in range(N_LAYERS):
            share = completeness[row, a]
            if share == 0:
                continue
            n_met = meets[s, a]
            whole = a == HOUSEHOLD or (a <= WORKPLACE and n_met < most[a])
            for at in range(last if whole else first, last + 1):
                coins = (U64(slot["who"]) * U64(4096) + U64(at & 4095)) * U64(256)
                for k in range(n_met):
                    # written always and kept by counting: nobody can guess a coin
                    who[n], layer[n], rank[n], wait[n] = slot["who"], a, k, delay[row, a]
                    since[n], on[n] = (first if whole else at) - start, at - start
                    n += share >= 1 or unit(draw(streams[a], coins + U64(k))) < share
    return n


@kernel
def _named(
    ways: Any, present: Any, weeks: Any, start: Any, n: Any, person: Any, layer: Any, since: Any,
    on: Any, wait: Any, other: Any, found: Any,
) -> Any:  # fmt: skip
    """The orders to give.

    Nobody was met in a class or at a workplace of which one of the two kept away
    (`presence.past`).
    """
    m = 0
    for e in range(n):
        a = layer[e]
        if other[e] < 0:
            continue
        if weeks.size and (0 < a <= WORKPLACE or a == VEHICLE):
            days = range(since[e], on[e] + 1)
            if not _met(ways, present, weeks, days, person[e], other[e]):
                continue
        found[m, 0], found[m, 1], found[m, 2], found[m, 3] = other[e], start + on[e], 0, wait[e]
        m += 1
    return m


@kernel
def _met(ways: Any, present: Any, weeks: Any, days: Any, one: Any, other: Any) -> Any:
    """Whether both were at class or work on the same one of these days."""
    group, role, district = ways.group, ways.group_role, ways.group_district
    for i in days:
        if there(group, role, district, present[i], weeks[i], one) and there(
            group, role, district, present[i], weeks[i], other
        ):
            return True
    return False


@kernel
def _secondary(
    close: Any, household: Any, household_start: Any, group: Any, group_start: Any, member: Any,
    district_start: Any, tempo: Any, share: Any, most: Any, start: Any, found: Any,
) -> Any:  # fmt: skip
    """The household of each close contact, and up to `most` people of the class or workplace."""
    n = 0
    for i in range(close.shape[0]):
        person = close[i, 0]
        district = 0
        while district_start[district + 1] <= person:
            district += 1
        wanted = share[tempo[district]]
        home = household[person]
        for other in range(household_start[home], household_start[home + 1]):
            if other != person and unit(draw(start, other)) < wanted:
                found[n, 0], found[n, 1], found[n, 2] = other, close[i, 1], 1
                found[n, 3] = close[i, 3]
                n += 1
        if group[person] < 0:
            continue
        first = group_start[group[person]]
        for at in range(first, min(group_start[group[person] + 1], first + most)):
            other = member[at]
            if other != person and unit(draw(start, other)) < wanted:
                found[n, 0], found[n, 1], found[n, 2] = other, close[i, 1], 1
                found[n, 3] = close[i, 3]
                n += 1
    return n
