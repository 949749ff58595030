"""A town of 20,000, a disease that everybody in it can catch, and runs of one day after another."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tongchou.epi.spread.city import City
from tongchou.epi.spread.course import AGES, Course
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.population import build, preset
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.run import prepare, result_of, simulate
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day

__all__ = ["always", "disease", "mean_infections", "result", "run_of", "to_day", "town"]


@cache
def town(people: int = 20_000, districts: int = 1) -> City:
    """A town of ten communities for each 20,000 people."""
    spec = preset("china-city")
    spec = replace(spec, layout=replace(spec.layout, districts=districts))
    return build(spec, seed=1, people=people)


@cache
def disease(beta: float = 0.05, ve: float = 0.0) -> Course:
    """Infectious from day 2 to day 9, four in five with symptoms from day 3, nobody dies.

    `ve`: what each dose takes off the susceptibility, up to three of them.
    """
    days = {
        "exposed_to_infectious": 2,
        "infectious_to_symptoms": 1,
        "symptoms_to_severe": 2,
        "severe_to_critical": 1,
        "critical_to_death": 3,
        "recovery_asymptomatic": 7,
        "recovery_mild": 6,
        "recovery_severe": 6,
        "recovery_critical": 7,
    }
    spells = {name: Spell(mean, law="constant") for name, mean in days.items()}
    none, kept = np.zeros(AGES), np.minimum(ve * np.arange(4), 1.0)
    return Course(
        "little", spells, susceptibility=np.ones(AGES), p_symptomatic=np.full(AGES, 0.8),
        p_severe=none, p_critical=none, p_death=none, r0=None, beta=beta,
        ve_infection=kept, ve_severe=kept, ve_death=kept,
    )  # fmt: skip


def always(*, start_day: int = 0, vaccination: Any = None, **options: Any) -> Policy:
    """The same measures in peace and war."""
    both = Response(**options)
    more = {} if vaccination is None else {"vaccination": vaccination}
    return Policy(peace=both, war=both, start_day=start_day, **more)


def run_of(rules: Policy | None = None, *, seed: int = 1, days: int = 40, **more: Any) -> Run:
    """A run on the evening before day 0."""
    given: dict[str, Any] = {
        "course": disease(),
        "seeds": 20,
        "people": 20_000,
        "districts": 1,
    } | more
    return prepare(
        town(given["people"], given["districts"]), given["course"], rules or Policy(), seed=seed,
        days=days, seeds=given["seeds"],
    )  # fmt: skip


def to_day(run: Run, day: int) -> Run:
    """Move a run on until so many days are over."""
    while run.day < day:
        one_day(run)
        run.day += 1
    return run


def result(run: Run) -> Result:
    return result_of(run, town(run.n, run.n_districts))


def mean_infections(rules: Policy, *, n: int = 10, days: int = 60, **more: Any) -> float:
    """Mean number of people infected over `n` seeds."""
    given: dict[str, Any] = {"course": disease(), "seeds": 20, "people": 20_000} | more
    runs = (
        simulate(
            town(given["people"]), given["course"], rules, seed=seed, days=days,
            seeds=given["seeds"],
        )
        for seed in range(n)
    )  # fmt: skip
    return float(np.mean([run.total("infections") for run in runs]))
