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
from tongchou.epi.trace.tables import OFFSETS, RECORDS, Tables
from tongchou.kit.compiled import kernel, u32_at, u64_at, workers

I32 = NDArray[np.int32]

#: What is known of a person while the sweep goes on.
NOTHING, FRONTIER, KNOWN = 0, 1, 2
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
    status = np.zeros(n_people, np.uint8)
    if known is not None:
        status[known] = KNOWN
    status[frontier.person] = FRONTIER
    windows = np.empty((n_people, 2), np.int32)
    bound = np.iinfo(np.int32)
    windows[frontier.person, 0] = frontier.since.clip(bound.min, bound.max)
    windows[frontier.person, 1] = frontier.until.clip(bound.min, bound.max)
    first = np.full(n_people, NEVER, np.int32)
    if not frontier.person.size:
        return _answer(first)
    runs = _runs(tables.kind, limit.mask)
    low, high = int(frontier.since.min()), int(frontier.until.max())
    threads = workers(threads)
    with ThreadPoolExecutor(threads) as pool:
        for day, base in enumerate(tables.starts.tolist()):
            if base >= high or base + DAY_MINUTES <= low:
                continue
            parts = _parts(tables, day, runs, threads)
            found = pool.map(
                lambda part, day=day, base=base: _sweep(
                    tables.by_place[day], part, base, max(limit.min_minutes, 1), status, windows
                ),
                parts,
            )
            for marks in found:
                _mark(marks, base, first)
            _settle(first, status)
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
    n = 8 * threads if threads > 1 else 1
    edges = np.searchsorted(order.offsets, [order.records.size * i // n for i in range(1, n)])
    cut = [runs.clip(low, high) for low, high in pairwise([0, *edges.tolist(), order.n_keys])]
    return [part[part[:, 0] < part[:, 1]] for part in cut]


@kernel
def _sweep(
    place_rows: I64, runs: I64, base: int, least: int, status: U8, windows: I32
) -> NDArray[np.int64]:
    """Marks of one day, `minute of the day << 32 | person`, some people more than once."""
    offsets, records = place_rows[OFFSETS], place_rows[RECORDS]
    n_rows, widest = 0, 0
    for run in range(runs.shape[0]):
        n_rows += u32_at(offsets, runs[run, 1]) - u32_at(offsets, runs[run, 0])
        row = u32_at(offsets, runs[run, 0])
        for place in range(runs[run, 0], runs[run, 1]):
            after = u32_at(offsets, place + 1)
            widest = max(widest, after - row)
            row = after
    # Memory that is never touched costs nothing: room for every row is no waste.
    marks = np.empty(n_rows, np.int64)
    hits = np.empty(max(widest, BLOCK) + BLOCK, np.int64)
    spans = np.empty((hits.size, 2), np.int64)
    n_marks = 0
    for run in range(runs.shape[0]):
        place = runs[run, 0]
        row = u32_at(offsets, place)
        stop_row = u32_at(offsets, runs[run, 1])
        while row < stop_row:
            end_row = min(row + BLOCK, stop_row)
            n_hits = _hits(records, row, end_row, status, 0, hits)
            done = 0
            while done < n_hits:
                while u32_at(offsets, place + 1) <= hits[done]:
                    place += 1
                after = u32_at(offsets, place + 1)
                if after > end_row:  # the place goes on behind the block
                    n_hits = _hits(records, end_row, after, status, n_hits, hits)
                    end_row = after
                begin = u32_at(offsets, place)
                n_spans = 0
                while done < n_hits and hits[done] < after:
                    n_spans = _span(
                        u64_at(records, hits[done]), base, least, windows, spans, n_spans
                    )
                    done += 1
                if n_spans:
                    n_marks = _marks(
                        records, begin, after, least, status, spans, n_spans, marks, n_marks
                    )
            row = end_row
    return marks[:n_marks]


@kernel
def _hits(records: int, row: int, stop: int, status: U8, n: int, hits: I64) -> int:
    """Append the rows of the frontier; most rows are none, and none costs a guess."""
    while row < stop:
        hits[n] = row
        n += status[u64_at(records, row) >> 32] == FRONTIER
        row += 1
    return n


@kernel
def _span(record: int, base: int, least: int, windows: I32, spans: I64, n: int) -> int:
    """Put a frontier person's stay, cut to its window, among the others by its begin."""
    person = record >> 32
    start = (record >> 16) & 0xFFFF
    begin = max(start, windows[person, 0] - base)
    end = min(start + (record & 0xFFFF), windows[person, 1] - base)
    if end - begin < least:
        return n
    at = n
    while at > 0 and spans[at - 1, 0] > begin:
        spans[at, 0], spans[at, 1] = spans[at - 1, 0], spans[at - 1, 1]
        at -= 1
    spans[at, 0], spans[at, 1] = begin, end
    return n + 1


@kernel
def _marks(
    records: int, row: int, stop: int, least: int, status: U8, spans: I64, n_spans: int,
    marks: I64, n: int,
) -> int:  # fmt: skip
    """Append everybody at this place who overlaps a span by `least` minutes, and since when.

    Of all spans that have begun when somebody comes, the one that lasts longest decides; if it
    does not last, the next that begins does. So each row looks at two numbers, not at all spans.
    """
    next_span, lasts = 0, -1
    while row < stop:
        record = u64_at(records, row)
        row += 1
        start = (record >> 16) & 0xFFFF
        while next_span < n_spans and spans[next_span, 0] <= start:
            lasts = max(lasts, spans[next_span, 1])
            next_span += 1
        enough = (record & 0xFFFF) >= least
        since = start
        if lasts < start + least:
            since = spans[next_span, 0] if next_span < n_spans else 1 << 20
            enough = since + least <= start + (record & 0xFFFF)
        if enough and status[record >> 32] == NOTHING:
            marks[n] = (since << 32) | (record >> 32)
            n += 1
    return n


@kernel
def _mark(marks: I64, base: int, first: I32) -> None:
    for i in range(marks.size):
        person = marks[i] & 0xFFFFFFFF
        first[person] = min(first[person], base + (marks[i] >> 32))


@kernel
def _settle(first: I32, status: U8) -> None:
    """Days are swept in order: who was reached today cannot be reached earlier any more."""
    for person in range(first.size):
        if first[person] != NEVER:
            status[person] = KNOWN
