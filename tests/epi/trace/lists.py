"""Short lists of visits for the tests of the store, and the answer a single sort would give."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from tongchou.epi.trace import kinds
from tongchou.epi.trace.checks import Refusals
from tongchou.epi.trace.day import City, Order, Places, Visits, unpack
from tongchou.epi.trace.keys import Coder, Keys
from tongchou.epi.trace.reading import Read

#: Saturday 1 January 2022, 0:00, in minutes and in days since 1970.
NEW_YEAR = 27_349_920
DAY = NEW_YEAR // 1440

#: person, place, start in minutes since New Year, length in minutes
Stay = tuple[str, str, int, int]


def read_of(stays: Iterable[Stay], kind: kinds.Kind = kinds.HOME) -> Read:
    """As `reading` would hand it over; every place is of one kind, in a cell of its own."""
    stays = list(stays)
    people, places = Coder(), Coder()
    person = people.add(Keys.of(stay[0] for stay in stays))
    place = places.add(Keys.of(stay[1] for stay in stays))
    n = len(places)
    return Read(
        visits=Visits(
            person,
            place,
            np.array([NEW_YEAR + stay[2] for stay in stays], np.int64),
            np.array([stay[3] for stay in stays], np.int32),
        ),
        lines=np.arange(1, len(stays) + 1),
        file=np.zeros(len(stays), np.uint16),
        places=Places(
            np.full(n, kind.number, np.uint8),
            np.arange(n, dtype=np.uint32),
            120.0 + np.arange(n) / 10,
            np.full(n, 31.0),
            np.full(n, kind.shared_room, np.bool_),
        ),
        people=people.keys,
        place_keys=places.keys,
        refusals=Refusals.none(),
        n_read=len(stays),
        n_other_kind=0,
    )


def rows_of(order: Order, keys: Keys, others: Keys) -> Counter[tuple[str, str, int, int]]:
    """(key, other, start of the day, minutes) of a sorted copy."""
    columns = (order.keys(), *unpack(order.records))
    return Counter(
        (keys[k], others[o], s, m)
        for k, o, s, m in zip(*(c.tolist() for c in columns), strict=True)
    )


def records_of(city: City, people: Keys, places: Keys) -> Counter[tuple[int, str, str, int, int]]:
    """(day since New Year, person, place, start, minutes) of a whole city."""
    found: Counter[tuple[int, str, str, int, int]] = Counter()
    for day in city.days:
        for row, n in rows_of(day.by_person, people, places).items():
            found[(day.on.toordinal() - 738_156, *row)] += n
    return found


def one_sort(stays: Iterable[Stay]) -> Counter[tuple[int, str, str, int, int]]:
    """What a store must hold of these stays, by going through every minute of every day."""
    spans: dict[tuple[int, str, str], list[tuple[int, int]]] = {}
    for person, place, start, minutes in stays:
        while True:
            day, minute = divmod(start, 1440)
            here = min(minutes, 1440 - minute)
            spans.setdefault((day, person, place), []).append((minute, minute + here))
            start, minutes = start + here, minutes - here
            if minutes <= 0:
                break
    found: Counter[tuple[int, str, str, int, int]] = Counter()
    for (day, person, place), parts in spans.items():
        merged: list[list[int]] = []
        for since, until in sorted(parts):
            if merged and (since < merged[-1][1] or since == merged[-1][0]):
                merged[-1][1] = max(merged[-1][1], until)
            else:
                merged.append([since, until])
        for since, until in merged:
            found[day, person, place, since, until - since] += 1
    return found
