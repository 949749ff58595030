"""What one run remembers from day to day: a few bytes per person, a record per infection.

Arrays that a run never writes (nobody is held, no zone is drawn) are never taken from memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.absence import REASONS
from tongchou.epi.spread.behaviour import LEVELS, Behaviour
from tongchou.epi.spread.draws import streams
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.memory import LARGE, room
from tongchou.epi.spread.series import SERIES
from tongchou.epi.spread.settling import BOOKED
from tongchou.epi.spread.slots import SLOT, Slots, empty
from tongchou.epi.spread.tables import Tables
from tongchou.epi.spread.ways import N_LAYERS, ROLES, Ways

__all__ = ["Run"]

T = TypeVar("T")
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

WHOLE = np.int64
#: Quarantine of one person; eight bytes, so that one look reads all of it.
HOLD = np.dtype(
    [
        ("held_from", np.int16),
        ("facility_until", np.int16),
        ("held_until", np.int16),
        ("keeps", np.uint8),
        ("spare", np.uint8),
    ]
)
#: Stocks that are booked as stays: in on one day, out on another.
STAYS = ("in_isolation", "in_facility", "in_home")
AGE_GROUPS = 18
SECTORS = 43


@dataclass(frozen=True)
class Room:
    """Where one pass writes the crossings that it finds."""

    source: I32
    person: I32
    layer: U8
    rank: U8

    @classmethod
    def of(cls, size: int) -> Room:
        one, other = np.empty((2, size), np.int32), np.empty((2, size), np.uint8)
        return cls(one[0], one[1], other[0], other[1])


@dataclass
class Run:
    """One run under way. Measures read and write it; `step.one_day` moves it on.

    Attributes
    ----------
    people
        `Ways` of a city, or a `Graph`.
    day, weekday
        Today; weekday 0 is Monday.
    susceptibility
        u8[n]: 0 for who cannot be infected (any more), 255 for the most susceptible.
    slot_of
        i32[n]: slot + 1 of who was ever infected, 0 for all others; `slots.UNNOTICED` or
        `slots.SETTLED` for whose record was put away.
    facility_until, held_until
        i16[n], columns of `holds`: first day out of the facility, first day free.
    keeps
        u8[n]: 1 for who keeps to quarantine while it lasts.
    zone, zoned
        u8[n]: 0 none, 1 precaution, 2 control, 3 lockdown; whether there is any.
    zone_people
        i64[n_districts, 4]: people at each level; who lives in no zone is not counted.
    kept_in
        i64[n_districts, 47]: people who may not leave lockdown and control zones, by role.
    absences
        day -> `behaviour.present` of a day on which it was not all ones.
    doses
        u8[n], or empty where nobody has any.
    slots, meets, first_slot, n_slots
        Everybody infected so far, in order, from `first_slot` on (what lies before was put away);
        their contacts a day, u8[n_slots, 7].
    active
        i32: slots of those who are infected and not yet well again, in order of infection.
    untraced
        i32: slots of known cases whose contacts nobody has looked for yet, the oldest first.
    due
        day -> slots whose positive result is known on that day.
    orders
        day -> quarantine orders that begin then: i32[m, 3], person, last exposure, tier.
    rate, rate_turn, bare
        Hazards of one contact (`Behaviour.rate`), 0 or 1 by turns as they change, and
        `Behaviour.bare`.
    residents
        i64[n_districts]: who lives there.
    tempo
        u8[n_districts]: `policy.PEACE` or `policy.WAR`.
    adherence
        f64[n_districts]: of what people are asked today, the share that is done.
    found_today, found_outside
        Slots whose result came today; those of them who were not in quarantine.
    tests_due
        i64[2, days + 1, n_districts]: people in quarantine who are to be sampled on a day, by the
        test days of either tempo.
    away
        i32[3, days + 1, n_districts, 43]: how many workers more are away each day, by the rows of
        `absence` and by sector.
    moves
        name of `STAYS` -> i64[days + 1, n_districts]: how many more each day, see `stay`.
    daily
        name -> i64 or f64[days, n_districts], see `series`.
    """

    seed: int
    days: int
    policy: Any  # a `Policy`; the measures it is made of import this file
    people: Ways | Graph
    tables: Tables
    district_start: I32
    ages: U8
    susceptibility: U8
    behaviour: Behaviour
    threads: int = 1
    first_weekday: int = 0
    day: int = 0
    n_slots: int = 0
    first_slot: int = 0
    doses: U8 = field(default_factory=lambda: np.empty(0, np.uint8))
    pool: ThreadPoolExecutor | None = None

    def __post_init__(self) -> None:
        n = self.n
        self.slot_of: I32 = room(n, np.int32)
        self.holds = room(n, HOLD)
        self.held_from: I16 = self.holds["held_from"]
        self.facility_until: I16 = self.holds["facility_until"]
        self.held_until: I16 = self.holds["held_until"]
        self.keeps: U8 = self.holds["keeps"]
        # addresses, for kernels that ask for memory ahead of need
        self.where_open = int(self.susceptibility.ctypes.data)
        self.where_held = int(self.holds.ctypes.data)
        self.where_slot = int(self.slot_of.ctypes.data)
        self.zone: U8 = room(n, np.uint8)
        self.zoned = False
        self.zone_people: I64 = np.zeros((self.n_districts, LEVELS), np.int64)
        self.kept_in: I64 = np.zeros((self.n_districts, ROLES), np.int64)
        self.absences: dict[int, NDArray[np.float32]] = {}
        self.rooms: list[Room] = []
        self._streams: NDArray[np.uint64] = np.empty((self.days + 1, purposes.MANY), np.uint64)
        self._told = [False] * (self.days + 1)
        self._told_upto = 0
        self.rate: NDArray[np.float32] = np.empty((0, N_LAYERS), np.float32)
        self.rate_turn = 0
        self.bare = True
        self.made: dict[type, Any] = {}
        self.held = False
        self.slots: Slots = empty(n) if n < LARGE else room(n, SLOT)
        shape = (n, N_LAYERS)
        self.meets: U8 = np.empty(shape, np.uint8) if n < LARGE else room(shape, np.uint8)
        self._list: I32 = room(n, np.int32)
        self.active: I32 = self._list[:0]
        self._own = self.active  # what `active` is unless somebody has set it
        self.found_today: I32 = np.empty(0, np.int32)
        self.found_outside: I32 = np.empty(0, np.int32)
        self.due: dict[int, list[I32]] = defaultdict(list)
        self.orders: dict[int, list[I32]] = defaultdict(list)
        self.untraced: I32 = np.empty(0, np.int32)
        self.group_of: I32 = np.empty(0, np.int32)
        self.sector_of_group: U8 = np.empty(0, np.uint8)
        if isinstance(self.people, Ways):
            self.group_of, self.sector_of_group = self.people.group, self.people.group_sector
        self.where_group = int(self.group_of.ctypes.data)
        self.residents: I64 = np.diff(self.district_start).astype(np.int64)
        self.tempo: U8 = np.zeros(self.n_districts, np.uint8)
        self.adherence: NDArray[np.float64] = np.ones(self.n_districts)
        self.booked: I32 = np.zeros((len(BOOKED), self.days, self.n_districts), np.int32)
        self.age_infections: I64 = np.zeros((self.n_districts, AGE_GROUPS), np.int64)
        self.age_deaths: I64 = np.zeros((self.n_districts, AGE_GROUPS), np.int64)
        self.daily: dict[str, NDArray[Any]] = {
            name: np.zeros((self.days, self.n_districts), WHOLE if kind != "staff" else float)
            for name, kind in ((one.name, one.kind) for one in SERIES.values())
            if name not in BOOKED and name not in STAYS
        }
        self.moves: dict[str, I64] = {
            name: np.zeros((self.days + 1, self.n_districts), np.int64) for name in STAYS
        }
        self._stayed: dict[str, tuple[int, I64]] = {}
        self.tests_due: I64 = np.zeros((2, self.days + 1, self.n_districts), np.int64)
        many = (self.n_districts, SECTORS)
        self.away: I32 = np.zeros((REASONS, self.days + 1, *many), np.int32)
        self._gone: tuple[int, I64] = (-1, np.zeros((REASONS, *many), np.int64))
        self.workdays_lost = {
            reason: np.zeros((self.n_districts, SECTORS))
            for reason in ("ill", "quarantine", "zone", "closure")
        }

    @property
    def n(self) -> int:
        return int(self.ages.size)

    @property
    def n_districts(self) -> int:
        return int(self.district_start.size) - 1

    def under(self, tempos: list[int]) -> NDArray[np.bool_]:
        """bool[n_districts]: which districts are in one of these tempos."""
        chosen = np.zeros(2, np.bool_)
        chosen[tempos] = True
        return chosen[self.tempo]

    @property
    def weekday(self) -> int:
        return (self.first_weekday + self.day) % 7

    @property
    def week(self) -> int:
        """The number of the week; the first may be short."""
        return self.week_of(self.day)

    def week_of(self, day: int) -> int:
        return (self.first_weekday + day) // 7

    @property
    def begun(self) -> bool:
        """Whether anything is done at all yet."""
        return bool(self.day >= self.policy.start_day)

    def keep_tables(self) -> None:
        """Keep what transmission needs of the tables of behaviour, now that all is written."""
        rate = self.behaviour.rate()
        if not np.array_equal(rate, self.rate):
            self.rate, self.rate_turn = rate, 1 - self.rate_turn
        self.bare = self.behaviour.bare

    def stay(self, name: str, district: Any, first: Any, until: Any, by: int = 1) -> None:
        """People are somewhere from day `first` up to, not with, day `until` (arrays alike).

        `by` -1 takes such a stay back. Days before today count as today.
        """
        moves = self.moves[name]
        first = np.clip(first, self.day, self.days)
        until = np.clip(until, first, self.days)
        np.add.at(moves, (first, district), by)
        np.add.at(moves, (until, district), -by)

    def staying(self, name: str) -> I64:
        """i64[n_districts]: how many are there today, as far as is booked."""
        day, before = self._stayed.get(name, (0, None))
        if before is None or day > self.day:
            day, before = 0, np.zeros(self.n_districts, np.int64)
        while day < self.day:  # what is booked for a day that is over never changes again
            before = before + self.moves[name][day]
            day += 1
        self._stayed[name] = day, before
        return before + self.moves[name][self.day]  # type: ignore[no-any-return]

    def gone(self) -> I64:
        """i64[3, n_districts, 43]: how many workers are away today, see `away`."""
        day, before = self._gone
        if day > self.day:
            day, before = -1, np.zeros_like(before)
        while day < self.day:
            day += 1
            before = before + self.away[:, day]
        self._gone = day, before
        return before

    def own_list(self) -> I32:
        """`active`, to be written into and to grow: somebody may have set an array of their own."""
        if self.active is not self._own:
            self._list[: self.active.size] = self.active
            self.resize_list(self.active.size)
        return self.active

    def resize_list(self, size: int) -> None:
        """As many of `own_list` are active as `size` says."""
        self.active = self._own = self._list[:size]

    def join(self, first: int, last: int) -> None:
        """Slots `first` to `last` join those who are active."""
        before = self.own_list().size
        size = before + last - first
        self._list[before:size] = np.arange(first, last, dtype=np.int32)
        self.resize_list(size)

    def once(self, key: type, make: Callable[[Run], T]) -> T:
        """What `make` made of this run when it was first asked for under `key`."""
        if key not in self.made:
            self.made[key] = make(self)
        return self.made[key]  # type: ignore[no-any-return]

    def buffers(self, piece: int, size: int) -> Room:
        """Room for `size` crossings of one piece of the list, kept from day to day."""
        while len(self.rooms) <= piece:
            self.rooms.append(Room.of(0))
        if self.rooms[piece].source.size < size:
            self.rooms[piece] = Room.of(size * 2)
        return self.rooms[piece]

    def rings(self, day: int | None = None) -> NDArray[np.uint64]:
        """u64[7]: the stream of each layer's rings on a day."""
        return self.streams(day)[purposes.RING : purposes.RING + N_LAYERS]

    def rings_of(self, days: range) -> NDArray[np.uint64]:
        """u64[days, 7]: `rings` of days one after another; a day before the first counts as it."""
        first = max(days.start, 0)
        while self._told_upto < days.stop:
            self.streams(self._told_upto)
            self._told_upto += 1
        rows = self._streams[first : days.stop, purposes.RING : purposes.RING + N_LAYERS]
        if days.start >= 0:
            return np.ascontiguousarray(rows)
        return np.concatenate((np.repeat(rows[:1], -days.start, axis=0), rows))

    def stream(self, purpose: int, day: int | None = None) -> np.uint64:
        """The stream of a purpose, today unless another day is named."""
        return self.streams(day)[purpose]  # type: ignore[no-any-return]

    def streams(self, day: int | None = None) -> NDArray[np.uint64]:
        """u64[purposes]: the streams of all purposes on a day, worked out once."""
        day = self.day if day is None else day
        if not 0 <= day <= self.days:
            return streams(self.seed, day, purposes.MANY)
        if not self._told[day]:
            self._streams[day] = streams(self.seed, day, purposes.MANY)
            self._told[day] = True
        return self._streams[day]  # type: ignore[no-any-return]

    def districts_of(self, persons: I32) -> NDArray[np.int64]:
        """The district of each person."""
        return np.searchsorted(self.district_start, persons, side="right") - 1

    def count(self, name: str, persons: I32, by: int = 1) -> None:
        """Add these people to today's figure of a daily series, each in the own district."""
        if persons.size:
            found = np.bincount(self.districts_of(persons), minlength=self.n_districts)
            self.daily[name][self.day] += found * by
