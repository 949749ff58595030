"""Which plans to try next: most from Optuna's estimator of good regions, some beside the best.

The estimator (a tree of Parzen estimators, see `optuna.samplers.TPESampler`) spreads over the whole
front. The others stand between the cheapest plan that holds and cheaper ones that do not, which is
where the best lies when a constraint binds, or beside a plan of the front.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongchou.epi.plan.space import Dimension, Settings, Space

__all__ = ["BATCH", "Proposer", "Trial"]

BATCH = 16
_FIRST = 2 * BATCH  # at random, before anything is estimated
_TRIES = 20 * BATCH


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan that was tried: its losses, its worst breach (0: it holds), whether on the front."""

    settings: dict[str, Any]
    losses: list[float]
    breach: float
    on_front: bool


class Proposer:
    """Proposes plans that were not proposed before."""

    def __init__(self, space: Space, n_objectives: int, dice: int) -> None:
        import optuna  # slow to load

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(
            seed=dice, multivariate=True, constant_liar=True, n_startup_trials=_FIRST
        )
        self._study = optuna.create_study(directions=["minimize"] * n_objectives, sampler=sampler)
        self._space = space
        self._wanted = {each.path: _distribution(each) for each in space.dimensions}
        self._rng = np.random.default_rng(dice)
        self._waiting: dict[str, Any] = {}
        self._known: set[str] = set()

    def batch(self, n: int, tried: Sequence[Trial]) -> list[dict[str, Any]]:
        """Up to `n` new plans, fewer where hardly any are left; `tried` is all so far."""
        self._learn(tried)
        found = self._neighbours(n // 4, tried) if len(tried) > _FIRST else []
        repeated = 0
        # an estimator that only repeats itself has said what it knows, and costs time
        while len(found) < n and repeated < n:
            trial = self._study.ask(self._wanted)
            settings = {
                each.path: _value(each, trial.params[each.path]) for each in self._space.dimensions
            }
            if self._is_new(settings):
                self._waiting[_key(settings)] = trial
                found.append(settings)
                continue
            repeated += 1
            self._study.tell(trial, state=_failed())
        return found + self._drawn(n - len(found))

    def _learn(self, tried: Sequence[Trial]) -> None:
        for each in tried:
            key = _key(each.settings)
            trial = self._waiting.pop(key, None)
            if trial is None and key in self._known:
                continue
            if trial is None:  # the base: known from the start, where the space has it
                self._known.add(key)
                if not self._space.has(each.settings):
                    continue
                self._enqueue(each.settings)
                trial = self._study.ask(self._wanted)
            trial.set_constraint("breach", each.breach)
            self._study.tell(trial, each.losses)

    def _neighbours(self, n: int, tried: Sequence[Trial]) -> list[dict[str, Any]]:
        """From the cheapest on the front towards cheaper ones, and beside others of it, in turn."""
        front = sorted((each for each in tried if each.on_front), key=lambda each: each.losses)
        front = [each for each in front if self._space.has(each.settings)]
        cheaper = [
            each.settings
            for each in tried
            if front and each.losses[0] < front[0].losses[0] and self._space.has(each.settings)
        ]
        found: list[dict[str, Any]] = []
        for attempt in range(8 * n if front else 0):
            if attempt % 4 and cheaper:
                other = cheaper[int(self._rng.integers(len(cheaper)))]
                settings = self._between(front[0].settings, other)
            else:
                settings = self._shifted(front[int(self._rng.integers(len(front)))].settings)
            if len(found) < n and self._is_new(settings):
                found.append(self._announced(settings))
        return found

    def _drawn(self, n: int) -> list[dict[str, Any]]:
        """Up to `n` new ones from anywhere."""
        found: list[dict[str, Any]] = []
        for _ in range(_TRIES if n else 0):
            settings = {each.path: self._anywhere(each) for each in self._space.dimensions}
            if len(found) < n and self._is_new(settings):
                found.append(self._announced(settings))
        return found

    def _anywhere(self, each: Dimension) -> Any:
        if each.size == float("inf"):
            return float(self._rng.uniform(each.low, each.high))
        return each.at(int(self._rng.integers(int(each.size))))

    def _announced(self, settings: dict[str, Any]) -> dict[str, Any]:
        """The same, once the estimator knows that it will be tried."""
        self._enqueue(settings)
        self._waiting[_key(settings)] = self._study.ask(self._wanted)
        return settings

    def _between(self, one: Settings, other: Settings) -> dict[str, Any]:
        """Somewhere on the way from one plan to another; of words either."""
        share = self._rng.random()
        between = {}
        for each in self._space.dimensions:
            here, there = one[each.path], other[each.path]
            if each.size == float("inf"):
                between[each.path] = float(here + share * (there - here))
            elif each.ordered:
                values = each.values()
                place, last = values.index(here), values.index(there)
                between[each.path] = each.at(place + round(share * (last - place)))
            else:
                between[each.path] = here if self._rng.random() < 0.5 else there
        return between

    def _shifted(self, settings: Settings) -> dict[str, Any]:
        many = len(self._space.dimensions)
        chosen = self._rng.choice(
            many, size=min(many, int(self._rng.integers(1, 3))), replace=False
        )
        shifted = dict(settings)
        for place in chosen:
            each = self._space.dimensions[int(place)]
            shifted[each.path] = self._beside(each, settings[each.path])
        return shifted

    def _beside(self, each: Dimension, value: Any) -> Any:
        if each.size == float("inf"):
            moved = value + self._rng.normal() * 0.08 * (each.high - each.low)
            return float(np.clip(moved, each.low, each.high))
        n = int(each.size)
        if not each.ordered:
            return each.at(int(self._rng.integers(n)))
        reach = max(1, n // 10)
        step = int(self._rng.integers(1, reach + 1)) * (1 if self._rng.random() < 0.5 else -1)
        return each.at(min(max(each.values().index(value) + step, 0), n - 1))

    def _enqueue(self, settings: Settings) -> None:
        places = {
            each.path: settings[each.path]
            if each.size == float("inf")
            else each.values().index(settings[each.path])
            for each in self._space.dimensions
        }
        self._study.enqueue_trial(places)

    def _is_new(self, settings: Settings) -> bool:
        key = _key(settings)
        new = key not in self._known
        self._known.add(key)
        return new


def _failed() -> Any:
    from optuna.trial import TrialState

    return TrialState.FAIL


def _distribution(each: Dimension) -> Any:
    from optuna import distributions

    if each.size == float("inf"):
        return distributions.FloatDistribution(each.low, each.high)
    if not each.ordered:
        return distributions.CategoricalDistribution(range(int(each.size)))
    return distributions.IntDistribution(0, int(each.size) - 1)


def _value(each: Dimension, drawn: Any) -> Any:
    return drawn if each.size == float("inf") else each.at(drawn)


def _key(settings: Settings) -> str:
    return json.dumps(dict(settings), sort_keys=True, default=list)
