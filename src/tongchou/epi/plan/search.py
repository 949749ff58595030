"""The search: candidates proposed by an optimiser, tried on the same seeds, given up when beaten.

Candidates are proposed in batches of a fixed size, so that the number of workers changes neither
which are tried nor what is found. At the end whoever was given up, but is not beaten by what is on
the front then, gets the rest of its runs. Where there are no more combinations than the budget
allows, all of them are tried and nothing is left to chance.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.ensemble import Progress
from tongchou.epi.plan.front import Floats, Interval, interval
from tongchou.epi.plan.journal import Journal
from tongchou.epi.plan.objectives import Objective
from tongchou.epi.plan.proposing import BATCH, Proposer
from tongchou.epi.plan.racing import Rules
from tongchou.epi.plan.space import Settings, Space
from tongchou.epi.plan.trying import Make, Trying

__all__ = ["Found", "Plan", "search"]


@dataclass(frozen=True, eq=False)
class Plan:
    """A candidate, and what its runs gave.

    Parameters
    ----------
    number
        In the order in which they were tried; 0 is the playbook as it stands.
    settings
        What it changes, by path.
    values
        By name of a number f64[seeds]: all seeds, or fewer where it was given up.
    out
        Why it was given up: "constraint", "beaten", or nothing.
    n_cut
        How many of its runs were cut short once they had broken a constraint: what these gave is
        the least that they would have given.
    """

    number: int
    settings: dict[str, Any]
    values: dict[str, Floats]
    out: str = ""
    broken: tuple[int, ...] = ()
    n_cut: int = 0

    @property
    def n_runs(self) -> int:
        return next((each.size for each in self.values.values()), 0)

    def interval(self, name: str) -> Interval:
        return interval(self.values[name])

    def mean(self, name: str) -> float:
        return float(np.mean(self.values[name]))


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found.

    Parameters
    ----------
    plans
        Every candidate, in the order of trial; the first is the playbook as it stands.
    front
        Those that keep every constraint and that none beats in all, the cheapest first.
    seeds
        In the order in which they were run, the same for all plans.
    n_runs, n_runs_at_most
        Runs made, and what they would have been without giving up.
    exhaustive
        Whether every combination was tried.
    """

    plans: tuple[Plan, ...]
    front: tuple[Plan, ...]
    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint, ...]
    seeds: tuple[int, ...]
    n_runs: int
    exhaustive: bool

    @property
    def n_runs_at_most(self) -> int:
        return len(self.plans) * len(self.seeds)

    @property
    def base(self) -> Plan:
        return self.plans[0]

    @property
    def cheapest(self) -> Plan | None:
        """Of the plans that hold, the one least in the first objective. None: no plan holds."""
        return self.front[0] if self.front else None

    @property
    def nearest(self) -> Plan:
        """Where no plan holds: the one that misses its worst constraint by least.

        Of those whose runs are whole; one that was cut short would be thought too good.
        """
        whole = [plan for plan in self.plans if not plan.n_cut]
        return min(whole, key=lambda plan: max((0.0, *self.breach(plan))))

    def breach(self, plan: Plan) -> list[float]:
        """By which share of its limit each constraint is missed; below zero where it holds."""
        return [-each.slack(plan.values[each.metric.name]) for each in self.constraints]

    def binding(self, plan: Plan) -> int | None:
        """Which constraint has the least room left; None where there is no constraint."""
        breaches = self.breach(plan)
        return int(np.argmax(breaches)) if breaches else None

    def stood_in_the_way(self) -> list[int]:
        """How many plans each constraint alone ruled out that were cheaper than the cheapest.

        At most: of runs that were cut short nobody knows the price they would have come to.
        """
        counts = [0] * len(self.constraints)
        best = self.cheapest
        first = self.objectives[0]
        for plan in self.plans:
            cheaper = best is None or np.mean(first.loss(plan.values[first.metric.name])) < np.mean(
                first.loss(best.values[first.metric.name][: plan.n_runs])
            )
            if plan.out == "constraint" and len(plan.broken) == 1 and cheaper:
                counts[plan.broken[0]] += 1
        return counts


def search(
    make: Make,
    base: Settings,
    space: Space,
    *,
    objectives: Sequence[Objective],
    constraints: Sequence[Constraint] = (),
    seeds: Sequence[int],
    budget: int,
    workers: int | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    dice: int = 1,
) -> Found:
    """Try up to `budget` plans; the front of those that hold.

    Parameters
    ----------
    make
        Gives the scenario of some settings.
    base
        The settings as they stand: tried first, on all seeds, and compared with.
    seeds
        The same for every plan, in this order.
    budget
        Plans to try, the base counted.
    dice
        Seed of the optimiser.

    Raises
    ------
    ensemble.Cancelled
        With what was finished in the journal.
    ValueError
        Where budget or seeds leave nothing to try.
    """
    if budget < 1 or not seeds:
        raise ValueError(f"a budget of {budget} plans and {len(seeds)} seeds leaves nothing to try")
    if len(set(seeds)) < len(seeds):
        raise ValueError("a seed stands twice: it would count as two runs that are one")
    rules = Rules(tuple(objectives), tuple(constraints), len(seeds))
    state = Trying(make, rules, tuple(seeds), workers, journal, cancelled)
    tell = progress or (lambda done, total: None)
    total = int(min(budget, space.size + (not space.has(base))))
    tell(0, total)
    state.begin(dict(base))
    tell(1, total)
    exhaustive = space.size + (not space.has(base)) <= budget
    every = _every(space, base)
    proposer = None if exhaustive else Proposer(space, len(rules.objectives), dice)
    while len(state.tried) < budget:
        n = min(BATCH, budget - len(state.tried))
        batch = proposer.batch(n, state.told()) if proposer else list(islice(every, n))
        if not batch:
            break
        state.race(batch)
        tell(len(state.tried), total)
    state.look_again()
    return _found(state, exhaustive)


def _found(state: Trying, exhaustive: bool) -> Found:
    rules = state.rules
    plans = tuple(
        Plan(
            racer.number,
            settings,
            {name: np.array(values) for name, values in racer.values.items()},
            racer.out,
            racer.broken,
            len(racer.cut),
        )
        for settings, racer in state.tried
    )
    home = sorted(state.home, key=lambda each: (*rules.losses(each).mean(axis=0), each.number))
    front = tuple(plans[each.number] for each in home)
    return Found(
        plans, front, rules.objectives, rules.constraints, state.seeds, state.n_runs, exhaustive
    )


def _every(space: Space, base: Settings) -> Iterator[dict[str, Any]]:
    return (each for each in space.every() if each != dict(base))
