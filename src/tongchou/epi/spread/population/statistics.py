"""What was built, beside what was asked.

A tolerance is four standard errors of so many draws, and what the making itself costs: the last
household of a community is cut to what is left, and whole classes and buildings to whole numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.spread.city import GROUP_KINDS, N_SECTORS, WORKPLACE, City
from tongchou.epi.spread.population.building import mix_of
from tongchou.epi.spread.population.commuting import Ways, ways
from tongchou.epi.spread.population.kinds import LARGEST, N_AGES
from tongchou.epi.spread.population.layout import ground_of
from tongchou.epi.spread.population.spec import Spec

#: A share may be off by so much beyond chance.
_CUT = 0.003
#: Pairs of places are shown one by one up to so many places.
_FEW = 30


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure asked for, and what became of it.

    Parameters
    ----------
    topic, label
        What it is about: "ages" "15-19", "sectors" "39".
    asked, built
        In the same unit; shares are shares of one.
    tolerance
        How far they may lie apart.
    """

    topic: str
    label: str
    asked: float
    built: float
    tolerance: float

    @property
    def holds(self) -> bool:
        return abs(self.asked - self.built) <= self.tolerance


def statistics(city: City, spec: Spec) -> list[Statistic]:
    """Every figure of a description, beside the city that `build` made from it."""
    return [
        *_of_ages(city, spec),
        *_of_households(city, spec),
        *_of_units(city, spec),
        *_of_schools(city, spec),
        *_of_work(city, spec),
        *_of_commuting(city, spec),
    ]


def _share(topic: str, label: str, asked: float, counted: float, of: float) -> Statistic:
    chance = 4 * sqrt(max(asked * (1 - asked), 0.0) / max(of, 1.0))
    return Statistic(topic, label, asked, counted / max(of, 1.0), chance + _CUT)


def _shares(
    topic: str, labels: list[str], asked: ArrayLike, counts: NDArray[np.int64]
) -> Iterator[Statistic]:
    of = float(counts.sum())
    for label, share, count in zip(labels, np.asarray(asked).tolist(), counts, strict=True):
        yield _share(topic, label, share, float(count), of)


def band_names(starts: tuple[int, ...]) -> list[str]:
    """Bands of age in words: 0-4, 5-9, ... 85+."""
    ends = [f"-{start - 1}" for start in starts[1:]] + ["+"]
    return [f"{start}{end}" for start, end in zip(starts, ends, strict=True)]


def _of_ages(city: City, spec: Spec) -> Iterator[Statistic]:
    counts = np.add.reduceat(np.bincount(city.age, minlength=N_AGES), spec.ages.starts)
    return _shares("ages", band_names(spec.ages.starts), spec.ages.shares, counts)


def _of_households(city: City, spec: Spec) -> Iterator[Statistic]:
    sizes = np.diff(city.household_start)
    counts = np.bincount(sizes, minlength=LARGEST + 1)[1:]
    stated = [each.households for each in spec.communities]
    if None in stated or not stated:
        mix = mix_of(spec)
        asked = np.bincount(mix.size, mix.weight, LARGEST + 1)[1:]
        labels = [str(size) for size in range(1, LARGEST)] + [f"{LARGEST}+"]
        # rooms of dormitories are households here: nobody can tell them apart afterwards
        yield from _shares("household sizes", labels, asked / asked.sum(), counts)
    else:
        scale = city.n / sum(each.residents for each in spec.communities)
        wanted = sum(number or 0 for number in stated) * scale
        yield Statistic("households", "all", wanted, float(sizes.size), 0.02 * wanted + 5)


def _of_units(city: City, spec: Spec) -> Iterator[Statistic]:
    for unit in ("building", "compound", "grid"):
        each: float = getattr(spec.buildings, f"households_per_{unit}")
        # a whole number of them in every unit they lie in
        asked = sum(max(1, round(n / each)) for n in _households_by_community(city))
        built = city.n_units(unit)
        yield Statistic("units", unit, float(asked), float(built), 0.05 * asked + 1)


def _households_by_community(city: City) -> list[int]:
    edges = np.searchsorted(city.household_start, city.unit_start["community"])
    return [int(n) for n in np.diff(edges)]


