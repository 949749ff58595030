"""Visits cut at midnight, so that each day can answer for itself.

A stay from 23:00 to 7:00 is one record of 60 minutes and one of 420. Two people who were together
across midnight meet in both days, and the minutes of the two meetings add up to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tongchou.epi.trace.day import DAY_MINUTES, I32, I64, U32, U64, City, Day, Places, Visits
from tongchou.kit.compiled import example, kernel

EPOCH = date(1970, 1, 1)
#: A list that spans more days than this has a wrong date in it.
MOST_DAYS = 40_000


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The records of one day, unsorted: place u32[n] and packed with the person in them u64[n]."""

    place: U32
    records: U64

    def __len__(self) -> int:
        return self.place.size

    @classmethod
    def joined(cls, parts: Sequence["Pieces"]) -> "Pieces":
        """All of them, one after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls(np.zeros(0, np.uint32), np.zeros(0, np.uint64))
        return cls(
            np.concatenate([part.place for part in parts]),
            np.concatenate([part.records for part in parts]),
        )


def number_of(on: date) -> int:
    """Days since 1970."""
    return (on - EPOCH).days


def date_of(number: int) -> date:
    """The day so many days after 1970-01-01."""
    return EPOCH + timedelta(days=number)


def split(visits: Visits) -> dict[int, Pieces]:
    """One piece per visit and day it touches, by days since 1970, ascending.

    A stay that ends at midnight does not touch the next day; one of no length is kept, on the day
    it stands. The minutes of the pieces add up to those of the visits.

    Raises
    ------
    ValueError
        For a visit that ends before it starts, or a list that spans over a hundred years.
    """
    if not len(visits):
        return {}
    shortest, begin, end = _span(visits.start, visits.minutes)
    if shortest < 0:
        raise ValueError("a visit ends before it starts: let checks.check refuse it first")
    first, last = begin // DAY_MINUTES, end // DAY_MINUTES
    if last - first > MOST_DAYS:
        raise ValueError(
            f"the visits span {date_of(first)} and {last - first} days: a date in them is wrong"
        )
    counts = _count(visits.start, visits.minutes, first, last - first + 1)
    ends = np.cumsum(counts)
    place, records = _cut(
        visits.person, visits.place, visits.start, visits.minutes, first, ends - counts
    )
    return {
        first + day: Pieces(place[end - n : end], records[end - n : end])
        for day, (n, end) in enumerate(zip(counts.tolist(), ends.tolist(), strict=True))
        if n
    }


def city_of(visits: Visits, places: Places, n_people: int) -> City:
    """A city in memory, with all three orders, from visits that need not be split or sorted.

    Nothing is merged: two overlapping stays of one person at one place stay two. The store makes
    one of them; see `sorting.merge_rows`.
    """
    days = [
        Day.of_pieces(date_of(number), part.place, part.records, n_people, len(places), places.cell)
        for number, part in split(visits).items()
    ]
    return City(places, n_people, days)


@kernel
def _span(start: I64, minutes: I32) -> tuple[int, int, int]:
    """Shortest stay, first start, last end."""
    shortest, begin, end = np.int64(minutes[0]), start[0], start[0]
    for i in range(start.size):
        shortest = min(shortest, np.int64(minutes[i]))
        begin = min(begin, start[i])
        end = max(end, start[i] + minutes[i])
    return int(shortest), int(begin), int(end)


@kernel
def _count(start: I64, minutes: I32, first: int, n_days: int) -> I64:
    counts = np.zeros(n_days, np.int64)
    for i in range(start.size):
        day = start[i] // 1440 - first
        last = (start[i] + max(np.int64(minutes[i]), 1) - 1) // 1440 - first
        for k in range(day, last + 1):
            counts[k] += 1
    return counts


@kernel
def _cut(
    person: U32, place: U32, start: I64, minutes: I32, first: int, starts: I64
) -> tuple[U32, U64]:
    cursor = starts.copy()
    n = np.int64(0)
    for i in range(start.size):
        length = max(np.int64(minutes[i]), 1)
        n += (start[i] + length - 1) // 1440 - start[i] // 1440 + 1
    places = np.empty(n, np.uint32)
    records = np.empty(n, np.uint64)
    for i in range(start.size):
        day = start[i] // 1440
        begin = start[i] - day * 1440
        left = np.int64(minutes[i])
        while True:
            here = min(left, 1440 - begin)
            at = cursor[day - first]
            cursor[day - first] = at + 1
            places[at] = place[i]
            records[at] = np.uint64(person[i]) << np.uint64(32) | np.uint64(begin << 16 | here)
            left -= here
            if left <= 0:
                break
            day += 1
            begin = 0
    return places, records


@example
def _warm_up() -> None:
    split(
        Visits(
            np.zeros(1, np.uint32),
            np.zeros(1, np.uint32),
            np.zeros(1, np.int64),
            np.ones(1, np.int32),
        )
    )
