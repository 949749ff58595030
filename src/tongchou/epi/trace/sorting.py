"""The sorts behind a day: counting, no comparisons but inside of short rows.

People first; then one pass by start minute (1,440 streams that stay in cache), and a stable one
by place or cell, which so arrive sorted by time and person. A scatter over ten million keys misses
the cache at every record, so keys go into buckets first and each bucket is sorted inside of it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tongchou.kit.compiled import example, kernel, workers

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

#: Rows longer than this are sorted by the library, shorter ones by insertion.
SHORT = 24
#: Keys are put into at most so many buckets (as a power of two) before each is sorted by itself.
BUCKET_BITS = 11
#: Fewer records than this are not worth a thread.
SMALL = 1 << 18
#: A place without a known cell stands in no cell.
NO_CELL = 0xFFFFFFFF

# While sorting, a record is turned into start << 48 | other << 16 | minutes, whose natural order is
# the one wanted. Every constant is u64: Numba makes a float of u64 with i64.
_16, _32, _48 = np.uint64(16), np.uint64(32), np.uint64(48)
_LOW16, _LOW32 = np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)


def by_person(place: U32, records: U64, n_people: int) -> tuple[U32, U64]:
    """Offsets u32[n_people + 1] and sortable records u64[n] in the order (person, start, place).

    From records with the person in them, in any order, and the place of each.
    """
    return _by_key(place, records, n_people, by_people=True)


def by_place(place: U32, records: U64, n_places: int) -> tuple[U32, U64]:
    """Offsets u32[n_places + 1] and records by place, those of one place in the order they came."""
    return _by_key(place, records, n_places, by_people=False)


def _by_key(place: U32, records: U64, n_keys: int, *, by_people: bool) -> tuple[U32, U64]:
    """First neighbours together, in streams; then each bucket inside of the cache, on all cores."""
    shift = max((n_keys - 1).bit_length() - BUCKET_BITS, 0) if n_keys else 0
    n_buckets = ((n_keys - 1) >> shift) + 1 if n_keys else 0
    # arrays from NumPy, not from inside of kernels: it asks for huge pages
    near_place, near = np.empty_like(place), np.empty_like(records)
    starts = _spread(place, records, by_people, shift, near_place, near)
    offsets, out = np.zeros(n_keys + 1, np.uint32), np.empty_like(records)
    offsets[n_keys] = records.size

    def settle(part: tuple[int, int]) -> None:
        _settle(starts, part[0], part[1], near_place, near, by_people, shift, offsets, out)

    in_parts(settle, starts[: n_buckets + 1])
    return offsets, out


def in_parts(work: Callable[[tuple[int, int]], None], starts: I64) -> None:
    """Do it for ranges of buckets of about the same size, each in a thread of its own."""
    n = workers()
    if n == 1 or starts.size < 2 or starts[-1] < SMALL:
        work((0, starts.size - 1))
        return
    goals = np.linspace(0, starts[-1], 4 * n + 1)
    cuts = np.unique(np.searchsorted(starts, goals)).tolist()
    with ThreadPoolExecutor(n) as hands:
        list(hands.map(work, pairwise(cuts)))


@kernel
def _spread(place: U32, records: U64, by_people: bool, shift: int, out_place: U32, out: U64) -> I64:
    """Bring records of neighbouring keys together; returns where each bucket starts."""
    starts = np.zeros((1 << 12) + 1, np.int64)
    bits = np.uint64(shift)
    for i in range(records.size):
        key = records[i] >> _32 if by_people else np.uint64(place[i])
        starts[np.int64(key >> bits) + 1] += 1
    for k in range(starts.size - 1):
        starts[k + 1] += starts[k]
    cursor = starts[:-1].copy()
    for i in range(records.size):
        key = records[i] >> _32 if by_people else np.uint64(place[i])
        bucket = np.int64(key >> bits)
        at = cursor[bucket]
        cursor[bucket] = at + 1
        out_place[at] = place[i]
        out[at] = records[i]
    return starts


@kernel
def _settle(
    starts: I64,
    first: int,
    last: int,
    place: U32,
    records: U64,
    by_people: bool,
    shift: int,
    offsets: U32,
    out: U64,
) -> None:
    """Order the records of some buckets by key, those of one key as they came."""
    n_keys = offsets.size - 1
    cursor = np.zeros(1 << shift, np.uint32)
    mask = np.uint64((1 << shift) - 1)
    for bucket in range(first, last):
        low = bucket << shift
        n = min(1 << shift, n_keys - low)
        if n <= 0:
            break
        cursor[:n] = 0
        begin, end = starts[bucket], starts[bucket + 1]
        for i in range(begin, end):
            key = records[i] >> _32 if by_people else np.uint64(place[i])
            cursor[key & mask] += np.uint32(1)
        at = np.uint32(begin)
        for k in range(n):
            count = cursor[k]
            offsets[low + k] = at
            cursor[k] = at
            at += count
        for i in range(begin, end):
            value = records[i]
            if by_people:
                key = value >> _32 & mask
                value = (value >> _16 & _LOW16) << _48 | np.uint64(place[i]) << _16 | value & _LOW16
            else:
                key = np.uint64(place[i]) & mask
            slot = cursor[key]
            cursor[key] = slot + np.uint32(1)
            out[slot] = value
        if by_people:
            for k in range(n):
                _sort_row(out, int(offsets[low + k]), int(cursor[k]))


@kernel
def _sort_row(rows: U64, first: int, last: int) -> None:
    if last - first > SHORT:
        rows[first:last].sort()
        return
    for i in range(first + 1, last):
        value = rows[i]
        j = i
        while j > first and rows[j - 1] > value:
            rows[j] = rows[j - 1]
            j -= 1
        rows[j] = value


@kernel
def merge_rows(offsets: U32, rows: U64) -> tuple[int, int]:
    """Make one stay of those that overlap at one place, in place; rows as `by_person` gives them.

    Returns how many records were merged into others, and how many begin while the same person is
    elsewhere; those are kept. `rows` is shorter by the first number afterwards, `offsets` follow.
    The union of stays is the same in whatever order and portions they arrive.
    """
    n_merged, n_elsewhere = 0, 0
    write = np.int64(0)
    for k in range(offsets.size - 1):
        first, last = np.int64(offsets[k]), np.int64(offsets[k + 1])
        offsets[k] = np.uint32(write)
        if last - first > 64:  # a key shared by many, or a scanner that stutters
            size = np.int64(_merge_long(rows[first:last]))
        else:
            size = np.int64(_merge_short(rows[first:last]))
        n_merged += int(last - first - size)
        busy_until = np.uint64(0)
        for i in range(first, first + size):
            begin = rows[i] >> _48
            if begin < busy_until:
                n_elsewhere += 1
            busy_until = max(busy_until, begin + (rows[i] & _LOW16))
            rows[write] = rows[i]
            write += 1
    offsets[offsets.size - 1] = np.uint32(write)
    return n_merged, n_elsewhere


@kernel
def _merge_short(row: U64) -> int:
    size = 0
    for i in range(row.size):
        value = row[i]
        begin, place = value >> _48, value >> _16 & _LOW32
        found = False
        for j in range(size - 1, -1, -1):
            if row[j] >> _16 & _LOW32 == place:
                # kept stays of one place do not overlap: only the latest can meet this one
                since, length = row[j] >> _48, row[j] & _LOW16
                if begin < since + length or begin == since:
                    longest = max(length, begin + (value & _LOW16) - since)
                    row[j] = since << _48 | place << _16 | longest
                    found = True
                break
        if not found:
            row[size] = value
            size += 1
    return size


@kernel
def _merge_long(row: U64) -> int:
    turned = np.empty(row.size, np.uint64)
    for i in range(row.size):  # place first, so that one look back is enough
        value = row[i]
        turned[i] = (value >> _16 & _LOW32) << _32 | value >> _48 << _16 | value & _LOW16
    turned.sort()
    size = 0
    for i in range(row.size):
        value = turned[i]
        place, begin, length = value >> _32, value >> _16 & _LOW16, value & _LOW16
        if size > 0:
            last = row[size - 1]
            since, so_far = last >> _48, last & _LOW16
            if last >> _16 & _LOW32 == place and (begin < since + so_far or begin == since):
                longest = max(so_far, begin + length - since)
                row[size - 1] = since << _48 | place << _16 | longest
                continue
        row[size] = begin << _48 | place << _16 | length
        size += 1
    row[:size].sort()
    return size


def by_start(offsets: U32, rows: U64) -> tuple[U32, U64]:
    """(place u32[n], record with the person in it u64[n]) in the order (start, person, place)."""
    n = int(offsets[-1])
    place, out = np.empty(n, np.uint32), np.empty(n, np.uint64)
    _by_start(offsets, rows, place, out)
    return place, out


@kernel
def _by_start(offsets: U32, rows: U64, place: U32, out: U64) -> None:
    cursor = np.zeros(1441, np.int64)
    for i in range(out.size):
        cursor[np.int64(rows[i] >> _48) + 1] += 1
    for k in range(1440):
        cursor[k + 1] += cursor[k]
    for k in range(offsets.size - 1):
        for i in range(np.int64(offsets[k]), np.int64(offsets[k + 1])):
            value = rows[i]
            begin = np.int64(value >> _48)
            at = cursor[begin]
            cursor[begin] = at + 1
            place[at] = np.uint32(value >> _16 & _LOW32)
            out[at] = np.uint64(k) << _32 | np.uint64(begin) << _16 | value & _LOW16


def by_cell(cell_of_place: U32, place: U32, records: U64, n_cells: int) -> tuple[U32, U64]:
    """Offsets u32[n_cells + 1] and records by cell, those of one cell in the order they came.

    Places in `NO_CELL` are left out.
    """
    cell = cell_of_place[place]
    known = cell != NO_CELL
    if not known.all():
        cell, records = cell[known], records[known]
    offsets, out = by_place(cell, records, n_cells)
    _mend_ties(offsets, out)
    return offsets, out


@kernel
def _mend_ties(offsets: U32, records: U64) -> None:
    """One person at two places of one cell, from the same minute: the shorter stay first."""
    for k in range(offsets.size - 1):
        first = np.int64(offsets[k])
        for i in range(first + 1, np.int64(offsets[k + 1])):
            value = records[i]
            j = i
            while j > first and records[j - 1] >> _16 == value >> _16 and records[j - 1] > value:
                records[j] = records[j - 1]
                j -= 1
            records[j] = value


@kernel
def to_records(rows: U64) -> None:
    """Turn sortable records into packed ones, in place."""
    for i in range(rows.size):
        value = rows[i]
        rows[i] = (value >> _16 & _LOW32) << _32 | value >> _48 << _16 | value & _LOW16


@example
def _warm_up() -> None:
    places = np.zeros(2, np.uint32)
    offsets, rows = by_person(places, np.zeros(2, np.uint64), 1)
    merge_rows(offsets, rows)
    place, records = by_start(offsets, rows)
    by_place(place, records, 1)
    by_cell(places[:1], place, records, 1)
    to_records(rows)
