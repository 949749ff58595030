"""Many runs of Covasim as small tables: `PYTHON covasim_golden.py PEOPLE DAYS SEEDS FIRST OUT`.

Appends to OUT/covasim_totals.csv one line for each seed FIRST … FIRST + SEEDS - 1, off and on, and
keeps the daily curves in OUT/curves/ from which `covasim_bands.py` makes the bands.
"""

import sys
from pathlib import Path

import numpy as np
from covasim_dump import LAYERS, SERIES, measured, totals

COLUMNS = ("infections", "peak_day", *SERIES[1:], *(f"by_{layer}" for layer in LAYERS))


def main(people: int, days: int, seeds: range, out: Path) -> None:
    (out / "curves").mkdir(parents=True, exist_ok=True)
    table = out / "covasim_totals.csv"
    if not table.exists():
        table.write_text(",".join(("people", "mode", "seed", *COLUMNS)) + "\n")
    for mode in ("off", "on"):
        curves = []
        for seed in seeds:
            sim, _ = measured(people, days, mode, seed)
            found = totals(sim)
            with table.open("a") as lines:
                row = [people, mode, seed, *(found[name] for name in COLUMNS)]
                lines.write(",".join(map(str, row)) + "\n")
            curves.append([sim.results[f"new_{name}"].values for name in SERIES])
        name = f"{people}-{mode}-{seeds.start:04d}.npy"
        np.save(out / "curves" / name, np.array(curves, np.int32))


if __name__ == "__main__":
    people, days, n_seeds, first = (int(word) for word in sys.argv[1:5])
    main(people, days, range(first, first + n_seeds), Path(sys.argv[5]))
