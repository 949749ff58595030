"""Questions that commanders ask, each answered by a small sweep on the same seeds.

Which unit to lock, when to open it, and what an hour on the way from sample to result is worth
against a district locked. `readiness` and `changing` hold the two about peacetime and the virus.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from tongchou.epi.plan import dotted
from tongchou.epi.plan.answers import Answer, Sweep, Values, difference, means
from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.plan.wording import value_words
from tongchou.epi.spread.measures.zones import UNITS

__all__ = ["smallest_unit", "value_of_time", "when_open"]

T = TypeVar("T")

_ASK: Final = ("infections", "person_days_restricted", "person_days_lockdown", "cost.total")
_HELD: Final = "person_days_restricted"

#: More infections than this share above the best are a difference that counts.
CLOSE: Final = 0.05

#: From a sample to its result, in every measure that takes one.
RESULT_DAYS: Final = (
    "testing.result_days",
    "rounds.result_days",
    "quarantine.result_days",
    "arrivals.result_days",
    "checkpoints.result_days",
)


def smallest_unit(
    scenario: Scenario, *, constraints: Sequence[Constraint] = (), how: Sweep | None = None
) -> Answer:
    """The smallest unit to lock down that does as well as any larger one.

    As well: the constraints hold, and infections are not more than 5 % above the best that a larger
    unit gives, as far as these seeds can tell.
    """
    scenario = scenario.calibrated()
    cases = {
        unit: replace(scenario, policy=dotted.replaced(scenario.policy, "both.zones.unit", unit))
        for unit in UNITS
    }
    found = (how or Sweep())(cases, _with(constraints))
    rows = tuple(_row("unit", unit, found[unit], constraints) for unit in UNITS)
    unit = _first_as_good([(each, found[each]) for each in UNITS], constraints)
    if unit is None:
        return Answer("smallest_unit", None, rows, *_none("No unit", "任何单元"))
    zh, en = (value_words("zones.unit", unit, lang) for lang in ("zh", "en"))
    own, largest = found[unit], found[UNITS[-1]]
    spared = 1 - own[_HELD].mean() / max(largest[_HELD].mean(), 1e-9)
    return Answer(
        "smallest_unit",
        unit,
        rows,
        f"Lock the {en}: {_many(own['infections'])} infections, and {spared:.0%} fewer "
        "person-days restricted than with whole districts.",
        f"封控到{zh}即可：感染{_many(own['infections'])}人，比按区县封控少限制{spared:.0%}的人日。",
    )


def when_open(
    scenario: Scenario,
    *,
    days: Sequence[int] = (1, 2, 3, 5, 7, 10, 14),
    constraints: Sequence[Constraint] = (),
    how: Sweep | None = None,
) -> Answer:
    """After how many clean days a lockdown may be opened with nothing lost.

    Compared with every longer wait, as in `smallest_unit`.
    """
    scenario, waits = scenario.calibrated(), sorted(set(days))
    cases = {
        str(n): replace(
            scenario, policy=dotted.replaced(scenario.policy, "both.zones.lockdown_days", n)
        )
        for n in waits
    }
    found = (how or Sweep())(cases, _with(constraints))
    rows = tuple(_row("clean_days", n, found[str(n)], constraints) for n in waits)
    best = _first_as_good([(n, found[str(n)]) for n in waits], constraints)
    if best is None:
        return Answer("when_open", None, rows, *_none("No wait", "任何等待天数"))
    own, longest = found[str(best)], found[str(waits[-1])]
    spared = longest[_HELD].mean() - own[_HELD].mean()
    return Answer(
        "when_open",
        best,
        rows,
        f"Open after {best} clean days: waiting {waits[-1]} restricts {spared:,.0f} more "
        "person-days and averts nothing that these runs can show.",
        f"连续{best}天无新增即可解封：等到{waits[-1]}天要多限制{spared:,.0f}人日，"
        "模拟中看不出减少感染。",
    )


def value_of_time(scenario: Scenario, *, how: Sweep | None = None) -> Answer:
    """What a day less from sample to result averts, against one more district locked.

    The model steps in days, so an hour is a 24th of a day. A district locked is what whole
    districts as zones add to the zones as they are, for each stretch of lockdown of one district.
    """
    scenario = scenario.calibrated()
    quick = _quicker(scenario)
    slowed = quick is None
    if quick is None:  # results come the same day already: what would a day more cost?
        quick, scenario = scenario, _shifted(scenario, 1)
    locked = replace(
        scenario, policy=dotted.replaced(scenario.policy, "both.zones.unit", "district")
    )
    cases = {"as it is": scenario, "a day less": quick, "districts locked": locked}
    found = (how or Sweep())(cases, _ASK)
    base = found["as it is"]
    stretch = max(scenario.policy.war.zones.lockdown_days, 1)
    district = scenario.place.n / max(scenario.city.n_districts, 1)
    extra = found["districts locked"]["person_days_lockdown"] - base["person_days_lockdown"]
    n_locked = float(extra.mean()) / (stretch * district)
    rows = tuple(_against(case, values, base) for case, values in found.items())
    day, by_districts = (
        difference(base["infections"], found[case]["infections"])[0]
        for case in ("a day less", "districts locked")
    )
    per_district = by_districts / n_locked if n_locked > 0.01 else float("nan")
    worth = day / per_district if per_district > 0 else float("nan")
    start = "A day more" if slowed else "A day less"
    en = (
        f"{start} from sample to result {'costs' if slowed else 'averts'} {day:,.0f} infections "
        f"(an hour: {day / 24:,.1f}). "
    )
    zh = (
        f"采样到结果每{'慢' if slowed else '快'}一天，{'多' if slowed else '少'}感染{day:,.0f}人"
        f"（每小时{day / 24:,.1f}人）。"
    )
    if np.isfinite(worth):
        en += (
            f"Locking one more district for {stretch} days averts {per_district:,.0f}: a day is "
            f"worth {worth:,.1f} districts."
        )
        zh += f"多封一个区县{stretch}天少感染{per_district:,.0f}人：一天相当于{worth:,.1f}个区县。"
    else:
        en += "Locking whole districts averts nothing more that these runs can show."
        zh += "改为整区封控，模拟中看不出减少感染。"
    return Answer("value_of_time", day, rows, en, zh)


def _against(case: str, values: Values, base: Values) -> dict[str, object]:
    """A row: what a case averts, and what more it takes."""
    averted, half = difference(base["infections"], values["infections"])
    return {
        "case": case,
        "infections_averted": round(averted, 1),
        "plus_minus": round(half, 1),
        "person_days_more": round(float((values[_HELD] - base[_HELD]).mean())),
        "yuan_more": round(float((values["cost.total"] - base["cost.total"]).mean())),
    }


def _quicker(scenario: Scenario) -> Scenario | None:
    """A day less wherever there is one; None where every result comes the same day."""
    quick = _shifted(scenario, -1)
    return None if quick.policy == scenario.policy else quick


def _shifted(scenario: Scenario, days: int) -> Scenario:
    policy = scenario.policy
    for tempo in ("peace", "war"):
        for path in RESULT_DAYS:
            old = dotted.read(policy, f"{tempo}.{path}")
            policy = dotted.replaced(policy, f"{tempo}.{path}", max(old + days, 0))
    return replace(scenario, policy=policy)


def _first_as_good(
    cases: Sequence[tuple[T, Values]], constraints: Sequence[Constraint]
) -> T | None:
    """The first case that holds, and that no later one that holds betters by enough to count."""
    held = [
        (key, values)
        for key, values in cases
        if not any(each.slack(values[each.metric.name]) < 0 for each in constraints)
    ]
    for i, (key, values) in enumerate(held):
        rivals = [other for _, other in held[i + 1 :]]
        if not any(_betters(other, values) for other in rivals):
            return key
    return None


def _betters(other: Values, own: Values) -> bool:
    """Whether `other` has fewer infections for sure, and by more than is close."""
    more, half = difference(own["infections"], other["infections"])
    half = 0.0 if np.isnan(half) else half
    return more - half > 0 and more > CLOSE * max(float(other["infections"].mean()), 1.0)


def _with(constraints: Sequence[Constraint]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*_ASK, *(each.metric.name for each in constraints)]))


def _row(
    name: str, key: object, values: Values, constraints: Sequence[Constraint]
) -> dict[str, object]:
    holds = all(each.slack(values[each.metric.name]) >= 0 for each in constraints)
    return {name: key, **means(values), "holds": holds}


def _none(en: str, zh: str) -> tuple[str, str]:
    return f"{en} keeps the constraints.", f"{zh}都达不到约束条件。"


def _many(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return f"{values.mean():,.0f}"
