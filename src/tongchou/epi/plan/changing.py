"""When to change from clearance to mitigation, as the virus becomes milder and spreads faster.

Both policies meet each virus on the same seeds. Which is better is asked of a number that the user
names; deaths, beds and people restricted stand beside it, and a bound on beds may rule one out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tongchou.epi.plan.answers import Answer, Sweep, difference
from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.metrics import metric
from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.spread.course import Course
from tongchou.epi.spread.measures.checkpoints import Checkpoints
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import Policy, Response

__all__ = ["Virus", "milder", "mitigation", "when_to_change"]

SHOWN: Final = ("infections", "deaths", "beds.critical", "person_days_restricted", "cost.total")


@dataclass(frozen=True, eq=False)
class Virus:
    """One step on the way: a course, and what it is called."""

    course: Course
    en: str
    zh: str


def milder(
    course: Course,
    *,
    spread: Sequence[float] = (1.0, 1.5, 2.0, 2.5),
    severity: Sequence[float] = (1.0, 0.4, 0.15, 0.05),
) -> tuple[Virus, ...]:
    """The same disease, step by step spreading faster and making fewer people severely ill."""
    found = []
    for more, less in zip(spread, severity, strict=True):
        own = {"r0": course.r0 * more} if course.r0 is not None else {"beta": _beta(course) * more}
        changed = replace(course, **own, p_severe=course.p_severe * less)  # type: ignore[arg-type]
        en = f"transmission x {more:g}, severity x {less:g}"
        found.append(Virus(changed, en, f"传播力×{more:g}、重症率×{less:g}"))
    return tuple(found)


def mitigation(policy: Policy) -> Policy:
    """What is left of a policy when nobody is locked in, mass-tested, or quarantined for a contact.

    Patients and who feels ill are still tested, cases stay at home, masks and schools stay as they
    are in peace.
    """
    return replace(policy, peace=_mitigated(policy.peace), war=_mitigated(policy.peace))


def _mitigated(response: Response) -> Response:
    at_home = replace(
        response.isolation,
        household=response.isolation.home_household,
        outside=response.isolation.home_outside,
        beds=0.0,
    )
    return replace(
        response,
        rounds=Rounds(),
        zones=Zones(),
        tracing=Tracing(),
        quarantine=Quarantine(),
        work=Work(),
        checkpoints=Checkpoints(),
        isolation=at_home if response.isolation != Isolation() else response.isolation,
    )


def when_to_change(
    scenario: Scenario,
    viruses: Sequence[Virus],
    *,
    instead: Policy | None = None,
    compared: str = "cost.total",
    constraints: Sequence[Constraint] = (),
    how: Sweep | None = None,
) -> Answer:
    """From which virus on mitigation does better than the scenario's own policy.

    Better: it keeps the constraints where the other does not, or both or neither keep them and
    `compared` is surely less (95 %, paired seed by seed).
    """
    other = instead if instead is not None else mitigation(scenario.policy)
    cases = {}
    for i, virus in enumerate(viruses):
        own = replace(scenario, course=virus.course)
        cases[f"clearance {i}"] = own.calibrated()
        cases[f"mitigation {i}"] = replace(own, policy=other).calibrated()
    ask = tuple(dict.fromkeys([compared, *SHOWN, *(each.metric.name for each in constraints)]))
    found = (how or Sweep())(cases, ask)
    rows, first = [], None
    for i, virus in enumerate(viruses):
        both = found[f"clearance {i}"], found[f"mitigation {i}"]
        holds = [
            all(each.slack(values[each.metric.name]) >= 0 for each in constraints)
            for values in both
        ]
        saved, half = difference(both[0][compared], both[1][compared])
        better = holds[1] if holds[0] != holds[1] else saved - (0 if np.isnan(half) else half) > 0
        if better and first is None:
            first = i
        if not better:
            first = None  # it must stay better from there on
        row: dict[str, object] = {
            "virus": virus.en,
            "better": "mitigation" if better else "clearance",
        }
        for key, values, kept in zip(("clearance", "mitigation"), both, holds, strict=True):
            row |= {f"{key}: {name}": round(float(values[name].mean()), 1) for name in ask}
            row[f"{key}: holds"] = kept
        rows.append(row)
    name_en, name_zh = metric(compared).en, metric(compared).zh
    if first is None:
        return Answer(
            "when_to_change",
            None,
            tuple(rows),
            f"For none of these viruses is mitigation better by {name_en}: stay with clearance.",
            f"按{name_zh}衡量，对以上各种病毒改为减轻危害都不更优：应继续清零。",
        )
    virus = viruses[first]
    deaths = [
        float(found[f"{key} {first}"]["deaths"].mean()) for key in ("clearance", "mitigation")
    ]
    return Answer(
        "when_to_change",
        virus.en,
        tuple(rows),
        f"Change to mitigation from {virus.en} on, judged by {name_en}; it then means "
        f"{deaths[1]:,.0f} deaths in the mean where clearance has {deaths[0]:,.0f}.",
        f"按{name_zh}衡量，自“{virus.zh}”起应转为减轻危害；其平均死亡{deaths[1]:,.0f}人，"
        f"清零策略为{deaths[0]:,.0f}人。",
    )


def _beta(course: Course) -> float:
    assert course.beta is not None
    return course.beta
