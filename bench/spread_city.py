"""A city of our own, contacts drawn anew every day: seconds, memory, and time per infection.

No peer does the same work (they keep their contacts), so the anchor is the promise. It was made for
a case of which an engine's speed hangs on two numbers, so these are matched: uncontrolled 80 % are
infected in 180 days; with cases tested, traced and quarantined 8.5 %, at some 1.1 orders of
quarantine a person. A worse outbreak under the same measures, 17 % and 1.7 orders, is told beside
it. Each size runs in a process of its own, so that its memory can be told.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

from bench import Row

DAYS = 180
REPEATS = 3
#: people, measures, promised seconds; 0: none promised
CASES = (
    (1_000_000, "none", 0.35),
    (1_000_000, "all", 0.15),
    (1_000_000, "less", 0),
    (10_000_000, "none", 3.5),
)
MEASURES = {
    "none": "uncontrolled",
    "all": "tests, tracing, quarantine",
    "less": "tests of fewer, tracing, quarantine",
}
#: How probably the ill are tested on a day.
TESTED = {"none": 0.0, "all": 0.4, "less": 0.2}
BYTES = 50.0
#: ns: what a look at each infectious day, the draws and the look-ups take at least
FLOOR = 100.0


def run(*, scale: float = 1.0) -> list[Row]:
    rows = []
    for wanted, measures, promised in CASES:
        people = max(int(wanted * scale), 20_000)
        told = subprocess.run(
            [sys.executable, "-m", "bench.spread_city", str(people), measures],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            check=True,
        )
        rows += rows_of(people, measures, promised * scale, json.loads(told.stdout))
    return rows


def rows_of(people: int, measures: str, promised: float, got: dict[str, float]) -> list[Row]:
    name = f"spread, {people:,} people, {DAYS} days, {MEASURES[measures]}"
    cores = int(got["threads"])
    note = f"infected {got['attack']:.1%}; one thread {got['alone']:.3f} s"
    if got["orders"]:
        note += f"; {got['orders']:,.0f} quarantine orders, {got['ns_order']:.0f} ns each, all in"
    seconds = got["seconds"]
    each, alone = (got[k] / max(got["infections"], 1) * 1e9 for k in ("seconds", "alone"))
    rows = [
        Row(name, f"numba, {cores} threads", "promised" if promised else "none promised",
            promised or seconds, seconds, seconds / promised if promised else 1,
            "<= 1" if promised else "", "s", note),
    ]  # fmt: skip
    if measures == "none":
        rows += [
            Row(f"{name}: per infection", f"numba, {cores} threads", "floor", FLOOR, each,
                each / FLOOR, "<= 3", "ns", f"one thread {alone:.0f} ns"),
            Row(f"{name}: memory", "arrays", "promised", BYTES, got["bytes"],
                got["bytes"] / BYTES, "<= 1", "bytes per person",
                f"city {got['city_bytes']:.1f} of it; interpreter and kernels apart"),
        ]  # fmt: skip
    return rows


def measured(people: int, measures: str) -> dict[str, float]:
    """What one process measures of itself."""
    from tongchou.epi.spread.measures.isolation import Isolation
    from tongchou.epi.spread.measures.quarantine import Quarantine
    from tongchou.epi.spread.measures.testing import Testing
    from tongchou.epi.spread.measures.tracing import Tracing
    from tongchou.epi.spread.policy import Policy, Response
    from tongchou.epi.spread.population import build, preset
    from tongchou.epi.spread.run import simulate
    from tongchou.epi.spread.warming import ILL
    from tongchou.epi.spread.ways import ways_of
    from tongchou.kit.compiled import warm_up

    course = replace(
        ILL, beta=0.016, p_symptomatic=ILL.p_symptomatic * 0.75,
        p_severe=ILL.p_severe * 0.1, spells=usual(),
    )  # fmt: skip
    everything = Response(
        testing=Testing(
            symptomatic=TESTED[measures],
            asymptomatic=0.002,
            symptomatic_held=0.5,
            asymptomatic_held=0.05,
        ),
        tracing=Tracing(
            completeness=(1, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3), delay_days=(0, 1, 1, 2, 2, 2, 2)
        ),
        quarantine=Quarantine(home_days=14, home_household=0.6, home_outside=0.2),
        isolation=Isolation(share=1.0, household=0.3, outside=0.1),
    )
    policy = Policy() if measures == "none" else Policy.steady(everything, start_day=10)

    def once(city: Any, threads: int) -> tuple[Any, float]:
        start = time.perf_counter()
        result = simulate(
            city, course, policy, seed=1, days=DAYS, seeds=max(people // 1000, 20), threads=threads
        )
        return result, time.perf_counter() - start

    once(build(preset("china-city"), seed=1, people=20_000), 2)
    warm_up()  # so that no kernel is read within what is measured
    before = resident()
    city = build(preset("china-city"), seed=1, people=people, threads=2)
    ways_of(city)
    result, _ = once(city, 1)
    after = highest()
    cores = os.cpu_count() or 1
    seconds = min(once(city, cores)[1] for _ in range(REPEATS))
    alone = min(once(city, 1)[1] for _ in range(REPEATS))
    infections, orders = result.total("infections"), result.total("home_orders")
    return {
        "seconds": seconds,
        "alone": alone,
        "threads": cores,
        "attack": infections / people,
        "infections": infections,
        "orders": orders,
        "ns_order": alone / max(orders, 1) * 1e9,
        "bytes": (after - before) / people,
        "city_bytes": city.bytes_per_person,
    }


def usual() -> dict[str, Any]:
    """The spells of wild-type covid-19, as Covasim has them (Kerr et al. 2021)."""
    from tongchou.epi.spread.spells import SPELLS, Spell

    means = (4.5, 1.1, 6.6, 1.5, 10.7, 8.0, 8.0, 18.1, 18.1)
    spreads = (1.5, 0.9, 4.9, 2.0, 4.8, 2.0, 2.0, 6.3, 6.3)
    return {name: Spell(*both) for name, *both in zip(SPELLS, means, spreads, strict=True)}


def resident() -> int:
    """Bytes that this process holds now."""
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def highest() -> int:
    """The most bytes that this process ever held."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), sys.argv[2])))
