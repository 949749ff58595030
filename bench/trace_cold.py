"""Contacts of one case when nothing of the visits is in memory: the first question of a morning.

Before each question the pages of every day are dropped from the process and from the system's
cache; what the disk then gives is counted by the system. Floor: two pages a day for the case, two
and the rows for each of its places, 4 KiB each, one after the other.
"""

import mmap
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench import Row, city_visits, tracing
from bench.tracing import Times, seconds
from tongchou.epi.trace import contacts
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.tables import Tables

N_SETS = 40
GOAL_MS, GOAL_BYTES = 50.0, 1e6


def run(scale: float = 1.0) -> list[Row]:
    """Milliseconds and bytes of one cold question; the goal is for `--scale 10`."""
    plan = city_visits.Plan(int(tracing.PEOPLE * scale))
    with tempfile.TemporaryDirectory(prefix="tc-city-") as folder:
        tables = Tables.of(city_visits.build(plan, Path(folder)), city_visits.longest())
        os.sync()
        maps = list(_maps(tables))
        for mapped in maps:
            mapped.madvise(mmap.MADV_RANDOM)
        sets = tracing.seed_sets(tables, 1, N_SETS)
        warm = Times.of([seconds(lambda c=c: contacts.of_cases(tables, c)) for c in sets])
        found = [_cold(tables, cases, maps, Path(folder)) for cases in sets]
    times, read = Times.of([taken for taken, _ in found]), np.median([size for _, size in found])
    about = f"{plan.n_people:,} people; {times}, {N_SETS} cases; warm {warm}"
    return [
        Row(
            name="trace_contacts, cold, n = 1: time",
            engine="numba",
            anchor="the goal",
            anchor_value=GOAL_MS,
            own_value=times.p50,
            ratio=times.p50 / GOAL_MS,
            bound="<= 1",
            unit="ms",
            note=about,
        ),
        Row(
            name="trace_contacts, cold, n = 1: read from disk",
            engine="numba",
            anchor="the goal",
            anchor_value=GOAL_BYTES / 1e6,
            own_value=float(read) / 1e6,
            ratio=float(read) / GOAL_BYTES,
            bound="<= 1",
            unit="MB",
            note=about,
        ),
    ]


def _maps(tables: Tables) -> Iterator[mmap.mmap]:
    for day in tables.city.days:
        for order in (day.by_place, day.by_person):
            for array in (order.offsets, order.records):
                assert isinstance(array, np.memmap)
                yield array._mmap  # type: ignore[attr-defined]  # no public way to advise it


def _cold(tables: Tables, cases: Cases, maps: list[mmap.mmap], folder: Path) -> tuple[float, int]:
    """Seconds, and bytes that came from the disk."""
    for mapped in maps:
        mapped.madvise(mmap.MADV_DONTNEED)
    for path in folder.iterdir():
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
    before = _read()
    taken = seconds(lambda: contacts.of_cases(tables, cases))
    return taken, _read() - before


def _read() -> int:
    """Bytes this process has had read from a disk so far (Linux)."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes"))
