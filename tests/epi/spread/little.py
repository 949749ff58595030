"""A little city in which every number is known without counting, for tests of measures.

Households of two adults and a child, ten to a building, two buildings to a compound, two compounds
to a grid, five grids to a community, four communities to a district, two districts: 4,800 people.
Classes of 25 lie in the own community, one community for each level. Every other adult works in
the own community, in a place of 20; the others in the community of the same rank in the other
district. Sectors go round from 1 to 42.
"""

from functools import cache
from typing import Any

import numpy as np

from tongchou.epi.spread.city import UNITS, WORKPLACE, City
from tongchou.epi.spread.course import Course, plain
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.run import prepare, simulate
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import Ways, ways_of

HOUSEHOLD, BUILDING, COMPOUND, GRID, COMMUNITY, DISTRICT, PEOPLE = 3, 30, 60, 120, 600, 2400, 4800
COMMUNITIES = PEOPLE // COMMUNITY


@cache
def little() -> City:
    """The city; the same every time."""
    who = np.arange(PEOPLE)
    child = who % HOUSEHOLD == 2
    community = who // COMMUNITY
    away = (community + COMMUNITIES // 2) % COMMUNITIES
    works_at = np.where(who % 2 == 0, community, away)
    groups = []
    for place in range(COMMUNITIES):
        pupils = who[child & (community == place)]
        workers = who[~child & (works_at == place)]
        level = place % WORKPLACE
        groups += [(level, 0, place, people) for people in np.split(pupils, pupils.size // 25)]
        for people in np.split(workers, workers.size // 20):
            sector = len(groups) % 42 + 1
            groups.append((WORKPLACE, sector, place, people))
    member = np.concatenate([people for *_, people in groups]).astype(np.int32)
    sizes = [people.size for *_, people in groups]
    group, seat = np.empty((2, PEOPLE), np.int32)
    group[member] = np.repeat(np.arange(len(groups)), sizes)
    seat[member] = np.arange(member.size)
    codes = tuple(f"{place:02d}" for place in range(COMMUNITIES))
    return City(
        name="little",
        age=np.where(child, 8, 40).astype(np.uint8),
        household=(who // HOUSEHOLD).astype(np.int32),
        household_start=_every(HOUSEHOLD),
        unit_start={
            unit: _every(size)
            for unit, size in zip(
                UNITS, (BUILDING, COMPOUND, GRID, COMMUNITY, DISTRICT), strict=True
            )
        },
        group=group,
        seat=seat,
        group_start=np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        member=member,
        group_kind=np.array([level for level, *_ in groups], np.uint8),
        group_sector=np.array([sector for _, sector, *_ in groups], np.uint8),
        group_community=np.array([place for _, _, place, _ in groups], np.int32),
        rides=(who % 5 == 0).astype(np.uint8),
        community_code=codes,
        community_name=codes,
        district_code=("01", "02"),
        district_name=("East", "West"),
    )


def quick(beta: float = 0.03) -> Course:
    """Something quick: two days latent, four infectious, nobody falls seriously ill."""
    two, four = Spell(2, law="constant"), Spell(4, law="constant")
    return plain("quick", r0=None, beta=beta, latent=two, infectious=four)


@cache
def ways() -> Ways:
    return ways_of(little())


def begun(policy: Policy | None = None, *, ill: Any = (0,), days: int = 60, seed: int = 1) -> Run:
    """A run on the evening before day 0, a Monday; the person ill[i] has slot i."""
    who = np.asarray(ill, np.int32)
    return prepare(ways(), quick(), policy or Policy(), seed=seed, days=days, seeds=who)


def steady(**measures: Any) -> Policy:
    """The same measures in peace and war."""
    return Policy.steady(Response(**measures))


def simulated(policy: Policy, *, seed: int = 1, days: int = 40, threads: int = 1) -> Result:
    return simulate(ways(), quick(), policy, seed=seed, days=days, seeds=20, threads=threads)


def mean_infections(policy: Policy, *, seeds: int = 10, days: int = 40) -> float:
    return float(
        np.mean([simulated(policy, seed=s, days=days).total("infections") for s in range(seeds)])
    )


def _every(size: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.arange(0, PEOPLE + 1, size, dtype=np.int32)