def _of_schools(city: City, spec: Spec) -> Iterator[Statistic]:
    kind_of = np.append(city.group_kind, np.uint8(255))[city.group]
    sizes = np.diff(city.group_start)
    for kind, school in spec.schools.items():
        level = GROUP_KINDS.index(kind)
        may = (city.age >= school.ages[0]) & (city.age <= school.ages[1])
        goes = np.count_nonzero(kind_of[may] == level)
        if may.any():
            yield _share("enrolment", kind, school.enrolment, int(goes), int(np.count_nonzero(may)))
        classes = sizes[city.group_kind == level]
        if classes.size:
            above = max(float(classes.max()) - school.class_most, 0.0)
            yield Statistic("pupils above the limit", kind, 0.0, above, 0.0)


def _of_work(city: City, spec: Spec) -> Iterator[Statistic]:
    kind_of = np.append(city.group_kind, np.uint8(255))[city.group]
    free = (kind_of == WORKPLACE) | (kind_of == 255)
    starts = (*spec.work.starts, N_AGES)
    names = band_names(spec.work.starts)
    for low, high, label, asked in zip(
        starts, starts[1:], names, spec.work.participation, strict=False
    ):
        among = free & (city.age >= low) & (city.age < high)
        among_work = np.count_nonzero(kind_of[among] == WORKPLACE)
        if among.any():
            yield _share("at work", label, asked, int(among_work), int(np.count_nonzero(among)))
    at_work = city.group_kind == WORKPLACE
    sizes = np.diff(city.group_start)[at_work]
    counts = np.bincount(city.group_sector[at_work], sizes, N_SECTORS + 1)[1:].astype(np.int64)
    labels = [str(sector) for sector in range(1, N_SECTORS + 1)]
    for figure in _shares("sectors", labels, spec.work.sectors, counts):
        # quotas are met to the person
        yield Statistic(figure.topic, figure.label, figure.asked, figure.built, 1 / city.n + 1e-4)
    if sizes.size:
        wanted = np.maximum(np.rint(counts / np.array(spec.work.sizes)), counts > 0).sum()
        # one that lies across two communities is cut
        cut = np.unique(city.group_community[at_work]).size - 1
        yield Statistic("workplaces", "all", wanted + cut, sizes.size, 0.03 * wanted + cut)


def _of_commuting(city: City, spec: Spec) -> Iterator[Statistic]:
    tables = ways(spec.commuting, ground_of(city, spec))
    worker = np.flatnonzero(
        (city.group >= 0) & (np.append(city.group_kind, np.uint8(0))[city.group] == WORKPLACE)
    )
    home = city.unit_of("community", worker)
    work = city.group_community[city.group[worker]]
    n = tables.share.shape[0]
    pair = tables.zone[home].astype(np.int64) * n + tables.zone[work]
    flow = np.bincount(pair, minlength=n * n).reshape(n, n)
    yield from _of_distance(spec, tables, flow)
    if spec.commuting.law == "matrix" and n <= _FEW:
        for row in range(n):
            labels = [f"{row + 1} to {column + 1}" for column in range(n)]
            yield from _shares("commuting", labels, tables.share[row], flow[row])
    leaves = home != work
    rides = tables.ride[tables.zone[home[leaves]], tables.zone[work[leaves]]]
    asked = float(rides.mean()) if rides.size else 0.0
    riding = int(np.count_nonzero(city.rides[worker[leaves]]))
    yield _share("public transport", "out of the community", asked, riding, rides.size)


def _of_distance(spec: Spec, tables: Ways, flow: NDArray[np.int64]) -> Iterator[Statistic]:
    """By band of distance; where a band has no work, what the law makes of that is asked."""
    bands = len(spec.commuting.edges_km) + 1
    expected = tables.share * flow.sum(axis=1, keepdims=True)
    asked = np.bincount(tables.band.ravel(), expected.ravel(), bands)
    counts = np.bincount(tables.band.ravel(), flow.ravel(), bands).astype(np.int64)
    edges = [0.0, *spec.commuting.edges_km]
    labels = [f"{a:g}-{b:g} km" for a, b in pairwise(edges)]
    labels.append(f"over {edges[-1]:g} km")
    for figure in _shares("commuting", labels, asked / max(asked.sum(), 1.0), counts):
        # with gravity the work of a place is drawn, and only what came of it is known here
        more = 0.05 if spec.commuting.law == "gravity" else 0.0
        yield Statistic(
            figure.topic, figure.label, figure.asked, figure.built, figure.tolerance + more
        )
