"""The day's transmission: three passes over who is ill, then those infected join the list.

Long lists are cut, and run side by side (`pieces`).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.absence import fall_ill
from tongchou.epi.spread.graph import Graph, met_in_graph, settle_in_graph
from tongchou.epi.spread.meeting import met_in_city, settle_in_city
from tongchou.epi.spread.pieces import cut, side_by_side
from tongchou.epi.spread.presence import stay_away
from tongchou.epi.spread.settling import settle
from tongchou.epi.spread.slots import Slots, empty
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.transmission import MOST, accept, crossings, infect

__all__ = ["add_infected", "foreseen", "spread"]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]


#: Infected people who are looked at in one go: the contacts they make stay in near memory.
PART = 1 << 16
#: Newly infected people whose courses are drawn in one go.
STEP = 1 << 10


@dataclass(frozen=True)
class Contagion:
    """Contacts that infect: slot of the source, layer, person at the other end.

    `kept`: how many of those looked at are not yet well again.
    """

    source: I32
    layer: U8
    target: I32
    kept: int


def spread(run: Run) -> None:
    """Pass the infection on for one day; the newly infected get slots, courses and dates."""
    if not run.active.size:
        return
    rate, takes = run.rate, run.behaviour.left()
    watched = run.held or run.zoned or not run.bare
    stay = run.own_list()
    pieces = cut(stay.size, run.threads)
    tasks = [(run, rate, takes, watched, lo, hi, piece) for piece, (lo, hi) in enumerate(pieces)]
    found = side_by_side(run, _piece, tasks)
    size = 0
    for (lo, _), parts in zip(pieces, found, strict=True):
        kept = sum(part.kept for part in parts)
        stay[size : size + kept] = stay[lo : lo + kept]  # side by side
        size += kept
    run.resize_list(size)
    first = run.n_slots
    for part in (part for parts in found for part in parts):
        _infect(run, part.source, part.layer, part.target)
    _begin(run, first)


def add_infected(run: Run, *, source: I32, layer: U8, target: I32, shift: int = 0) -> None:
    """Infect these people, in order, unless somebody else came first; draw their courses.

    `shift`: they were infected so many days ago.
    """
    first = run.n_slots
    _infect(run, source, layer, target)
    _begin(run, first, shift)


def _infect(run: Run, source: I32, layer: U8, target: I32) -> None:
    run.n_slots = infect(
        run.slots, run.n_slots, run.susceptibility, run.slot_of, run.day,
        source, layer, target, target.size, run.where_slot,
    )  # fmt: skip


def _begin(run: Run, first: int, shift: int = 0) -> None:
    """Draw the courses of all slots from `first` on, and put them on the list."""
    last = run.n_slots
    if last == first:
        return
    own: tuple[NDArray[Any], ...] = run.booked, run.age_infections, run.age_deaths, run.away
    pieces = cut(last - first, run.threads)
    # the first piece writes into the run's own books, each other into some of its own
    books = [own, *(tuple(map(np.zeros_like, own)) for _ in pieces[1:])]
    tasks = [
        (run, first + lo, first + hi, shift, b) for (lo, hi), b in zip(pieces, books, strict=True)
    ]
    side_by_side(run, _settle, tasks)
    for other in books[1:]:
        for mine, more in zip(own, other, strict=True):
            mine += more
    run.join(first, last)


def _piece(
    run: Run, rate: Any, takes: Any, watched: bool, lo: int, hi: int, number: int
) -> list[Contagion]:
    """One stretch of the list, part by part; who stays on it moves to the front of the stretch."""
    found, stay = [], lo
    for first in range(lo, hi, PART):
        last = min(first + PART, hi)
        part = _part(run, rate, takes, watched, first, last, number, run.active[stay:last])
        if hi - lo > PART:  # the room is wanted again for the next part
            part = replace(part, source=part.source.copy(), layer=part.layer.copy())
        found.append(part)
        stay += part.kept
    return found


def _part(
    run: Run, rate: Any, takes: Any, watched: bool, lo: int, hi: int, number: int, kept: I32
) -> Contagion:
    room = run.buffers(number, (hi - lo) * MOST)
    graph = isinstance(run.people, Graph)
    streams = run.streams()
    n, n_kept = crossings(
        run.slots, run.meets, run.active, lo, hi, run.day, rate, run.rate_turn,
        run.zone, run.zoned, run.tables.load, streams[purposes.THRESHOLD],
        streams[purposes.CROSSING], graph, room.source, room.person, room.layer, room.rank,
        kept,
    )  # fmt: skip
    target = np.empty(n, np.int32)
    if isinstance(run.people, Graph):
        met_in_graph(run.people, room.person, room.layer, room.rank, n, target)
    else:
        met_in_city(
            run.people, run.rings(), run.behaviour.bubble, run.district_start,
            room.person, room.layer, room.rank, n, target,
        )  # fmt: skip
        if not run.behaviour.all_there:
            stay_away(
                run.slots, run.people, run.behaviour.present,
                run.stream(purposes.PRESENT, run.week), room.source, room.layer, n, target,
            )  # fmt: skip
    n = accept(
        run.slots, run.susceptibility, run.zone, run.facility_until, run.held_until, run.keeps,
        takes, run.behaviour.met(), run.district_start, run.behaviour.crossing, run.day,
        watched, run.zoned, streams[purposes.ACCEPT], room.source, room.layer, room.rank, target, n,
        run.where_open, run.where_held,
    )  # fmt: skip
    return Contagion(room.source[:n], room.layer[:n], target[:n].copy(), n_kept)


def _settle(run: Run, first: int, last: int, shift: int, books: tuple[Any, ...]) -> None:
    booked, infections, deaths, away = books
    fill = settle_in_graph if isinstance(run.people, Graph) else settle_in_city
    # in steps: what is looked up of a person is still near when the next asks for it
    for lo in range(first, last, STEP):
        hi = min(lo + STEP, last)
        fill(run.slots, run.meets, run.people, lo, hi)
        settle(
            run.slots, lo, hi, run.tables, run.ages, run.doses, run.district_start,
            run.held, run.held_from, run.facility_until, run.held_until, run.keeps,
            run.stream(purposes.COURSE, 0), run.stream(purposes.FORCE, 0),
            run.stream(purposes.THRESHOLD, 0), shift, booked, infections, deaths,
        )  # fmt: skip
        if run.group_of.size:
            fall_ill(
                run.slots, lo, hi, run.day, run.group_of, run.sector_of_group, run.zone,
                run.zoned, run.held_until, run.held, away,
            )  # fmt: skip


def foreseen(run: Run, persons: I32) -> Slots:
    """The slots that these people will get if they are infected today; nothing is booked."""
    slots = empty(persons.size)
    slots["who"], slots["day"] = persons, run.day
    settle(
        slots, 0, persons.size, run.tables, run.ages, run.doses, run.district_start,
        run.held, run.held_from, run.facility_until, run.held_until, run.keeps,
        run.stream(purposes.COURSE, 0), run.stream(purposes.FORCE, 0),
        run.stream(purposes.THRESHOLD, 0), 0, np.zeros_like(run.booked),
        np.zeros_like(run.age_infections), np.zeros_like(run.age_deaths),
    )  # fmt: skip
    return slots
