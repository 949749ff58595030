"""Many seeds of one scenario: all cores against one process, the same runs in the same call.

Wall time on a shared machine says as much of the others on it as of us, so processor time stands
beside it: what workers, pickling and the journey of results cost over doing the runs at home.
"""

import os
import time
from importlib.resources import files

from bench import Row
from bench.workers import cpu_of_workers

PEOPLE, RUNS, TURN = 500_000, 192, 48


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.plan.ensemble import ensemble
    from tongchou.planning import scenario_file

    text = (files("tongchou.epi.plan") / "scenarios" / "import.toml").read_text("utf-8")
    people, runs = max(int(PEOPLE * scale), 20_000), max(int(RUNS * min(1.0, 4 * scale)), 8)
    scenario = scenario_file.read_text(text, people=people).scenario.calibrated()
    n = os.cpu_count() or 1
    warming = range(1001, 1001 + 2 * n)
    ensemble(scenario, [1001])
    cpu = cpu_of_workers()
    # workers load the compiled model and build the city: paid once, so measured apart
    before = time.perf_counter()
    ensemble(scenario, warming, workers=n)
    start = time.perf_counter() - before
    # reading the workers' clock ends them: what their next start costs is known by then
    started = cpu_of_workers() - cpu
    ensemble(scenario, warming, workers=n)
    cpu, one, many, spent = cpu + started, 0.0, 0.0, 0.0
    # by turns, for a machine that others use is not as fast from one minute to the next
    for first in range(1, runs + 1, TURN):
        seeds = range(first, min(first + TURN, runs + 1))
        before, at = time.perf_counter(), time.process_time()
        alone = ensemble(scenario, seeds)
        one, spent = one + time.perf_counter() - before, spent + time.process_time() - at
        before = time.perf_counter()
        together = ensemble(scenario, seeds, workers=n)
        many += time.perf_counter() - before
        assert alone == together
    of_many = cpu_of_workers() - cpu - started - spent
    name = f"ensemble: {runs} runs, {people:,} people, 90 days, {n} workers"
    return [
        Row(
            name,
            "joblib, loky",
            "one process",
            runs / one,
            runs / many,
            one / many,
            f">= {0.9 * n:g}",
            "runs/s",
            f"identical results; first start of the workers {start:.1f} s",
        ),
        Row(
            f"{name}: processor time",
            "joblib, loky",
            "one process",
            spent / runs,
            of_many / runs,
            n * spent / of_many,
            f">= {0.9 * n:g}",
            "s of CPU a run",
            "ratio: workers times CPU alone over CPU together, were no core ever idle; "
            f"start of the workers {started:.1f} s of CPU, once",
        ),
    ]
