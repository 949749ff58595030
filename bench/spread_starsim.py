"""The spread of an infection: Starsim's SEIR on its hybrid network, and we on the same network.

Starsim makes the network, runs it and hands it over (`bench/peers`). Its spells are continuous and
end at the next step; ours are the whole days that come closest, so the figures in the notes agree
in the mean, not case by case. Setting up and compiling are left out on both sides.
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench import Row, peers
from bench.spread_covasim import DAYS, Anchor, against, by_cpu, cores, seconds_of

PEOPLE = 1_000_000
BETA, LATENT, INFECTIOUS = 0.016, (4.5, 1.5), (8.0, 2.0)


def run(*, scale: float = 1.0) -> list[Row]:
    n = max(int(PEOPLE * scale), 5_000)
    anchor = of_starsim(n) if peers.python_of("starsim") else alone(n)
    result, seconds, _ = seconds_of(anchor, course(), None, cores())
    _, _, cpu = seconds_of(anchor, course(), None, 1)
    infections = result.total("infections")
    there = f"{anchor.totals['infections']:,} / " if anchor.totals else ""
    note = f"infected {infections / n:.0%}; infections {there}{infections:,.0f}"
    name = f"spread, {n:,} people on Starsim's hybrid network, SEIR, {DAYS} days"
    return [against(anchor, name, seconds, ">= 100", note), by_cpu(anchor, name, cpu, note)]


def course() -> Any:
    """Nobody falls ill or dies: who is infected infects, then is immune.

    Their latent time ends at the step after it, so half a day more, spread over a day.
    """
    from tests.science.covasim_course import NUMBERS
    from tongchou.epi.spread.course import LAYERS, plain
    from tongchou.epi.spread.spells import Spell

    layers = np.zeros(len(LAYERS))
    for name, beta in {"h": 3.0, "s": 0.6, "w": 0.6, "c": 0.3}.items():
        layers[NUMBERS[name]] = beta
    latent = Spell(LATENT[0] + 0.5, float(np.sqrt(LATENT[1] ** 2 + 1 / 12)))
    seir = plain("Starsim SEIR", latent=latent, infectious=Spell(*INFECTIOUS), r0=None, beta=BETA)
    return replace(seir, layers=layers)


def of_starsim(n: int) -> Anchor:
    with tempfile.TemporaryDirectory(prefix="tc-starsim-") as folder:
        path = Path(folder) / "run.npz"
        meta = json.loads(peers.run("starsim", "starsim_run.py", n, DAYS, 1, path))
        anchor = Anchor.read(path, n)
    versions = meta["versions"]
    name = f"Starsim {versions['starsim']}, NumPy {versions['numpy']}"
    totals = {"infections": meta["infections"], "peak_day": meta["peak_day"]}
    return anchor._replace(name=name, seconds=meta["run_s"], cpu=meta["cpu_s"], totals=totals)


def alone(n: int) -> Anchor:
    """Our own drawing of a hybrid city, where there is no Starsim."""
    anchor = Anchor.drawn(n)
    return anchor._replace(name="Starsim, not installed: python -m bench.peers make starsim")
