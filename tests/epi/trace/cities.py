"""Little cities for the tests of tracing: a few people and places, any days."""

from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from tongchou.epi.trace import kinds
from tongchou.epi.trace.contacts import Cases, Pairs
from tongchou.epi.trace.day import City, Day, Places

MONDAY = date(2022, 7, 4)
BASE = (MONDAY - date(1970, 1, 1)).days * 1440

#: One stay: person, place, first minute and length, counted from Monday 00:00.
Stay = tuple[int, int, int, int]


def split(stays: list[Stay]) -> list[tuple[int, int, int, int, int]]:
    """(day, person, place, start, minutes) of the parts between midnights."""
    parts = []
    for person, place, start, minutes in stays:
        while True:
            day, minute = divmod(start, 1440)
            here = min(minutes, 1440 - minute)
            parts.append((day, person, place, minute, here))
            start, minutes = start + here, minutes - here
            if minutes <= 0:
                break
    return parts


def city_of(
    stays: list[Stay],
    place_kinds: list[kinds.Kind],
    *,
    n_people: int = 8,
    cells: list[int] | None = None,
    without: tuple[int, ...] = (),
) -> City:
    """A city with these stays; days in `without` are missing."""
    parts = split(stays)
    cell = np.array(cells or [0] * len(place_kinds), np.uint32)
    days = []
    for number in sorted({part[0] for part in parts} - set(without)):
        rows = np.array([p[1:] for p in parts if p[0] == number], np.int64).reshape(-1, 4)
        days.append(
            Day.of(
                MONDAY + timedelta(days=number),
                rows[:, 0].astype(np.uint32),
                rows[:, 1].astype(np.uint32),
                rows[:, 2].astype(np.uint16),
                rows[:, 3].astype(np.uint16),
                n_people,
                len(place_kinds),
                cell,
            )
        )
    ground = Places(
        kind=np.array([kind.number for kind in place_kinds], np.uint8),
        cell=cell,
        longitude=np.zeros(len(place_kinds)),
        latitude=np.zeros(len(place_kinds)),
        shared_room=np.array([kind.shared_room for kind in place_kinds], np.bool_),
    )
    return City(ground, n_people, days)


def cases_of(*cases: tuple[int, int, int]) -> Cases:
    """(person, since, until), minutes counted from Monday 00:00."""
    columns = np.array(cases, np.int64).reshape(-1, 3)
    return Cases(columns[:, 0].astype(np.uint32), columns[:, 1] + BASE, columns[:, 2] + BASE)


def as_rows(pairs: Pairs) -> list[tuple[int, ...]]:
    """Pairs as the reference writes them, sorted."""
    columns = (
        pairs.case, pairs.person, pairs.meetings, pairs.minutes, pairs.shared_minutes,
        pairs.first, pairs.last, pairs.kinds,
    )  # fmt: skip
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


PLACE_KINDS = [kinds.HOME, kinds.WORK, kinds.VEHICLE, kinds.SHOP, kinds.MEDICAL]

#: Any stays of 8 people in 5 places over 3 days; many share their minutes, some are empty, some
#: run over midnight, some of one person overlap.
stays = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, len(PLACE_KINDS) - 1),
        st.one_of(st.integers(0, 4319), st.sampled_from([0, 600, 1380, 1439, 1440, 2880])),
        st.one_of(st.integers(0, 1500), st.sampled_from([0, 1, 15, 60, 240])),
    ),
    max_size=40,
)

some_cases = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.one_of(st.integers(-500, 4500), st.sampled_from([0, 1440])),
        st.one_of(st.integers(0, 6000), st.sampled_from([1440, 2880])),
    ),
    min_size=1,
    max_size=3,
)
