"""EARS over whole histories and Farrington flexible for one day, against R's time for each series.

Sixty thousand series of three years. R's time for all is that for some of them, times their
number; where R is not installed our time stands alone.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench import Row
from bench.reproduction import WITHOUT_R, best, city

N_SERIES, N_DAYS = 60_000, 1_095
#: Judged together, so that the verdicts of a whole history fit into memory.
BLOCK = 1_000
#: Series that R is given: whole histories, and single weeks.
R_WHOLE, R_WEEKS = 12, 100
OPTIONS: dict[str, Any] = {"b": 2, "w": 3}


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.detect import ears
    from tongchou.epi.detect.farrington_flexible import Improved, flexible
    from tongchou.epi.detect.series import Series
    from tongchou.kit import compiled

    n = max(int(N_SERIES * scale), 200)
    counts = city(np.random.default_rng(7), n, N_DAYS)
    methods = (ears.c1, ears.c2, ears.c3)
    compiled.warm_up()

    def whole() -> int:
        alarms = 0
        for low in range(0, n, BLOCK):
            block = Series(counts[low : low + BLOCK])
            alarms += sum(int(judge(block).alarm.sum()) for judge in methods)
        return alarms

    series, weeks = Series(counts), Series(weekly(counts))
    options = Improved(**OPTIONS)
    flexible(weeks, at=-1, options=options)
    ears_took, alarms = best(whole)
    newest_took, _ = best(lambda: [judge(series, at=-1) for judge in methods])
    week_took, found = best(lambda: flexible(weeks, at=-1, options=options))
    anchors = in_r(counts, weeks.counts)
    name, of = f"{n:,} series", f"{3 * counts.size / 1e6:,.0f} M verdicts, {alarms:,} alarms"
    rows = [
        row(f"EARS C1-C3 whole history vs R per series, {name}", ears_took, anchors and anchors[0],
            n, ">= 500", f"{of}; R from {R_WHOLE} series"),
        row(f"Farrington flexible, one day vs R, {name}", week_took, anchors and anchors[1],
            n, ">= 200", f"81 weeks, 10 seasons, two fits, bound, p; {int(found.alarm.sum()):,} "
            f"alarms; R from {R_WEEKS} series"),
        Row(f"EARS C1-C3 newest day, {name}", "numba", "", 0.0, newest_took, 0.0, "", "s", ""),
    ]  # fmt: skip
    return rows


def row(name: str, took: float, each: float | None, n: int, bound: str, note: str) -> Row:
    """Ours against R's time for one series, times `n`."""
    if not each:
        return Row(name, "numba", "", 0.0, took, 0.0, "", "s", f"{WITHOUT_R}; {note}")
    anchor = each * n
    return Row(
        name, "numba", "surveillance, one series a call, one core", anchor, took, anchor / took,
        bound, "s", f"ratio: times faster; {note}",
    )  # fmt: skip


def weekly(counts: np.ndarray) -> np.ndarray:
    """Totals of seven days, the last of which ends with the newest day."""
    n_weeks = counts.shape[1] // 7
    days = counts[:, counts.shape[1] - 7 * n_weeks :]
    totals: np.ndarray = days.reshape(counts.shape[0], n_weeks, 7).sum(axis=2)
    return totals


def in_r(days: np.ndarray, weeks: np.ndarray) -> tuple[float, float] | None:
    """Seconds a series in R: earsC C1 to C3 of a whole history, farringtonFlexible of one week."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, table in (("days", days[:R_WHOLE]), ("weeks", weeks[:R_WEEKS])):
            np.savetxt(Path(folder) / f"{name}.csv", table, delimiter=",", fmt="%d")
        script = Path(folder) / "detect.R"
        script.write_text(_SCRIPT)
        words = ["Rscript", str(script), folder, str(OPTIONS["b"]), str(OPTIONS["w"])]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = [line.split() for line in done.stdout.splitlines() if line.startswith("took ")]
    return (float(found[0][1]), float(found[0][2])) if found else None


_SCRIPT = """
ok <- suppressWarnings(suppressMessages(require(surveillance, quietly = TRUE)))
if (!ok) quit(status = 1)
given <- commandArgs(trailingOnly = TRUE)
read <- function(name) as.matrix(read.csv(file.path(given[1], name), header = FALSE))
days <- read("days.csv"); weeks <- read("weeks.csv")
seconds <- function(x, judge) {
  judge(x[1, ])
  system.time(for (i in seq_len(nrow(x))) judge(x[i, ]))[["elapsed"]] / nrow(x)
}
all_ears <- function(y) for (method in c("C1", "C2", "C3"))
  earsC(sts(matrix(y), frequency = 365), control = list(method = method))
last <- ncol(weeks)
one_week <- function(y) suppressWarnings(farringtonFlexible(
  sts(matrix(y), frequency = 52),
  control = list(range = last, b = as.integer(given[2]), w = as.integer(given[3]),
                 noPeriods = 10, pastWeeksNotIncluded = 26, thresholdMethod = "nbPlugin",
                 pThresholdTrend = 1, alpha = 0.01)))
cat("took", seconds(days, all_ears), seconds(weeks, one_week), "\\n")
"""
