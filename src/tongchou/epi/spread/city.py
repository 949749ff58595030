"""A city as arrays: who lives with whom, and who learns or works with whom.

People are numbered so that a household, a building, a compound, a grid cell, a community and a
district are each a *range* of numbers. A zone is then two numbers, however many people it holds.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]

#: The units of space, finest first; each lies inside one of the next.
UNITS: Final = ("building", "compound", "grid", "community", "district")

#: `City.group_kind`, by number: classes first, so that a pupil is told by one comparison.
GROUP_KINDS: Final = ("kindergarten", "primary", "secondary", "university", "workplace")
KINDERGARTEN: Final = 0
PRIMARY: Final = 1
SECONDARY: Final = 2
UNIVERSITY: Final = 3
WORKPLACE: Final = 4

N_SECTORS: Final = 42


@dataclass(frozen=True, eq=False)
class City:
    """The people of a city and the groups they meet in. Made by `population.build`.

    All arrays are read-only, which Numba sees as a type of its own: warm a kernel up with a
    `City` too (`tiny`), or it is compiled twice.

    Parameters
    ----------
    name
        What the city is called.
    age
        u8[n], in completed years.
    household
        i32[n]: the household of each person.
    household_start
        i32[n_households + 1]: household h is the people household_start[h] up to [h + 1].
    unit_start
        For each of `UNITS` i32[n_units + 1], in person numbers like `household_start`.
    group
        i32[n]: the class or workplace of each person; -1 for none.
    seat
        i32[n]: where in `member` a person stands; -1 for none.
    group_start
        i32[n_groups + 1]: group g is member[group_start[g]:group_start[g + 1]].
    member
        i32[n_seats]: the people of all groups, within a group in random order.
    group_kind
        u8[n_groups], see `GROUP_KINDS`.
    group_sector
        u8[n_groups]: the sector of a workplace in the 42-sector table, 1 to 42; 0 for a class.
    group_community
        i32[n_groups]: where the group meets; groups stand in order of it.
    rides
        u8[n]: 1 for who takes public transport to the group's community.
    community_code, community_name, district_code, district_name
        In the order of the units.

    Raises
    ------
    ValueError
        Where the arrays do not fit together. Only what costs nothing is looked at here;
        `population.flaws` looks at every person.
    """

    name: str
    age: U8
    household: I32
    household_start: I32
    unit_start: Mapping[str, I32]
    group: I32
    seat: I32
    group_start: I32
    member: I32
    group_kind: U8
    group_sector: U8
    group_community: I32
    rides: U8
    community_code: tuple[str, ...]
    community_name: tuple[str, ...]
    district_code: tuple[str, ...]
    district_name: tuple[str, ...]

    def __post_init__(self) -> None:
        if tuple(self.unit_start) != UNITS:
            raise ValueError(f"a city has starts of {UNITS}, not of {tuple(self.unit_start)}")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, field.name, _sealed(field.name, value))
        sealed = {unit: _sealed(unit, self.unit_start[unit]) for unit in UNITS}
        object.__setattr__(self, "unit_start", sealed)
        self._check_lengths()
        self._check_ranges()

    def _check_lengths(self) -> None:
        asked = {
            "household": self.n,
            "group": self.n,
            "seat": self.n,
            "rides": self.n,
            "group_kind": self.n_groups,
            "group_sector": self.n_groups,
            "group_community": self.n_groups,
            "community_code": self.n_units("community"),
            "community_name": self.n_units("community"),
            "district_code": self.n_units("district"),
            "district_name": self.n_units("district"),
        }
        for name, length in asked.items():
            if len(getattr(self, name)) != length:
                found = len(getattr(self, name))
                raise ValueError(f"{name} of a city has {found} entries where {length} belong")

    def _check_ranges(self) -> None:
        _check_starts("group_start", self.group_start, self.member.size)
        finer = self.household_start
        _check_starts("household_start", finer, self.n)
        for unit in UNITS:
            starts = self.unit_start[unit]
            _check_starts(unit, starts, self.n)
            # every edge of the coarser unit must be an edge of the finer one
            if not np.array_equal(finer[np.searchsorted(finer, starts)], starts):
                raise ValueError(f"a {unit} of the city cuts through a smaller unit")
            finer = starts
        if self.n_groups and np.any(np.diff(self.group_community) < 0):
            raise ValueError("the groups of a city must stand in order of their community")

    @property
    def n(self) -> int:
        """How many people live here."""
        return int(self.age.size)

    @property
    def n_households(self) -> int:
        return int(self.household_start.size) - 1

    @property
    def n_groups(self) -> int:
        return int(self.group_start.size) - 1

    @property
    def n_districts(self) -> int:
        return self.n_units("district")

    def starts(self, unit: str) -> I32:
        """The first person of each unit, and `n` last; "household" counts as a unit here."""
        if unit == "household":
            return self.household_start
        try:
            return self.unit_start[unit]
        except KeyError:
            known = ", ".join(("household", *UNITS))
            raise ValueError(f"a city has no unit {unit!r}; it has: {known}") from None

    def n_units(self, unit: str) -> int:
        return int(self.starts(unit).size) - 1

    def unit_of(self, unit: str, persons: ArrayLike) -> NDArray[np.int64]:
        """The unit in which each of these people lives. Same shape as `persons`."""
        asked = np.asarray(persons)
        if asked.size and (asked.min() < 0 or asked.max() >= self.n):
            raise ValueError(f"people of this city are numbered 0 to {self.n - 1}")
        return np.searchsorted(self.starts(unit), asked, side="right") - 1

    def people_in(self, unit: str, i: int) -> range:
        """The people of one unit."""
        starts = self.starts(unit)
        if not 0 <= i < starts.size - 1:
            raise ValueError(f"{unit} {i} is none of 0 to {starts.size - 2}")
        return range(int(starts[i]), int(starts[i + 1]))

    @property
    def bytes_per_person(self) -> float:
        """What the arrays take, names apart."""
        return sum(array.nbytes for _, array in self.arrays()) / self.n

    def arrays(self) -> list[tuple[str, NDArray[Any]]]:
        """Every array with its name, in a fixed order."""
        own = [(field.name, getattr(self, field.name)) for field in fields(self)]
        plain = [(name, value) for name, value in own if isinstance(value, np.ndarray)]
        return plain + [(unit, self.unit_start[unit]) for unit in UNITS]

    def fingerprint(self) -> str:
        """A digest of all arrays and names: equal for equal cities, on any machine."""
        digest = hashlib.blake2b(digest_size=16)
        for name, array in self.arrays():
            digest.update(f"{name} {array.dtype.str} {array.size};".encode())
            digest.update(array.data)
        names = (self.name, *self.community_code, *self.community_name)
        digest.update("\n".join((*names, *self.district_code, *self.district_name)).encode())
        return digest.hexdigest()


_TYPES: Final = {
    "age": np.uint8,
    "group_kind": np.uint8,
    "group_sector": np.uint8,
    "rides": np.uint8,
}


def _sealed(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """A read-only view, of the one type that the kernels are compiled for."""
    kind = np.dtype(_TYPES.get(name, np.int32))
    if array.dtype != kind or array.ndim != 1 or not array.flags.c_contiguous:
        raise ValueError(f"{name} of a city must be {kind}[n] without gaps, not {array.dtype}")
    view = array.view()
    view.setflags(write=False)
    return view


def _check_starts(name: str, starts: I32, n: int) -> None:
    ends = starts.size > 0 and starts[0] == 0 and starts[-1] == n
    if not ends or np.any(starts[1:] <= starts[:-1]):
        raise ValueError(f"the starts of {name} must rise from 0 to {n}, none of them empty")


def tiny() -> City:
    """Twelve people in five households, two communities, a class and two workplaces: to warm up."""
    household_start = np.array([0, 3, 6, 7, 10, 12], np.int32)
    edges = np.array([0, 6, 12], np.int32)
    group = np.array([1, 1, 0, 1, 2, 0, -1, 2, 2, 0, -1, -1], np.int32)
    member = np.argsort(group, kind="stable")[3:].astype(np.int32)
    seat = np.full(12, -1, np.int32)
    seat[member] = np.arange(member.size, dtype=np.int32)
    return City(
        name="tiny",
        age=np.array([35, 33, 8, 41, 40, 9, 70, 38, 36, 8, 66, 64], np.uint8),
        household=np.repeat(np.arange(5, dtype=np.int32), np.diff(household_start)),
        household_start=household_start,
        unit_start=dict.fromkeys(UNITS[:-1], edges) | {"district": edges[[0, -1]]},
        group=group,
        seat=seat,
        group_start=np.array([0, 3, 6, 9], np.int32),
        member=member,
        group_kind=np.array([PRIMARY, WORKPLACE, WORKPLACE], np.uint8),
        group_sector=np.array([0, 12, 29], np.uint8),
        group_community=np.array([0, 0, 1], np.int32),
        rides=np.array([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0], np.uint8),
        community_code=("A1", "A2"),
        community_name=("North", "South"),
        district_code=("A",),
        district_name=("Middle",),
    )
