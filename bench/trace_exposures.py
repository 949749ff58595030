"""Ranking where cases crossed: time for 320 cases, and whether a planted site comes first.

Bytes and floor: every row of each candidate place over the window, 8 bytes each, at memory speed.
"""

import numpy as np

from bench import Row, tracing
from bench.tracing import Times, seconds
from tongchou.epi.trace import exposures, kinds
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.tables import Tables
from tongchou.kit.compiled import workers

#: Random cases and planted ones, sets, whether the product promises their time.
SHAPES = ((5, 3, 200, False), (80, 10, 200, False), (300, 20, 200, True), (3000, 50, 20, False))
GOAL = 100.0  # ms for 320 cases among ten million people


def run(scale: float = 1.0) -> list[Row]:
    """Milliseconds, and how often the planted site is first; `--scale 10` is ten million people."""
    rows = []
    with tracing.city(scale) as tables:
        for n_random, n_planted, n_sets, promised in SHAPES:
            rows += _measure(tables, n_random, n_planted, n_sets, promised)
    return rows


def _measure(
    tables: Tables, n_random: int, n_planted: int, n_sets: int, promised: bool
) -> list[Row]:
    rng = np.random.default_rng((7, n_random))
    planted = [_plant(tables, rng, n_random, n_planted) for _ in range(n_sets)]
    threads = workers()
    first, by_count, n_sites, taken = [], [], [], []
    exposures.ranked(tables, planted[0][0], threads=threads)
    for cases, place in planted:
        found: list[exposures.Sites] = []
        taken.append(
            seconds(
                lambda c=cases, into=found: into.append(
                    exposures.ranked(tables, c, threads=threads)
                )
            )
        )
        sites = found[0]
        first.append(bool(sites.place[0] == place))
        by_count.append(bool(sites.place[np.argmax(sites.n_cases)] == place))
        n_sites.append(len(sites))
    times = Times.of(taken)
    name = f"trace_exposures, {n_random} + {n_planted} cases"
    note = f"{times}, {n_sets} sets, {threads} threads; {np.mean(n_sites):,.0f} sites ranked"
    return [
        Row(
            name=f"{name}, time",
            engine="numba",
            anchor="the goal at 10 M people",
            anchor_value=GOAL,
            own_value=times.p50,
            ratio=times.p50 / GOAL,
            bound="<= 1" if promised else "",
            unit="ms",
            note=note,
        ),
        Row(
            name=f"{name}, planted site first",
            engine="numba",
            anchor="always",
            anchor_value=1.0,
            own_value=float(np.mean(first)),
            ratio=float(np.mean(first)),
            bound=">= 0.95",
            unit="share",
            note=f"ranked by number of cases: {np.mean(by_count):.2f}",
        ),
    ]


def _plant(
    tables: Tables, rng: np.random.Generator, n_random: int, n_planted: int
) -> tuple[Cases, int]:
    """Cases, of whom `n_planted` were at one venue on one day; and that venue."""
    venues = np.flatnonzero(tables.kind >= kinds.SHOP.number)
    for _ in range(50_000):
        day, place = int(rng.integers(7, 12)), int(rng.choice(venues))
        rows = np.asarray(tables.city.days[day].by_place.rows(place))
        there = np.unique(rows >> np.uint64(32)).astype(np.uint32)
        if there.size >= 2 * n_planted:
            break
    else:
        raise ValueError(f"no venue has {2 * n_planted} visitors a day: ask for a larger --scale")
    random = rng.integers(0, tables.city.n_people, n_random).astype(np.uint32)
    person = np.concatenate((random, rng.choice(there, n_planted, replace=False)))
    last = int(tables.starts[-1]) + 1440
    until = np.full(person.size, last)
    return Cases(person, until - 10 * 1440, until), place
