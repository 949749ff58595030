"""The kernels behind contacts and co-presence: visits of a case, meetings, pairs; case by case.

Each step does one kind of memory access for all visits of a case before the next step begins, so
that the machine waits for many of them at once and not for each in turn. Meetings are folded into
pairs by a hash table that is no larger than the case needs, and so stays in the nearest cache: a
table over all people was measured 2.5 to 7 times slower.
"""

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace.day import DAY_MINUTES, I64, U32
from tongchou.epi.trace.tables import N_KEYS, OFFSETS, RECORDS
from tongchou.kit.compiled import kernel, prefetch, u32_at, u64_at

I32 = NDArray[np.int32]

#: Words of a pair's row: one cache line of 16, the last 8 are minutes by kind, 2 in each.
PERSON, MEETINGS, MINUTES, KINDS, FIRST, LAST, SHARED, CASE, BY_KIND = range(9)
ROW = 16
#: Columns of a visit while it is worked on. `CARRY` is the day before, where the stay began then.
AT, STOP, ADDRESS, BEGIN, END, BASE, PLACE, ABOUT, CARRY = range(9)
#: So few rows are read through rather than searched.
FEW = 8
#: So many rows are measured at once, then those that count are picked out.
BLOCK = 256
#: Bytes of each place's rows that are fetched ahead; the machine itself foresees the rest.
AHEAD = 512
#: Why `pairs_of` came back before the last case.
DONE, MORE_MEETINGS, MORE_ROWS = range(3)


@kernel
def pairs_of(
    person: U32,
    since: I64,
    until: I64,
    case: int,
    n_out: int,
    starts: I64,
    by_person: I64,
    by_key: I64,
    key_of: U32,
    kind_of: NDArray[np.uint8],
    shared_of: NDArray[np.uint8],
    longest: I32,
    mask: int,
    least: int,
    min_minutes: int,
    min_meetings: int,
    meetings: I64,
    table: I32,
    scratch: I32,
    rows: I32,
) -> tuple[int, int, int]:
    """Fill `rows` from `n_out` on with the pairs of the cases from `case` on.

    `key_of` turns a place into the key of `by_key`; empty where the place is the key. Returns
    (why it ended, the case it ended at, rows filled).
    """
    while case < person.size:
        me = int(person[case])
        visits = _visits(
            me, since[case], until[case], starts, by_person, by_key, key_of, kind_of, shared_of,
            mask, least,
        )  # fmt: skip
        _narrow(visits, longest, least)
        n_meetings = _meetings(visits, by_person, least, meetings)
        if n_meetings < 0:
            return MORE_MEETINGS, case, n_out
        if n_out + n_meetings > rows.shape[0]:
            return MORE_ROWS, case, n_out
        n_pairs = _fold(meetings, n_meetings, case, table, scratch)
        n_out += _keep(scratch, n_pairs, me, min_minutes, min_meetings, rows[n_out:])
        case += 1
    return DONE, case, n_out


