"""What the benchmarks of tracing share: seed sets, the memory's speed, quantiles."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import city_visits
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.tables import Tables

PEOPLE = 1_000_000


@contextmanager
def city(scale: float, *, cells: bool = False) -> Iterator[Tables]:
    """A city of `scale` million people; beyond two million its days are mapped from disk."""
    plan = city_visits.Plan(int(PEOPLE * scale))
    if scale <= 2:
        yield Tables.of(city_visits.build(plan, cells=cells), city_visits.longest())
        return
    with tempfile.TemporaryDirectory(prefix="tc-city-") as folder:
        made = city_visits.build(plan, Path(folder), cells=cells)
        yield Tables.of(made, city_visits.longest())


def seed_sets(tables: Tables, n: int, sets: int, seed: int = 5) -> list[Cases]:
    """Random people, each infectious for the 3 to 7 days before a report in days 9 to 14."""
    rng = np.random.default_rng((seed, n))
    first = int(tables.starts[0])
    found = []
    for _ in range(sets):
        until = first + rng.integers(9 * 1440, 14 * 1440, n)
        person = rng.integers(0, tables.city.n_people, n).astype(np.uint32)
        found.append(Cases(person, until - rng.integers(3, 8, n) * 1440, until))
    return found


def bandwidth() -> float:
    """Bytes per second of one thread that reads memory in order, at its best of many."""
    block = np.ones(50_000_000, np.uint64)
    return block.nbytes / min(seconds(block.sum) for _ in range(25))


def seconds(call: Callable[[], Any]) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


@dataclass(frozen=True)
class Times:
    """Quantiles of the times of many seed sets, in milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, taken: list[float]) -> "Times":
        return cls(*(float(q) * 1e3 for q in np.quantile(taken, (0.5, 0.95))))

    def __str__(self) -> str:
        return f"p50 {self.p50:.3g} ms, p95 {self.p95:.3g} ms"
