"""Who meets whom on a day: recomputed from numbers, never stored.

Small groups are complete. In a larger one the contacts of a day lie on a ring: for each of a few
strides, drawn anew every day, a person meets the one that far ahead and the one that far behind.
So i meets j exactly when j meets i, everybody has the same number of contacts, and a tracer in the
model asks the same function that passed the infection on.
"""

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
        group_district=district_of[city.group_community].astype(np.int32),
    )


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
    there = place + stride if k & 1 == 0 else place - stride
    if there >= size:
        return there - size
    return there + size if there < 0 else there


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
def among(
    group: I32, seat: I32, group_start: I32, member: I32,
    start: Any, bubble: Any, most: Any, person: Any, k: Any,
) -> Any:  # fmt: skip
    """Contact `k` of a person in class or at work; `bubble`: the largest group, 0 for no limit."""
    number = group[person]
    first = I64(group_start[number])
    size = I64(group_start[number + 1]) - first
    place = I64(seat[person]) - first
    if 0 < bubble < size:
        block = place // bubble * bubble
        first += block
        place -= block
        size = min(bubble, size - block)
        if k >= size - 1:
            return -1
    return member[first + in_group(start, number, size, place, k, most)]


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
    For many contacts use `contacts`: taking `ways` apart costs more than the answer.
    """
    start, most = streams[layer], ways.most[layer]
    if layer == HOUSEHOLD:
        return at_home(ways.household, ways.household_start, person, k)
    if layer <= WORKPLACE:
        limit = bubble if layer == WORKPLACE else 0
        return among(
            ways.group, ways.seat, ways.group_start, ways.member, start, limit, most, person, k
        )  # fmt: skip
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
    slots: Any, ways: Any, streams: Any, bubble: I32,
    source: I32, layer: U8, rank: U8, n: Any, target: I32,
) -> None:  # fmt: skip
    """Who stands at the other end of each contact, in a city. `bubble` by district."""
    # Layer by layer: each step of the way to a contact is a look-up far away, and the machine makes
    # many of them at once where it can guess what comes next.
    first = np.zeros(N_LAYERS + 1, np.int64)
    for e in range(n):
        first[layer[e] + 1] += 1
    for a in range(N_LAYERS):
        first[a + 1] += first[a]
    order = np.empty(n, np.int32)
    person = np.empty(n, np.int32)
    limit = np.empty(n, np.int32)
    for e in range(n):
        at = first[layer[e]]
        order[at] = e
        person[at] = slots[source[e]]["who"]
        limit[at] = bubble[slots[source[e]]["district"]]
        first[layer[e]] += 1
    household, household_start = ways.household, ways.household_start
    group, seat, group_start, member = ways.group, ways.seat, ways.group_start, ways.member
    age, active, most = ways.age, ways.active, ways.most
    for at in range(first[HOUSEHOLD]):
        e = order[at]
        target[e] = at_home(household, household_start, person[at], I64(rank[e]))
    for a in (CLASS, WORKPLACE):
        start = streams[a]
        for at in range(first[a - 1], first[a]):
            e = order[at]
            cap = limit[at] if a == WORKPLACE else 0
            target[e] = among(
                group, seat, group_start, member, start, cap, most[a], person[at], I64(rank[e])
            )  # fmt: skip
    compound_of, community_of = ways.compound_of, ways.community_of
    starts, start = ways.compound_start, streams[COMPOUND]
    for at in range(first[COMPOUND - 1], first[COMPOUND]):
        e = order[at]
        unit = I64(compound_of[household[person[at]]])
        target[e] = nearby(
            age, active, start, unit, I64(starts[unit]), I64(starts[unit + 1]),
            most[COMPOUND], person[at], I64(rank[e]),
        )  # fmt: skip
    starts, start = ways.community_start, streams[COMMUNITY]
    for at in range(first[COMMUNITY - 1], first[COMMUNITY]):
        e = order[at]
        unit = I64(community_of[compound_of[household[person[at]]]])
        target[e] = nearby(
            age, active, start, unit, I64(starts[unit]), I64(starts[unit + 1]),
            most[COMMUNITY], person[at], I64(rank[e]),
        )  # fmt: skip
    start, n_people = streams[WHOLE_CITY], I64(age.size)
    for at in range(first[WHOLE_CITY - 1], first[WHOLE_CITY]):
        e = order[at]
        target[e] = nearby(
            age, active, start, 0, 0, n_people, most[WHOLE_CITY], person[at], I64(rank[e])
        )  # fmt: skip
    group_community, community_seats = ways.group_community, ways.community_seats
    rides, start = ways.rides, streams[VEHICLE]
    for at in range(first[VEHICLE - 1], first[VEHICLE]):
        e = order[at]
        target[e] = in_vehicle(
            group, seat, group_community, community_seats, member, rides, start,
            person[at], I64(rank[e]),
        )  # fmt: skip


@kernel
def settle_in_city(slots: Any, meets: U8, ways: Any, lo: Any, hi: Any) -> None:
    """Fill in how many people each of these slots meets, layer by layer, in a city."""
    household, household_start = ways.household, ways.household_start
    group, group_start, group_kind = ways.group, ways.group_start, ways.group_kind
    age, rides, active, most = ways.age, ways.rides, ways.active, ways.most
    for s in range(lo, hi):
        person = slots[s]["who"]
        home = household[person]
        size = household_start[home + 1] - household_start[home]
        meets[s, HOUSEHOLD] = min(size - 1, 255)
        meets[s, CLASS], meets[s, WORKPLACE], meets[s, VEHICLE] = 0, 0, 0
        number = group[person]
        if number >= 0:
            layer = WORKPLACE if group_kind[number] >= _FIRST_WORKPLACE else CLASS
            size = group_start[number + 1] - group_start[number]
            meets[s, layer] = min(size - 1, most[layer])
            if rides[person]:
                meets[s, VEHICLE] = most[VEHICLE]
        eighths = active[min(age[person], 100)]
        for layer in range(COMPOUND, VEHICLE):
            meets[s, layer] = _part(most[layer], eighths)
