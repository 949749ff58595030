"""Which households a city has: as many of each size as asked, and together of the ages asked.

The shares of kinds and ages of the first adult are those nearest to what is thought common
(least relative entropy) that give the asked household sizes, generations, dormitories and ages
at once. That is a smooth convex problem of some thirty unknowns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.population.kinds import (
    ADULT,
    KINDS,
    LARGEST,
    N_AGES,
    Array,
    members_by_age,
)

#: How far a constraint may be missed for the sake of the rest; keeps contradictions finite.
_SOFT = 1e-8
_STEPS = 200
#: How steeply sizes may be leant: e**8 from one size to the next leaves the other sizes out.
_STEEPEST = 8.0


@dataclass(frozen=True, eq=False)
class Mix:
    """How common each household is.

    Parameters
    ----------
    kind, first_age
        i32[n]: a kind of household, and the age of its first adult.
    weight
        f64[n]: households per person of the city, fitted.
    prior
        f64[n]: the same as thought before the fit, for sizes that nobody asked for.
    """

    kind: NDArray[np.int32]
    first_age: NDArray[np.int32]
    weight: Array
    prior: Array

    @property
    def size(self) -> NDArray[np.int64]:
        """i64[n]: people in the household."""
        return np.array([kind.size for kind in KINDS])[self.kind]

    @property
    def is_room(self) -> NDArray[np.bool_]:
        """bool[n]: a room of a dormitory, which the census counts as no family."""
        return np.array([kind.generations == 0 for kind in KINDS])[self.kind]

    def ages(self) -> Array:
        """f64[N_AGES]: the share of each year of age that this mix gives."""
        return np.asarray(self.weight @ members_by_age()[self.kind, self.first_age])


@lru_cache(maxsize=16)
def fitted(
    sizes: tuple[float, ...],
    generations: tuple[float, ...],
    dormitories: float,
    age_starts: tuple[int, ...],
    ages: tuple[float, ...],
) -> Mix:
    """The mix of households that has these statistics.

    Parameters
    ----------
    sizes
        Share of the family households with 1, 2, ... `LARGEST` (and more) people.
    generations
        Share of the family households with one, two, three generations; empty: as it comes.
    dormitories
        Share of the people who live in rooms of dormitories.
    age_starts, ages
        First year of each band of age, and the share of the people in it.

    Notes
    -----
    What contradicts itself (no children, but all of three generations) is met as nearly as can
    be; `statistics` then says by how much it was missed.
    """
    table = members_by_age()
    kind, first_age = np.nonzero(table.sum(axis=2) > 0)
    size = np.array([each.size for each in KINDS])[kind]
    generation = np.array([each.generations for each in KINDS])[kind]
    family = generation > 0
    prior = np.array([each.prior for each in KINDS])[kind] / 1000.0
    prior *= np.where(first_age > 85, 0.82 ** np.maximum(first_age - 85, 0), 1.0)

    per_person = (1 - dormitories) / float(np.dot(sizes, np.arange(1, LARGEST + 1)))
    rows = [family & (size == n) for n in range(1, LARGEST + 1)]
    wanted = [share * per_person for share in sizes]
    rows += [family & (generation == n) for n in range(1, len(generations) + 1)]
    wanted += [share * per_person for share in generations]
    rows.append(np.where(family, 0, size))
    wanted.append(dormitories)
    starts, shares = _split_at_adults(age_starts, ages)
    people = np.add.reduceat(table[kind, first_age], starts, axis=1)
    rows += list(people.T)
    wanted += shares

    allowed = np.ones(kind.size, bool)
    for row, share in zip(rows, wanted, strict=True):
        if share == 0:  # "none" is exact, and a logarithm could not say it
            allowed &= np.asarray(row) <= 1e-9
    kept = [
        np.asarray(row, float)[allowed] for row, share in zip(rows, wanted, strict=True) if share
    ]
    weight = np.zeros(kind.size)
    asked = np.array([share for share in wanted if share])
    # rounded, so that machines that add in another order still build the same city
    weight[allowed] = np.round(_nearest(prior[allowed], np.array(kept), asked), 10)
    return Mix(kind.astype(np.int32), first_age.astype(np.int32), weight, prior)


def _split_at_adults(
    starts: tuple[int, ...], shares: tuple[float, ...]
) -> tuple[list[int], list[float]]:
    """A band that holds children and adults as two: else the fit may fill it with either."""
    edges, parts = [*starts, N_AGES], list(shares)
    band = int(np.searchsorted(edges, ADULT, side="right")) - 1
    if edges[band] < ADULT:
        # what is open at the end holds few of the highest ages: spread it over twenty years
        width = min(edges[band + 1], edges[band] + 20) - edges[band]
        young = parts[band] * min((ADULT - edges[band]) / width, 1.0)
        parts[band : band + 1] = [young, parts[band] - young]
        edges.insert(band + 1, ADULT)
    return edges[:-1], parts


def _nearest(prior: Array, rows: Array, wanted: Array) -> Array:
    """The weights nearest to `prior` with `rows @ weights` as wanted (Newton on the dual)."""
    if not prior.size:
        raise ValueError("no household can be of the sizes, generations and ages asked for")
    scaled = rows / wanted[:, None]
    one = np.ones(wanted.size)
    unknown = np.zeros(wanted.size)

    def value(at: Array) -> float:
        with np.errstate(over="ignore"):
            return float(prior @ np.exp(at @ scaled) - at.sum() + _SOFT / 2 * at @ at)

    now = value(unknown)
    for _ in range(_STEPS):
        weight = prior * np.exp(unknown @ scaled)
        slope = scaled @ weight - one + _SOFT * unknown
        if np.abs(slope).max() < 1e-7:
            break
        # no `@` of matrices: the library may sum in another order with other threads
        bend = np.einsum("ik,jk->ij", scaled * weight, scaled)
        bend[np.diag_indices_from(bend)] += _SOFT
        step = np.linalg.solve(bend, -slope)
        reach = min(1.0, 20.0 / max(float(np.abs(step @ scaled).max()), 1e-300))
        while (then := value(unknown + reach * step)) > now + 1e-4 * reach * float(slope @ step):
            reach /= 2
            if reach < 1e-12:
                return np.asarray(weight)
        unknown, now = unknown + reach * step, then
    return np.asarray(prior * np.exp(unknown @ scaled))


def tilted(mix: Mix, mean_size: float) -> Array:
    """f64[n]: the weights of the same mix leant towards large or small family households.

    So that the mean size is `mean_size`, rooms of dormitories included, with everything else as
    near as can be; for communities that state how many households they have.
    """
    least, most = mean_sizes(mix)
    if not least < mean_size < most:
        raise ValueError(f"households of {mean_size:.2f} people in the mean cannot be made")
    family = ~mix.is_room
    size, shares = mix.size[family], mix.weight[family]
    rooms = float(mix.weight.sum() - shares.sum())
    wanted = float(mix.weight @ mix.size) / mean_size - rooms  # family households
    low, high = -_STEEPEST, _STEEPEST
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _leant(size, shares, middle).sum() > wanted else (low, middle)
    weight = mix.weight.copy()
    weight[family] = _leant(size, shares, (low + high) / 2)
    return weight


def family_shares(mix: Mix, weight: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Shares of family households by size and by generations, with other weights."""
    generation = np.array([kind.generations for kind in KINDS])[mix.kind]
    family = generation > 0
    sizes = np.bincount(mix.size[family], weight[family], LARGEST + 1)[1:]
    generations = np.bincount(generation[family], weight[family], 4)[1:]
    # rounded, so that machines that add in another order still fit the same
    sizes, generations = np.round(sizes / sizes.sum(), 9), np.round(generations / sizes.sum(), 9)
    return tuple(sizes.tolist()), tuple((generations / generations.sum()).tolist())


def mean_sizes(mix: Mix) -> tuple[float, float]:
    """The least and the greatest mean size that a mix can be leant to."""
    family = ~mix.is_room
    size, shares = mix.size[family], mix.weight[family]
    rooms = float(mix.weight.sum() - shares.sum())
    people = float(mix.weight @ mix.size)
    ends = (_leant(size, shares, end).sum() + rooms for end in (-_STEEPEST, _STEEPEST))
    least, most = (people / households for households in ends)
    return float(least), float(most)


def _leant(size: NDArray[np.int64], shares: Array, slope: float) -> Array:
    """As many people, in households more or less of them the larger they are."""
    leant = shares * np.exp(slope * (size - 3.0))
    return np.asarray(leant * (shares @ size) / (leant @ size))


def bands(starts: Sequence[int], by_year: Array) -> Array:
    """Shares by year of age, added up to bands."""
    return np.add.reduceat(by_year[:N_AGES], np.asarray(starts))