@kernel
def _visits(
    me: int,
    since: int,
    until: int,
    starts: I64,
    by_person: I64,
    by_key: I64,
    key_of: U32,
    kind_of: NDArray[np.uint8],
    shared_of: NDArray[np.uint8],
    mask: int,
    least: int,
) -> I64:
    """One case's stays inside its window, i64[n, 9], each with the rows of its place that day."""
    n_days = starts.size
    rows = np.zeros((n_days, 2), np.int64)
    n = 0
    for day in range(n_days):
        inside = starts[day] < until and starts[day] + DAY_MINUTES > since
        if inside and me < by_person[day, N_KEYS]:
            rows[day, 0] = u32_at(by_person[day, OFFSETS], me)
            rows[day, 1] = u32_at(by_person[day, OFFSETS], me + 1)
            n += rows[day, 1] - rows[day, 0]
    visits = np.empty((n, 9), np.int64)
    n = 0
    for day in range(n_days):
        base = starts[day]
        for row in range(rows[day, 0], rows[day, 1]):
            record = u64_at(by_person[day, RECORDS], row)
            place, start = record >> 32, (record >> 16) & 0xFFFF
            begin = max(start, since - base)
            end = min(start + (record & 0xFFFF), until - base)
            if end - begin < least or place >= kind_of.size:
                continue
            kind = np.int64(kind_of[place])
            if not (mask >> kind) & 1:
                continue
            visit = visits[n]
            visit[PLACE] = place
            visit[BEGIN], visit[END], visit[BASE] = begin, end, base
            visit[ABOUT] = kind | (np.int64(shared_of[place]) << 5)
            visit[CARRY] = -1
            over_midnight = start == 0 and since < base and key_of.size == 0 and day > 0
            if over_midnight and starts[day - 1] == base - DAY_MINUTES:
                there = _there_at_midnight(by_person, day - 1, me, place)
                visit[CARRY] = day - 1 if there else -1
            visit[AT] = day
            n += 1
    kept = 0
    for i in range(n):
        day = visits[i, AT]
        place = visits[i, PLACE]
        key = place if key_of.size == 0 else np.int64(key_of[place])
        if key < by_key[day, N_KEYS]:
            visits[kept] = visits[i]
            visits[kept, AT] = u32_at(by_key[day, OFFSETS], key)
            visits[kept, STOP] = u32_at(by_key[day, OFFSETS], key + 1)
            visits[kept, ADDRESS] = by_key[day, RECORDS]
            kept += 1
    return visits[:kept]


@kernel
def _narrow(visits: I64, longest: I32, least: int) -> None:
    """Bring AT and STOP nearer, to few rows around those who can overlap; all visits in step."""
    n = visits.shape[0]
    low = visits[:, AT].copy()
    high = visits[:, STOP].copy()
    searching = True
    while searching:  # AT: nobody who came before begin - longest is still there
        searching = False
        for i in range(n):
            if high[i] - low[i] > FEW:
                searching = True
                middle = (low[i] + high[i]) >> 1
                start = (u64_at(visits[i, ADDRESS], middle) >> 16) & 0xFFFF
                reach = np.int64(longest[visits[i, ABOUT] & 31])
                early = start + reach < visits[i, BEGIN] + least
                low[i] = middle if early else low[i]
                high[i] = high[i] if early else middle
    for i in range(n):
        visits[i, AT] = low[i]
        high[i] = visits[i, STOP]
    searching = True
    while searching:  # STOP: nobody who comes after end - least counts
        searching = False
        for i in range(n):
            if high[i] - low[i] > FEW:
                searching = True
                middle = (low[i] + high[i]) >> 1
                start = (u64_at(visits[i, ADDRESS], middle) >> 16) & 0xFFFF
                late = start + least > visits[i, END]
                high[i] = middle if late else high[i]
                low[i] = low[i] if late else middle
    for i in range(n):
        visits[i, STOP] = high[i]
        line = visits[i, ADDRESS] + 8 * visits[i, AT]
        ahead = min(line + AHEAD, visits[i, ADDRESS] + 8 * high[i])
        while line < ahead:
            prefetch(line)
            line += 64


@kernel
def _meetings(visits: I64, by_person: I64, least: int, meetings: I64) -> int:
    """Everybody's overlaps of at least `least` minutes; their number, or -1 for lack of room.

    A meeting is two words: person and first minute; minutes, whether it is the same meeting as
    one before midnight, and what is known of the place.
    """
    n = 0
    overlap, found = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for i in range(visits.shape[0]):
        visit = visits[i]
        at, stop, address = visit[AT], visit[STOP], visit[ADDRESS]
        begin, end, base, about = visit[BEGIN], visit[END], visit[BASE], visit[ABOUT]
        if n + stop - at >= meetings.shape[0]:
            return -1
        before = n
        while at < stop:
            many = min(stop - at, BLOCK)
            for k in range(many):
                record = u64_at(address, at + k)
                start = (record >> 16) & 0xFFFF
                overlap[k] = min(start + (record & 0xFFFF), end) - max(start, begin)
            n_found = 0
            for k in range(many):  # written always, kept by counting on: nothing to guess
                found[np.uint64(n_found)] = k
                n_found += overlap[k] >= least
            for f in range(n_found):
                k = found[f]
                record = u64_at(address, at + k)
                first = max((record >> 16) & 0xFFFF, begin)
                meetings[n, 0] = (record & -0x100000000) | (base + first)
                meetings[n, 1] = (overlap[k] << 16) | about
                n += 1
            at += many
        if visit[CARRY] >= 0:
            for m in range(before, n):
                if meetings[m, 0] & 0xFFFFFFFF == base and _there_at_midnight(
                    by_person, visit[CARRY], meetings[m, 0] >> 32, visit[PLACE]
                ):
                    meetings[m, 1] |= 1 << 8
    return n


