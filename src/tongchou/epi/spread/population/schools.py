"""Schools, each for a few neighbouring communities, and their classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import GROUP_KINDS
from tongchou.epi.spread.population.dice import F32, F64, I32, I64
from tongchou.epi.spread.population.kinds import N_AGES
from tongchou.epi.spread.population.layout import Ground
from tongchou.epi.spread.population.spec import School

U8 = NDArray[np.uint8]
N_LEVELS = len(GROUP_KINDS) - 1


@dataclass(frozen=True, eq=False)
class Schools:
    """Where pupils go. A *year* is everybody of one age in one school: what classes are cut from.

    Parameters
    ----------
    level_of_age
        i32[N_AGES]: the kind of school for an age, -1 for none.
    enrolment, elsewhere, rides
        f32[N_LEVELS], see `spec.School`.
    first_age, n_ages, n_schools, first_year
        i32[N_LEVELS]: the first age, how many, how many schools, and the number of the first
        year of this kind.
    school
        i32[N_LEVELS, n_communities]: the school of a community, counted along the ground.
    where
        i32[N_LEVELS, n_communities]: the community of each school (unused beyond `n_schools`).
    """

    level_of_age: I32
    enrolment: F32
    elsewhere: F32
    rides: F32
    first_age: I32
    n_ages: I32
    n_schools: I32
    first_year: I32
    school: I32
    where: I32

    @property
    def n_years(self) -> int:
        return int((self.n_ages * self.n_schools).sum())

    def years(self) -> tuple[I32, U8]:
        """(i32[n_years], u8[n_years]): the community and the kind of school of each year."""
        where, level = [], []
        for each in range(N_LEVELS):
            schools = self.where[each, : self.n_schools[each]]
            where.append(np.repeat(schools, self.n_ages[each]))
            level.append(np.full(where[-1].size, each, np.uint8))
        return np.concatenate(where), np.concatenate(level)


def schools(asked: Mapping[str, School], ground: Ground, by_age: F64) -> Schools:
    """The schools of a city; `by_age` f64[N_AGES]: the share of the people of each age."""
    n = ground.n
    found = Schools(
        level_of_age=np.full(N_AGES, -1, np.int32),
        enrolment=np.zeros(N_LEVELS, np.float32),
        elsewhere=np.zeros(N_LEVELS, np.float32),
        rides=np.zeros(N_LEVELS, np.float32),
        first_age=np.zeros(N_LEVELS, np.int32),
        n_ages=np.zeros(N_LEVELS, np.int32),
        n_schools=np.zeros(N_LEVELS, np.int32),
        first_year=np.zeros(N_LEVELS, np.int32),
        school=np.zeros((N_LEVELS, n), np.int32),
        where=np.zeros((N_LEVELS, n), np.int32),
    )
    n_years = 0
    for level, name in enumerate(GROUP_KINDS[:-1]):
        if name not in asked:
            continue
        kind = asked[name]
        low, high = kind.ages
        found.level_of_age[low : high + 1] = level
        found.enrolment[level] = kind.enrolment
        found.elsewhere[level] = kind.elsewhere
        found.rides[level] = kind.rides
        found.first_age[level], found.n_ages[level] = low, high - low + 1
        found.first_year[level] = n_years
        pupils = float(by_age[low : high + 1].mean()) * kind.enrolment
        catchment = kind.class_size * kind.classes_per_year / max(pupils, 1e-9)
        found.n_schools[level] = _catchments(
            catchment, ground, found.school[level], found.where[level]
        )
        n_years += int(found.n_schools[level] * found.n_ages[level])
    return found


def _catchments(people: float, ground: Ground, school: I32, where: I32) -> int:
    """Cut the communities, in order of nearness, into catchments of about so many people.

    Never across a district that could fill one.
    """
    residents = ground.residents[ground.near]
    districts = np.add.reduceat(ground.residents, ground.district_start[:-1])
    edges = ground.district_start.tolist()
    if districts.min() * 2 < people:  # as universities: they serve the whole city
        edges = [0, ground.n]
    n = 0
    for low, high in pairwise(edges):
        ends = np.cumsum(residents[low:high])
        middle = ends - residents[low:high] / 2
        parts = min(max(1, round(float(ends[-1]) / people)), high - low)
        part = np.unique((middle * parts / ends[-1]).astype(np.int64), return_inverse=True)[1]
        school[ground.near[low:high]] = n + part
        last = int(part[-1]) + 1
        # a school stands in the middle of its catchment
        of_part = np.searchsorted(part, np.arange(last + 1))
        where[n : n + last] = ground.near[low + (of_part[:-1] + of_part[1:] - 1) // 2]
        n += last
    return n


def classes(asked: Mapping[str, School], level: U8, pupils: I64) -> tuple[I64, I64]:
    """(i64[n], i64[n]): the year each class is cut from, and its pupils; as even as can be."""
    size, most = np.ones(N_LEVELS), np.ones(N_LEVELS)
    for name, kind in asked.items():
        place = GROUP_KINDS.index(name)
        size[place], most[place] = kind.class_size, kind.class_most
    n = np.maximum(np.rint(pupils / size[level]), np.ceil(pupils / most[level])).astype(np.int64)
    n = np.where(pupils > 0, np.maximum(n, 1), 0)
    year = np.repeat(np.arange(pupils.size), n)
    inside = np.arange(year.size) - np.repeat(np.cumsum(n) - n, n)
    more = pupils[year] % n[year]
    return year, pupils[year] // n[year] + (inside < more)
