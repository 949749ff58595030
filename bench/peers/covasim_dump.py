"""One run of Covasim, timed and written down: `PYTHON covasim_dump.py PEOPLE DAYS off|on SEED OUT`.

Run by the Python of Covasim's own environment (see README.md), never by ours. OUT is an `.npz`:
the contact graph, the people, the seeds, the daily curves, and `meta`, a JSON text with the
parameters, the totals and the seconds.
"""

import json
import sys
import time
from typing import Any

import covasim as cv
import numpy as np

SERIES = ("infections", "deaths", "diagnoses", "quarantined", "severe", "critical")
LAYERS = "hswc"


def simulation(people: int, days: int, mode: str, seed: int) -> Any:
    """The scenario held against us; `on` adds tests, tracing and quarantine."""
    measures = []
    if mode == "on":
        measures = [
            cv.test_prob(
                symp_prob=0.2,
                asymp_prob=0.002,
                symp_quar_prob=0.5,
                asymp_quar_prob=0.05,
                quar_policy="daily",
                test_delay=1,
                start_day=10,
            ),
            cv.contact_tracing(
                trace_probs={"h": 1.0, "s": 0.5, "w": 0.5, "c": 0.3},
                trace_time={"h": 0, "s": 1, "w": 1, "c": 2},
                quar_period=14,
            ),
        ]
    return cv.Sim(
        pop_size=people,
        pop_type="hybrid",
        pop_infected=max(20, people // 1000),
        n_days=days,
        rescale=False,
        use_waning=False,
        rand_seed=seed,
        interventions=measures,
        verbose=0,
    )


def measured(people: int, days: int, mode: str, seed: int) -> tuple[Any, dict[str, float]]:
    """The finished simulation; seconds of setting it up, and of `run()` alone, by clock and CPU."""
    sim = simulation(people, days, mode, seed)
    start = time.perf_counter()
    sim.initialize()
    ready, spent = time.perf_counter(), time.process_time()
    sim.run()
    return sim, {
        "set_up_s": ready - start,
        "run_s": time.perf_counter() - ready,
        "cpu_s": time.process_time() - spent,
    }


def totals(sim: Any) -> dict[str, int]:
    """The figures compared, as docs/science/covasim.md defines them."""
    found = {name: int(sim.results[f"new_{name}"].values.sum()) for name in SERIES}
    found["infections"] += int(sim["pop_infected"])
    daily = sim.results["new_infections"].values
    found["peak_day"] = int(np.convolve(daily, np.ones(7), "same").argmax())
    by_layer = [entry["layer"] for entry in sim.people.infection_log]
    return found | {f"by_{layer}": by_layer.count(layer) for layer in LAYERS}


def parameters(sim: Any) -> dict[str, Any]:
    keys = ("beta", "beta_layer", "iso_factor", "quar_factor", "asymp_factor", "viral_dist")
    keys += ("beta_dist", "dur", "quar_period", "contacts", "pop_infected")
    tables = {key: values.tolist() for key, values in sim["prognoses"].items()}
    return {key: sim[key] for key in keys} | {"prognoses": tables}


def dump(path: str, people: int, days: int, mode: str, seed: int) -> None:
    measured(500, 20, "on", 1)  # its kernels compile or load here, outside of what is timed
    sim, seconds = measured(people, days, mode, seed)
    meta = {
        "versions": {"covasim": cv.__version__, "numpy": np.__version__},
        "people": people,
        "days": days,
        "mode": mode,
        "seed": seed,
        **seconds,
        "totals": totals(sim),
        "parameters": parameters(sim),
    }
    arrays = {f"daily_{name}": sim.results[f"new_{name}"].values for name in SERIES}
    for layer in LAYERS:
        edges = sim.people.contacts[layer]
        arrays[f"{layer}_p1"], arrays[f"{layer}_p2"] = edges["p1"], edges["p2"]
        assert (edges["beta"] == 1).all(), "edges of unequal weight are not written down"
    seeds = [entry["target"] for entry in sim.people.infection_log if entry["source"] is None]
    arrays["seeds"] = np.array(seeds, np.int32)
    arrays["age"] = sim.people.age
    arrays["rel_trans"], arrays["rel_sus"] = sim.people.rel_trans, sim.people.rel_sus
    np.savez(path, meta=np.array(json.dumps(meta)), **arrays)
    print(json.dumps({key: meta[key] for key in meta if key != "parameters"}))


if __name__ == "__main__":
    people, days, mode, seed, path = sys.argv[1:]
    dump(path, int(people), int(days), mode, int(seed))
