"""A city's days as the kernels read them: one row of addresses per day and sorted copy.

Made once per city and kept: making it costs some microseconds per day, and a workspace of a few
bytes per person is lent out again and again instead of being cleared for each question.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import kinds
from tongchou.epi.trace.day import DAY_MINUTES, I32, I64, U8, U32, City, Day, Order, Places

EPOCH = date(1970, 1, 1)
#: Columns of a row of addresses.
OFFSETS, RECORDS, N_KEYS = 0, 1, 2

Rows: TypeAlias = NDArray[np.int32]


@dataclass(eq=False)
class Workspace:
    """Scratch of one running question; its content means nothing between two."""

    meetings: I64
    table: I32
    scratch: Rows
    rows: Rows

    @classmethod
    def new(cls, n_meetings: int = 1 << 14) -> "Workspace":
        return cls(
            np.empty((n_meetings, 2), np.int64),
            np.empty(4 * n_meetings, np.int32),
            np.empty((n_meetings, 16), np.int32),
            np.empty((1 << 15, 16), np.int32),
        )

    def grow(self) -> None:
        """Room for eight times as many meetings of one case."""
        larger = Workspace.new(8 * self.meetings.shape[0])
        self.meetings, self.table, self.scratch = larger.meetings, larger.table, larger.scratch


@dataclass(frozen=True, eq=False)
class Tables:
    """What the kernels take. Holds the arrays behind its addresses alive.

    Parameters
    ----------
    starts
        First minute of each day since 1970 on the city's clock, i64[n_days], ascending.
    by_place, by_person, by_cell
        i64[n_days, 3]: address of the offsets, address of the records, number of keys.
    longest
        The longest stay there is by kind of place, i32[kinds.N_KINDS]: how far before a moment
        the kernels must look for those who are still there.
    """

    city: City
    starts: I64
    by_place: I64
    by_person: I64
    by_cell: I64
    kind: U8
    shared: U8
    cell: U32
    longest: I32
    _held: list[NDArray[np.generic]]
    no_keys: U32 = field(default_factory=lambda: np.empty(0, np.uint32))
    _idle: list[Workspace] = field(default_factory=list)

    @classmethod
    def of(cls, city: "City | Tables", longest: I32 | None = None) -> "Tables":
        """The tables of a city; tables pass through.

        Parameters
        ----------
        longest
            A bound that is known to hold for every row. By default a whole day: the store makes
            one stay of overlapping ones, and such a one may last longer than its kind believes.

        Raises
        ------
        ValueError
            For days out of order, or more people or places than a record's sign bit allows.
        """
        if isinstance(city, Tables):
            return city
        if max(city.n_people, len(city.places)) >= 1 << 31:
            raise ValueError("at most 2^31 - 1 people and places fit; shard the city by place")
        ordinals = [day.on.toordinal() - EPOCH.toordinal() for day in city.days]
        if any(b <= a for a, b in pairwise(ordinals)):
            raise ValueError("the days of a city must be in order of date, each at most once")
        held: list[NDArray[np.generic]] = []
        whole_day = np.full(kinds.N_KINDS, DAY_MINUTES, np.int32)
        places = city.places
        return cls(
            city=city,
            starts=np.array(ordinals, dtype=np.int64) * DAY_MINUTES,
            by_place=_addresses([day.by_place for day in city.days], held),
            by_person=_addresses([day.by_person for day in city.days], held),
            by_cell=_addresses([day.by_cell for day in city.days], held),
            kind=np.ascontiguousarray(places.kind, np.uint8),
            shared=np.ascontiguousarray(places.shared_room, np.uint8),
            cell=np.ascontiguousarray(places.cell, np.uint32),
            longest=whole_day if longest is None else np.asarray(longest, np.int32),
            _held=held,
        )

    def borrow(self) -> Workspace:
        """A workspace; `give_back` it."""
        try:
            return self._idle.pop()
        except IndexError:
            return Workspace.new()

    def give_back(self, workspace: Workspace) -> None:
        self._idle.append(workspace)


def _addresses(orders: list[Order] | list[Order | None], held: list[NDArray[np.generic]]) -> I64:
    rows = np.zeros((len(orders), 3), np.int64)
    for row, order in zip(rows, orders, strict=True):
        if order is not None:
            offsets = np.ascontiguousarray(order.offsets, np.uint32)
            records = np.ascontiguousarray(order.records, np.uint64)
            held += [offsets, records]
            row[:] = offsets.ctypes.data, records.ctypes.data, order.n_keys
    return rows


def tiny() -> Tables:
    """A city of two people at one place, for the examples that warm the kernels up."""
    zero, one = np.zeros(1, np.uint32), np.ones(1, np.float64)
    places = Places(np.zeros(1, np.uint8), zero, one, one, np.ones(1, np.bool_))
    person, both = np.arange(2, dtype=np.uint32), np.zeros(2, np.uint32)
    stays = np.full(2, 60, np.uint16)
    day = Day.of(EPOCH, person, both, stays, stays, 2, 1, zero)
    return Tables.of(City(places, 2, [day]))
