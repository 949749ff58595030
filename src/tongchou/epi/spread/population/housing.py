"""Who lives where: households and ages, then buildings, compounds and grid cells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.population import dice, filling
from tongchou.epi.spread.population.dice import I32
from tongchou.epi.spread.population.hands import Hands, between, even
from tongchou.epi.spread.population.households import Mix
from tongchou.epi.spread.population.layout import Ground
from tongchou.epi.spread.population.spec import Buildings


@dataclass(frozen=True, eq=False)
class Housed:
    """The part of a `City` that says who lives where; `units` are the starts of the finer ones."""

    age: NDArray[np.uint8]
    household: I32
    household_start: I32
    units: dict[str, I32]


def housed(buildings: Buildings, ground: Ground, mix: Mix, seed: int, hands: Hands) -> Housed:
    """Fill every community with households."""
    n, start, streams = int(ground.start[-1]), ground.start, dice.streams(seed)
    tables, low, chance = filling.tables(mix, ground.mean_size)
    age, household = np.empty(n, np.uint8), np.empty(n, np.int32)
    counts = np.zeros(ground.n, np.int64)
    parts = even(start)
    between(
        hands, filling.fill, parts, start, low, chance, streams,
        *(getattr(tables, name) for name in tables.__dataclass_fields__),
        age, household, counts,
    )  # fmt: skip
    before = np.concatenate(([0], np.cumsum(counts)))
    household_start = np.empty(int(before[-1]) + 1, np.int32)
    household_start[-1] = n
    between(hands, filling.number, parts, start, before, household, household_start)
    stream = streams[dice.EDGES - dice.RESIDENTS]
    units = filling.divided(before, household_start, buildings, stream)
    return Housed(age, household, household_start, units)
