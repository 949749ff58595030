"""Who meets whom on a day: recomputed from numbers, never stored.

Nothing here names a pair of people: `meeting` finds the other end of a contact from these arrays.
"""

from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import City
from tongchou.epi.spread.memory import LARGE, trim

__all__ = [
    "CLASS",
    "COMMUNITY",
    "COMPOUND",
    "FIRST_WORKPLACE",
    "HOUSEHOLD",
    "LAYERS",
    "N_LAYERS",
    "ROLES",
    "USUAL",
    "VEHICLE",
    "WHOLE_CITY",
    "WORKPLACE",
    "Contacts",
    "Ways",
    "ways_of",
]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
I64s = NDArray[np.int64]
U64 = np.uint64
I64 = np.int64

LAYERS = ("household", "class", "workplace", "compound", "community", "city", "vehicle")
N_LAYERS = len(LAYERS)
HOUSEHOLD, CLASS, WORKPLACE, COMPOUND, COMMUNITY, WHOLE_CITY, VEHICLE = range(N_LAYERS)

#: `City.group_kind` of workplaces; what is below are classes.
FIRST_WORKPLACE = 4
#: What people of groups are: pupils of four levels, workers of sectors 0 to 42.
ROLES = 47


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
    compound_of: U16 | I32  # by household; the short type wherever it reaches
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


_made: WeakKeyDictionary[City, Ways] = WeakKeyDictionary()


def ways_of(city: City, contacts: Contacts = USUAL, active: U8 | None = None) -> Ways:
    """The ways of a city, made once for the usual contacts.

    `active[age]`, in eighths, thins contacts outside home and group.
    """
    if contacts is not USUAL or active is not None:
        return _ways(city, contacts, ACTIVE if active is None else active)
    if city not in _made:
        _made[city] = _ways(city, USUAL, ACTIVE)
        if city.n >= LARGE:
            trim()
    return _made[city]


def _ways(city: City, contacts: Contacts, active: U8) -> Ways:
    for name, value in contacts._asdict().items():
        if value not in range(0, 256, 2):  # a byte counts them
            raise ValueError(
                f"contacts.{name} is {value}; contacts come in pairs (2, 4, 6 …), 254 at most"
            )
    compound_start = city.unit_start["compound"]
    community_start = city.unit_start["community"]
    compound_of = np.searchsorted(compound_start, city.household_start[:-1], "right") - 1
    community_of = np.searchsorted(community_start, compound_start[:-1], "right") - 1
    n_communities = city.n_units("community")
    district_start = city.unit_start["district"]
    district_of = np.searchsorted(district_start, community_start[:-1], "right") - 1
    first_group = np.searchsorted(city.group_community, np.arange(n_communities + 1))
    group_district = district_of[city.group_community].astype(np.int32)
    workers = FIRST_WORKPLACE + city.group_sector.astype(np.uint8)
    role = np.where(city.group_kind < FIRST_WORKPLACE, city.group_kind, workers).astype(np.uint8)
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
        compound_of=_short(compound_of, compound_start.size - 1),
        compound_start=compound_start,
        community_of=community_of.astype(np.int32),
        community_start=community_start,
        community_seats=city.group_start[first_group],
        district_start=district_start,
        most=np.array([255, *contacts], np.int32),
        active=active,
        building_start=city.unit_start["building"],
        grid_start=city.unit_start["grid"],
        group_district=group_district,
        group_role=role,
        heads=_heads(district_start, city.group, group_district, role),
    )


def _short(numbers: I64s, n: int) -> U16 | I32:
    return numbers.astype(np.uint16) if n <= 1 << 16 else numbers.astype(np.int32)


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
