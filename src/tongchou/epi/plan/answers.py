"""What a question gives: a table and one sentence, in both languages; and the sweep beneath it.

All cases of a sweep meet the same seeds, so that a difference between two of them is one of policy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from tongchou.epi.plan.ensemble import Job, Progress, run_all
from tongchou.epi.plan.front import Floats
from tongchou.epi.plan.journal import Journal
from tongchou.epi.plan.metrics import metric
from tongchou.epi.plan.scenario import Scenario

__all__ = ["Answer", "Sweep", "difference", "sweep"]

Values = Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer.

    Parameters
    ----------
    choice
        What was found, as a value: a unit, a number of days; None where nothing will do.
    rows
        The table: one row for each case that was tried, keys alike.
    """

    question: str
    choice: Any
    rows: tuple[dict[str, Any], ...]
    en: str
    zh: str

    def words(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


@dataclass(frozen=True)
class Sweep:
    """How sweeps are run: the seeds, the workers, and what `ensemble.run_all` takes besides."""

    seeds: Sequence[int] = tuple(range(1, 21))
    workers: int | None = None
    journal: Journal | None = None
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None

    def __call__(
        self, cases: Mapping[str, Scenario], ask: Sequence[str]
    ) -> dict[str, dict[str, Floats]]:
        """Each number of each case, f64[seeds]."""
        return sweep(cases, ask, self)


def sweep(
    cases: Mapping[str, Scenario], ask: Sequence[str], how: Sweep
) -> dict[str, dict[str, Floats]]:
    """Run every case on every seed."""
    jobs = [Job(each, seed, tuple(ask)) for each in cases.values() for seed in how.seeds]
    runs = run_all(
        jobs,
        workers=how.workers,
        journal=how.journal,
        progress=how.progress,
        cancelled=how.cancelled,
    )
    n = len(how.seeds)
    return {
        key: {
            name: np.array([run.values[name] for run in runs[i * n : (i + 1) * n]]) for name in ask
        }
        for i, key in enumerate(cases)
    }


def difference(one: Floats, other: Floats) -> tuple[float, float]:
    """Mean of `one - other` seed by seed, and half the width of its 95 % interval."""
    gaps = one - other
    if gaps.size < 2:
        return float(gaps.mean()), float("nan")
    from scipy.special import stdtrit  # slow to load

    half = float(stdtrit(gaps.size - 1, 0.975)) * float(gaps.std(ddof=1)) / sqrt(gaps.size)
    return float(gaps.mean()), half


def means(values: Values) -> dict[str, float]:
    """The mean of each number, rounded to what its size makes worth reading."""
    return {name: _rounded(float(each.mean())) for name, each in values.items()}


def _rounded(value: float) -> float:
    return round(value) if abs(value) >= 100 else round(value, 2)


def named(name: str, lang: str) -> str:
    """A number of a run, in words."""
    return metric(name).words(lang)
