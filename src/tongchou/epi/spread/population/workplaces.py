"""Workplaces by sector and size, laid over the communities where people work.

All workplaces of the city are laid end to end in random order, as many places in each sector as
its share says. The line is cut where one community has no more workers: so sectors and commuting
are both met to the person, and the law of sizes but for the few that are cut.
"""

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import N_SECTORS
from tongchou.epi.spread.population.dice import (
    F64,
    I32,
    I64,
    ORDER,
    SIZES,
    shared_out,
    shuffled,
    uniforms,
)
from tongchou.epi.spread.population.spec import Work

U8 = NDArray[np.uint8]


def workplaces(work: Work, workers: I64, seed: int) -> tuple[I32, U8, I64]:
    """The community, sector (1 to 42) and size of each workplace.

    `workers` i64[n_communities]: how many work in each. Workplaces of a community stand together.
    """
    total = int(workers.sum())
    if not total:
        return np.empty(0, np.int32), np.empty(0, np.uint8), np.empty(0, np.int64)
    sizes, sector = _sizes(work, total, seed)
    order = shuffled(seed, ORDER, sizes.size)
    ends = np.concatenate((np.cumsum(sizes[order]), np.cumsum(workers)))
    along = np.argsort(ends, kind="stable")
    edges = ends[along]
    # how many workplaces, and how many communities, have ended before each edge
    of_work = along < sizes.size
    ended = np.cumsum(of_work)
    first = np.flatnonzero(np.diff(edges, prepend=0))
    place = np.where(first > 0, ended[first - 1], 0)
    community = first - place
    return community.astype(np.int32), sector[order[place]], np.diff(edges[first], prepend=0)


def _sizes(work: Work, total: int, seed: int) -> tuple[I64, U8]:
    """Sizes that add up to the workers, and the sector of each."""
    places = shared_out(total, work.sectors)
    spread = np.broadcast_to(work.spread, N_SECTORS)
    sizes: list[I64] = []
    sectors: list[U8] = []
    draws = uniforms(seed, SIZES, N_SECTORS)
    for sector in range(N_SECTORS):
        found = _filled(
            int(places[sector]), work.sizes[sector], float(spread[sector]), work.most, draws[sector]
        )
        sizes.append(found)
        sectors.append(np.full(found.size, sector + 1, np.uint8))
    return np.concatenate(sizes), np.concatenate(sectors)


def _filled(people: int, mean: float, spread: float, most: int, offset: float) -> I64:
    """Sizes of log-normal law that add up to `people`, evenly over the quantiles of the law."""
    from scipy.special import ndtri

    if people == 0:
        return np.empty(0, np.int64)
    n = max(1, round(people / mean), -(-people // most))
    while True:
        law = np.exp(spread * ndtri((np.arange(n) + offset) / n) - spread**2 / 2) * mean
        # what is cut off at both ends is given back, so that the mean is the mean
        law = _stretched(law, people, most)
        law *= people / law.sum()
        if law.max() <= most * (1 + 1e-9):
            break
        n += 1 + n // 50  # so near to the limit that it takes more of them
    # not `rint`, which makes 202 of what lies between 0.5 and 201.5
    edges = np.floor(np.cumsum(law) + 0.5).astype(np.int64)
    edges[-1] = people
    sizes = np.diff(edges, prepend=0)
    return np.asarray(sizes[sizes > 0])


def _stretched(law: F64, people: int, most: int) -> F64:
    """Scaled, between 1 and `most`, to add up to `people` or as nearly as can be."""
    for _ in range(20):
        held = np.clip(law, 1.0, most)
        factor = people / held.sum()
        if abs(factor - 1) < 1e-4:
            break
        law = law * factor
    return np.clip(law, 1.0, most)
