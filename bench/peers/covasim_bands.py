"""Daily curves of many seeds as quantile bands: `python covasim_bands.py OUT`, with any NumPy.

Reads OUT/curves/PEOPLE-MODE-FIRST.npy of `covasim_golden.py`, writes OUT/covasim_curves.csv.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

SERIES = ("infections", "deaths", "diagnoses", "quarantined", "severe", "critical")
QUANTILES = (5, 25, 50, 75, 95)


def main(out: Path) -> None:
    curves = defaultdict(list)
    for path in sorted((out / "curves").glob("*.npy")):
        people, mode, _ = path.stem.split("-")
        curves[int(people), mode].append(np.load(path))
    bands = [f"infections_q{q:02d}" for q in QUANTILES]
    means = [f"{name}_mean" for name in SERIES]
    lines = [",".join(["people", "mode", "n_seeds", "day", *bands, *means])]
    for (people, mode), parts in sorted(curves.items()):
        runs = np.concatenate(parts)  # seeds x series x days
        quantiles = np.percentile(runs[:, 0], QUANTILES, axis=0)
        for day in range(runs.shape[2]):
            figures = [*quantiles[:, day], *runs[:, :, day].mean(axis=0)]
            shown = (f"{figure:.2f}".rstrip("0").rstrip(".") for figure in figures)
            lines.append(",".join([str(people), mode, str(len(runs)), str(day), *shown]))
    (out / "covasim_curves.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
