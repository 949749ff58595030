"""How much must stand ready in peacetime to stop an import (宁可备而无用).

An import is stopped when nobody is infectious on the last day. What stands ready is looked for one
resource at a time, with the others plentiful, and then tried together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tongchou.epi.plan.answers import Answer, Sweep
from tongchou.epi.plan.front import Floats
from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.plan.wording import WORDS

__all__ = ["ready"]

#: By name of a capacity the number of a run that tells how much of it was in use at the peak.
USED: Final = {
    "rooms": "in_facility.peak",
    "tracers": "tracer_days.peak",
    "tubes": "pcr_tubes.peak",
}
LEFT: Final = "infectious.final"
_ASK: Final = (LEFT, "infections", "cost.total", *USED.values())
#: Tried of each, as a share of what is in use at most when nothing runs short.
SHARES: Final = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05)
_GROWS: Final = 1.3
_STEPS: Final = 6


def ready(
    scenario: Scenario,
    *,
    share: float = 0.95,
    resources: Sequence[str] = tuple(USED),
    how: Sweep | None = None,
) -> Answer:
    """Rooms, tracers and tubes with which the import of the scenario is stopped.

    Parameters
    ----------
    share
        Of runs in which it must be stopped.

    Notes
    -----
    With 20 seeds "95 %" means all but one run; the true share may be anywhere from 75 to 100 %
    (Clopper-Pearson). More seeds make it surer.
    """
    sweep = how or Sweep()
    scenario = scenario.calibrated()
    plenty = replace(
        scenario, capacities=replace(scenario.capacities, **dict.fromkeys(resources, np.inf))
    )
    free = sweep({"plenty": plenty}, _ASK)["plenty"]
    stopped = _stopped(free)
    if stopped < share:
        return Answer(
            "ready",
            None,
            ({"case": "plenty", "stopped": stopped},),
            f"With these measures the import is stopped in {stopped:.0%} of runs however much "
            "stands ready: change the measures first.",
            f"按现有措施，储备再多也只有{stopped:.0%}的模拟能阻断输入：应先调整措施。",
        )
    peaks = {name: float(np.max(free[USED[name]])) for name in resources}
    single = {name: _least(plenty, name, peaks[name], share, sweep) for name in resources}
    need, rows = _together(plenty, single, peaks, share, sweep)
    table = [{"case": "plenty", "stopped": stopped, **_whole(peaks)}]
    table += [{"case": f"{name} alone", name: round(value)} for name, value in single.items()]
    per = {name: value / scenario.place.n * 1000 for name, value in need.items()}
    said = {lang: _said(need, per, lang) for lang in ("en", "zh")}
    return Answer(
        "ready",
        {name: round(value) for name, value in need.items()},
        (*table, *rows),
        f"To stop the import in {share:.0%} of runs, keep ready: {said['en']}.",
        f"要在{share:.0%}的模拟中阻断输入，平时应备：{said['zh']}。",
    )


def _least(plenty: Scenario, name: str, peak: float, share: float, sweep: Sweep) -> float:
    """The least of one resource that is enough while nothing else runs short."""
    sizes = sorted({float(np.ceil(peak * part)) for part in SHARES})
    too_few, enough = -1, len(sizes) - 1  # the whole peak is enough: nothing ran short there
    while enough - too_few > 1:  # by halves, since more is never worse in expectation
        middle = (too_few + enough) // 2
        case = _with(plenty, {name: sizes[middle]})
        if _stopped(sweep({"ready": case}, _ASK)["ready"]) >= share:
            enough = middle
        else:
            too_few = middle
    return sizes[enough]


def _together(
    plenty: Scenario,
    single: Mapping[str, float],
    peaks: Mapping[str, float],
    share: float,
    sweep: Sweep,
) -> tuple[dict[str, float], tuple[dict[str, object], ...]]:
    """All at once, made larger step by step until it is enough."""
    need, rows = dict(single), []
    for _ in range(_STEPS):
        stopped = _stopped(sweep({"ready": _with(plenty, need)}, _ASK)["ready"])
        rows.append({"case": "together", "stopped": stopped, **_whole(need)})
        if stopped >= share:
            break
        need = {k: min(float(np.ceil(v * _GROWS)), peaks[k]) for k, v in need.items()}
    else:
        need = dict(peaks)
    return need, tuple(rows)


def _with(scenario: Scenario, sizes: Mapping[str, float]) -> Scenario:
    return replace(scenario, capacities=replace(scenario.capacities, **sizes))


def _stopped(values: Mapping[str, Floats]) -> float:
    return float(np.mean(values[LEFT] == 0))


def _whole(values: Mapping[str, float]) -> dict[str, int]:
    return {name: round(value) for name, value in values.items()}


def _said(need: Mapping[str, float], per: Mapping[str, float], lang: str) -> str:
    zh = lang == "zh"
    parts = [
        f"{WORDS[name][0]}{value:,.0f}（每千人{per[name]:.2g}）"
        if zh
        else f"{value:,.0f} {WORDS[name][1]} ({per[name]:.2g} for 1,000 people)"
        for name, value in need.items()
    ]
    return ("、" if zh else ", ").join(parts)
