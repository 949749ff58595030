"""Who meets whom on a day: recomputed from numbers, never stored.

Small groups are complete. In a larger one the contacts of a day lie on a ring: for each of a few
strides, drawn anew every day, a person meets the one that far ahead and the one that far behind.
So i meets j exactly when j meets i, everybody has the same number of contacts, and a tracer in the
model asks the same function that passed the infection on.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import City
from tongchou.epi.spread.dice import draw
from tongchou.kit.compiled import kernel

__all__ = ["CLASS", "COMMUNITY", "COMPOUND", "HOUSEHOLD", "LAYERS", "N_LAYERS", "Contacts"]
__all__ += [
    "VEHICLE",
    "WHOLE_CITY",
    "WORKPLACE",
    "Ways",
    "met_in_city",
    "settle_in_city",
    "ways_of",
]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
U64 = np.uint64
I64 = np.int64

LAYERS = ("household", "class", "workplace", "compound", "community", "city", "vehicle")
N_LAYERS = len(LAYERS)
HOUSEHOLD, CLASS, WORKPLACE, COMPOUND, COMMUNITY, WHOLE_CITY, VEHICLE = range(N_LAYERS)

#: What people of groups are: pupils of four levels, workers of sectors 0 to 42.
ROLES = 47

_LOW = U64(0xFFFFFFFF)
_32 = U64(32)
_ONE = U64(1)
_FIRST_WORKPLACE = 4


class Contacts(NamedTuple):
    """Contacts a day by layer, each an even number; a household is always complete.

    The defaults follow the contact survey of Shanghai 2017/18 (Zhang et al. 2019,
    doi:10.1038/s41598-019-51609-8: 18.6 contacts a day), shared out over layers by judgement.
    """

    in_class: int = 12
    workplace: int = 6
    compound: int = 2
    community: int = 4
    city: int = 2
    vehicle: int = 4


#: What is assumed where nobody says otherwise.
USUAL = Contacts()


class Ways(NamedTuple):
    """A city as the kernels see it: the arrays of `City`, and two short cuts."""

    age: U8
    household: I32
    household_start: I32
    group: I32
    seat: I32
    group_start: I32
    group_kind: U8
    group_sector: U8
    group_community: I32
    member: I32
    rides: U8
    compound_of: I32  # by household
    compound_start: I32
    community_of: I32  # by compound
    community_start: I32
    community_seats: I32  # first seat of the groups that meet in a community; one more at the end
    district_start: I32
    most: I32  # i32[7]: contacts a day by layer
    active: U8  # u8[101]: of 8 parts, how many of the contacts outside home and group an age has
    building_start: I32
    grid_start: I32
    group_district: I32  # where a group meets
    group_role: U8  # what its people are: 0 to 3 pupils of a level, 4 + sector workers
    heads: I32  # i32[n_districts, n_districts, 47]: people by home, by place of group, by role


def ways_of(city: City, contacts: Contacts = USUAL, active: U8 | None = None) -> Ways:
    """The ways of a city. `active[age]`, in eighths, thins contacts outside home and group."""
    for name, value in contacts._asdict().items():
        if value < 0 or value % 2:
            raise ValueError(f"contacts.{name} is {value}; contacts come in pairs (2, 4, 6 …)")
    compound_start = city.unit_start["compound"]
    community_start = city.unit_start["community"]
    compound_of = np.searchsorted(compound_start, city.household_start[:-1], "right") - 1
    community_of = np.searchsorted(community_start, compound_start[:-1], "right") - 1
    n_communities = city.n_units("community")
    district_start = city.unit_start["district"]
    district_of = np.searchsorted(district_start, community_start[:-1], "right") - 1
    first_group = np.searchsorted(city.group_community, np.arange(n_communities + 1))
    group_district = district_of[city.group_community].astype(np.int32)
    workers = _FIRST_WORKPLACE + city.group_sector.astype(np.uint8)
    role = np.where(city.group_kind < _FIRST_WORKPLACE, city.group_kind, workers).astype(np.uint8)
    return Ways(
        age=city.age,
        household=city.household,
        household_start=city.household_start,
        group=city.group,
        seat=city.seat,
        group_start=city.group_start,
        group_kind=city.group_kind,
        group_sector=city.group_sector,
        group_community=city.group_community,
        member=city.member,
        rides=city.rides,
        compound_of=compound_of.astype(np.int32),
        compound_start=compound_start,
        community_of=community_of.astype(np.int32),
        community_start=community_start,
        community_seats=city.group_start[first_group],
        district_start=district_start,
        most=np.array([255, *contacts], np.int32),
        active=ACTIVE if active is None else active,
        building_start=city.unit_start["building"],
        grid_start=city.unit_start["grid"],
        group_district=group_district,
        group_role=role,
        heads=_heads(district_start, city.group, group_district, role),
    )


def _heads(district_start: I32, group: I32, group_district: I32, group_role: U8) -> I32:
    """People of each home district, by the district of their group and by role."""
    n = district_start.size - 1
    column = group_district.astype(np.int64) * ROLES + group_role
    heads = np.empty((n, n, ROLES), np.int32)
    for home, (first, last) in enumerate(pairwise(district_start)):
        groups = group[first:last]
        columns = column[groups[groups >= 0]]
        heads[home] = np.bincount(columns, minlength=n * ROLES).reshape(n, ROLES)
    return heads


def _activity() -> U8:
    """Eighths by age: small children and the old go out less (as in the survey above)."""
    parts: NDArray[np.uint8] = np.full(101, 8, np.uint8)
    parts[:3], parts[3:6], parts[70:80], parts[80:] = 3, 5, 6, 4
    return parts


ACTIVE = _activity()


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
    """The seat of contact `k` in class or at work; `bubble`: the largest group, 0 for no limit."""
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
    For many contacts see `met_in_city`: taking `ways` apart costs more than the answer.
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
    household: I32, compound_of: I32, community_of: I32, compound_start: I32,
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
        works = inside and group_kind[group] >= _FIRST_WORKPLACE
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
