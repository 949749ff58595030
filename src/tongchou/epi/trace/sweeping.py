"""The kernels of the sweep: one pass over a day's rows for whoever is rarer, then touched places.

For a small frontier (`stays_of`, `marks_at`) there is no pass: its own stays lead to the places.
Nothing in the inner loops is guessed by the machine: rows are written always, and kept by counting.
"""

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace.day import I64, U8, U32
from tongchou.epi.trace.tables import OFFSETS, RECORDS
from tongchou.kit.compiled import kernel, u32_at, u64_at

I32 = NDArray[np.int32]

NEVER = np.iinfo(np.int32).max
#: Rows that are looked through at a time; they stay in the nearest cache for the second look.
BLOCK = 2048
#: Columns of a stay.
_PLACE, _BEGIN, _END = 0, 1, 2


@kernel
def sweep_day(
    order: I64, runs: I64, base: int, least: int, frontier: U32, left: U32, rare: bool,
    windows: I32, kind_of: U8, longest: I32,
) -> NDArray[np.int64]:  # fmt: skip
    """Marks of one day, `minute of the day << 32 | person`, some people more than once.

    Rows are first looked through for whoever is rarer: the frontier, or who is left to be reached
    (`rare` says which). Only places where there is one are looked at again, for the others.
    """
    offsets, records = order[OFFSETS], order[RECORDS]
    n_rows, widest = 0, 0
    for run in range(runs.shape[0]):
        row = u32_at(offsets, runs[run, 0])
        n_rows += u32_at(offsets, runs[run, 1]) - row
        for place in range(runs[run, 0], runs[run, 1]):
            after = u32_at(offsets, place + 1)
            widest = max(widest, after - row)
            row = after
    # Memory that is never touched costs nothing: room for every row is no waste.
    marks = np.empty(n_rows, np.int64)
    hits = np.empty(widest + BLOCK, np.int64)
    matches = np.empty(widest + 8, np.int64)
    spans = np.empty((widest + 8, 2), np.int64)
    first = frontier if rare else left
    n_marks = 0
    for run in range(runs.shape[0]):
        place = runs[run, 0]
        row = u32_at(offsets, place)
        stop_row = u32_at(offsets, runs[run, 1])
        while row < stop_row:
            end_row = min(row + BLOCK, stop_row)
            n_hits = _rows_of(records, row, end_row, first, 0, hits)
            hit = 0
            while hit < n_hits:
                while u32_at(offsets, place + 1) <= hits[hit]:
                    place += 1
                after = u32_at(offsets, place + 1)
                if after > end_row:  # the place goes on behind the block
                    n_hits = _rows_of(records, end_row, after, first, n_hits, hits)
                    end_row = after
                here = hit
                while hit < n_hits and hits[hit] < after:
                    hit += 1
                begin = u32_at(offsets, place)
                mine = hits[here:hit]
                if rare:
                    n_spans = _spans(records, mine, base, least, windows, spans)
                    if n_spans:
                        reach = int(longest[kind_of[place]])
                        n_marks = _marks_among(
                            records, begin, after, left, least, reach, spans[:n_spans], marks,
                            n_marks,
                        )  # fmt: skip
                    continue
                found = _rows_of(records, begin, after, frontier, 0, matches)
                n_spans = _spans(records, matches[:found], base, least, windows, spans)
                if n_spans:
                    n_marks = _marks(records, mine, least, spans[:n_spans], marks, n_marks)
            row = end_row
    return marks[:n_marks].copy()


@kernel
def _rows_of(records: int, row: int, stop: int, bits: U32, n: int, rows: I64) -> int:
    """Append the rows whose person's bit is set. Eight are asked at once: mostly none is."""
    one, low, high = np.uint32(1), np.uint64(31), np.uint64(5)
    shift = np.uint64(32)
    while row < stop:
        many = min(stop - row, 8)
        seen = one
        if many == 8:
            seen = np.uint32(0)
            for k in range(8):
                person = np.uint64(u64_at(records, row + k)) >> shift
                seen |= bits[person >> high] >> np.uint32(person & low)
        if seen & one:
            for k in range(many):
                person = np.uint64(u64_at(records, row + k)) >> shift
                rows[np.uint64(n)] = row + k
                n += int((bits[person >> high] >> np.uint32(person & low)) & one)
        row += many
    return n


@kernel
def _spans(records: int, rows: I64, base: int, least: int, windows: I32, spans: I64) -> int:
    """Stays of frontier people, cut to their windows, in order of their begin."""
    n = 0
    for i in range(rows.size):
        record = u64_at(records, rows[i])
        person, start = record >> 32, (record >> 16) & 0xFFFF
        begin = max(start, windows[person, 0] - base)
        end = min(start + (record & 0xFFFF), windows[person, 1] - base)
        if end - begin < least:
            continue
        at = n
        while at > 0 and spans[at - 1, 0] > begin:
            spans[at, 0], spans[at, 1] = spans[at - 1, 0], spans[at - 1, 1]
            at -= 1
        spans[at, 0], spans[at, 1] = begin, end
        n += 1
    return n


