"""Who is met: the person at the other end of a contact, one by one and for many at once.

Small groups are complete. In a larger one the contacts of a day lie on a ring: for each of a few
strides, drawn anew every day, a person meets the one that far ahead and the one that far behind.
So i meets j exactly when j meets i, everybody has the same number of contacts, and a tracer in the
model asks the same function that passed the infection on.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw
from tongchou.epi.spread.ways import (
    CLASS,
    COMMUNITY,
    COMPOUND,
    FIRST_WORKPLACE,
    HOUSEHOLD,
    N_LAYERS,
    VEHICLE,
    WHOLE_CITY,
    WORKPLACE,
)
from tongchou.kit.compiled import kernel, prefetch

__all__ = ["contact", "met_in_city", "met_on_days", "ring", "settle_in_city"]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
U64 = np.uint64
I64 = np.int64

_LOW = U64(0xFFFFFFFF)
_32 = U64(32)
_ONE = U64(1)
#: So many contacts are looked for at a time.
NEAR = 256


@kernel
def ring(start: Any, unit: Any, size: Any, place: Any, k: Any) -> Any:
    """The place that contact `k` of `place` has in a group of `size` (2 or more), for one day.

    Contact 2j is one stride ahead, contact 2j + 1 one stride behind; stride j is the same for the
    whole group. `start` is the stream of layer and day.
    """
    word = draw(start, U64(unit) * U64(128) + U64(k >> 1))
    stride = I64(_ONE + (((word & _LOW) * U64(size - 1)) >> _32))
    # without branches: nobody could guess them
    there = place + stride * (1 - 2 * (k & 1))
    there -= size * I64(there >= size)
    return there + size * I64(there < 0)


@kernel
def in_group(start: Any, unit: Any, size: Any, place: Any, k: Any, most: Any) -> Any:
    """The same where the group may be small enough for everybody to meet everybody."""
    if size - 1 <= most:
        there = place + 1 + k
        return there - size if there >= size else there
    return ring(start, unit, size, place, k)


@kernel
def at_home(household: I32, household_start: I32, person: Any, k: Any) -> Any:
    """Contact `k` of a person within the household."""
    home = household[person]
    first = household_start[home]
    size = household_start[home + 1] - first
    place = person - first + 1 + k
    return first + (place - size if place >= size else place)


@kernel
def in_bubble(
    group_start: I32, start: Any, bubble: Any, most: Any, number: Any, seat: Any, k: Any
) -> Any:
    """The seat of contact `k` in class or at work; `bubble`: the largest group, 0: no limit."""
    first = I64(group_start[number])
    size = I64(group_start[number + 1]) - first
    place = seat - first
    if 0 < bubble < size:
        block = place // bubble * bubble
        first += block
        place -= block
        size = min(I64(bubble), size - block)
        if k >= size - 1:
            return I64(-1)
    return first + in_group(start, number, size, place, k, most)


@kernel
def in_vehicle(
    group: I32, seat: I32, group_community: I32, community_seats: I32, member: I32, rides: U8,
    start: Any, person: Any, k: Any,
) -> Any:  # fmt: skip
    """Contact `k` on the way to class or work; -1 where that person does not ride."""
    there = group_community[group[person]]
    first = I64(community_seats[there])
    size = I64(community_seats[there + 1]) - first
    if size < 2:
        return -1
    other = member[first + ring(start, there, size, I64(seat[person]) - first, k)]
    return other if rides[other] else -1


@kernel
def nearby(
    age: U8, active: U8, start: Any, unit: Any, first: Any, last: Any,
    most: Any, person: Any, k: Any,
) -> Any:  # fmt: skip
    """Contact `k` of a person among the people `first` to `last`; -1 where that one stays in."""
    if last - first < 2:
        return -1
    other = first + ring(start, unit, last - first, person - first, k)
    # a contact is made only if both go out that often
    return other if k < _part(most, active[min(age[other], 100)]) else -1


@kernel
def _part(most: Any, eighths: Any) -> Any:
    """So many eighths of `most`, rounded to pairs."""
    return (((most * eighths + 4) >> 3) + 1) & ~1


@kernel
def contact(ways: Any, streams: Any, bubble: Any, person: Any, layer: Any, k: Any) -> Any:
    """The person whom `person` meets as contact `k` of `layer` today; -1: nobody after all.

    `streams[layer]` is the stream of layer and day. `bubble`: largest group at work; 0: no limit.
    For many see `met_in_city` and `met_on_days`: taking `ways` apart costs more than the answer.
    """
    start, most = streams[layer], ways.most[layer]
    if layer == HOUSEHOLD:
        return at_home(ways.household, ways.household_start, person, k)
    if layer <= WORKPLACE:
        limit = bubble if layer == WORKPLACE else 0
        number, seat = I64(ways.group[person]), I64(ways.seat[person])
        other = in_bubble(ways.group_start, start, limit, most, number, seat, k)
        return ways.member[other] if other >= 0 else -1
    if layer == VEHICLE:
        return in_vehicle(
            ways.group, ways.seat, ways.group_community, ways.community_seats, ways.member,
            ways.rides, start, person, k,
        )  # fmt: skip
    first, last, unit = I64(0), I64(ways.age.size), I64(0)
    if layer != WHOLE_CITY:
        unit = I64(ways.compound_of[ways.household[person]])
        starts = ways.compound_start
        if layer == COMMUNITY:
            unit = I64(ways.community_of[unit])
            starts = ways.community_start
        first, last = I64(starts[unit]), I64(starts[unit + 1])
    return nearby(ways.age, ways.active, start, unit, first, last, most, person, k)


@kernel
def met_on_days(
    ways: Any, rings: Any, bubble: I32, district_start: I32,
    source: I32, layer: U8, rank: U8, on: Any, n: Any, target: I32, addresses: Any,
) -> None:  # fmt: skip
    """Who stood at the other end of each contact, each on a day of its own: `rings[on[e]]`.

    `contact` for many, as tracers ask. It takes `ways` apart once, which is most of its cost of a
    few. `addresses`: i64[2], where `ways.member` and `ways.age` begin.
    """
    household, household_start = ways.household, ways.household_start
    group, seat, group_start, member = ways.group, ways.seat, ways.group_start, ways.member
    group_community, community_seats = ways.group_community, ways.community_seats
    compound_of, community_of = ways.compound_of, ways.community_of
    compound_start, community_start = ways.compound_start, ways.community_start
    age, active, rides, most = ways.age, ways.active, ways.rides, ways.most
    part = np.empty((N_LAYERS, 101), np.int64)
    for a in range(N_LAYERS):
        for years in range(101):
            part[a, years] = _part(I64(most[a]), active[years])
    # In blocks: where to look, asked for ahead, and then what stands there. The look goes far away.
    place = np.empty(NEAR, np.int64)
    seats, years_of = addresses[0], addresses[1]
    for begin in range(0, n, NEAR):
        end = min(begin + NEAR, n)
        for e in range(begin, end):
            person, a, k = source[e], layer[e], I64(rank[e])
            start = rings[on[e], a]
            there = I64(-1)
            if a == HOUSEHOLD:
                there = at_home(household, household_start, person, k)
            elif a <= WORKPLACE:
                limit = 0
                if a == WORKPLACE and bubble.size:
                    district = 0
                    while district_start[district + 1] <= person:
                        district += 1
                    limit = bubble[district]
                number = I64(group[person])
                there = in_bubble(group_start, start, limit, most[a], number, I64(seat[person]), k)
                prefetch(seats + 4 * there)
            elif a == VEHICLE:
                hub = group_community[group[person]]
                first = I64(community_seats[hub])
                size = I64(community_seats[hub + 1]) - first
                if size >= 2:
                    there = first + ring(start, hub, size, I64(seat[person]) - first, k)
                prefetch(seats + 4 * there)
            else:
                first, last, unit = I64(0), I64(age.size), I64(0)
                if a == COMPOUND:
                    unit = I64(compound_of[household[person]])
                    first, last = I64(compound_start[unit]), I64(compound_start[unit + 1])
                elif a == COMMUNITY:
                    unit = I64(community_of[compound_of[household[person]]])
                    first, last = I64(community_start[unit]), I64(community_start[unit + 1])
                if last - first >= 2:
                    there = first + ring(start, unit, last - first, person - first, k)
                prefetch(years_of + there)
            place[e - begin] = there
        for e in range(begin, end):
            a, there = layer[e], place[e - begin]
            other = there
            if there < 0 or a == HOUSEHOLD:
                pass
            elif a <= WORKPLACE:
                other = member[there]
            elif a == VEHICLE:
                other = member[there]
                if not rides[other]:
                    other = -1
            elif rank[e] >= part[a, min(age[there], 100)]:  # both must go out that often
                other = -1
            target[e] = other


@kernel
def met_in_city(
    ways: Any, streams: Any, bubble: I32, district_start: I32,
    source: I32, layer: U8, rank: U8, n: Any, target: I32,
) -> None:  # fmt: skip
    """Who stands at the other end of each contact of `source`, in a city. `bubble` by district."""
    # Each step of the way to a contact is a look-up far away in memory. Loops that do one such step
    # for all contacts of a layer let the machine make many of them at once.
    ends = np.zeros(N_LAYERS, np.int64)
    for e in range(n):
        ends[layer[e]] += 1
    for a in range(1, N_LAYERS):
        ends[a] += ends[a - 1]
    begins = np.append(np.zeros(1, np.int64), ends[:-1])
    order = np.empty(n, np.int32)
    person = np.empty(n, np.int32)
    fill = begins.copy()
    for e in range(n):
        at = fill[layer[e]]
        fill[layer[e]] = at + 1
        order[at] = e
        person[at] = source[e]
    limit = np.zeros(n, np.int32)
    if bubble.any():
        for at in range(begins[WORKPLACE], ends[WORKPLACE]):
            district = 0
            while district_start[district + 1] <= person[at]:
                district += 1
            limit[at] = bubble[district]
    unit = np.empty(n, np.int32)
    place = np.empty(n, np.int32)
    _steps(unit, ways.household, person, begins[HOUSEHOLD], ends[HOUSEHOLD])
    starts = ways.household_start
    for at in range(ends[HOUSEHOLD]):
        first = starts[unit[at]]
        size = starts[unit[at] + 1] - first
        there = person[at] - first + 1 + rank[order[at]]
        target[order[at]] = first + (there - size if there >= size else there)
    _met_in_groups(ways.group, ways.seat, ways.group_start, ways.member, streams, ways.most,
                   begins, ends, order, person, limit, rank, unit, place, target)  # fmt: skip
    _met_nearby(ways.household, ways.compound_of, ways.community_of, ways.compound_start,
                ways.community_start, ways.age, ways.active, streams, ways.most,
                begins, ends, order, person, rank, unit, place, target)  # fmt: skip
    _met_in_vehicles(ways.group, ways.seat, ways.group_community, ways.community_seats, ways.member,
                     ways.rides, streams[VEHICLE], begins[VEHICLE], ends[VEHICLE],
                     order, person, rank, unit, place, target)  # fmt: skip


@kernel
def _steps(there: Any, table: Any, here: Any, begin: Any, end: Any) -> None:
    """One step of many ways: `there[i] = table[here[i]]`."""
    for at in range(begin, end):
        there[at] = table[here[at]]


@kernel
def _met_in_groups(
    group: I32, seat: I32, group_start: I32, member: I32, streams: Any, most: I32,
    begins: Any, ends: Any, order: I32, person: I32, limit: I32, rank: U8,
    unit: I32, place: I32, target: I32,
) -> None:  # fmt: skip
    """The part of `met_in_city` for class and work."""
    _steps(unit, group, person, begins[CLASS], ends[WORKPLACE])
    _steps(place, seat, person, begins[CLASS], ends[WORKPLACE])
    for layer in (CLASS, WORKPLACE):
        for at in range(begins[layer], ends[layer]):
            place[at] = in_bubble(
                group_start, streams[layer], limit[at] if layer == WORKPLACE else 0, most[layer],
                I64(unit[at]), I64(place[at]), I64(rank[order[at]]),
            )  # fmt: skip
    for at in range(begins[CLASS], ends[WORKPLACE]):
        target[order[at]] = member[place[at]] if place[at] >= 0 else -1


@kernel
def _met_nearby(
    household: I32, compound_of: Any, community_of: I32, compound_start: I32,
    community_start: I32, age: U8, active: U8, streams: Any, most: I32,
    begins: Any, ends: Any, order: I32, person: I32, rank: U8,
    unit: I32, place: I32, target: I32,
) -> None:  # fmt: skip
    """The part of `met_in_city` for compound, community and the whole city."""
    begin, end = begins[COMPOUND], ends[COMMUNITY]
    _steps(place, household, person, begin, end)
    _steps(unit, compound_of, place, begin, end)
    _steps(unit, community_of, unit, begins[COMMUNITY], end)
    first, last, number = I64(0), I64(age.size), I64(0)
    for layer in (COMPOUND, COMMUNITY, WHOLE_CITY):
        starts = compound_start if layer == COMPOUND else community_start
        for at in range(begins[layer], ends[layer]):
            if layer != WHOLE_CITY:
                number = I64(unit[at])
                first, last = I64(starts[number]), I64(starts[number + 1])
            else:
                number, first, last = I64(0), I64(0), I64(age.size)
            place[at] = -1
            if last - first >= 2:
                here = I64(person[at]) - first
                k = I64(rank[order[at]])
                place[at] = first + ring(streams[layer], number, last - first, here, k)
        for at in range(begins[layer], ends[layer]):
            other, e = place[at], order[at]
            # a contact is made only if both go out that often
            meets = other >= 0 and rank[e] < _part(most[layer], active[min(age[other], 100)])
            target[e] = other if meets else -1


@kernel
def _met_in_vehicles(
    group: I32, seat: I32, group_community: I32, community_seats: I32, member: I32, rides: U8,
    start: Any, begin: Any, end: Any, order: I32, person: I32, rank: U8,
    unit: I32, place: I32, target: I32,
) -> None:  # fmt: skip
    """The part of `met_in_city` for public transport."""
    _steps(unit, group, person, begin, end)
    _steps(place, seat, person, begin, end)
    _steps(unit, group_community, unit, begin, end)
    for at in range(begin, end):
        first = I64(community_seats[unit[at]])
        size = I64(community_seats[unit[at] + 1]) - first
        here = I64(place[at]) - first
        place[at] = -1
        if size >= 2:
            place[at] = first + ring(start, I64(unit[at]), size, here, I64(rank[order[at]]))
    for at in range(begin, end):
        other = member[place[at]] if place[at] >= 0 else -1
        target[order[at]] = other if other >= 0 and rides[other] else -1


@kernel
def settle_in_city(slots: Any, meets: U8, ways: Any, lo: Any, hi: Any) -> None:
    """Fill in how many people each of these slots meets, layer by layer, in a city."""
    household_start, most = ways.household_start, ways.most
    group_start, group_kind = ways.group_start, ways.group_kind
    parts = np.empty((3, 9), np.int64)
    for layer in range(COMPOUND, VEHICLE):
        for eighths in range(9):
            parts[layer - COMPOUND, eighths] = _part(most[layer], eighths)
    n = hi - lo
    home, number = np.empty(n, np.int32), np.empty(n, np.int32)
    rides, active = np.empty(n, np.uint8), np.empty(n, np.uint8)
    _look_up(slots, lo, hi, ways.household, ways.group, ways.rides, ways.age, ways.active,
             home, number, rides, active)  # fmt: skip
    # without branches: what is looked up from afar must not decide where to go
    for i in range(n):
        s = lo + i
        meets[s, HOUSEHOLD] = min(household_start[home[i] + 1] - household_start[home[i]] - 1, 255)
        inside = number[i] >= 0
        group = number[i] if inside else 0
        works = inside and group_kind[group] >= FIRST_WORKPLACE
        others = group_start[group + 1] - group_start[group] - 1
        meets[s, CLASS] = min(others, most[CLASS]) if inside and not works else 0
        meets[s, WORKPLACE] = min(others, most[WORKPLACE]) if works else 0
        meets[s, VEHICLE] = most[VEHICLE] if inside and rides[i] else 0
        meets[s, COMPOUND] = parts[0, active[i]]
        meets[s, COMMUNITY] = parts[1, active[i]]
        meets[s, WHOLE_CITY] = parts[2, active[i]]


@kernel
def _look_up(
    slots: Any, lo: Any, hi: Any, household: I32, group: I32, rides: U8, age: U8, active: U8,
    home: I32, number: I32, rode: U8, part: U8,
) -> None:  # fmt: skip
    for i in range(hi - lo):
        person = slots[lo + i]["who"]
        home[i] = household[person]
        number[i] = group[person]
        rode[i] = rides[person]
        part[i] = active[min(age[person], 100)]
