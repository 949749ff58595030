"""What a scenario may have got wrong: another variant, people who tire, offices that are slow.

Each assumption is a change to a scenario; a plan is run again under it to see how it fares when the
city was mistaken.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Final

from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.spread.course import Course
from tongchou.epi.spread.policy import Response

__all__ = ["Assumption", "adherence", "delays", "transmission", "usual", "variant"]

#: Fields in whole days that say how long somebody takes, not how long something is ordered for.
DELAYS: Final = {
    "testing": ("result_days",),
    "antigen": ("confirm_days",),
    "rounds": ("result_days",),
    "tracing": ("delay_days",),
    "quarantine": ("result_days",),
    "isolation": ("transfer_days",),
    "arrivals": ("result_days",),
    "checkpoints": ("result_days",),
}

#: Shares of people who do as they are asked.
KEPT: Final = {
    "antigen": ("adherence",),
    "rounds": ("coverage",),
    "quarantine": ("adherence",),
    "masks": ("share",),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that may be otherwise. `key` names it in files."""

    key: str
    en: str
    zh: str
    change: Callable[[Scenario], Scenario]

    def words(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


AS_ASSUMED: Final = Assumption("as_assumed", "as assumed", "与假设相同", lambda scenario: scenario)


def usual() -> tuple[Assumption, ...]:
    """A variant half as transmissible again, half the adherence, twice the delay."""
    return transmission(1.5), adherence(0.5), delays(2)


def variant(course: Course, *, en: str, zh: str) -> Assumption:
    """Another disease than was thought."""
    change = partial(_with_course, course=course)
    return Assumption("variant", f"it is {en}", f"实为{zh}", change)


def transmission(factor: float) -> Assumption:
    """More transmissible than was thought, and nothing else."""
    return Assumption(
        "transmission",
        f"transmission times {factor:g}",
        f"传播力为{factor:g}倍",
        partial(_transmission, factor=factor),
    )


def adherence(factor: float) -> Assumption:
    """So much is left of the shares of people who keep to rules, tests, quarantine and masks."""
    return Assumption(
        "adherence",
        f"adherence times {factor:g}",
        f"依从性降为{factor:g}倍",
        partial(_adherence, factor=factor),
    )


def delays(factor: float) -> Assumption:
    """Every delay so many times as long, and a day longer at least: none is counted in hours."""
    return Assumption(
        "delay",
        f"delays times {factor:g}",
        f"各环节耗时{factor:g}倍",
        partial(_delays, factor=factor),
    )


def _with_course(scenario: Scenario, course: Course) -> Scenario:
    return replace(scenario, course=course)


def _transmission(scenario: Scenario, factor: float) -> Scenario:
    course = scenario.course
    if course.r0 is not None:
        return replace(scenario, course=replace(course, r0=course.r0 * factor))
    assert course.beta is not None
    return replace(scenario, course=replace(course, beta=course.beta * factor))


def _adherence(scenario: Scenario, factor: float) -> Scenario:
    policy = scenario.policy
    own = policy.adherence
    policy = replace(
        policy,
        adherence=replace(own, start=own.start * factor, floor=min(own.floor, own.start * factor)),
        peace=_each(policy.peace, KEPT, lambda share: share * factor),
        war=_each(policy.war, KEPT, lambda share: share * factor),
    )
    return replace(scenario, policy=policy)


def _delays(scenario: Scenario, factor: float) -> Scenario:
    def slower(days: Any) -> Any:
        if isinstance(days, tuple):
            return tuple(slower(each) for each in days)
        return max(math.ceil(days * factor), days + 1)

    policy = replace(
        scenario.policy,
        peace=_each(scenario.policy.peace, DELAYS, slower),
        war=_each(scenario.policy.war, DELAYS, slower),
    )
    return replace(scenario, policy=policy)


def _each(
    response: Response, table: Mapping[str, tuple[str, ...]], change: Callable[[Any], Any]
) -> Response:
    """The response with every field of a table changed."""
    changed = {}
    for measure, names in table.items():
        options = getattr(response, measure)
        assert set(names) <= {each.name for each in fields(options)}
        changed[measure] = replace(options, **{n: change(getattr(options, n)) for n in names})
    return replace(response, **changed)