@kernel
def _marks_among(
    records: int, row: int, stop: int, left: U32, least: int, reach: int, spans: I64, marks: I64,
    n: int,
) -> int:  # fmt: skip
    """`_marks` of all rows of a place that can overlap and whose person is left to be reached."""
    low, high, shift = np.uint64(31), np.uint64(5), np.uint64(32)
    row = _first_from(records, row, stop, spans[0, 0] + least - reach)
    ends = 0
    for i in range(spans.shape[0]):
        ends = max(ends, spans[i, 1])
    next_span, lasts = 0, -1
    begins = spans[0, 0]
    while row < stop:
        record = u64_at(records, row)
        row += 1
        start, minutes = (record >> 16) & 0xFFFF, record & 0xFFFF
        if start + least > ends:
            break
        while begins <= start:
            lasts = max(lasts, spans[next_span, 1])
            next_span += 1
            begins = spans[next_span, 0] if next_span < spans.shape[0] else 1 << 20
        since = start if lasts >= start + least else begins
        person = np.uint64(record) >> shift
        bit = int((left[person >> high] >> np.uint32(person & low)) & np.uint32(1))
        marks[np.uint64(n)] = (since << 32) | (record >> 32)
        n += bit & int(since + least <= start + minutes)
    return n


@kernel
def _marks(records: int, rows: I64, least: int, spans: I64, marks: I64, n: int) -> int:
    """Append everybody of these rows who overlaps a span by `least` minutes, and since when.

    Of all spans that have begun when somebody comes, the one that lasts longest decides; if it
    does not last, the next that begins does. So each row looks at two numbers, not at all spans.
    """
    next_span, lasts = 0, -1
    begins = spans[0, 0]
    for i in range(rows.size):
        record = u64_at(records, rows[i])
        start, minutes = (record >> 16) & 0xFFFF, record & 0xFFFF
        while begins <= start:
            lasts = max(lasts, spans[next_span, 1])
            next_span += 1
            begins = spans[next_span, 0] if next_span < spans.shape[0] else 1 << 20
        since = start if lasts >= start + least else begins
        marks[n] = (since << 32) | (record >> 32)
        n += since + least <= start + minutes
    return n


@kernel
def _first_from(records: int, low: int, high: int, minute: int) -> int:
    """The first row in [low, high) that starts at `minute` of the day or later."""
    while low < high:
        middle = (low + high) >> 1
        if ((u64_at(records, middle) >> 16) & 0xFFFF) < minute:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def stays_of(
    order: I64, base: int, least: int, people: U32, windows: I32, mask: int, kind_of: U8
) -> NDArray[np.int64]:
    """Stays of these people on one day, cut to their windows: i64[n, 3] place, begin, end."""
    offsets, records, n_keys = order[OFFSETS], order[RECORDS], order[2]
    most = 0
    for i in range(people.size):
        person = np.int64(people[i])
        if person < n_keys:
            most += u32_at(offsets, person + 1) - u32_at(offsets, person)
    stays = np.empty((most, 3), np.int64)
    n = 0
    for i in range(people.size):
        person = np.int64(people[i])
        if person >= n_keys:
            continue
        since, until = windows[person, 0] - base, windows[person, 1] - base
        for row in range(u32_at(offsets, person), u32_at(offsets, person + 1)):
            record = u64_at(records, row)
            place, start = record >> 32, (record >> 16) & 0xFFFF
            begin, end = max(start, since), min(start + (record & 0xFFFF), until)
            stays[n, _PLACE], stays[n, _BEGIN], stays[n, _END] = place, begin, end
            n += int(end - begin >= least) & ((mask >> int(kind_of[place])) & 1)
    return stays[:n].copy()


@kernel
def marks_at(
    order: I64, least: int, left: U32, kind_of: U8, longest: I32, stays: I64
) -> NDArray[np.int64]:
    """Marks of one day as `sweeping.sweep_day` gives them, from stays sorted by place and begin."""
    offsets, records = order[OFFSETS], order[RECORDS]
    n_rows, i = 0, 0
    while i < stays.shape[0]:
        place = stays[i, _PLACE]
        n_rows += u32_at(offsets, place + 1) - u32_at(offsets, place)
        while i < stays.shape[0] and stays[i, _PLACE] == place:
            i += 1
    marks = np.empty(n_rows + 1, np.int64)
    n, i = 0, 0
    while i < stays.shape[0]:
        here, place = i, stays[i, _PLACE]
        while i < stays.shape[0] and stays[i, _PLACE] == place:
            i += 1
        n = _marks_among(
            records, u32_at(offsets, place), u32_at(offsets, place + 1), left, least,
            int(longest[kind_of[place]]), stays[here:i, _BEGIN:], marks, n,
        )  # fmt: skip
    return marks[:n].copy()


@kernel
def mark(marks: I64, base: int, first: I32, fresh: I32, n: int) -> int:
    """Keep the earliest minute of everybody, and append who was never reached before."""
    for i in range(marks.size):
        person = marks[i] & 0xFFFFFFFF
        before = first[person]
        fresh[n] = person
        n += before == NEVER
        first[person] = min(before, base + (marks[i] >> 32))
    return n


@kernel
def settle(fresh: I32, left: U32) -> None:
    for i in range(fresh.size):
        left[fresh[i] >> 5] &= ~(np.uint32(1) << np.uint32(fresh[i] & 31))
