"""The sorts behind a day: no comparisons but inside of short rows, four passes over memory.

People first (scatter, then each short row); from there one pass by start minute (1,440 streams that
stay in cache) and one stable scatter by place or cell, which so arrive sorted by time and person.
"""

import numpy as np
from numpy.typing import NDArray

from tongchou.kit.compiled import example, kernel

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

#: Rows longer than this are sorted by the library, shorter ones by insertion.
SHORT = 24
#: A place without a known cell stands in no cell.
NO_CELL = 0xFFFFFFFF

# While sorting, a record is turned into start << 48 | other << 16 | minutes, whose natural order is
# the one wanted. Every constant is u64: Numba makes a float of u64 with i64.
_16, _32, _48 = np.uint64(16), np.uint64(32), np.uint64(48)
_LOW16, _LOW32 = np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)


@kernel
def by_person(place: U32, records: U64, n_people: int) -> tuple[U32, U64]:
    """Offsets u32[n_people + 1] and sortable records u64[n] in the order (person, start, place).

    From records with the person in them, in any order, and the place of each.
    """
    n = records.size
    offsets = np.zeros(n_people + 1, np.uint32)
    for i in range(n):
        offsets[(records[i] >> _32) + np.uint64(1)] += np.uint32(1)
    for k in range(n_people):
        offsets[k + 1] += offsets[k]
    cursor = offsets[:-1].copy()
    out = np.empty(n, np.uint64)
    for i in range(n):
        value = records[i]
        key = value >> _32
        at = cursor[key]
        cursor[key] = at + np.uint32(1)
        out[at] = (value >> _16 & _LOW16) << _48 | np.uint64(place[i]) << _16 | value & _LOW16
    for k in range(n_people):
        first, last = np.int64(offsets[k]), np.int64(offsets[k + 1])
        if last - first > SHORT:
            out[first:last].sort()
        else:
            for i in range(first + 1, last):
                value = out[i]
                j = i
                while j > first and out[j - 1] > value:
                    out[j] = out[j - 1]
                    j -= 1
                out[j] = value
    return offsets, out


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


@kernel
def by_start(offsets: U32, rows: U64) -> tuple[U32, U64]:
    """(place u32[n], record with the person in it u64[n]) in the order (start, person, place)."""
    n = np.int64(offsets[offsets.size - 1])
    cursor = np.zeros(1441, np.int64)
    for i in range(n):
        cursor[np.int64(rows[i] >> _48) + 1] += 1
    for k in range(1440):
        cursor[k + 1] += cursor[k]
    place = np.empty(n, np.uint32)
    out = np.empty(n, np.uint64)
    for k in range(offsets.size - 1):
        for i in range(np.int64(offsets[k]), np.int64(offsets[k + 1])):
            value = rows[i]
            begin = np.int64(value >> _48)
            at = cursor[begin]
            cursor[begin] = at + 1
            place[at] = np.uint32(value >> _16 & _LOW32)
            out[at] = np.uint64(k) << _32 | np.uint64(begin) << _16 | value & _LOW16
    return place, out


@kernel
def scatter(key: U32, records: U64, n_keys: int) -> tuple[U32, U64]:
    """Offsets and records by key, those of one key in the order they came; NO_CELL is left out."""
    offsets = np.zeros(n_keys + 1, np.uint32)
    for i in range(key.size):
        if key[i] != NO_CELL:
            offsets[key[i] + 1] += np.uint32(1)
    for k in range(n_keys):
        offsets[k + 1] += offsets[k]
    cursor = offsets[:-1].copy()
    out = np.empty(np.int64(offsets[n_keys]), np.uint64)
    for i in range(key.size):
        if key[i] != NO_CELL:
            at = cursor[key[i]]
            cursor[key[i]] = at + np.uint32(1)
            out[at] = records[i]
    return offsets, out


@kernel
def scatter_through(through: U32, place: U32, records: U64, n_keys: int) -> tuple[U32, U64]:
    """The same by `through[place]`, without writing the keys down."""
    offsets = np.zeros(n_keys + 1, np.uint32)
    for i in range(place.size):
        key = through[place[i]]
        if key != NO_CELL:
            offsets[key + 1] += np.uint32(1)
    for k in range(n_keys):
        offsets[k + 1] += offsets[k]
    cursor = offsets[:-1].copy()
    out = np.empty(np.int64(offsets[n_keys]), np.uint64)
    for i in range(place.size):
        key = through[place[i]]
        if key != NO_CELL:
            at = cursor[key]
            cursor[key] = at + np.uint32(1)
            # one person at two places of one cell, from the same minute: the shorter stay first
            record = records[i]
            j = np.int64(at)
            while j > np.int64(offsets[key]):
                before = out[j - 1]
                if before >> _16 != record >> _16 or before <= record:
                    break
                out[j] = before
                j -= 1
            out[j] = record
    return offsets, out


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
    scatter(place, records, 1)
    scatter_through(places[:1], place, records, 1)
    to_records(rows)
