"""Vaccination: who has had how many doses at the start, and how many more are given a day."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.measures.checks import at_least
from tongchou.epi.spread.slots import DEAD, SETTLED
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import example, kernel

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

BANDS = (0, 3, 12, 18, 60, 80)
#: More doses than these are not told apart (as in `course.Course`).
MOST_DOSES = 3


@dataclass(frozen=True, slots=True)
class Vaccination:
    """Doses by age.

    Nobody gets a second dose before everybody who is offered any has had a first; then a new lap
    begins. Known cases and the dead are passed over.

    Parameters
    ----------
    coverage
        For ages from 0, 3, 12, 18, 60 and 80 years: shares with none, one, two and three doses at
        the start; empty: nobody has any.
    doses_per_day
        Doses given a day in the whole city.
    oldest_first
        Whether the old are offered them first, or everybody at once.
    takes_days
        From the dose to its effect.
    from_age
        Years from which doses are offered.
    gap_days
        From the start of one lap to that of the next, at least: three weeks are usual between
        first and second dose of inactivated vaccines, half a year before the third (from memory).
    """

    coverage: tuple[tuple[float, float, float, float], ...] = ()
    doses_per_day: float = 0.0
    oldest_first: bool = True
    takes_days: int = 14
    from_age: int = 3
    gap_days: int = 21

    def __post_init__(self) -> None:
        at_least(self, 0, "doses_per_day", "takes_days", "from_age")
        at_least(self, 1, "gap_days")
        if self.coverage and len(self.coverage) != len(BANDS):
            raise ValueError(f"vaccination.coverage needs {len(BANDS)} rows, one per age band")
        for row in self.coverage:
            if len(row) != 4 or min(row) < 0 or abs(sum(row) - 1) > 1e-9:
                raise ValueError(f"vaccination.coverage {row}: four shares that add up to 1")


def begin(run: Run) -> None:
    """Doses that people have before day 0: what protects the first infected too."""
    coverage = run.policy.vaccination.coverage
    if not coverage:
        return
    run.doses = np.empty(run.n, np.uint8)
    _begin(
        run.ages, _band_of(), np.cumsum(coverage, axis=1)[:, :-1].astype(np.float32),
        run.stream(purposes.VACCINATION, 0), run.tables.susceptibility,
        run.doses, run.susceptibility,
    )  # fmt: skip


def give(run: Run) -> None:
    """Give today's doses, and let those of `takes_days` ago begin to protect."""
    campaign = run.once(Vaccination, _campaign)
    if campaign is None:
        return
    options = run.policy.vaccination
    if run.begun:
        persons = campaign.next(run, campaign.today(run, options))
        run.count("doses", persons)
        campaign.due[run.day + options.takes_days].append(persons)
    for persons in campaign.due.pop(run.day, ()):
        _protect(run, persons)


@dataclass
class Campaign:
    """Who is next: `order` up to `n`, from `at` on. `given` counts doses, in effect or not."""

    given: U8
    order: I32
    n: int = 0
    at: int = 0
    lap_day: int = -32_000
    due: dict[int, list[I32]] = field(default_factory=lambda: defaultdict(list))

    def today(self, run: Run, options: Vaccination) -> int:
        """Whole doses of today: half a dose a day is one every other day."""
        day, rate = run.day - run.policy.start_day, options.doses_per_day
        return int((day + 1) * rate) - int(day * rate)

    def next(self, run: Run, wanted: int) -> I32:
        """Up to `wanted` people who get a dose today."""
        if self.at >= self.n:
            self._new_lap(run)
        chosen: list[I32] = []
        while wanted > 0 and self.at < self.n:
            batch = self.order[self.at : min(self.at + wanted, self.n)]
            self.at += batch.size
            batch = batch[~_passed_over(run, batch)]
            wanted -= batch.size
            chosen.append(batch)
        persons = np.concatenate(chosen) if chosen else np.empty(0, np.int32)
        self.given[persons] += 1
        return persons

    def _new_lap(self, run: Run) -> None:
        options = run.policy.vaccination
        if run.day < self.lap_day + options.gap_days:
            return
        self.lap_day, self.at = run.day, 0
        rank = np.arange(len(BANDS))[::-1] if options.oldest_first else np.zeros(len(BANDS))
        keys = (rank[_band_of()] * MOST_DOSES).astype(np.int64)
        sizes = _sizes(run.ages, keys, self.given, options.from_age)
        strides = np.array([_stride(int(size)) for size in sizes], np.int64)
        start = run.stream(purposes.DOSES)
        self.n = _line_up(
            run.ages, keys, self.given, options.from_age, sizes, strides, start, self.order
        )


