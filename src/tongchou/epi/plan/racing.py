"""Racing: few runs tell most bad plans, so only the good ones get all of them.

Every plan meets the same seeds in the same order. After each lap those are out that have failed a
constraint too often to hold in the end (which is certain), and those that a plan that went the
whole way beats for sure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.front import Floats, beaten_for_sure
from tongchou.epi.plan.objectives import Objective

__all__ = ["Lap", "Racer", "Rules", "laps"]

Why = Literal["", "constraint", "beaten"]


def laps(n_seeds: int) -> tuple[int, ...]:
    """How many seeds a plan has had after each lap: two, a fifth, a half, all.

    Two failures are enough to rule a plan out where 95 % of up to 39 runs must hold.

    Examples
    --------
    >>> laps(20)
    (2, 4, 10, 20)
    >>> laps(1)
    (1,)
    """
    if n_seeds < 1:
        raise ValueError(f"{n_seeds} seeds are too few; ask for one at least")
    stops = (2, max(3, math.ceil(n_seeds / 5)), math.ceil(n_seeds / 2), n_seeds)
    return tuple(sorted({stop for stop in stops if stop <= n_seeds}))


@dataclass
class Racer:
    """A plan on its way: what its runs gave so far, seed by seed."""

    number: int
    values: dict[str, list[float]] = field(default_factory=dict)
    out: Why = ""
    broken: tuple[int, ...] = ()

    @property
    def n_runs(self) -> int:
        return len(next(iter(self.values.values()), ()))

    def took(self, runs: Sequence[dict[str, float]]) -> None:
        """Add the numbers of runs, in the order of the seeds."""
        for run in runs:
            for name, value in run.items():
                self.values.setdefault(name, []).append(value)


@dataclass(frozen=True, slots=True)
class Lap:
    """What one lap did: who is left, and who left and why."""

    left: tuple[Racer, ...]
    out: tuple[Racer, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """By what plans are judged."""

    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint, ...]
    n_seeds: int

    @property
    def names(self) -> tuple[str, ...]:
        """Every number that a run must be asked for, each once."""
        asked = [each.metric.name for each in self.objectives]
        return tuple(dict.fromkeys(asked + [each.metric.name for each in self.constraints]))

    def losses(self, racer: Racer) -> Floats:
        """f64[seeds so far, objectives]."""
        return np.column_stack([o.loss(racer.values[o.metric.name]) for o in self.objectives])

    def broken(self, racer: Racer) -> tuple[int, ...]:
        """Which constraints can no longer hold."""
        return tuple(
            i
            for i, each in enumerate(self.constraints)
            if each.lost(racer.values[each.metric.name], self.n_seeds)
        )

    def breach(self, racer: Racer) -> list[float]:
        """By how much each constraint is missed in the runs so far; zero or less where it holds."""
        return [-each.slack(racer.values[each.metric.name]) for each in self.constraints]

    def judge(self, racers: Sequence[Racer], home: Sequence[Racer]) -> Lap:
        """Take out whom nothing can save; `home` went the whole way and keep every constraint.

        A plan is held only against those at home before this lap, so that the order within a lap
        changes nothing.
        """
        rivals = np.array([self.losses(each) for each in home])
        left: list[Racer] = []
        out: list[Racer] = []
        for racer in racers:
            racer.broken = self.broken(racer)
            if racer.broken:
                racer.out = "constraint"
            elif len(rivals) and beaten_for_sure(self.losses(racer), rivals):
                racer.out = "beaten"
            (out if racer.out else left).append(racer)
        return Lap(tuple(left), tuple(out))
