"""Question 2: contacts of contacts, between a contact's first meeting with the case and quarantine.

One sweep over the place order marks everybody who was with anybody of a frontier: people and their
first minute, no pairs. Without limits one case reaches most of a city, so `sizes` says what each
limit would bring before anything is committed.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import kinds
from tongchou.epi.trace.contacts import Pairs
from tongchou.epi.trace.day import DAY_MINUTES, I64, U8, U32, City
from tongchou.epi.trace.tables import OFFSETS, RECORDS, Tables, tiny
from tongchou.kit.compiled import example, kernel, u32_at, u64_at, workers

I32 = NDArray[np.int32]

NEVER = np.iinfo(np.int32).max
#: Rows that are looked through at a time; they stay in the nearest cache for the second look.
BLOCK = 2048


@dataclass(frozen=True, eq=False)
class Frontier:
    """People whose own contacts are asked for, each once, from `since` until `until` (i64[n])."""

    person: U32
    since: I64
    until: I64

    @classmethod
    def of_contacts(cls, pairs: Pairs, until: I64 | int) -> "Frontier":
        """Each contact from its first meeting with any case.

        Parameters
        ----------
        until
            When each was taken into quarantine, by pair, i64[n]; or one minute for all.
        """
        ends = np.broadcast_to(np.asarray(until, np.int64), (len(pairs),))
        person, place = np.unique(pairs.person, return_inverse=True)
        since = np.full(person.size, np.iinfo(np.int64).max)
        last = np.full(person.size, np.iinfo(np.int64).min)
        np.minimum.at(since, place, pairs.first)
        np.maximum.at(last, place, ends)
        return cls(person.astype(np.uint32), since, last)


@dataclass(frozen=True, slots=True)
class Limit:
    """Which meetings count: at places of these kinds, for so many minutes at a stretch in a day."""

    kinds: tuple[str, ...] = ()
    min_minutes: int = 15

    @property
    def mask(self) -> int:
        return kinds.mask_of(self.kinds) if self.kinds else kinds.ALL


#: From the narrowest that is used to everything, for `sizes`.
LADDER = (
    Limit(("home", "care"), 60),
    Limit(("home", "care", "work", "school"), 240),
    Limit(("home", "care", "work", "school"), 60),
    Limit(("home", "care", "work", "school", "restaurant", "gathering", "leisure"), 60),
    Limit(),
)


@dataclass(frozen=True, eq=False)
class Reached:
    """People a sweep marked, ascending u32[n], and the first minute each was exposed, i64[n]."""

    person: U32
    first: I64

    def __len__(self) -> int:
        return self.person.size


def reached(
    city: City | Tables,
    frontier: Frontier,
    limit: Limit = Limit(),
    *,
    known: U32 | None = None,
    threads: int = 1,
) -> Reached:
    """Everybody who was with anybody of the frontier, but the frontier itself and those `known`.

    A stay that runs over midnight counts on each day for itself.

    Parameters
    ----------
    known
        People not to report: the cases, and who is in quarantine already; u32[k].
    threads
        The answer is the same with any number.
    """
    tables = Tables.of(city)
    n_people = tables.city.n_people
    ours = np.zeros(n_people, np.bool_)
    ours[frontier.person] = True
    others = ~ours
    if known is not None:
        others[known] = False
    windows = np.empty((n_people, 2), np.int32)
    bound = np.iinfo(np.int32)
    windows[frontier.person, 0] = frontier.since.clip(bound.min, bound.max)
    windows[frontier.person, 1] = frontier.until.clip(bound.min, bound.max)
    first = np.full(n_people, NEVER, np.int32)
    fresh = np.empty(n_people + 1, np.int32)  # one more, for who is written but not kept
    if not frontier.person.size:
        return _answer(first)
    searched, left, n_left = _bits(ours), _bits(others), int(others.sum())
    runs = _runs(tables.kind, limit.mask)
    longest = tables.longest
    low, high = int(frontier.since.min()), int(frontier.until.max())
    threads = workers(threads)
    with ThreadPoolExecutor(threads) as pool:
        for day, base in enumerate(tables.starts.tolist()):
            if base >= high or base + DAY_MINUTES <= low or not n_left:
                continue
            rare = frontier.person.size <= n_left

            def sweep(part: I64, day: int = day, base: int = base, rare: bool = rare) -> I64:
                least = max(limit.min_minutes, 1)
                place = tables.by_place[day]
                return _sweep(
                    place, part, base, least, searched, left, rare, windows, tables.kind, longest
                )

            new = 0
            for marks in pool.map(sweep, _parts(tables, day, runs, threads)):
                new = _mark(marks, base, first, fresh, new)
            # Days are swept in order: who was reached today cannot be reached earlier any more.
            _settle(fresh[:new], left)
            n_left -= new
    return _answer(first)


def sizes(
    city: City | Tables,
    frontier: Frontier,
    limits: Sequence[Limit] = LADDER,
    *,
    known: U32 | None = None,
    threads: int = 1,
) -> list[tuple[Limit, int]]:
    """How many people each limit would bring: to be shown before anybody commits to one."""
    tables = Tables.of(city)
    return [
        (limit, len(reached(tables, frontier, limit, known=known, threads=threads)))
        for limit in limits
    ]


def _answer(first: I32) -> Reached:
    person = np.flatnonzero(first != NEVER).astype(np.uint32)
    return Reached(person, first[person].astype(np.int64))


def _runs(kind: U8, mask: int) -> I64:
    """Stretches of places whose kinds count, i64[n, 2]; a city's places often come by kind."""
    wanted = np.zeros(kind.size + 2, np.bool_)
    wanted[1:-1] = (mask >> kind.astype(np.int64)) & 1
    return np.flatnonzero(wanted[1:] != wanted[:-1]).reshape(-1, 2).astype(np.int64)


def _parts(tables: Tables, day: int, runs: I64, threads: int) -> list[I64]:
    """The runs cut at places that have about equally many rows between them."""
    order = tables.city.days[day].by_place
    n = 4 * threads if threads > 1 else 1
    edges = np.searchsorted(order.offsets, [order.records.size * i // n for i in range(1, n)])
    cut = [runs.clip(low, high) for low, high in pairwise([0, *edges.tolist(), order.n_keys])]
    return [part[part[:, 0] < part[:, 1]] for part in cut]


def _bits(members: NDArray[np.bool_]) -> U32:
    """One bit per person: of a million people they fit into a core's own cache."""
    padded = np.zeros(-(-members.size // 32) * 32, np.bool_)
    padded[: members.size] = members
    return np.packbits(padded, bitorder="little").view("<u4").astype(np.uint32)


@kernel
def _sweep(
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
def _mark(marks: I64, base: int, first: I32, fresh: I32, n: int) -> int:
    """Keep the earliest minute of everybody, and append who was never reached before."""
    for i in range(marks.size):
        person = marks[i] & 0xFFFFFFFF
        before = first[person]
        fresh[n] = person
        n += before == NEVER
        first[person] = min(before, base + (marks[i] >> 32))
    return n


@kernel
def _settle(fresh: I32, left: U32) -> None:
    for i in range(fresh.size):
        left[fresh[i] >> 5] &= ~(np.uint32(1) << np.uint32(fresh[i] & 31))


@example
def _warm_up() -> None:
    one = np.ones(1, np.int64)
    reached(tiny(), Frontier(np.zeros(1, np.uint32), 0 * one, 1440 * one))
