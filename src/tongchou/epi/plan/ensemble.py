"""Many runs at once: on the cores of this machine, or on whatever joblib was told to use.

Inside `joblib.parallel_config("dask")` the same call runs on a Dask cluster. Each run is a function
of its scenario and its seed alone, so the number of workers and their order change nothing.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.cutting import Watch
from tongchou.epi.plan.journal import Journal, Run
from tongchou.epi.plan.metrics import measured
from tongchou.epi.spread.result import Result

__all__ = ["Cancelled", "Ensemble", "Job", "Runnable", "ensemble", "run_all"]

Progress = Callable[[int, int], None]
Stop = Callable[[Any], bool]


class Runnable(Protocol):
    """A scenario, as far as this file needs to know one. Sent to workers, so it can be pickled."""

    @property
    def digest(self) -> str:
        """Equal for scenarios that run alike."""

    def run(self, seed: int, *, stop: Stop | None = None) -> tuple[Result, Mapping[str, float]]:
        """One run, and its bill by line; no further day is run once `stop` says so."""


class Cancelled(Exception):
    """Somebody wants no more runs. Those that were finished are in the journal."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run, and what is kept of it. It may be cut short once it has broken one of `until`."""

    scenario: Runnable
    seed: int
    ask: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()
    until: tuple[Constraint, ...] = ()

    @property
    def key(self) -> str:
        until = tuple((each.metric.name, each.limit) for each in self.until)
        asked = repr((self.scenario.digest, self.seed, self.ask, self.curves, until))
        return hashlib.sha256(asked.encode()).hexdigest()[:32]

    def done(self, key: str = "") -> Run:
        """Make the run; `key` where it was worked out already."""
        watch = Watch(self.until) if self.until else None
        result, bill = self.scenario.run(self.seed, stop=watch)
        values = measured(result, self.ask, bill)
        curves = {name: [float(v) for v in result.curve(name)] for name in self.curves}
        cut = watch.days if watch is not None else None
        return Run(key or self.key, self.seed, result.digest(), values, curves, cut)


def _done(job: Job, key: str) -> Run:
    return job.done(key)


def run_all(
    jobs: Sequence[Job],
    *,
    workers: int | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Run]:
    """What each job gives, in the order of the jobs; equal jobs are done once.

    Parameters
    ----------
    workers
        Processes; -1: as many as cores. None: what the surrounding `joblib.parallel_config`
        says, and without one this process alone.
    journal
        What it holds already is not run again, and what is finished is added at once.
    progress
        Called with how many are done and how many there are.
    cancelled
        Asked after each run.

    Raises
    ------
    Cancelled
        As soon as `cancelled` says so.
    """
    keys = [job.key for job in jobs]
    every = dict(zip(keys, jobs, strict=True))
    found = {key: run for key in every if journal and (run := journal.get(key))}
    waiting = {key: job for key, job in every.items() if key not in found}

    def tell() -> None:
        if progress:
            progress(len(found), len(every))
        if cancelled and cancelled():
            raise Cancelled(f"{len(found)} of {len(every)} runs were finished")

    tell()
    with _finishing(waiting, workers) as finished:
        for run in finished:
            found[run.key] = run
            if journal:
                journal.add(run)
            tell()
    return [found[key] for key in keys]


@contextmanager
def _finishing(jobs: Mapping[str, Job], workers: int | None) -> Iterator[Iterable[Run]]:
    """Runs as they are finished; those under way are given up when the reader leaves."""
    if not jobs:
        yield ()
        return
    from joblib import Parallel, delayed  # slow to load

    parallel = Parallel(n_jobs=workers, return_as="generator_unordered")
    finished = parallel(delayed(_done)(job, key) for key, job in jobs.items())
    try:
        yield finished
    finally:
        with warnings.catch_warnings():  # it says that tasks were given up, which is what is wanted
            warnings.simplefilter("ignore", UserWarning)
            finished.close()


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Runs of one scenario with many seeds."""

    runs: tuple[Run, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(run.seed for run in self.runs)

    def values(self, name: str) -> list[float]:
        """One number of every run, in the order of the seeds."""
        return [run.values[name] for run in self.runs]

    def curves(self, name: str) -> list[list[float]]:
        """One series of every run, by day."""
        return [run.curves[name] for run in self.runs]

    def fan(self, name: str, levels: Sequence[float]) -> list[list[float]]:
        """Quantiles of a series day by day: one curve for each level."""
        import numpy as np

        found = np.quantile(np.array(self.curves(name)), levels, axis=0)
        return [[float(v) for v in curve] for curve in found]


def ensemble(
    scenario: Runnable,
    seeds: Iterable[int],
    *,
    ask: Sequence[str] = ("infections", "cost.total"),
    curves: Sequence[str] = (),
    workers: int | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Ensemble:
    """One scenario with each of the seeds; see `run_all`."""
    jobs = [Job(scenario, seed, tuple(ask), tuple(curves)) for seed in seeds]
    runs = run_all(jobs, workers=workers, journal=journal, progress=progress, cancelled=cancelled)
    return Ensemble(tuple(runs))