def _campaign(run: Run) -> Campaign | None:
    if not run.policy.vaccination.doses_per_day:
        return None
    given = run.doses.copy() if run.doses.size else np.zeros(run.n, np.uint8)
    return Campaign(given, np.empty(run.n, np.int32))


def _protect(run: Run, persons: I32) -> None:
    """One dose more in effect. Courses already drawn stay as they are."""
    if not run.doses.size:
        run.doses = np.zeros(run.n, np.uint8)
    doses = np.minimum(run.doses[persons] + 1, MOST_DOSES)
    run.doses[persons] = doses
    free = run.susceptibility[persons] > 0
    who = persons[free]
    run.susceptibility[who] = run.tables.susceptibility[np.minimum(run.ages[who], 100), doses[free]]


def _passed_over(run: Run, persons: I32) -> NDArray[np.bool_]:
    """The dead, and those who are known cases."""
    slots = run.slot_of[persons] - 1
    passed: NDArray[np.bool_] = slots >= 0
    if passed.any():
        rows = run.slots[slots[passed]]
        dead = (rows["fate"] == DEAD) & (run.day - rows["day"] >= rows["ends"])
        passed[passed] = dead | (rows["found"] <= run.day)
    passed |= slots == SETTLED - 1
    return passed


def _band_of() -> I64:
    """i64[101]: the row of `BANDS` of each age."""
    return np.searchsorted(BANDS, np.arange(101), side="right") - 1


def _stride(size: int) -> int:
    """A step near the golden section of `size` that reaches every place of it."""
    step = max(1, round(size * 0.618))
    while gcd(step, max(size, 1)) > 1:
        step += 1
    return step


@kernel
def _begin(
    ages: U8, band_of: I64, upto: Any, start: Any, table: U8, doses: U8, susceptibility: U8
) -> None:
    for person in range(ages.size):
        age = min(ages[person], 100)
        band = band_of[age]
        chance = unit(draw(start, person))
        had = (chance >= upto[band, 0]) + (chance >= upto[band, 1]) + (chance >= upto[band, 2])
        doses[person] = had
        susceptibility[person] = table[age, had]


@kernel
def _sizes(ages: U8, keys: I64, given: U8, from_age: Any) -> Any:
    """How many people stand at each place of the line: by rank of age, then doses."""
    sizes = np.zeros(keys.max() + MOST_DOSES, np.int64)
    for person in range(ages.size):
        if given[person] < MOST_DOSES and ages[person] >= from_age:
            sizes[keys[min(ages[person], 100)] + given[person]] += 1
    return sizes


@kernel
def _line_up(
    ages: U8, keys: I64, given: U8, from_age: Any, sizes: I64, strides: I64, start: Any, order: I32
) -> Any:
    """Put everybody in line. Returns how many there are.

    Neighbours are numbered in a row; a stride through each part of the line spreads the doses of a
    day over the city, at the cost of no sorting.
    """
    first = np.cumsum(sizes) - sizes
    place = np.empty_like(sizes)
    for key in range(sizes.size):
        place[key] = min(np.int64(unit(draw(start, key)) * sizes[key]), max(sizes[key] - 1, 0))
    for person in range(ages.size):
        if given[person] < MOST_DOSES and ages[person] >= from_age:
            key = keys[min(ages[person], 100)] + given[person]
            order[first[key] + place[key]] = person
            place[key] += strides[key]
            if place[key] >= sizes[key]:
                place[key] -= sizes[key]
    return sizes.sum()


@example
def _warm() -> None:
    ages, keys = np.zeros(2, np.uint8), _band_of()
    ages.setflags(write=False)  # as in a `City`: to Numba a type of its own
    doses = np.zeros(2, np.uint8)
    table = np.ones((101, 4), np.uint8)
    _begin(ages, keys, np.ones((6, 3), np.float32), np.uint64(1), table, doses, doses)
    sizes = _sizes(ages, keys, doses, 0)
    _line_up(ages, keys, doses, 0, sizes, sizes, np.uint64(1), np.empty(2, np.int32))
