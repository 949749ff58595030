"""R of every community and channel: Cori's newest window against EpiEstim's time for each series.

EpiEstim takes one series a call, so its time for sixty thousand is that for some of them, times
their number; where R is not installed our time stands alone.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench import Row

N_SERIES, N_DAYS = 60_000, 1_095
MEAN, SD = 5.2, 2.8
QUANTILES = (0.025, 0.5, 0.975)
#: Series that R is given: the newest window of some, the whole history of a few.
R_NEWEST, R_WHOLE = 100, 8
WITHOUT_R = "R is not installed"


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.reproduction import Cori, instantaneous, shifted_gamma
    from tongchou.kit import compiled

    n = max(int(N_SERIES * scale), 10)
    counts = city(np.random.default_rng(4), n, N_DAYS)
    interval = shifted_gamma(MEAN, SD, N_DAYS)
    options = Cori(probabilities=QUANTILES)
    last = np.array([N_DAYS - 1])
    compiled.warm_up()
    newest, found = best(
        lambda: instantaneous(
            counts, interval, options=options, start=last - options.window + 1, end=last
        )
    )
    speaks = float(np.mean(found.reason == 0))
    whole, every = best(lambda: instantaneous(counts, interval, options=options), repeat=1)
    anchors = in_r(counts)
    name = f"Rt (Cori), {n:,} series"
    size = f"{every.quantiles.size / 1e6:,.0f} M quantiles of {N_DAYS} days"
    rows = [
        Row(
            f"{name}: whole history, 3 quantiles", "numba", "20 seconds", 20.0 * n / N_SERIES,
            whole, whole / (20.0 * n / N_SERIES), "<= 1", "s", size,
        ),
    ]  # fmt: skip
    if anchors is None:
        note = f"{WITHOUT_R}; {speaks:.0%} of the series speak"
        rows.append(Row(f"{name}: newest window", "numba", "", 0.0, newest, 0.0, "", "s", note))
        return rows
    r_newest, r_whole = (each * n for each in anchors)
    rows += [
        Row(
            f"{name}: newest window", "numba", "EpiEstim, one series a call", r_newest, newest,
            r_newest / newest, ">= 1000", "s",
            f"ratio: times faster; R from {R_NEWEST} series, one core",
        ),
        Row(
            f"{name}: whole history against R", "numba", "EpiEstim, one series a call", r_whole,
            whole, r_whole / whole, "", "s", f"ratio: times faster; R from {R_WHOLE} series",
        ),
    ]  # fmt: skip
    return rows


def best(call: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    took = []
    for _ in range(repeat):
        before = time.perf_counter()
        answer = call()
        took.append(time.perf_counter() - before)
    return min(took), answer


def in_r(counts: np.ndarray) -> tuple[float, float] | None:
    """Seconds a series in EpiEstim: newest window of the last 60 days, and the whole history."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        some = Path(folder) / "some.csv"
        np.savetxt(some, counts[:R_NEWEST].astype(int), delimiter=",", fmt="%d")
        script = Path(folder) / "rt.R"
        script.write_text(_SCRIPT)
        words = ["Rscript", str(script), str(some), str(R_WHOLE), str(MEAN), str(SD)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = [line.split() for line in done.stdout.splitlines() if line.startswith("took ")]
    return (float(found[0][1]), float(found[0][2])) if found else None


_SCRIPT = """
ok <- suppressWarnings(suppressMessages(require(EpiEstim, quietly = TRUE)))
if (!ok) quit(status = 1)
given <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(given[1], header = FALSE))
n_whole <- as.integer(given[2]); n_days <- ncol(counts)
law <- list(mean_si = as.numeric(given[3]), std_si = as.numeric(given[4]))
of <- function(x, times) suppressMessages(suppressWarnings(
  estimate_R(x, method = "parametric_si", config = make_config(c(law, times)))))
short <- counts[, (n_days - 59):n_days]
invisible(of(short[1, ], list(t_start = 54, t_end = 60)))
newest <- system.time(for (i in seq_len(nrow(short)))
  of(short[i, ], list(t_start = 54, t_end = 60)))[["elapsed"]] / nrow(short)
whole <- system.time(for (i in seq_len(n_whole)) of(counts[i, ], list()))[["elapsed"]] / n_whole
cat("took", newest, whole, "\\n")
"""


def city(rng: np.random.Generator, n_series: int, n_days: int) -> np.ndarray:
    """Daily counts of a city's communities and channels, f64[n_series, n_days].

    Negative binomial with weekday, season and trend; means from under one to forty, a quarter
    zeros.
    """
    day = np.arange(n_days)
    level = rng.lognormal(0.9, 1.0, n_series).clip(0.05, 40)
    out = np.empty((n_series, n_days))
    for low in range(0, n_series, 2_000):
        part = level[low : low + 2_000, None]
        season = rng.uniform(0, 0.6, part.shape) * np.cos(
            2 * np.pi * (day / 365.25 - rng.uniform(0, 1, part.shape))
        )
        weekend = np.where(day % 7 >= 5, rng.uniform(-0.8, 0.1, part.shape), 0.0)
        trend = rng.normal(0, 2e-4, part.shape) * day
        mean = part * np.exp(season + weekend + trend)
        out[low : low + 2_000] = rng.poisson(mean * rng.gamma(5.0, 0.2, mean.shape))
    return out
