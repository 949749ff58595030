"""A town with every layer of contact, a disease that runs in it, and runs day by day."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tongchou.epi.spread.city import City
from tongchou.epi.spread.course import AGES, Course
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.population import build, preset
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day

__all__ = ["always", "disease", "run_of", "to_day", "town"]

ALL = (1.0,) * 7


@cache
def town(people: int = 6000, districts: int = 2) -> City:
    spec = preset("china-city")
    spec = replace(spec, layout=replace(spec.layout, districts=districts))
    return build(spec, seed=1, people=people)


@cache
def disease(beta: float = 0.03) -> Course:
    """Covid-like, with deaths enough to count in a town; people differ in how much they infect."""
    days = {
        "exposed_to_infectious": Spell(3, 1.5, "gamma"),
        "infectious_to_symptoms": Spell(1.5, 1, "gamma"),
        "symptoms_to_severe": Spell(4, 2, "gamma"),
        "severe_to_critical": Spell(2, 1, "gamma"),
        "critical_to_death": Spell(5, 2, "gamma"),
        "recovery_asymptomatic": Spell(7, 2, "gamma"),
        "recovery_mild": Spell(7, 2, "gamma"),
        "recovery_severe": Spell(12, 3, "gamma"),
        "recovery_critical": Spell(15, 3, "gamma"),
    }
    ages = np.arange(AGES)
    return Course(
        "town", days, susceptibility=np.where(ages < 18, 0.6, 1.0),
        p_symptomatic=np.full(AGES, 0.7), p_severe=np.minimum(ages / 150, 0.6),
        p_critical=np.full(AGES, 0.4), p_death=np.full(AGES, 0.5), r0=None, beta=beta,
        dispersion=0.45, asymptomatic=0.7,
        layers=np.array([4, 1, 1, 0.5, 0.5, 0.5, 0.5]),
    )  # fmt: skip


def always(*, start_day: int = 0, **measures: Any) -> Policy:
    """The same measures in peace and war."""
    return Policy.steady(Response(**measures), start_day=start_day)


def run_of(rules: Policy | None = None, *, seed: int = 1, days: int = 60, **more: Any) -> Run:
    """A run on the evening before day 0."""
    given: dict[str, Any] = {"people": 6000, "course": disease(), "seeds": 30, "threads": 1} | more
    return prepare(
        town(given["people"]), given["course"], rules or Policy(), seed=seed, days=days,
        seeds=given["seeds"], threads=given["threads"],
    )  # fmt: skip


def to_day(run: Run, day: int) -> Run:
    """Move a run on until so many days are over."""
    while run.day < day:
        one_day(run)
        run.day += 1
    return run
