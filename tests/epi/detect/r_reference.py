"""What R's surveillance said of the sets in ../shared, and how near to it is near enough."""

from pathlib import Path

import numpy as np
import pandas as pd

from tongchou.epi.detect.series import Floats, Series, Verdicts

CLOSE = 1e-9


def sets(shared: Path, method: str) -> list[str]:
    """The sets of which R's output of this method is there."""
    found = (shared / "reference" / "r").glob(f"out_*_{method}.csv")
    return sorted(path.name.removeprefix("out_").removesuffix(f"_{method}.csv") for path in found)


def given(shared: Path, name: str) -> Series:
    """The counts R was given, with their dates where it went by dates."""
    table = pd.read_csv(shared / "reference" / "r" / f"in_{name}.csv")
    dates = None
    if table.epoch.dtype == object:
        dates = [day.date() for day in pd.to_datetime(table.epoch)]
    return Series(table.filter(regex=r"^y\.").to_numpy(float).T, dates)


def said(shared: Path, name: str, method: str) -> pd.DataFrame:
    """R's output: series and t from 1."""
    path = shared / "reference" / "r" / f"out_{name}_{method}.csv"
    return pd.read_csv(path, skipinitialspace=True)


def pick(values: Floats, verdicts: Verdicts, rows: pd.DataFrame) -> Floats:
    """Of a table series x at, the cells of R's rows."""
    column = np.searchsorted(verdicts.at, rows.t.to_numpy() - 1)
    return values[rows.series.to_numpy() - 1, column]


def worst(ours: Floats, theirs: Floats, *, absolute: float = 1e-12) -> float:
    """The largest relative difference; infinite where one of the two is missing and the other not.

    Values smaller than `absolute` count as zero.
    """
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return np.inf
    known = np.isfinite(theirs)
    if not np.array_equal(ours[~known], theirs[~known], equal_nan=True):
        return np.inf
    apart = np.abs(ours[known] - theirs[known])
    apart[apart < absolute] = 0.0
    return float((apart / np.maximum(np.abs(theirs[known]), 1e-300)).max(initial=0.0))
