"""One SEIR run of Starsim on its hybrid network: `PYTHON starsim_run.py PEOPLE DAYS SEED OUT`.

Run by the Python of Starsim's own environment (see README.md). OUT is an `.npz` as
`covasim_dump.py` writes it: edges of h, s, w, c, ages, seeds, daily infections, and `meta`.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import starsim as ss

BETA, SEEDS = 0.016, 0.001
LATENT, INFECTIOUS = (4.5, 1.5), (8.0, 2.0)  # mean and sd in days, log-normal
LAYER_BETA = {"h": 3.0, "s": 0.6, "w": 0.6, "c": 0.3}  # HybridNet's own


def simulation(people: int, days: int, seed: int) -> Any:
    def lasting(mean: float, sd: float) -> Any:
        return ss.lognorm_ex(mean=ss.days(mean), std=ss.days(sd))

    disease = ss.SEIR(
        beta=ss.probperday(BETA),
        init_prev=ss.bernoulli(SEEDS),
        dur_exp=lasting(*LATENT),
        dur_inf=lasting(*INFECTIOUS),
        p_death=ss.bernoulli(0.0),
    )
    return ss.Sim(
        n_agents=people,
        diseases=disease,
        networks=ss.HybridNet(beta=LAYER_BETA),
        dt=ss.days(1),
        start=ss.days(0),
        stop=ss.days(days),
        rand_seed=seed,
        verbose=0,
    )


def measured(people: int, days: int, seed: int) -> tuple[Any, dict[str, float]]:
    sim = simulation(people, days, seed)
    start = time.perf_counter()
    sim.init()
    ready, spent = time.perf_counter(), time.process_time()
    sim.run()
    return sim, {
        "set_up_s": ready - start,
        "run_s": time.perf_counter() - ready,
        "cpu_s": time.process_time() - spent,
    }


def dump(path: str, people: int, days: int, seed: int) -> None:
    measured(1000, 10, 1)  # its kernels load here
    sim, seconds = measured(people, days, seed)
    disease = sim.diseases[0]
    daily = np.asarray(disease.results.new_infections)
    arrays: dict[str, Any] = {"daily_infections": daily, "age": np.asarray(sim.people.age)}
    for layer, beta in LAYER_BETA.items():
        edges = sim.networks[layer].edges
        assert np.allclose(edges.beta, beta), "edges of unequal weight are not written down"
        arrays[f"{layer}_p1"] = np.asarray(edges.p1, np.int32)
        arrays[f"{layer}_p2"] = np.asarray(edges.p2, np.int32)
    caught = np.asarray(disease.ti_exposed)
    arrays["seeds"] = np.flatnonzero(caught <= 0).astype(np.int32)
    meta = {
        "versions": {"starsim": ss.__version__, "numpy": np.__version__},
        "people": people,
        "days": days,
        "steps": int(daily.size),
        **seconds,
        "infections": int(np.isfinite(caught).sum()),
        "peak_day": int(np.convolve(daily, np.ones(7), "same").argmax()),
        "parameters": {"beta": BETA, "beta_layer": LAYER_BETA, "latent": LATENT}
        | {"infectious": INFECTIOUS},
    }
    np.savez(path, meta=np.array(json.dumps(meta)), **arrays)
    print(json.dumps({key: meta[key] for key in meta if key != "parameters"}))


if __name__ == "__main__":
    people, days, seed, path = sys.argv[1:]
    dump(path, int(people), int(days), int(seed))
