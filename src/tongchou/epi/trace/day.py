"""One day of visits in sorted copies, and the city of days that every kernel takes.

A record is one u64, `other << 32 | start << 16 | minutes`. A sorted copy holds the rows of a key
one after the other, so a question about one place or person touches a few cache lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import sorting
from tongchou.epi.trace.sorting import NO_CELL

__all__ = [
    "DAY_MINUTES",
    "NO_CELL",
    "City",
    "Day",
    "Order",
    "Places",
    "Visits",
    "n_cells",
    "orders_of",
    "pack",
    "unpack",
]

DAY_MINUTES = 1440

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]


def pack(other: U32, start: U16, minutes: U16) -> U64:
    """Records of these columns: `other << 32 | start << 16 | minutes`."""
    records = other.astype(np.uint64) << np.uint64(32)
    records |= start.astype(np.uint64) << np.uint64(16)
    records |= minutes.astype(np.uint64)
    return records


def unpack(records: U64) -> tuple[U32, U16, U16]:
    """(other u32, start minute of the day u16, minutes u16) of packed records."""
    return (
        (records >> np.uint64(32)).astype(np.uint32),
        (records >> np.uint64(16)).astype(np.uint16),
        records.astype(np.uint16),
    )


def n_cells(cells: U32) -> int:
    """How many rows a copy in cell order has: one more than the highest number in use."""
    known = cells[cells != NO_CELL]
    return int(known.max()) + 1 if known.size else 0


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One sorted copy of a day.

    Parameters
    ----------
    offsets
        u32[n_keys + 1]; the rows of key k are `records[offsets[k]:offsets[k + 1]]`.
    records
        u64[n], packed; within a key sorted by (start, other, minutes).
    """

    offsets: U32
    records: U64

    @property
    def n_keys(self) -> int:
        return self.offsets.size - 1

    def rows(self, key: int) -> U64:
        """The records of one key; empty for a key that is newer than this day."""
        if not 0 <= key < self.n_keys:
            return self.records[:0]
        return self.records[int(self.offsets[key]) : int(self.offsets[key + 1])]

    def keys(self) -> U32:
        """The key of every record, u32[n]."""
        return np.repeat(np.arange(self.n_keys, dtype=np.uint32), np.diff(self.offsets))


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """All visits of one day, split at midnight, in two or three sorted copies.

    `by_place` and `by_cell` name the person in `other`, `by_person` names the place.
    """

    on: date
    by_place: Order
    by_person: Order
    by_cell: Order | None = None

    @classmethod
    def of(
        cls,
        on: date,
        person: U32,
        place: U32,
        start: U16,
        minutes: U16,
        n_people: int,
        n_places: int,
        cell_of_place: U32 | None = None,
    ) -> "Day":
        """Sort one day's records in memory.

        Parameters
        ----------
        on
            The day all records lie in.
        person, place
            Dense indices, u32[n], below `n_people` and `n_places`.
        start, minutes
            Minute of the day (0 to 1439) and length, u16[n], with start + minutes <= 1440. Exact
            duplicates are kept: `checks` is where they are found.
        cell_of_place
            u32[n_places]; with it the day gets its third copy. Places in `NO_CELL` are not in it.

        Raises
        ------
        ValueError
            For columns of different lengths, or values outside of the above.
        """
        _check(person, place, start, minutes, n_people, n_places)
        records = pack(person, start, minutes)
        return cls.of_pieces(on, place, records, n_people, n_places, cell_of_place)

    @classmethod
    def of_pieces(
        cls,
        on: date,
        place: U32,
        records: U64,
        n_people: int,
        n_places: int,
        cell_of_place: U32 | None = None,
    ) -> "Day":
        """The same from records that were packed with the person in them; nothing is checked."""
        offsets, rows = sorting.by_person(place, records, n_people)
        return cls.of_rows(on, offsets, rows, n_places, cell_of_place)

    @classmethod
    def of_rows(
        cls, on: date, offsets: U32, rows: U64, n_places: int, cell_of_place: U32 | None
    ) -> "Day":
        """The same from rows as `sorting.by_person` makes them, which become the day's own."""
        found = dict(orders_of(offsets, rows, n_places, cell_of_place))
        return cls(on, found["place"], found["person"], found.get("cell"))

    @property
    def n_records(self) -> int:
        return self.by_place.records.size


def orders_of(
    offsets: U32, rows: U64, n_places: int, cell_of_place: U32 | None
) -> Iterator[tuple[str, Order]]:
    """The orders `person`, `place` and `cell` one by one, so that the first can be written while
    the next are sorted; from rows as `sorting.by_person` makes them, which become the first's own.
    """
    place, records = sorting.by_start(offsets, rows)
    sorting.to_records(rows)
    yield "person", Order(offsets, rows)
    yield "place", Order(*sorting.by_place(place, records, n_places))
    if cell_of_place is not None:
        cells = np.ascontiguousarray(cell_of_place, dtype=np.uint32)
        yield "cell", Order(*sorting.by_cell(cells, place, records, n_cells(cells)))


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Visits as columns, in any order, not yet split at midnight.

    Parameters
    ----------
    person, place
        Dense indices, u32[n].
    start
        Minutes since 1970-01-01 00:00 on the city's wall clock (UTC+8), i64[n].
    minutes
        Length of the stay, i32[n]; half open, so one that ends at 9:00 does not meet one that
        begins then.
    """

    person: U32
    place: U32
    start: I64
    minutes: I32

    def __len__(self) -> int:
        return self.person.size


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What is known of each place, by its index.

    Parameters
    ----------
    kind
        A number of `kinds`, u8[n].
    cell
        Dense number of the 800 m grid cell it lies in, u32[n]; `NO_CELL` where nobody knows.
    longitude, latitude
        Degrees, f64[n]; nan where nobody knows.
    shared_room
        Whether all visitors share one room or vehicle, bool[n].
    """

    kind: U8
    cell: U32
    longitude: F64
    latitude: F64
    shared_room: Bools

    def __len__(self) -> int:
        return self.kind.size


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """What every kernel takes, whether the days lie in memory or in the store's mapped files.

    `days` are in order of date, each at most once; a day that is missing is missing, not empty.
    Every day has a row for each of the `n_people` and each of the places, so that kernels may read
    offsets without a look at their length.
    """

    places: Places
    n_people: int
    days: Sequence[Day]


def _check(person: U32, place: U32, start: U16, minutes: U16, n_people: int, n_places: int) -> None:
    if not person.size == place.size == start.size == minutes.size:
        raise ValueError("person, place, start and minutes must be equally long")
    if not person.size:
        return
    if person.size >= 1 << 32:
        raise ValueError("a day holds at most 2^32 - 1 records; shard the city by place")
    if int(person.max()) >= n_people or int(place.max()) >= n_places:
        raise ValueError("a record names a person or place beyond the numbers given")
    if int(start.max()) >= DAY_MINUTES:
        raise ValueError("a start lies outside of its day: split visits at midnight first")
    if int((start.astype(np.uint32) + minutes).max()) > DAY_MINUTES:
        raise ValueError("a record runs past midnight: split visits at midnight first")