@kernel
def _fold(meetings: I64, n_meetings: int, case: int, table: I32, rows: I32) -> int:
    """Sum meetings by person into rows; the number of rows. `table` has 4 slots per meeting.

    The rows are the same few for every case, so that they stay in the nearest cache.
    """
    bits = 6
    while 1 << bits < 2 * n_meetings:
        bits += 1
    size = 1 << bits
    shift = np.uint64(64 - bits)
    for slot in range(size):
        table[slot] = -1
    n = 0
    for i in range(n_meetings):
        other = meetings[i, 0] >> 32
        first = np.int32(meetings[i, 0] & 0xFFFFFFFF)
        minutes = np.int32(meetings[i, 1] >> 16)
        kind = meetings[i, 1] & 31
        at = np.int64((np.uint64(other) * np.uint64(0x9E3779B97F4A7C15)) >> shift)
        row = np.int64(table[at])
        while row >= 0 and rows[row, PERSON] != other:
            at = (at + 1) & (size - 1)
            row = np.int64(table[at])
        shared = minutes * np.int32((meetings[i, 1] >> 5) & 1)
        once = np.int32(1 - ((meetings[i, 1] >> 8) & 1))
        word, half = BY_KIND + (kind >> 1), (kind & 1) << 4
        if row < 0:  # most meetings are somebody's first: written at once, not added up
            table[at] = n
            new = rows[n]
            n += 1
            new[PERSON], new[MEETINGS], new[MINUTES], new[KINDS] = other, once, minutes, 1 << kind
            new[FIRST], new[LAST], new[SHARED], new[CASE] = first, first + minutes, shared, case
            for empty in range(BY_KIND, ROW):
                new[empty] = 0
            new[word] = minutes << half
            continue
        old = rows[row]
        old[MEETINGS] += once
        old[MINUTES] += minutes
        old[KINDS] |= 1 << kind
        old[FIRST] = min(old[FIRST], first)
        old[LAST] = max(old[LAST], first + minutes)
        old[SHARED] += shared
        both = np.int64(old[word])
        left = 0xFFFF - ((both >> half) & 0xFFFF)
        old[word] = both + (min(np.int64(minutes), left) << half)
    return n


@kernel
def _keep(pairs: I32, n: int, me: int, min_minutes: int, min_meetings: int, rows: I32) -> int:
    """Copy the pairs that count, in their order; the number of them."""
    kept = 0
    for pair in range(n):
        enough = pairs[pair, MINUTES] >= min_minutes and pairs[pair, MEETINGS] >= min_meetings
        if enough and pairs[pair, PERSON] != me:
            for word in range(ROW):
                rows[kept, word] = pairs[pair, word]
            kept += 1
    return kept


@kernel
def _there_at_midnight(by_person: I64, day: int, person: int, place: int) -> bool:
    """Whether a stay of this person at this place lasts until the end of the day."""
    if person >= by_person[day, N_KEYS]:
        return False
    row = u32_at(by_person[day, OFFSETS], person)
    stop = u32_at(by_person[day, OFFSETS], person + 1)
    while row < stop:
        record = u64_at(by_person[day, RECORDS], row)
        minutes = record & 0xFFFF
        ends = ((record >> 16) & 0xFFFF) + minutes
        if record >> 32 == place and minutes > 0 and ends == DAY_MINUTES:
            return True
        row += 1
    return False
