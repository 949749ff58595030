"""The whole morning of a city: 5,000 communities x 12 channels, three years of days.

Quality marks, EARS, Farrington flexible, the daily model, evidence over channels, R and forecasts.
Beside processes of this machine the same call runs on a Dask cluster of this machine.
"""

import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import Row
from bench.reproduction import city

N_AREAS, N_CHANNELS, N_DAYS = 5_000, 12, 1_095
JOBS = 2
#: Areas of a partition: fills batches of the daily model at twelve channels.
AREAS = 128
#: Of a worker, as joblib gives its own processes.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi import cycle

    n_areas = max(int(N_AREAS * scale), 2 * AREAS)
    name = f"daily cycle, {n_areas * N_CHANNELS:,} series"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.npy"
        write(path, n_areas)
        parts = [
            partial(load, path, low, min(low + AREAS, n_areas)) for low in range(0, n_areas, AREAS)
        ]
        asked = morning()
        with Memory() as used:
            before = time.perf_counter()
            found = cycle.over(parts, asked, jobs=JOBS)
            took = time.perf_counter() - before
        alarms = int(found.daily.alarm.sum())
        limit = 60.0 * n_areas / N_AREAS
        rows = [
            Row(
                f"{name}: all of it", f"{JOBS} processes", "60 seconds", limit, took, took / limit,
                "<= 1", "s", f"counts read from disk; {alarms} alarms of the daily model",
            ),
            Row(
                f"{name}: memory", f"{JOBS} processes", "4 GB", 4.0, used.peak, used.peak / 4.0,
                "<= 1", "GB", "all processes together, at the highest",
            ),
        ]  # fmt: skip
        on_dask = dask(lambda: cycle.over(parts, asked, jobs=JOBS, backend="dask"))
        if on_dask is None:
            return rows
        seconds, other = on_dask
        same = np.array_equal(found.evidence.score, other.evidence.score, equal_nan=True)
        rows.append(
            Row(
                f"{name}: on Dask", "Dask, 2 local workers", f"{JOBS} processes", took, seconds,
                seconds / took, "", "s", "same answer" if same else "ANOTHER ANSWER",
            )
        )  # fmt: skip
    return rows


def morning() -> Any:
    from tongchou.epi import cycle, reproduction
    from tongchou.epi.detect import evidence

    channels = [f"channel {n}" for n in range(N_CHANNELS)]
    kinds = {
        "respiratory": dict.fromkeys(channels[:9], 1.0),
        "enteric": {channels[9]: 1.0, channels[10]: 1.0, channels[8]: 0.5},
    }
    return cycle.Morning(
        dates=[date(2020, 1, 1) + timedelta(days=n) for n in range(N_DAYS)],
        profiles=evidence.profiles(channels, kinds),
        interval=reproduction.shifted_gamma(5.2, 2.8, 60),
        rt=reproduction.Cori(probabilities=(0.025, 0.5, 0.975)),
    )


def write(path: Path, n_areas: int) -> None:
    """Counts as the daily files would be read: single precision, doubtful days missing."""
    shape = (n_areas, N_CHANNELS, N_DAYS)
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    rng = np.random.default_rng(8)
    for low in range(0, n_areas, AREAS):
        part = out[low : low + AREAS]
        counts = city(rng, part.shape[0] * N_CHANNELS, N_DAYS)
        counts[rng.random(counts.shape) < 0.01] = np.nan
        part[:] = counts.reshape(part.shape)
    out.flush()


def load(path: Path, low: int, high: int) -> Any:
    """One partition, read where it is judged."""
    from tongchou.epi.cycle import Partition

    counts = np.array(np.load(path, mmap_mode="r")[low:high])
    return Partition(tuple(f"{n:06d}" for n in range(low, high)), counts)


def dask(call: Callable[[], Any]) -> tuple[float, Any] | None:
    """The same call on a cluster of this machine; None where Dask is not installed."""
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError:
        return None
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, env=ONE_THREAD
        ) as cluster,
        Client(cluster),
    ):
        before = time.perf_counter()
        answer = call()
        return time.perf_counter() - before, answer


@dataclass
class Memory:
    """Gigabytes that this process and its children held together, at the highest."""

    peak: float = 0.0

    def __enter__(self) -> "Memory":
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if not self.peak:  # no /proc on this machine: the largest of them is what can be told
            own, others = (
                resource.getrusage(who).ru_maxrss
                for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            self.peak = (own + JOBS * others) / 1e6

    def _watch(self) -> None:
        while not self._done.wait(0.2):
            self.peak = max(self.peak, sum(_held(each) for each in _family(os.getpid())) / 1e9)


def _family(pid: int) -> list[int]:
    found, at = [pid], 0
    while at < len(found):
        try:
            children = Path(f"/proc/{found[at]}/task/{found[at]}/children").read_text().split()
        except OSError:
            children = []
        found += [int(each) for each in children]
        at += 1
    return found


def _held(pid: int) -> int:
    """Bytes, with what processes share divided among them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
