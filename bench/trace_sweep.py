"""Contacts of contacts and companions: how near a sweep comes to the memory's own speed.

Bytes and floor: the place order of the days asked for, 8 bytes a row and 4 a place, of the kinds
that count; nothing that looks at every row is faster than reading them in order. A small frontier
is looked up instead, so its share is of what a look at every row would have to read.
"""

import numpy as np

from bench import Row, tracing
from bench.tracing import Times, seconds
from tongchou.epi.trace import co_presence, contacts, sweep
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.sweep import Frontier, Limit
from tongchou.epi.trace.tables import Tables
from tongchou.kit.compiled import workers

LIMITS = {"all kinds, 15 min": Limit(), "home and work, 60 min": Limit(("home", "work"), 60)}
SETS = {1: 200, 10: 40, 100: 10, 1000: 3}


def run(scale: float = 1.0) -> list[Row]:
    """Share of the memory's bandwidth; `--scale 10` is ten million people."""
    rows = []
    with tracing.city(scale, cells=True) as tables:
        for n, n_sets in SETS.items():
            sets = tracing.seed_sets(tables, n, n_sets)
            if n <= 100:
                rows.append(_companions(tables, n, sets[: 200 // n]))
            frontiers = [(cases, _frontier(tables, cases)) for cases in sets]
            speed = tracing.bandwidth()
            for name, limit in LIMITS.items():
                rows.append(_swept(tables, n, name, limit, frontiers, speed))
    return rows


def _frontier(tables: Tables, cases: Cases) -> Frontier:
    """The contacts of these cases, each until the end of the fortnight."""
    pairs = contacts.of_cases(tables, cases)
    return Frontier.of_contacts(pairs, int(tables.starts[-1]) + 1440)


def _swept(
    tables: Tables,
    n: int,
    name: str,
    limit: Limit,
    frontiers: list[tuple[Cases, Frontier]],
    speed: float,
) -> Row:
    taken, read, found = [], [], []
    threads = workers()
    for cases, frontier in [frontiers[0], *frontiers]:  # the first once more: it warms
        taken.append(
            seconds(
                lambda f=frontier, c=cases: found.append(
                    len(sweep.reached(tables, f, limit, known=c.person, threads=threads))
                )
            )
        )
        read.append(_bytes(tables, frontier, limit))
    times, share = Times.of(taken[1:]), np.array(read[1:]) / np.array(taken[1:]) / speed
    return Row(
        name=f"trace_sweep, contacts of contacts, n = {n}, {name}",
        engine="numba",
        anchor="reading memory in order, one thread",
        anchor_value=speed / 1e9,
        own_value=float(np.median(share)) * speed / 1e9,
        ratio=float(np.median(share)),
        bound=">= 0.3" if n == 1 else "",
        unit="GB/s",
        note=f"{times}, {len(frontiers)} sets, {threads} threads; frontier of "
        f"{np.mean([f.person.size for _, f in frontiers]):,.0f} reaches {np.mean(found[1:]):,.0f}",
    )


def _bytes(tables: Tables, frontier: Frontier, limit: Limit) -> float:
    """Of the days that the frontier's windows touch, the rows of the kinds that count."""
    if not frontier.person.size:
        return 0.0
    low, high = int(frontier.since.min()), int(frontier.until.max())
    counts = (limit.mask >> tables.kind.astype(np.int64)) & 1 == 1
    total = 0.0
    for base, day in zip(tables.starts.tolist(), tables.city.days, strict=True):
        if base < high and base + 1440 > low:
            rows = np.diff(day.by_place.offsets)[counts[: day.by_place.n_keys]]
            total += 8.0 * float(rows.sum(dtype=np.int64)) + 4.0 * rows.size
    return total


def _companions(tables: Tables, n: int, sets: list[Cases]) -> Row:
    found: list[int] = []
    rule = co_presence.Companions()
    co_presence.of_cases(tables, sets[0], rule)
    taken = [
        seconds(lambda c=cases: found.append(len(co_presence.of_cases(tables, c, rule))))
        for cases in sets
    ]
    times = Times.of(taken)
    people = np.mean(found)
    return Row(
        name=f"trace_sweep, companions in a cell, n = {n}",
        engine="numba",
        anchor="1 ms a case",
        anchor_value=float(n),
        own_value=times.p50,
        ratio=times.p50 / n,
        bound="",
        unit="ms",
        note=f"{times}, {len(sets)} sets; {people:,.0f} pairs of 10 min",
    )
