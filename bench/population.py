"""How long a synthetic city takes to build, against copying its arrays and against the promise.

A copy writes every byte of the city once and decides nothing: the floor of any way to build it.
"""

import time
from collections.abc import Callable
from typing import Any

from bench import Row

PEOPLE = (1_000_000, 4_000_000)
PROMISED = 0.1
BYTES = 25.0
ROUNDS = 5


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.spread.population import build, flaws, preset, statistics
    from tongchou.kit import compiled

    spec = preset("china-city")
    first = timed(lambda: build(spec, seed=0, people=2000))
    rows = []
    for wanted in PEOPLE:
        people = max(int(wanted * scale), 2000)
        million = people / 1e6
        city = build(spec, seed=1, people=people)
        two = best(lambda n=people: build(spec, seed=1, people=n, threads=2)) / million
        one = best(lambda n=people: build(spec, seed=1, people=n, threads=1)) / million
        copied = best(lambda of=city: [array.copy() for _, array in of.arrays()]) / million
        wrong = len(flaws(city)) + sum(not each.holds for each in statistics(city, spec))
        name = f"population, {people:,} people"
        threads = f"{compiled.workers(2)} threads"
        rows += [
            Row(
                f"{name}: build",
                f"numba, {threads}",
                "promised",
                PROMISED,
                two,
                two / PROMISED,
                "<= 1",
                "s per million",
                f"first call of a process {first:.2f} s apart; {wrong} statistics or people wrong",
            ),
            Row(
                f"{name}: build on one thread",
                "numba, 1 thread",
                "copy of the city's arrays",
                copied,
                one,
                one / copied,
                "",
                "s per million",
                f"{one / two:.2f} times as long as on {threads}",
            ),
        ]
    rows.append(
        Row(
            f"{name}: memory of the city",
            "arrays",
            "promised",
            BYTES,
            city.bytes_per_person,
            city.bytes_per_person / BYTES,
            "<= 1",
            "bytes per person",
            f"{city.n_households:,} households, {city.n_groups:,} classes and workplaces",
        )
    )
    return rows


def best(call: Callable[[], Any]) -> float:
    """Seconds of the fastest of some rounds: others use the machine too."""
    return min(timed(call) for _ in range(ROUNDS))


def timed(call: Callable[[], Any]) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before
