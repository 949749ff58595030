"""The mean-field limits with ten times the people of the tests, as a table for the page.

`PYTHONPATH=.:src python -m tests.science.deep [R0 …]`, a minute or two; docs/science/spread.md
shows what it printed.
"""

import sys

import numpy as np

from tests.science.flat import Theory
from tests.science.test_mean_field import (
    ALIKE,
    GROWING,
    MILLION,
    SPREAD_OUT,
    apart_in_size,
    infections,
    slope,
    standard_error,
)

MILLIONS = {1.3: 24, 1.5: 12, 2.0: 8, 3.0: 4, 5.0: 4}


def main(*asked: float) -> None:
    print("R0   k     size    apart      error     r       r found  error")
    for r0 in asked or MILLIONS:
        millions = MILLIONS[r0]
        for dispersion in (ALIKE, SPREAD_OUT):
            theory = Theory(r0, dispersion)
            at_once = 2
            sizes = [
                apart_in_size(theory, n=at_once * MILLION, seed=100 + seed)
                for seed in range(millions // at_once)
            ]
            first = GROWING.get(r0, (0, 1500))[1]
            rates = [slope(infections(theory, first=first, seed=100 + s)) for s in range(24)]
            print(
                f"{r0:<4} {dispersion:<5} {theory.final_size(0.01):.4f} {np.mean(sizes):+.5f}"
                f"  {standard_error(theory, millions * MILLION):.5f}  {theory.growth():.4f}"
                f"  {np.mean(rates):.4f}  {np.std(rates, ddof=1) / np.sqrt(24):.4f}",
                flush=True,
            )


if __name__ == "__main__":
    main(*(float(each) for each in sys.argv[1:]))
