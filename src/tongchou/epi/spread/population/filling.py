"""Fills communities with households, and divides them into buildings, compounds and grid cells.

Each community is filled by one thread from draws numbered by person, so that it comes out the
same whoever fills it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.population.dice import F32, F64, I32, I64, U64, alias_tables
from tongchou.epi.spread.population.households import Mix, tilted
from tongchou.epi.spread.population.households import mean_sizes as mean_sizes_of
from tongchou.epi.spread.population.kinds import KINDS, LARGEST, N_AGES, N_ROLES, ages_of_roles
from tongchou.epi.spread.population.spec import Buildings
from tongchou.kit.compiled import kernel

U8 = NDArray[np.uint8]

#: An age is drawn out of so many, from the youngest that can be.
_SPAN = 64
#: A mean size of households is met by mixing two of so many mixes.
_MOST_LEANT = 12
# where the streams of `dice` stand
_HOUSEHOLD, _TILT, _LAST, _AGE = range(4, 8)


@dataclass(frozen=True, eq=False)
class Tables:
    """Everything `fill` looks up.

    `keep` and `other` are alias tables over the households of the mix: some for mean sizes, then
    one for each size 1 to `LARGEST`, for the last household of a community.
    """

    keep: F32
    other: I32
    kind: I32
    first_age: I32
    size: I32
    role: I32
    told_from: I32
    age_keep: F32
    age_other: I32
    youngest: I32


def tables(mix: Mix, mean_sizes: F64) -> tuple[Tables, I32, F32]:
    """The tables, and for each community a row of them and the chance of the row after it.

    `mean_sizes` f64[n_communities]: people per household as stated, nan where not.
    """
    rows, low, chance = _leant(mix, mean_sizes)
    for people in range(1, LARGEST + 1):
        like = mix.size == people
        fitted = np.where(like, mix.weight, 0.0)
        rows.append(fitted if fitted.sum() > 0 else np.where(like, mix.prior, 0.0))
    keep, other = alias_tables(np.array(rows))
    role = np.zeros((len(KINDS), LARGEST), np.int32)
    told_from = np.zeros((len(KINDS), LARGEST), np.int32)
    for number, kind in enumerate(KINDS):
        for place, (what, whose) in enumerate(kind.members, start=1):
            role[number, place], told_from[number, place] = what, whose
    age_keep, age_other, youngest = _age_tables()
    size = np.array([kind.size for kind in KINDS], np.int32)
    told = Tables(
        keep, other, mix.kind, mix.first_age, size, role, told_from, age_keep, age_other, youngest
    )
    return told, low, chance


def _leant(mix: Mix, mean_sizes: F64) -> tuple[list[F64], I32, F32]:
    n = mean_sizes.size
    stated = mean_sizes[~np.isnan(mean_sizes)]
    if not stated.size:
        return [mix.weight], np.zeros(n, np.int32), np.zeros(n, np.float32)
    least, most = mean_sizes_of(mix)
    if most - least < 0.1:  # all households are of one size
        return [mix.weight], np.zeros(n, np.int32), np.zeros(n, np.float32)
    own = float(mix.weight @ mix.size / mix.weight.sum())
    asked = np.clip(np.where(np.isnan(mean_sizes), own, mean_sizes), least + 0.01, most - 0.01)
    grid = np.unique(np.linspace(asked.min(), asked.max(), _MOST_LEANT))
    low = np.minimum(np.searchsorted(grid, asked, side="right") - 1, grid.size - 1)
    high = np.minimum(low + 1, grid.size - 1)
    width = np.maximum(grid[high] - grid[low], 1e-9)
    chance = np.where(high > low, (asked - grid[low]) / width, 0.0)
    return [tilted(mix, float(mean)) for mean in grid], low.astype(np.int32), chance.astype("f4")


def _age_tables() -> tuple[F32, I32, I32]:
    laws = ages_of_roles()
    youngest = np.argmax(laws > 0, axis=2)
    place = np.minimum(youngest[:, :, None] + np.arange(_SPAN), N_AGES - 1)
    # ages past the end are drawn never
    inside = youngest[:, :, None] + np.arange(_SPAN) < N_AGES
    spans = np.where(inside, np.take_along_axis(laws, place, axis=2), 0.0).reshape(-1, _SPAN)
    spans[spans.sum(axis=1) == 0, 0] = 1.0
    keep, other = alias_tables(spans)
    shape = (N_ROLES, N_AGES, _SPAN)
    return keep.reshape(shape), other.reshape(shape), youngest.astype(np.int32)


@kernel
def _pick(keep: F32, other: I32, row: int, word: np.uint64) -> np.int64:
    """A column of a row of alias tables."""
    n = np.uint64(keep.shape[1])
    column = np.int64(((word >> np.uint64(32)) * n) >> np.uint64(32))
    part = np.float32(word & np.uint64(0xFFFFFF)) * np.float32(2.0**-24)
    # both are read at once: the machine cannot guess which it will be
    instead = np.int64(other[row, column])
    return column if part < keep[row, column] else instead


@kernel
def fill(
    first: int, last: int, start: I64, low: I32, chance: F32, streams: U64,
    keep: F32, other: I32, kind: I32, first_age: I32, size: I32, role: I32, told_from: I32,
    age_keep: F32, age_other: I32, youngest: I32,
    age: U8, household: I32, n_households: I64,
) -> None:  # fmt: skip
    """Households and ages of the communities from `first` up to `last`.

    Writes u8 `age`, i32 `household` (numbered within the community) and `n_households`.
    """
    by_size = keep.shape[0] - 9
    for community in range(first, last):
        person, end, number = start[community], start[community + 1], 0
        while person < end:
            row = low[community]
            if chance[community] > 0 and unit(draw(streams[_TILT], person)) < chance[community]:
                row += 1
            drawn = _pick(keep, other, row, draw(streams[_HOUSEHOLD], person))
            if size[kind[drawn]] > end - person:
                drawn = _pick(keep, other, by_size + end - person, draw(streams[_LAST], person))
            what = kind[drawn]
            age[person] = first_age[drawn]
            household[person] = number
            for place in range(1, size[what]):
                word = draw(streams[_AGE], person + place)
                whose = age[person + told_from[what, place]]
                law = role[what, place]
                year = np.int64(np.uint64(word) >> np.uint64(58))
                part = np.float32(np.uint64(word) & np.uint64(0xFFFFFF)) * np.float32(2.0**-24)
                instead = np.int64(age_other[law, whose, year])
                year = year if part < age_keep[law, whose, year] else instead
                age[person + place] = youngest[law, whose] + year
                household[person + place] = number
            person += size[what]
            number += 1
        n_households[community] = number


@kernel
def number(
    first: int, last: int, start: I64, before: I64, household: I32, household_start: I32
) -> None:
    """Number the households through the city; `before` i64[n + 1] counts those up to each."""
    for community in range(first, last):
        own = before[community]
        previous = -1
        for person in range(start[community], start[community + 1]):
            inside = household[person]
            if inside != previous:
                household_start[own + inside] = person
                previous = inside
            household[person] = own + inside


@kernel
def _cut(low: int, high: int, parts: int, part: int, uneven: float, word: np.uint64) -> int:
    """Where part number `part` of `parts` ends between two edges; none is ever empty."""
    if part == parts:
        return high
    moved = part + uneven * (unit(word) - 0.5)
    edge = low + int((high - low) * moved / parts)
    return min(max(edge, low + part), high - (parts - part))


@kernel
def _parts(households: int, each: float) -> int:
    return max(1, min(int(households / each + 0.5), households))


@kernel
def divide(
    before: I64, household_start: I32, per_building: float, per_compound: float, per_grid: float,
    uneven: float, stream: np.uint64, building: I32, compound: I32, grid: I32,
) -> tuple[int, int, int]:  # fmt: skip
    """Divide the households of each community; writes first persons and says how many.

    Edges are drawn evenly around equal parts and pushed aside where two would meet.
    """
    n_buildings = n_compounds = n_grids = 0
    for community in range(before.size - 1):
        grid_low, grids = before[community], before[community]
        grids = _parts(before[community + 1] - before[community], per_grid)
        previous_grid = grid_low
        for g in range(1, grids + 1):
            word = draw(stream, 3 * n_grids)
            grid_edge = _cut(grid_low, before[community + 1], grids, g, uneven, word)
            grid_edge = max(grid_edge, previous_grid + 1)
            grid[n_grids] = household_start[previous_grid]
            n_grids += 1
            compounds = _parts(grid_edge - previous_grid, per_compound)
            previous_compound = previous_grid
            for c in range(1, compounds + 1):
                word = draw(stream, 3 * n_compounds + 1)
                compound_edge = _cut(previous_grid, grid_edge, compounds, c, uneven, word)
                compound_edge = max(compound_edge, previous_compound + 1)
                compound[n_compounds] = household_start[previous_compound]
                n_compounds += 1
                buildings = _parts(compound_edge - previous_compound, per_building)
                previous = previous_compound
                for b in range(1, buildings + 1):
                    word = draw(stream, 3 * n_buildings + 2)
                    edge = _cut(previous_compound, compound_edge, buildings, b, uneven, word)
                    edge = max(edge, previous + 1)
                    building[n_buildings] = household_start[previous]
                    n_buildings += 1
                    previous = edge
                previous_compound = compound_edge
            previous_grid = grid_edge
    return n_buildings, n_compounds, n_grids


def divided(
    before: I64, household_start: I32, buildings: Buildings, stream: np.uint64
) -> dict[str, I32]:
    """The starts of buildings, compounds and grid cells, in person numbers."""
    n = household_start.size - 1
    found = [np.empty(n, np.int32) for _ in range(3)]
    counts = divide(
        before, household_start, buildings.households_per_building,
        buildings.households_per_compound, buildings.households_per_grid, buildings.uneven,
        stream, *found,
    )  # fmt: skip
    names = ("building", "compound", "grid")
    end = household_start[-1:]
    return {
        name: np.concatenate((starts[:count], end))
        for name, starts, count in zip(names, found, counts, strict=True)
    }
