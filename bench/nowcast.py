"""Do nowcasts cover what comes, and in what time: own intervals on simulated cities.

Each city has 60 days of counts that rise, fall or stand, with more scatter than Poisson, and
reports that come late by a gamma delay; in half of the cities offices are closed on weekends and
what would have come then comes on Monday. Nowcasts are made for the ten days up to three days ago,
as in the R reference, and held against the counts that are known in the end. R's own nowcast runs
beside it where `Rscript` and its package `surveillance` are installed.
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

N_CITIES = 400
N_DAYS, MAX_DELAY = 60, 21
AGES = range(3, 13)


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.nowcast import Options, Triangle, estimate

    n = max(int(N_CITIES * scale), 20)
    cities = [city(np.random.default_rng(seed), lumps=seed % 2 == 1) for seed in range(n)]
    at = [N_DAYS - 1 - age for age in AGES]

    def own(event: Any, report: Any, method: str = "negbin") -> Any:
        triangle = Triangle.of(event, report, today=N_DAYS - 1, max_delay=MAX_DELAY, first=0)
        # R's predictive laws need room to move on simulated cities of any size
        return estimate(triangle, at, Options(method, largest=3_000))

    results: dict[str, list[tuple[float, float, bool]]] = {}
    took = []
    for number, (event, report) in enumerate(cities):
        final = np.bincount(event, minlength=N_DAYS)[at]
        for method in ("negbin", "bayes.trunc", "lawless"):
            if method != "negbin" and number >= n // 4:
                continue  # integrating R's law up to 3,000 takes most of the time
            before = time.perf_counter()
            found = own(event, report, method)
            if method == "negbin":
                took.append(time.perf_counter() - before)
            good = ~np.isnan(found.quantiles[:, 0])
            low, middle, high = found.quantiles[good].T
            for seen, error, width in zip(
                (low <= final[good]) & (final[good] <= high),
                np.abs(middle - final[good]) / np.maximum(final[good], 1),
                high - low,
                strict=True,
            ):
                results.setdefault(f"{method} {number % 2}", []).append((seen, error, width))
    rows = []
    for label, which in (("", "0"), (", reports in lumps", "1")):
        table = {m: np.array(results[f"{m} {which}"]) for m in ("negbin", "bayes.trunc", "lawless")}
        own_share, error, width = table["negbin"].mean(axis=0)
        beside = "; ".join(
            f"R's {m} {table[m].mean(axis=0)[0]:.1%}, {table[m].mean(axis=0)[1]:.0%}, "
            f"{table[m].mean(axis=0)[2]:.1f}"
            for m in ("bayes.trunc", "lawless")
        )
        rows.append(
            Row(
                f"nowcast: 95 % intervals cover{label}",
                "numpy",
                "90 of 100 final counts",
                0.9,
                own_share,
                own_share / 0.9,
                ">= 1",
                "share",
                f"{table['negbin'].shape[0]:,} days; median off by {error:.0%}, width {width:.1f}; "
                f"{beside}",
            )
        )
    seconds = float(np.mean(took))
    rows.append(
        Row("nowcast, a city: time", "numpy", "a second", 1.0, seconds, seconds, "<= 1", "s")
    )
    if row := beside_r(cities[0], lambda: own(*cities[0], "bayes.trunc")):
        rows.append(row)
    return rows


def city(rng: np.random.Generator, *, lumps: bool) -> tuple[np.ndarray, np.ndarray]:
    """Days of events and of their reports, all of them, over `N_DAYS` days."""
    growth = rng.uniform(-0.06, 0.08)
    days = np.arange(N_DAYS)
    today = np.exp(rng.uniform(1.5, 5))
    mean = today * np.exp(growth * (days - N_DAYS + 1))
    mean = np.clip(mean, 0.5, 1_000) * (1 + 0.2 * np.sin(2 * np.pi * days / 7))
    shape = rng.uniform(3, 30)
    counts = rng.poisson(rng.gamma(shape, mean / shape))
    event = np.repeat(days, counts)
    # a tenth come on the day; nobody waits longer than the triangle
    delay_mean = rng.uniform(2, 6)
    delay = np.floor(rng.gamma(2.0, delay_mean / 2.0, event.size)).astype(np.int64)
    report = event + np.minimum(delay, MAX_DELAY - 3)
    if lumps:
        closed = report % 7 >= 5
        report = np.where(closed, report + 7 - report % 7, report)
    return event, report


def beside_r(one: tuple[np.ndarray, np.ndarray], own: Callable[[], Any]) -> Row | None:
    """R's bayes.trunc on one city, with its 1,000 samples; nothing where R is not installed."""
    if shutil.which("Rscript") is None:
        return None
    last = N_DAYS - 1
    script = f"""
    suppressMessages(library(surveillance))
    d <- read.csv(file.path(commandArgs(TRUE)[1], "in.csv"))
    d$event <- as.Date("2020-01-01") + d$event; d$report <- as.Date("2020-01-01") + d$report
    now <- as.Date("2020-01-01") + {last}
    when <- seq(now - 12, length.out = 10, by = "1 day")
    took <- system.time(nc <- nowcast(now = now, when = when, data = d, dEventCol = "event",
      dReportCol = "report", method = "bayes.trunc", D = {MAX_DELAY}, control = list(
      dRange = c(as.Date("2020-01-01"), now), N.tInf.max = 3000, nSamples = 1000,
      N.tInf.prior = structure("poisgamma", mean.lambda = 50, var.lambda = 3000))))[3]
    cat("\\nTOOK", took, upperbound(nc)[match(when, epoch(nc))], "\\n")
    """
    with tempfile.TemporaryDirectory() as folder:
        table = np.column_stack(one)
        np.savetxt(Path(folder) / "in.csv", table, "%d", ",", header="event,report", comments="")
        done = subprocess.run(
            ["Rscript", "-e", script, folder],
            capture_output=True,
            text=True,
            env={"TZ": "UTC", "PATH": "/usr/local/bin:/usr/bin:/bin"},
            check=False,
        )
    line = next((row for row in done.stdout.splitlines() if row.startswith("TOOK")), None)
    if line is None:
        return None
    theirs, *medians = (float(word) for word in line.split()[1:])
    before = time.perf_counter()
    found = own()
    seconds = time.perf_counter() - before
    off = float(np.max(np.abs(found.quantiles[::-1, 1] - medians) / np.maximum(medians, 1)))
    return Row(
        "nowcast, bayes.trunc of a city: time",
        "numpy",
        "R surveillance, 1,000 samples",
        theirs,
        seconds,
        seconds / theirs,
        "<= 1",
        "s",
        f"integrated, not sampled; medians within {off:.1%} of R's",
    )
