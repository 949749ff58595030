"""Who learns and works with whom: everybody in a class or at a workplace.

A *pool* is who may sit together: everybody of one age in one school, or all who work in one
community. People are first counted into pools, then the pools are cut into groups.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import WORKPLACE
from tongchou.epi.spread.population import dice, groups
from tongchou.epi.spread.population.commuting import ways
from tongchou.epi.spread.population.dice import F32, F64, I32, I64
from tongchou.epi.spread.population.hands import PARTS, Hands, between, even
from tongchou.epi.spread.population.kinds import N_AGES
from tongchou.epi.spread.population.layout import Ground
from tongchou.epi.spread.population.schools import Schools, classes, schools
from tongchou.epi.spread.population.spec import Spec
from tongchou.epi.spread.population.workplaces import workplaces

U8 = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Grouped:
    """The part of a `City` that says who meets whom by day."""

    group: I32
    seat: I32
    group_start: I32
    member: I32
    group_kind: U8
    group_sector: U8
    group_community: I32
    rides: U8


@dataclass(frozen=True, eq=False)
class _Cut:
    """Groups, and for each pool its first seat and its first group."""

    start: I32
    kind: U8
    sector: U8
    community: I32
    pool_seat: I64
    pool_group: I64


def working(spec: Spec) -> F32:
    """f32[N_AGES]: the share at work of those of an age who are in no school."""
    band = np.searchsorted(spec.work.starts, np.arange(N_AGES), side="right") - 1
    return np.asarray(spec.work.participation, np.float32)[band]


def grouped(spec: Spec, ground: Ground, age: U8, by_age: F64, seed: int, hands: Hands) -> Grouped:
    """Give everybody who learns or works a seat.

    `by_age` f64[N_AGES]: the share of the people of each age, as asked.
    """
    n, streams = age.size, dice.streams(seed)
    taught = schools(spec.schools, ground, by_age)
    commute = ways(spec.commuting, ground)
    pool, rides = np.empty(n, np.int32), np.empty(n, np.uint8)
    parts = np.linspace(0, n, min(PARTS, n) + 1).astype(np.int64)
    counts = np.zeros((parts.size - 1, taught.n_years + ground.n), np.int32)
    between(
        hands, groups.choose, parts, ground.start, streams, age,
        *(getattr(taught, name) for name in taught.__dataclass_fields__),
        working(spec), commute.zone, commute.ride, commute.stays, commute.keep, commute.other,
        commute.place, commute.first, commute.place_keep, commute.place_other,
        taught.n_years, pool, rides, each=counts,
    )  # fmt: skip
    totals = counts.sum(axis=0, dtype=np.int64)
    cut = _cut(spec, taught, totals, seed)
    member = np.empty(int(totals.sum()), np.int32)
    next_seat = np.cumsum(counts, axis=0, dtype=np.int32)
    next_seat += cut.pool_seat.astype(np.int32) - counts
    between(hands, groups.seat, parts, pool, member, each=next_seat)

    used = np.flatnonzero(totals)
    used = used[np.argsort(cut.pool_seat[used], kind="stable")]
    pool_start = np.append(cut.pool_seat[used], member.size).astype(np.int32)
    seat = np.full(n, -1, np.int32)
    stream = streams[dice.SHUFFLE - dice.RESIDENTS]
    between(
        hands, groups.shuffle, even(pool_start), stream, pool_start,
        cut.pool_group[used].astype(np.int32), cut.start, member, pool, seat,
    )  # fmt: skip
    return Grouped(pool, seat, cut.start, member, cut.kind, cut.sector, cut.community, rides)


def _cut(spec: Spec, taught: Schools, totals: I64, seed: int) -> _Cut:
    """Cut pools of so many people into classes and workplaces, in order of their community."""
    n_years = taught.n_years
    school_community, level = taught.years()
    year, class_size = classes(spec.schools, level, totals[:n_years])
    work_community, sector, work_size = workplaces(spec.work, totals[n_years:], seed)
    community = np.concatenate((school_community[year], work_community))
    order = np.argsort(community, kind="stable")
    size = np.concatenate((class_size, work_size))[order]
    kind = np.concatenate((level[year], np.full(sector.size, WORKPLACE, np.uint8)))
    sectors = np.concatenate((np.zeros(year.size, np.uint8), sector))
    start = np.concatenate(([0], np.cumsum(size))).astype(np.int32)
    # groups of one pool stand together, so the first is where it changes
    pool = np.concatenate((year, n_years + work_community.astype(np.int64)))[order]
    first = np.flatnonzero(np.diff(pool, prepend=-1))
    pool_group = np.zeros(totals.size, np.int64)
    pool_group[pool[first]] = first
    return _Cut(
        start=start,
        kind=kind[order].astype(np.uint8),
        sector=sectors[order].astype(np.uint8),
        community=community[order].astype(np.int32),
        pool_seat=np.where(totals > 0, start[pool_group], 0).astype(np.int64),
        pool_group=pool_group,
    )
