"""Two weeks of visits of a synthetic city: homes, work, vehicles and venues with heavy heads.

Shape and laws are those of the tracing study this project began with: 3.6 visits per person and
day, most nights at home, two thirds at work on weekdays, lines and venues by Zipf-Mandelbrot. Every
draw is a hash of (seed, person, day, purpose), so a city of one size is always the same.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tongchou.epi.trace import kinds
from tongchou.epi.trace.day import City, Day, Order, Places
from tongchou.kit.compiled import kernel

FIRST_DAY = date(2022, 7, 4)  # a Monday
#: What the generator keeps to; the kernels' dwell bound.
LONGEST = {kinds.HOME: 1000, kinds.WORK: 840, kinds.VEHICLE: 180}
LONGEST |= dict.fromkeys((kinds.SHOP, kinds.RESTAURANT, kinds.LEISURE), 360)


@dataclass(frozen=True)
class Plan:
    """How many of everything; 1 M people are the study's "m1", 10 M its "m10"."""

    n_people: int
    n_days: int = 14
    seed: int = 1

    @property
    def n_homes(self) -> int:
        return max(int(self.n_people / 2.6), 1)

    @property
    def n_works(self) -> int:
        return max(self.n_people // 25, 1)

    @property
    def n_vehicles(self) -> int:
        return max(self.n_people // 1500, 1) * 10  # ten to a line

    @property
    def n_venues(self) -> int:
        return max(self.n_people // 50, 1)

    @property
    def n_places(self) -> int:
        return self.n_homes + self.n_works + self.n_vehicles + self.n_venues


def longest() -> Any:
    """The dwell bound of this city, by kind."""
    bound = kinds.max_minutes()
    for kind, minutes in LONGEST.items():
        bound[kind.number] = minutes
    return bound


def places(plan: Plan) -> Places:
    rng = np.random.default_rng(plan.seed)
    kind = np.empty(plan.n_places, np.uint8)
    kind[: plan.n_homes] = kinds.HOME.number
    first = plan.n_homes
    kind[first : first + plan.n_works] = kinds.WORK.number
    first += plan.n_works
    kind[first : first + plan.n_vehicles] = kinds.VEHICLE.number
    first += plan.n_vehicles
    venue = (kinds.SHOP.number, kinds.RESTAURANT.number, kinds.LEISURE.number)
    kind[first:] = rng.choice(venue, plan.n_venues, p=(0.6, 0.3, 0.1))
    n_cells = max(plan.n_people // 3200, 1)
    cell = rng.integers(0, n_cells, plan.n_places, dtype=np.uint32)
    side = math.isqrt(n_cells) + 1
    return Places(
        kind=kind,
        cell=cell,
        longitude=120.0 + (cell % side) * 0.0094,
        latitude=32.0 + (cell // side) * 0.0072,
        shared_room=kinds.shared_room()[kind],
    )


def days(plan: Plan) -> Iterator[tuple[date, Any, Any, Any, Any]]:
    """(day, person u32, place u32, start u16, minutes u16), split at midnight."""
    rng = np.random.default_rng(plan.seed + 1)
    weight = np.cumsum(rng.lognormal(0.0, 1.0, plan.n_works))
    work = np.searchsorted(weight, rng.random(plan.n_people) * weight[-1]).astype(np.uint32)
    carried: tuple[Any, ...] = tuple(
        np.empty(0, t) for t in (np.uint32, np.uint32, np.uint16, np.uint16)
    )
    for number in range(plan.n_days):
        on = FIRST_DAY + timedelta(days=number)
        size = int(plan.n_people * 7.5) + 1000
        columns = tuple(np.empty(size, t) for t in (np.uint32, np.uint32, np.uint16, np.uint16))
        later = tuple(
            np.empty(2 * plan.n_people + 1000, t)
            for t in (np.uint32, np.uint32, np.uint16, np.uint16)
        )
        n, n_later = _one_day(
            plan.seed, number, on.weekday() < 5, plan.n_people, plan.n_homes, plan.n_works,
            plan.n_vehicles, plan.n_venues, work, *columns, *later,
        )  # fmt: skip
        yield on, *(np.concatenate((c, d[:n])) for c, d in zip(carried, columns, strict=True))
        carried = tuple(c[:n_later].copy() for c in later)


def build(plan: Plan, folder: Path | None = None, *, cells: bool = False) -> City:
    """Sort every day; with a folder the copies are written there and mapped, so that a city of
    10 M people needs no more memory than one of its days.
    """
    ground = places(plan)
    made = []
    for on, person, place, start, minutes in days(plan):
        day = Day.of(
            on, person, place, start, minutes, plan.n_people, plan.n_places,
            ground.cell if cells else None,
        )  # fmt: skip
        if folder is not None:
            mapped = {
                name: _mapped(folder / f"{on}-{name}", order)
                for name in ("by_place", "by_person", "by_cell")
                if (order := getattr(day, name)) is not None
            }
            day = Day(on, **mapped)
        made.append(day)
    return City(ground, plan.n_people, made)


def _mapped(stem: Path, order: Order) -> Order:
    found = []
    for name, array in (("off", order.offsets), ("rec", order.records)):
        path = stem.with_suffix(f".{name}.npy")
        np.save(path, array)
        found.append(np.load(path, mmap_mode="r"))
    return Order(*found)


@kernel
def _draw(seed: int, person: int, day: int, purpose: int) -> float:
    """Uniform on (0, 1): splitmix64 of the four."""
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(person) * np.uint64(0xD1B54A32D192ED03)
    z += np.uint64(day * 256 + purpose) * np.uint64(0x8CB92BA72F3D8DD7)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@kernel
def _normal(seed: int, person: int, day: int, purpose: int) -> float:
    radius = math.sqrt(-2.0 * math.log(_draw(seed, person, day, purpose)))
    return radius * math.cos(2 * math.pi * _draw(seed, person, day, purpose + 1))


@kernel
def _put(
    n: int, who: int, where: int, start: int, minutes: int, cols: Any, late: Any, m: int
) -> Any:
    """Append one stay; what runs over midnight goes into the next day."""
    if start < 0:
        start = 0
    if start >= 1440:
        late[0][m], late[1][m], late[2][m], late[3][m] = (
            who,
            where,
            start - 1440,
            min(minutes, 2880 - start),
        )
        return n, m + 1
    cols[0][n], cols[1][n], cols[2][n], cols[3][n] = who, where, start, min(minutes, 1440 - start)
    if start + minutes > 1440:
        late[0][m], late[1][m], late[2][m], late[3][m] = who, where, 0, start + minutes - 1440
        m += 1
    return n + 1, m


@kernel
def _one_day(
    seed: int, day: int, weekday: bool, n_people: int, n_homes: int, n_works: int,
    n_vehicles: int, n_venues: int, work: Any, c0: Any, c1: Any, c2: Any, c3: Any,
    l0: Any, l1: Any, l2: Any, l3: Any,
) -> tuple[int, int]:  # fmt: skip
    cols, late = (c0, c1, c2, c3), (l0, l1, l2, l3)
    n, m = 0, 0
    n_lines = n_vehicles // 10
    line_low = 20.0**0.3
    line_high = (n_lines + 20.0) ** 0.3
    venue_span = math.log((n_venues + 50.0) / 50.0)
    vehicles = n_homes + n_works
    venues = vehicles + n_vehicles
    for who in range(n_people):
        start = int(1110 + 70 * _normal(seed, who, day, 0))
        stay = int(min(max(780 + 60 * _normal(seed, who, day, 2), 60), 1000))
        home = int(_draw(seed, who, 999, 0) * n_homes)
        n, m = _put(n, who, home, start, stay, cols, late, m)
        working = weekday and _draw(seed, who, 999, 1) < 0.65
        rides = 0
        if working:
            start = int(510 + 45 * _normal(seed, who, day, 4))
            stay = int(min(500 * math.exp(0.25 * _normal(seed, who, day, 6)), 840))
            n, m = _put(n, who, n_homes + work[who], start, stay, cols, late, m)
            if _draw(seed, who, 999, 2) < 0.45:
                rides = 2
        if rides == 0 and _draw(seed, who, day, 8) < 0.4:
            rides = 1
        for ride in range(rides):
            # A commuter keeps to one line; which of its vehicles comes is chance.
            u = _draw(seed, who, 999, 3) if rides == 2 else _draw(seed, who, day, 9)
            line = (line_low + u * (line_high - line_low)) ** (1 / 0.3) - 20.0
            vehicle = min(int(line), n_lines - 1) * 10 + int(10 * _draw(seed, who, day, 10 + ride))
            if rides == 2:
                start = int(
                    (460 if ride == 0 else 1070) + 45 * _normal(seed, who, day, 12 + 2 * ride)
                )
            else:
                start = int(420 + 800 * _draw(seed, who, day, 12))
            stay = int(
                min(max(22 * math.exp(0.5 * _normal(seed, who, day, 16 + 2 * ride)), 1), 180)
            )
            n, m = _put(n, who, vehicles + vehicle, start, stay, cols, late, m)
        left = math.exp(-1.35 if weekday else -1.75)
        product = _draw(seed, who, day, 20)
        visit = 0
        while product > left and visit < 12:
            rank = 50.0 * math.exp(_draw(seed, who, day, 40 + visit) * venue_span) - 50.0
            start = int(540 + 720 * _draw(seed, who, day, 60 + visit))
            u = 0.8 * _normal(seed, who, day, 80 + 2 * visit)
            stay = int(min(max(28 * math.exp(u), 1), 360))
            n, m = _put(n, who, venues + min(int(rank), n_venues - 1), start, stay, cols, late, m)
            visit += 1
            product *= _draw(seed, who, day, 21 + visit)
    return n, m
