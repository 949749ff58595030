"""Racing: few runs tell most bad plans, so only the good ones get all of them.

Every plan meets the same seeds in the same order. After each lap those are out that have failed a
constraint too often to hold in the end (which is certain), and those that a plan that went the
whole way beats. The seeds of a lap stand for all: they are spread over those that were hard and
those that were easy for the playbook as it stands.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.cutting import known_early
from tongchou.epi.plan.front import Floats, beaten
from tongchou.epi.plan.objectives import Objective

__all__ = ["ALSO", "FEWEST", "Lap", "Racer", "Rules", "asked", "laps", "spread"]

Why = Literal["", "constraint", "beaten"]

#: Told of every plan, whatever is planned: samples that laboratories could not take.
ALSO: Final = ("pcr_missed",)

#: Before so many seeds nobody is held against a rival.
FEWEST = 4


def asked(objectives: Sequence[Objective], constraints: Sequence[Constraint]) -> tuple[str, ...]:
    """Every number that a run of a plan is asked for, each once."""
    names = [each.metric.name for each in objectives] + [each.metric.name for each in constraints]
    return tuple(dict.fromkeys([*names, *ALSO]))


def laps(n_seeds: int) -> tuple[int, ...]:
    """How many seeds a plan has had after each lap: two, a fifth (four at least), half, all.

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
    stops = (2, max(FEWEST, math.ceil(n_seeds / 5)), math.ceil(n_seeds / 2), n_seeds)
    return tuple(sorted({stop for stop in stops if stop <= n_seeds}))


def spread(losses: ArrayLike) -> list[int]:
    """The order in which to run seeds, so that those of each lap are spread over easy and hard.

    Parameters
    ----------
    losses
        f64[seeds]: how hard each was for the playbook as it stands.

    Returns
    -------
    list of int
        Places of `losses`. The ranks are cut into as many parts as a lap has seeds, and from each
        part that has none yet comes the middle one: a stratified sample, whose mean is nearer to
        that of all than one drawn at random.

    Examples
    --------
    >>> spread([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])[:4]
    [2, 6, 1, 5]
    """
    ranked = np.argsort(np.asarray(losses, float), kind="stable").tolist()
    n, chosen = len(ranked), list[int]()
    for stop in laps(n):
        parts = [range(n * i // stop, n * (i + 1) // stop) for i in range(stop)]
        empty = [part for part in parts if not set(part) & set(chosen)]
        chosen += [part[len(part) // 2] for part in empty][: stop - len(chosen)]
        chosen += [rank for rank in range(n) if rank not in chosen][: stop - len(chosen)]
    return [ranked[rank] for rank in chosen]


@dataclass
class Racer:
    """A plan on its way: what its runs gave so far, seed by seed.

    Parameters
    ----------
    cut
        By place of the seed: after how many days that run was cut short. What it gave is then the
        least that it would have given.
    """

    number: int
    values: dict[str, list[float]] = field(default_factory=dict)
    out: Why = ""
    broken: tuple[int, ...] = ()
    cut: dict[int, int] = field(default_factory=dict)

    @property
    def n_runs(self) -> int:
        return len(next(iter(self.values.values()), ()))

    def took(self, runs: Sequence[dict[str, float]], places: Sequence[int] = ()) -> None:
        """Put in the numbers of runs: at these places, or after those that it has."""
        start = self.n_runs
        for place, run in zip(places or range(start, start + len(runs)), runs, strict=True):
            for name, value in run.items():
                self.values.setdefault(name, [])[place : place + 1] = [value]

    def arranged(self, order: Sequence[int]) -> None:
        """Put its runs into another order."""
        for name, values in self.values.items():
            self.values[name] = [values[place] for place in order]


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
        return asked(self.objectives, self.constraints)

    @property
    def until(self) -> tuple[Constraint, ...]:
        """The bounds at which a run may be cut short."""
        return known_early(self.constraints)

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

    def lost(self, racers: Sequence[Racer]) -> Lap:
        """Take out those that cannot keep a constraint any more, whatever is still to come."""
        for racer in racers:
            racer.broken = self.broken(racer)
            if racer.broken:
                racer.out = "constraint"
        return _parted(racers)

    def judge(self, racers: Sequence[Racer], home: Sequence[Racer]) -> Lap:
        """Take out whom a plan at home beats; those went the whole way and keep every constraint.

        A plan is held only against those at home before this lap, so that the order within a lap
        changes nothing. Whoever has all runs is judged by the front, and not here.
        """
        rivals = np.array([self.losses(each) for each in home])
        for racer in racers:
            if FEWEST <= racer.n_runs < self.n_seeds and beaten(self.losses(racer), rivals):
                racer.out = "beaten"
        return _parted(racers)

    def in_reach(self, racer: Racer, front: Sequence[Racer]) -> bool:
        """Whether, on its own seeds, no plan of the front is at least as good in every mean."""
        own = self.losses(racer)
        others = np.array([self.losses(each)[: len(own)].mean(axis=0) for each in front])
        return not np.any(np.all(others <= own.mean(axis=0), axis=1)) if len(others) else True


def _parted(racers: Sequence[Racer]) -> Lap:
    left = tuple(each for each in racers if not each.out)
    return Lap(left, tuple(each for each in racers if each.out))
