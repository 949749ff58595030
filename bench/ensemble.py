"""Many seeds of one scenario: all cores against one process, the same runs in the same call."""

import os
import time
from importlib.resources import files

from bench import Row

PEOPLE, RUNS = 500_000, 48


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.plan.ensemble import ensemble
    from tongchou.planning import scenario_file

    text = (files("tongchou.epi.plan") / "scenarios" / "import.toml").read_text("utf-8")
    people, runs = max(int(PEOPLE * scale), 20_000), max(int(RUNS * min(1.0, 4 * scale)), 8)
    scenario = scenario_file.read_text(text, people=people).scenario.calibrated()
    n = os.cpu_count() or 1
    # workers load the compiled model and build the city: paid once, so measured apart
    before = time.perf_counter()
    ensemble(scenario, range(1001, 1001 + 2 * n), workers=n)
    start = time.perf_counter() - before
    ensemble(scenario, [1001])
    seeds = range(1, runs + 1)
    before = time.perf_counter()
    alone = ensemble(scenario, seeds)
    one = time.perf_counter() - before
    before = time.perf_counter()
    together = ensemble(scenario, seeds, workers=n)
    many = time.perf_counter() - before
    assert alone == together
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
        )
    ]
