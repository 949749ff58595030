"""A city like Covasim's hybrid one, drawn from its description in docs/science/covasim.md.

Our own generator: the side-by-side tests need thousands of people with the same statistics of
contact where Covasim is not installed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Shares of people by age band (first and last year): the default table of Covasim 3.1.9, which
# says Seattle 2018; like all shares, facts and not code.
AGE_FIRST = np.arange(0, 95, 5)
AGE_LAST = np.array([*range(4, 90, 5), 99])
AGE_SHARES = np.array(
    [
        *(0.0605, 0.0607, 0.0566, 0.0557, 0.0612, 0.0843, 0.0848, 0.0764, 0.0697, 0.0701),
        *(0.0681, 0.0653, 0.0591, 0.0453, 0.0312, 0.02016, 0.01344, 0.01008, 0.00672),
    ]
)
HOUSEHOLD, SCHOOL, WORK, COMMUNITY = 2.0, 20.0, 16.0, 20.0
SCHOOL_AGES, WORK_AGES = (6, 22), (22, 65)

Edges = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True)
class HybridCity:
    """`age` f32[n] in years; `layers` maps h, s, w, c to edge lists (each edge once, i32)."""

    age: NDArray[np.float32]
    layers: dict[str, Edges]


def hybrid_city(n: int, rng: np.random.Generator) -> HybridCity:
    age = ages(n, rng)
    everybody = np.arange(n)
    pupils = np.flatnonzero((age >= SCHOOL_AGES[0]) & (age < SCHOOL_AGES[1]))
    workers = np.flatnonzero((age >= WORK_AGES[0]) & (age < WORK_AGES[1]))
    layers = {
        "h": households(n, HOUSEHOLD, rng),
        "s": at_random(pupils, SCHOOL, rng),
        "w": at_random(workers, WORK, rng),
        "c": at_random(everybody, COMMUNITY, rng),
    }
    return HybridCity(age, layers)


def ages(n: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Band by share, uniform inside the band; no order among person numbers."""
    band = rng.choice(AGE_SHARES.size, n, p=AGE_SHARES / AGE_SHARES.sum())
    width = (AGE_LAST + 1 - AGE_FIRST)[band]
    return (AGE_FIRST[band] + width * rng.random(n)).astype(np.float32)


def households(n: int, mean: float, rng: np.random.Generator) -> Edges:
    """Neighbouring numbers in runs of Poisson(mean); everybody of a run meets everybody."""
    # Half as many runs again as are due, so that they reach past n; the last is cut off there.
    start = np.concatenate(([0], np.cumsum(rng.poisson(mean, int(1.5 * n / mean) + 50))))
    assert start[-1] >= n
    end = np.minimum(np.repeat(start[1:], np.diff(start))[:n], n)  # of each person's household
    n_after = end - np.arange(n) - 1
    p1 = np.repeat(np.arange(n), n_after)
    first_edge = np.repeat(np.cumsum(n_after) - n_after, n_after)
    p2 = p1 + 1 + np.arange(p1.size) - first_edge
    return p1.astype(np.int32), p2.astype(np.int32)


def at_random(members: NDArray[np.int64], mean: float, rng: np.random.Generator) -> Edges:
    """Each starts round(Poisson(mean) / 2) edges, to members drawn with replacement.

    Edges to oneself and edges that stand twice are left in, as there.
    """
    n_started = np.rint(rng.poisson(mean, members.size) / 2).astype(np.int64)
    p1 = np.repeat(members, n_started)
    p2 = members[rng.integers(members.size, size=p1.size)]
    return p1.astype(np.int32), p2.astype(np.int32)
