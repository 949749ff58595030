"""How plans fare where the city was mistaken, and which of them it would regret least.

The regret of a plan in a world is how much worse it is there than the best of the plans for that
world. Holding comes first: a plan is compared by how much further it breaks the constraints than it
need have, and among those that break them no further by its regret in the first objective (or in
the number that the user's weights make). The plan whose worst world is least bad is the one to be
regretted least (minimax regret, Savage 1951).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongchou.epi.plan.assumptions import AS_ASSUMED, Assumption
from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.ensemble import Job, Progress, Runnable, run_all
from tongchou.epi.plan.front import Floats, Interval, interval
from tongchou.epi.plan.journal import Journal
from tongchou.epi.plan.objectives import Objective, weighted
from tongchou.epi.plan.racing import asked
from tongchou.epi.plan.search import Plan

__all__ = ["Fares", "Regret", "regret"]

#: Breaches closer than this, as a share of the limit, are no difference worth a sum of money.
CLOSE = 0.05

Vary = Callable[[Mapping[str, Any], Assumption], Runnable]


@dataclass(frozen=True, eq=False)
class Fares:
    """How one plan fares in one world.

    Parameters
    ----------
    breach
        The worst breach of a constraint, as a share of its limit; 0 where all hold.
    breach_regret
        How much further that is than the plan that breaks them least there.
    regret
        How much more than the plan that does best there, in the unit of the number compared.
    """

    plan: Plan
    world: Assumption
    values: dict[str, Floats]
    broken: tuple[int, ...]
    breach: float
    breach_regret: float
    regret: float

    @property
    def holds(self) -> bool:
        return not self.broken

    def interval(self, name: str) -> Interval:
        return interval(self.values[name])


@dataclass(frozen=True, eq=False)
class Regret:
    """Every plan in every world; `least` is the plan to be regretted least."""

    fares: tuple[Fares, ...]
    worlds: tuple[Assumption, ...]
    compared: str
    least: Plan

    def of(self, plan: Plan) -> tuple[Fares, ...]:
        """How one plan fares, world by world; the first is as assumed."""
        return tuple(each for each in self.fares if each.plan is plan)

    def worst(self, plan: Plan) -> Fares:
        """The world in which it would be regretted most."""
        return max(self.of(plan), key=_badness)


def regret(
    plans: Sequence[Plan],
    vary: Vary,
    assumptions: Sequence[Assumption],
    *,
    objectives: Sequence[Objective],
    constraints: Sequence[Constraint],
    seeds: Sequence[int],
    weights: Mapping[str, float] | None = None,
    workers: int | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Regret:
    """Run every plan under every assumption, on the seeds of the search.

    Parameters
    ----------
    vary
        Gives the scenario of a plan's settings under an assumption.
    weights
        For one number from the objectives; without them the first objective is compared.

    Raises
    ------
    ValueError
        Where there is no plan to compare.
    """
    if not plans:
        raise ValueError("there is no plan to compare; loosen a constraint, or widen the search")
    names = asked(objectives, constraints)  # as in the search: its runs are not made again
    worlds = (AS_ASSUMED, *assumptions)
    pairs = [(plan, world) for world in worlds for plan in plans]
    jobs = [Job(vary(plan.settings, world), seed, names) for plan, world in pairs for seed in seeds]
    runs = run_all(jobs, workers=workers, journal=journal, progress=progress, cancelled=cancelled)
    found = []
    for i, (plan, world) in enumerate(pairs):
        own = runs[i * len(seeds) : (i + 1) * len(seeds)]
        values = {name: np.array([run.values[name] for run in own]) for name in names}
        found.append((plan, world, values))
    compared = "+".join(weights) if weights else objectives[0].metric.name
    fares: list[Fares] = []
    for world in worlds:
        fares += _in_world(
            [each for each in found if each[1] is world], objectives, constraints, weights or {}
        )
    least = min(
        plans, key=lambda plan: _badness(max((f for f in fares if f.plan is plan), key=_badness))
    )
    return Regret(tuple(fares), worlds, compared, least)


def _in_world(
    found: Sequence[tuple[Plan, Assumption, dict[str, Floats]]],
    objectives: Sequence[Objective],
    constraints: Sequence[Constraint],
    weights: Mapping[str, float],
) -> list[Fares]:
    breaches = [
        max([0.0, *(-each.slack(values[each.metric.name]) for each in constraints)])
        for _, _, values in found
    ]
    first = objectives[0]
    losses = [
        float(
            np.mean(weighted(values, weights) if weights else first.loss(values[first.metric.name]))
        )
        for _, _, values in found
    ]
    least = min(breaches)
    # who breaks the constraints further than need be is no yardstick for the price
    best = min(
        loss for loss, breach in zip(losses, breaches, strict=True) if breach <= least + CLOSE
    )
    return [
        Fares(
            plan,
            world,
            values,
            tuple(
                i
                for i, each in enumerate(constraints)
                if each.lost(values[each.metric.name], len(values[each.metric.name]))
            ),
            breach,
            breach - least,
            max(loss - best, 0.0),
        )
        for (plan, world, values), breach, loss in zip(found, breaches, losses, strict=True)
    ]


def _badness(fares: Fares) -> tuple[int, float]:
    return int(np.floor(fares.breach_regret / CLOSE + 1e-9)), fares.regret
