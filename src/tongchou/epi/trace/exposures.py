"""Question 4: where cases crossed, ranked by how surprising that is and not by how many they were.

Everybody passes the station, so many cases do. A place is held against all its visitors: had the
cases been drawn at random, how likely would so many of them have been among those visitors?
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import kinds
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.day import DAY_MINUTES, I64, U8, U32, City
from tongchou.epi.trace.hypergeometric import F64, adjusted, log_tail
from tongchou.epi.trace.tables import N_KEYS, OFFSETS, RECORDS, Tables, tiny
from tongchou.kit.compiled import example, kernel, u32_at, u64_at, workers

#: Homes are left out: who lives with a case is a contact, not a finding.
MASK = kinds.ALL & ~kinds.HOME.mask
#: A stay of a case is one number: place, day, who. A million cases and eleven years fit.
DAY_BITS, WHO_BITS = 12, 20
#: Stands for all days of the window together.
WHOLE = -1


@dataclass(frozen=True, eq=False)
class Sites:
    """Places, and places on one day, where cases crossed; the most surprising first.

    Parameters
    ----------
    place
        i64[n].
    day
        Days since 1970, or `WHOLE` for the whole window, i64[n].
    n_cases, n_visitors
        Distinct people, cases included among the visitors, i64[n].
    log_p
        Natural logarithm of the hypergeometric tail, f64[n].
    adjusted
        Benjamini-Hochberg over every place that counts, each day and the whole window, f64[n].
    """

    place: I64
    day: I64
    n_cases: I64
    n_visitors: I64
    log_p: F64
    adjusted: F64

    def __len__(self) -> int:
        return self.place.size

    @property
    def p_value(self) -> F64:
        """Zero where it is below 1e-308; `log_p` still tells such places apart."""
        return np.exp(self.log_p)


@dataclass(frozen=True, eq=False)
class Visitors:
    """Who was at a place, ascending by person, since when and for how long in all."""

    person: U32
    first: I64
    minutes: I64

    def __len__(self) -> int:
        return self.person.size


def ranked(
    city: City | Tables,
    cases: Cases,
    *,
    mask: int = MASK,
    min_cases: int = 2,
    threads: int = 1,
) -> Sites:
    """Where at least `min_cases` cases were inside their windows, the most surprising first.

    The whole window runs from the first day of any case's window to the last of any. On one day,
    only the cases whose window touches it could have been seen. A stay over midnight is one on
    both days; one of no length counts.

    Parameters
    ----------
    mask
        The kinds of place that count; homes do not by default.
    threads
        The answer is the same with any number.

    Raises
    ------
    ValueError
        For over a million cases, or eleven years of days.
    """
    tables = Tables.of(city)
    if len(cases) >= 1 << WHO_BITS or tables.starts.size >= 1 << DAY_BITS:
        raise ValueError("at most a million cases and 4,095 days: ask for fewer at a time")
    people, who = np.unique(cases.person, return_inverse=True)
    low, high = _days(cases)
    first = int(np.searchsorted(tables.starts, low * DAY_MINUTES))
    stop = int(np.searchsorted(tables.starts, high * DAY_MINUTES))
    seen = _case_days(
        cases.person, cases.since, cases.until, who, tables.starts, first, stop, tables.by_person,
        tables.kind, mask,
    )  # fmt: skip
    place, day, n_cases = _crossings(np.unique(seen), min_cases)
    n_visitors = _count(tables, place, day, first, stop, threads)
    n_drawn = np.full(place.size, people.size)
    for number in np.unique(day[day != WHOLE]).tolist():
        base = tables.starts[number]
        inside = (cases.since < base + DAY_MINUTES) & (cases.until > base)
        n_drawn[day == number] = np.unique(who[inside]).size
    log_p = log_tail(n_cases, n_visitors, n_drawn, tables.city.n_people)
    n_kinds = np.bincount(tables.kind, minlength=kinds.N_KINDS)
    n_places = sum(int(n) for kind, n in enumerate(n_kinds) if (mask >> kind) & 1)
    fair = adjusted(log_p, n_places * (stop - first + 1))
    on = np.where(day == WHOLE, WHOLE, tables.starts[day.clip(0)] // DAY_MINUTES)
    order = np.lexsort((on, place, -n_cases, log_p))
    return Sites(
        place[order], on[order], n_cases[order], n_visitors[order], log_p[order], fair[order]
    )


def visitors(city: City | Tables, place: int, first_day: int, last_day: int) -> Visitors:
    """Everybody who was at a place on these days (since 1970, both included), to be notified."""
    tables = Tables.of(city)
    parts = list(_rows(tables, place, first_day, last_day))
    record, base = (np.concatenate(column) for column in zip(*parts, strict=True))
    person, at = np.unique(record >> np.uint64(32), return_inverse=True)
    first = np.full(person.size, np.iinfo(np.int64).max)
    start = base + ((record >> np.uint64(16)) & np.uint64(0xFFFF)).astype(np.int64)
    np.minimum.at(first, at, start)
    stays = (record & np.uint64(0xFFFF)).astype(np.float64)
    minutes = np.bincount(at, stays, person.size).astype(np.int64)
    return Visitors(person.astype(np.uint32), first, minutes)


def _rows(
    tables: Tables, place: int, first_day: int, last_day: int
) -> Iterator[tuple[NDArray[np.uint64], I64]]:
    yield np.empty(0, np.uint64), np.empty(0, np.int64)
    for start, day in zip(tables.starts.tolist(), tables.city.days, strict=True):
        if first_day <= start // DAY_MINUTES <= last_day:
            rows = np.asarray(day.by_place.rows(place))
            yield rows, np.full(rows.size, start, np.int64)


def _days(cases: Cases) -> tuple[int, int]:
    """First day of any window and the day after the last, since 1970."""
    if not len(cases):
        return 0, 0
    return int(cases.since.min()) // DAY_MINUTES, -(-int(cases.until.max()) // DAY_MINUTES)


def _crossings(seen: I64, min_cases: int) -> tuple[I64, I64, I64]:
    """(place, day number or `WHOLE`, number of cases) where there were enough of them."""
    days, n_on_day = np.unique(seen >> WHO_BITS, return_counts=True)
    who = seen & ((1 << WHO_BITS) - 1)
    pairs = np.unique(seen >> (WHO_BITS + DAY_BITS) << WHO_BITS | who) >> WHO_BITS
    places, n_at_place = np.unique(pairs, return_counts=True)
    days, n_on_day = days[n_on_day >= min_cases], n_on_day[n_on_day >= min_cases]
    places, n_at_place = places[n_at_place >= min_cases], n_at_place[n_at_place >= min_cases]
    return (
        np.concatenate((places, days >> DAY_BITS)),
        np.concatenate((np.full(places.size, WHOLE), days & ((1 << DAY_BITS) - 1))),
        np.concatenate((n_at_place, n_on_day)),
    )


def _count(tables: Tables, place: I64, day: I64, first: int, stop: int, threads: int) -> I64:
    """Distinct visitors of each place, on its day or on all days from `first` up to `stop`."""
    out = np.zeros(place.size, np.int64)
    threads = workers(threads)
    # dealt out like cards, so that no thread gets all of the large places
    hands = [np.arange(i, place.size, threads) for i in range(threads)]
    low, high = np.where(day == WHOLE, first, day), np.where(day == WHOLE, stop, day + 1)

    def count(hand: I64) -> None:
        bits = np.zeros(tables.city.n_people // 64 + 1, np.int64)
        out[hand] = _distinct(place[hand], low[hand], high[hand], tables.by_place, bits)

    if threads == 1:
        count(hands[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(count, hands))
    return out


@kernel
def _case_days(
    person: U32, since: I64, until: I64, who: I64, starts: I64, first: int, stop: int,
    by_person: I64, kind_of: U8, mask: int,
) -> I64:  # fmt: skip
    """Place, day number and who, packed, of every stay of a case inside its window."""
    found = np.empty(64, np.int64)
    n = 0
    for case in range(person.size):
        me = int(person[case])
        for day in range(first, stop):
            if me >= by_person[day, N_KEYS]:
                continue
            row = u32_at(by_person[day, OFFSETS], me)
            last = u32_at(by_person[day, OFFSETS], me + 1)
            while row < last:
                record = u64_at(by_person[day, RECORDS], row)
                row += 1
                place = record >> 32
                start = starts[day] + ((record >> 16) & 0xFFFF)
                end = start + (record & 0xFFFF)
                inside = start < until[case] and (end > since[case] or start >= since[case])
                if inside and place < kind_of.size and (mask >> np.int64(kind_of[place])) & 1:
                    if n == found.size:
                        larger = np.empty(2 * n, np.int64)
                        larger[:n] = found
                        found = larger
                    found[n] = (place << DAY_BITS | day) << WHO_BITS | who[case]
                    n += 1
    return found[:n].copy()


@kernel
def _distinct(place: I64, low: I64, high: I64, by_place: I64, bits: I64) -> I64:
    """Distinct people per place over the days [low, high); `bits` is all zero, before and after."""
    out = np.zeros(place.size, np.int64)
    for i in range(place.size):
        n, n_rows = 0, 0
        for day in range(low[i], high[i]):
            if place[i] >= by_place[day, N_KEYS]:
                continue
            row = u32_at(by_place[day, OFFSETS], place[i])
            last = u32_at(by_place[day, OFFSETS], place[i] + 1)
            n_rows += last - row
            records = by_place[day, RECORDS]
            while row < last:
                person = np.uint64(u64_at(records, row)) >> np.uint64(32)
                word = person >> np.uint64(6)
                bit = np.int64(1) << np.int64(person & np.uint64(63))
                n += (bits[word] & bit) == 0
                bits[word] |= bit
                row += 1
        out[i] = n
        if 8 * n_rows > bits.size:  # clearing all of it is faster than going the same way again
            bits[:] = 0
        else:
            _clear(place[i], low[i], high[i], by_place, bits)
    return out


@kernel
def _clear(place: int, low: int, high: int, by_place: I64, bits: I64) -> None:
    for day in range(low, high):
        if place >= by_place[day, N_KEYS]:
            continue
        row = u32_at(by_place[day, OFFSETS], place)
        last = u32_at(by_place[day, OFFSETS], place + 1)
        while row < last:
            person = np.uint64(u64_at(by_place[day, RECORDS], row)) >> np.uint64(32)
            bits[person >> np.uint64(6)] = 0
            row += 1


@example
def _warm_up() -> None:
    ranked(tiny(), Cases.of([(0, 0, 1440), (1, 0, 1440)]), mask=kinds.ALL)
