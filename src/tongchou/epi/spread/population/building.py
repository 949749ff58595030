"""Builds a city from what is asked of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from tongchou.epi.spread.city import WORKPLACE, City
from tongchou.epi.spread.population import dice, filling, groups
from tongchou.epi.spread.population.commuting import ways
from tongchou.epi.spread.population.dice import I32, I64
from tongchou.epi.spread.population.faults import within
from tongchou.epi.spread.population.households import (
    Mix,
    family_shares,
    fitted,
    mean_sizes,
    tilted,
)
from tongchou.epi.spread.population.kinds import N_AGES
from tongchou.epi.spread.population.layout import Ground, laid
from tongchou.epi.spread.population.schools import classes, schools
from tongchou.epi.spread.population.spec import MOST_PEOPLE, Spec
from tongchou.epi.spread.population.workplaces import workplaces
from tongchou.kit.compiled import example, workers

#: People are counted in so many parts, with any number of threads.
_PARTS = 32


def build(spec: Spec, seed: int, people: int | None = None, *, threads: int | None = None) -> City:
    """The city of a description: the same for the same seed, with any number of threads.

    Parameters
    ----------
    people
        How many; by default as many as the description says. Listed communities keep their
        proportions.
    threads
        By default all of the machine.

    Raises
    ------
    SpecError
        Where the description cannot be followed, such as more communities than people.
    """
    n = spec.people if people is None else people
    within("people", n, 1, MOST_PEOPLE)
    ground = laid(spec, seed, n)
    mix = mix_of(spec)
    with ThreadPoolExecutor(workers(threads)) as pool:
        city = _Building(spec, seed, ground, mix, pool)
        city.fill()
        city.group_up()
        return city.done()


def mix_of(spec: Spec) -> Mix:
    """The households that have the statistics asked for.

    Where the communities say how many households they have, the sizes are leant to their mean
    before the ages are fitted.
    """
    households, ages = spec.households, spec.ages
    mix = fitted(
        households.sizes,
        households.generations,
        households.dormitories,
        ages.starts,
        ages.shares,
    )
    stated = [(each.residents, each.households) for each in spec.communities if each.households]
    if not stated:
        return mix
    mean = sum(people for people, _ in stated) / sum(number or 0 for _, number in stated)
    least, most = mean_sizes(mix)
    if not least < mean < most:
        return mix
    sizes, generations = family_shares(mix, tilted(mix, mean))
    generations = generations if households.generations else ()
    return fitted(sizes, generations, households.dormitories, ages.starts, ages.shares)


def working(spec: Spec) -> dice.F32:
    """f32[N_AGES]: the share at work of those of an age who are in no school."""
    band = np.searchsorted(spec.work.starts, np.arange(N_AGES), side="right") - 1
    return np.asarray(spec.work.participation, np.float32)[band]


class _Building:
    """A city while it is built."""

    def __init__(
        self, spec: Spec, seed: int, ground: Ground, mix: Mix, pool: ThreadPoolExecutor
    ) -> None:
        self.spec, self.seed, self.ground, self.mix, self.pool = spec, seed, ground, mix, pool
        self.n = int(ground.start[-1])
        self.streams = dice.streams(seed)
        self.start = ground.start.astype(np.int64)

    def each(self, kernel: Callable[..., object], edges: I64, *given: Any) -> None:
        """Call a kernel for every part between two edges."""
        for _ in self.pool.map(
            lambda low, high: kernel(int(low), int(high), *given), edges[:-1], edges[1:]
        ):
            pass

    def fill(self) -> None:
        """Households and ages, then buildings, compounds and grid cells."""
        ground = self.ground
        tables, low, chance = filling.tables(self.mix, ground.mean_size)
        self.age = np.empty(self.n, np.uint8)
        self.household = np.empty(self.n, np.int32)
        counts = np.zeros(ground.n, np.int64)
        parts = _even(self.start, _PARTS)
        self.each(
            filling.fill, parts, self.start, low, chance, self.streams,
            *(getattr(tables, name) for name in tables.__dataclass_fields__),
            self.age, self.household, counts,
        )  # fmt: skip
        before = np.concatenate(([0], np.cumsum(counts)))
        self.household_start = np.empty(int(before[-1]) + 1, np.int32)
        self.household_start[-1] = self.n
        self.each(filling.number, parts, self.start, before, self.household, self.household_start)
        stream = self.streams[dice.EDGES - dice.RESIDENTS]
        self.units = filling.divided(before, self.household_start, self.spec.buildings, stream)

    def group_up(self) -> None:
        """Classes and workplaces."""
        spec, ground = self.spec, self.ground
        taught = schools(spec.schools, ground, self.mix.ages())
        to_work = ways(spec.commuting, ground)
        n_years = taught.n_years
        self.group = np.empty(self.n, np.int32)  # pools for now
        self.rides = np.empty(self.n, np.uint8)
        parts = np.linspace(0, self.n, min(_PARTS, self.n) + 1).astype(np.int64)
        counts = np.zeros((parts.size - 1, n_years + ground.n), np.int32)
        commute = (
            to_work.zone, to_work.ride, to_work.stays, to_work.keep, to_work.other, to_work.place,
            to_work.first, to_work.place_keep, to_work.place_other,
        )  # fmt: skip
        at_school = tuple(getattr(taught, name) for name in taught.__dataclass_fields__)
        given = (self.start, self.streams, self.age, *at_school, working(spec), *commute, n_years)

        kernel: Callable[..., object] = groups.choose

        def choose(part: int) -> None:
            kernel(
                int(parts[part]), int(parts[part + 1]), *given, self.group, self.rides, counts[part]
            )

        list(self.pool.map(choose, range(parts.size - 1)))
        totals = counts.sum(axis=0, dtype=np.int64)
        pool_first, pool_group = self._groups(taught.years(), totals, n_years)
        self.member = np.empty(int(totals.sum()), np.int32)
        next_seat = (pool_first + np.cumsum(counts, axis=0) - counts).astype(np.int32)

        def seat(part: int) -> None:
            low, high = int(parts[part]), int(parts[part + 1])
            groups.seat(low, high, self.group, next_seat[part], self.member)

        list(self.pool.map(seat, range(parts.size - 1)))
        self._shuffle(pool_first, pool_group, totals)

    def _groups(self, years: tuple[I32, Any], totals: I64, n_years: int) -> tuple[I64, I64]:
        """All groups in order of their community; gives first seat and group of each pool."""
        year_community, year_level = years
        year, class_size = classes(self.spec.schools, year_level, totals[:n_years])
        work_community, sector, work_size = workplaces(self.spec.work, totals[n_years:], self.seed)
        community = np.concatenate((year_community[year], work_community))
        kind = np.concatenate((year_level[year], np.full(sector.size, WORKPLACE, np.uint8)))
        pool = np.concatenate((year, n_years + work_community.astype(np.int64)))
        size = np.concatenate((class_size, work_size))
        order = np.argsort(community, kind="stable")
        self.group_start = np.concatenate(([0], np.cumsum(size[order]))).astype(np.int32)
        self.group_community = community[order].astype(np.int32)
        self.group_kind = kind[order].astype(np.uint8)
        sectors = np.concatenate((np.zeros(year.size, np.uint8), sector))
        self.group_sector = sectors[order].astype(np.uint8)
        # groups of one pool stand together, so the first is where it changes
        of_pool = pool[order]
        first = np.flatnonzero(np.diff(of_pool, prepend=-1))
        pool_group = np.zeros(totals.size, np.int64)
        pool_group[of_pool[first]] = first
        pool_first = np.where(totals > 0, self.group_start[pool_group], 0).astype(np.int64)
        return pool_first, pool_group

    def _shuffle(self, pool_first: I64, pool_group: I64, totals: I64) -> None:
        used = np.flatnonzero(totals)
        used = used[np.argsort(pool_first[used], kind="stable")]
        start = np.append(pool_first[used], self.member.size).astype(np.int32)
        self.seat = np.full(self.n, -1, np.int32)
        stream = self.streams[dice.SHUFFLE - dice.RESIDENTS]
        self.each(
            groups.shuffle, _even(start, _PARTS), stream, start,
            pool_group[used].astype(np.int32), self.group_start, self.member, self.group, self.seat,
        )  # fmt: skip

    def done(self) -> City:
        ground = self.ground
        of_community = self.start.astype(np.int32)
        return City(
            name=self.spec.name,
            age=self.age,
            household=self.household,
            household_start=self.household_start,
            unit_start={
                **self.units,
                "community": of_community,
                "district": of_community[ground.district_start],
            },
            group=self.group,
            seat=self.seat,
            group_start=self.group_start,
            member=self.member,
            group_kind=self.group_kind,
            group_sector=self.group_sector,
            group_community=self.group_community,
            rides=self.rides,
            community_code=ground.community_code,
            community_name=ground.community_name,
            district_code=ground.district_code,
            district_name=ground.district_name,
        )


def _even(start: Any, parts: int) -> I64:
    """Edges between units, so that each part holds about equally many of what they start."""
    wanted = np.linspace(0, start[-1], parts + 1)
    return np.unique(np.searchsorted(start, wanted)).astype(np.int64)


@example
def _warm_up() -> None:
    from tongchou.epi.spread.population.reading import preset

    build(preset("china-city"), seed=1, people=3000)
