"""The spread of an infection: Covasim on its own graph, and we on the same graph.

Covasim makes the city, runs it and hands the graph over (`bench/peers`); we run the same disease
and the same measures on it. That the work is the same shows in what came out, which every note
tells: Covasim's figure, then ours. Setting up and compiling are left out on both sides.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench import Row, peers

PEOPLE = (300_000, 1_000_000)
DAYS = 180
AT_LEAST = {"off": ">= 50", "on": ">= 150"}
REPEATS = 5
#: Seconds of Covasim's own runs on the machine on which the promises of `spread_city` and `plan`
#: were set (reference measurements, September 2026; the other machine has two cores as well).
THERE = {(300_000, "off"): 6.36, (300_000, "on"): 16.34, (1_000_000, "off"): 28.6}
MEASURES = {"off": "no measures", "on": "tests, tracing, quarantine"}
#: Theirs -> ours, of the figures compared.
FIGURES = {
    "infections": "infections",
    "deaths": "deaths",
    "severe": "severe",
    "diagnoses": "found",
    "quarantined": "home_orders",
}


class Anchor(NamedTuple):
    """What a peer did: its graph as ours, who was infected first, seconds (clock, CPU), totals."""

    graph: Any
    seeds: Any
    name: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    totals: dict[str, int] | None = None

    @classmethod
    def read(cls, path: Path, n: int) -> "Anchor":
        """The graph and the seeds of a peer's `.npz`."""
        from tests.science.covasim_course import NUMBERS
        from tongchou.epi.spread.graph import Graph

        with np.load(path) as kept:
            ends = {layer: (kept[f"{name}_p1"], kept[f"{name}_p2"])
                    for name, layer in NUMBERS.items()}  # fmt: skip
            return cls(Graph.from_edges(n, ends, kept["age"].astype(np.uint8)), kept["seeds"])

    @classmethod
    def drawn(cls, n: int) -> "Anchor":
        """Our own drawing of such a city, where the peer is not installed."""
        from tests.science.covasim_course import graph
        from tests.science.hybrid_graph import hybrid_city

        rng = np.random.default_rng(1)
        seeds = rng.choice(n, max(20, n // 1000), replace=False).astype(np.int32)
        return cls(graph(hybrid_city(n, rng)), seeds)


def run(*, scale: float = 1.0) -> list[Row]:
    rows: list[Row] = []
    for people in PEOPLE:
        n = max(int(people * scale), 2_000)
        for mode in MEASURES:
            rows += compared(n, mode, of_covasim(n, mode))
    return rows


def of_covasim(n: int, mode: str) -> Anchor:
    if peers.python_of("covasim") is None:
        missing = "Covasim, not installed: python -m bench.peers make covasim"
        return Anchor.drawn(n)._replace(name=missing)
    with tempfile.TemporaryDirectory(prefix="tc-covasim-") as folder:
        path = Path(folder) / "run.npz"
        meta = json.loads(peers.run("covasim", "covasim_dump.py", n, DAYS, mode, 1, path))
        anchor = Anchor.read(path, n)
    versions = meta["versions"]
    name = f"Covasim {versions['covasim']}, NumPy {versions['numpy']}, one thread"
    return anchor._replace(
        name=name, seconds=meta["run_s"], cpu=meta["cpu_s"], totals=meta["totals"]
    )


def compared(n: int, mode: str, anchor: Anchor) -> Iterator[Row]:
    from tests.science import covasim_course

    name = f"spread, {n:,} people on Covasim's graph, {DAYS} days, {MEASURES[mode]}"
    disease, policy = covasim_course.course(), covasim_course.policy(mode)
    result, seconds, _ = seconds_of(anchor, disease, policy, cores())
    note = told(anchor.totals or {}, result, n)
    yield against(anchor, name, seconds, AT_LEAST[mode], note)
    _, _, cpu = seconds_of(anchor, disease, policy, 1)
    yield by_cpu(anchor, name, cpu, note)
    each = cpu / max(result.total("infections"), 1) * 1e9
    floor = "floor by arithmetic and memory"
    yield Row(f"{name}: per infection", "numba", floor, 100.0, each, each / 100, "", "ns", "CPU")
    if anchor.seconds and (n, mode) in THERE:
        there = THERE[n, mode]
        yield Row(
            f"this machine: Covasim, {n:,} people, {MEASURES[mode]}", anchor.name,
            "where the promises in seconds were set", there, anchor.seconds,
            anchor.seconds / there, "", "s", "ratio: times slower than there",
        )  # fmt: skip
    if mode == "on" and (orders := result.total("home_orders")):
        words = f"CPU; {orders:,.0f} quarantine orders, all else included"
        yield Row(
            f"{name}: per order", "numba", "none", 0.0, cpu / orders * 1e9, 0.0, "", "ns", words
        )


def against(anchor: Anchor, name: str, seconds: float, bound: str, note: str) -> Row:
    """By the clock, with all cores of this machine; there is no bound where there is no anchor."""
    ratio = anchor.seconds / seconds
    engine = f"numba, {cores()} threads"
    if anchor.seconds:
        note = f"ratio: times faster; {note}"
    else:
        bound = ""
    return Row(name, engine, anchor.name, anchor.seconds, seconds, ratio, bound, "s", note)


def by_cpu(anchor: Anchor, name: str, cpu: float, note: str) -> Row:
    """Per core: seconds of CPU on both sides, which a busy machine stretches less."""
    ratio = anchor.cpu / cpu
    name = f"{name}: CPU, one thread"
    return Row(name, "numba", anchor.name, anchor.cpu, cpu, ratio, "", "s", note)


def seconds_of(anchor: Anchor, course: Any, policy: Any, threads: int) -> tuple[Any, float, float]:
    """Our result, and the median seconds of some runs after one not counted: clock, CPU."""
    from tongchou.epi.spread.run import simulate

    took = []
    for _ in range(REPEATS + 1):
        start, spent = time.perf_counter(), time.process_time()
        # theirs counts day 0 and the last day
        result = simulate(
            anchor.graph, course, policy, seed=1, days=DAYS + 1, seeds=anchor.seeds,
            threads=threads,
        )  # fmt: skip
        took.append((time.perf_counter() - start, time.process_time() - spent))
    clock, cpu = np.median(took[1:], axis=0)
    return result, float(clock), float(cpu)


def told(totals: dict[str, int], result: Any, n: int) -> str:
    """`infected 82 %; infections 246,510 / 246,733`, and so on."""
    words = [f"infected {result.total('infections') / n:.0%}"]
    for theirs, mine in FIGURES.items():
        if figure := result.total(mine):
            there = f"{totals[theirs]:,} / " if totals else ""
            words.append(f"{theirs} {there}{figure:,.0f}")
    if totals:
        peak = int(np.convolve(result.curve("infections"), np.ones(7), "same").argmax())
        words.append(f"peak day {totals['peak_day']} / {peak}")
    return "; ".join(words)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
