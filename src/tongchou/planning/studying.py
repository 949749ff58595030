"""A study computed: what is asked of the model and what is kept of its answer.

Every finished run stands in a journal, so that whoever goes on, be it this worker after a pause or
another after a kill, comes to the same result.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongchou.planning import findings, questions, texts
from tongchou.planning.findings import LEVELS, NUMBERS, SHOWN, Districts, PlanFound, Summary
from tongchou.planning.models import Study

if TYPE_CHECKING:
    from tongchou.epi.plan.ensemble import Ensemble
    from tongchou.epi.plan.journal import Journal
    from tongchou.epi.plan.scenario import Scenario
    from tongchou.epi.plan.search import Plan
    from tongchou.planning.planner import Planned

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Answer:
    """What a study found, and the digest of every run behind it."""

    result: dict[str, Any]
    digest: str


def answer(
    study: Study,
    journal: "Journal",
    *,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Answer:
    """Compute a study, or as much of it as `cancelled` allows.

    Raises
    ------
    ensemble.Cancelled
        With what was finished in the journal.
    errors.StaleScenario
        Where the text of the scenario cannot be read any more.
    """
    if study.is_simulated:
        return _simulated(study, journal, progress, cancelled)
    make = _planned if study.is_plan else _answered
    return make(study, journal, progress, cancelled)


def _simulated(
    study: Study, journal: "Journal", progress: Progress, cancelled: Callable[[], bool]
) -> Answer:
    scenario = texts.read(study.scenario.text).scenario.calibrated()
    runs = _runs(scenario, study.seeds, journal, progress, cancelled, phase="runs")
    summary = replace(summed(scenario, runs), districts=_in_the_middle(scenario, runs))
    return Answer(summary.facts(), _digest(runs))


def _answered(
    study: Study, journal: "Journal", progress: Progress, cancelled: Callable[[], bool]
) -> Answer:
    from tongchou.epi.plan.answers import Sweep

    how = Sweep(
        seeds=range(1, study.seeds + 1),
        workers=1,
        journal=journal,
        progress=lambda done, total: progress("runs", done, total),
        cancelled=cancelled,
    )
    result = questions.facts(questions.answered(study.kind, texts.read(study.scenario.text), how))
    words = json.dumps(result, sort_keys=True).encode()
    return Answer(result, hashlib.sha256(words).hexdigest())


def _planned(
    study: Study, journal: "Journal", progress: Progress, cancelled: Callable[[], bool]
) -> Answer:
    from tongchou.planning import planner

    file = texts.read(study.scenario.text)
    planned = planner.plan(
        file,
        budget=study.budget,
        n_seeds=study.seeds,
        journal=journal,
        progress=progress,
        cancelled=cancelled,
    )
    found = planned.found
    shown = _shown(planned)
    plans, digests = [], []
    for place, plan in enumerate(shown):
        scenario = file.with_settings(plan.settings).calibrated()
        progress("detail", place, len(shown))
        runs = _runs(scenario, study.seeds, journal, lambda *_: None, cancelled, phase="detail")
        plans.append(_plan_facts(planned, plan, summed(scenario, runs)).facts())
        digests.append(_digest(runs))
    names = [each.metric.name for each in found.objectives]
    result = {
        "objectives": [
            {"name": each.metric.name, "zh": each.words("zh"), "en": each.words("en")}
            for each in found.objectives
        ],
        "constraints": [{"zh": c.words("zh"), "en": c.words("en")} for c in found.constraints],
        "exhaustive": found.exhaustive,
        "n_plans": len(found.plans),
        "n_runs": found.n_runs,
        "n_front": len(found.front),
        "nearest": found.nearest.number,
        "tried": [
            {
                "number": each.number,
                "holds": each.out != "constraint",
                "at_least": each.n_cut > 0,
                "means": [_short(each.mean(name)) for name in names],
            }
            for each in found.plans
        ],
        "plans": plans,
    }
    return Answer(result, hashlib.sha256("".join(digests).encode()).hexdigest())


def _runs(
    scenario: "Scenario",
    n_seeds: int,
    journal: "Journal",
    progress: Progress,
    cancelled: Callable[[], bool],
    *,
    phase: str,
) -> "Ensemble":
    from tongchou.epi.plan.ensemble import ensemble
    from tongchou.epi.plan.items import ITEMS, PAYERS

    return ensemble(
        scenario,
        range(1, n_seeds + 1),
        ask=(*NUMBERS, *(f"cost.{key}" for key in (*PAYERS, *ITEMS))),
        curves=SHOWN,
        workers=1,
        journal=journal,
        progress=lambda done, total: progress(phase, done, total),
        cancelled=cancelled,
    )


def summed(scenario: "Scenario", runs: "Ensemble") -> Summary:
    """Fans, numbers and the bill of an ensemble."""
    names = list(runs.runs[0].values)
    return Summary(
        people=scenario.place.n,
        days=scenario.days,
        start_on=scenario.start_on.isoformat() if scenario.start_on else "",
        seeds=len(runs.runs),
        numbers={name: findings.numbers(runs.values(name)) for name in names},
        fans={
            name: [[round(v, 1) for v in curve] for curve in runs.fan(name, LEVELS)]
            for name in SHOWN
        },
    )


def _in_the_middle(scenario: "Scenario", runs: "Ensemble") -> Districts:
    """The run with the middle number of infections, run again for its districts."""
    order = sorted(zip(runs.values("infections"), runs.seeds, strict=True))
    seed = order[(len(order) - 1) // 2][1]
    result = scenario.simulated(seed)
    return Districts(
        seed,
        list(result.district_code),
        list(result.district_name),
        [int(n) for n in result.people],
        [[float(v) for v in day] for day in result.series("infections")],
    )


def _shown(planned: "Planned") -> list["Plan"]:
    """The playbook as it stands, the plans that stand for the front, or the one nearest to it."""
    found = planned.found
    chosen = [found.base, *planned.shown] if planned.shown else [found.base, found.nearest]
    return list({plan.number: plan for plan in chosen}.values())


def _plan_facts(planned: "Planned", plan: "Plan", summary: Summary) -> PlanFound:
    from tongchou.playbook.writing import literal

    found = planned.found
    binding = found.binding(plan)
    least = planned.least_regretted
    return PlanFound(
        number=plan.number,
        holds=plan.out != "constraint" and all(b <= 0 for b in found.breach(plan)),
        cheapest=plan is found.cheapest,
        least_regretted=plan is least,
        changes={lang: planned.changes(plan, lang) for lang in ("zh", "en")},
        objectives={each.metric.name: _spread(plan, each.metric.name) for each in found.objectives},
        binding={}
        if binding is None
        else {lang: found.constraints[binding].words(lang) for lang in ("zh", "en")},
        room=None if binding is None else _short(-found.breach(plan)[binding]),
        doubts=list(_doubts(planned, plan)),
        playbook=planned.playbook_text(plan) or "",
        beyond=[f"{path} = {literal(_plain(v))}" for path, v in planned.beyond(plan).items()],
        summary=summary.facts(),
    )


def _spread(plan: "Plan", name: str) -> list[float]:
    each = plan.interval(name)
    low, high = (each.mean if v != v else v for v in (each.low, each.high))
    return [_short(each.mean), _short(low), _short(high)]


def _doubts(planned: "Planned", plan: "Plan") -> Iterable[dict[str, Any]]:
    for fares in planned.doubts.of(plan) if planned.doubts else ():
        yield {
            "zh": fares.world.words("zh"),
            "en": fares.world.words("en"),
            "holds": fares.holds,
            "breach": _short(fares.breach),
            "regret": _short(fares.regret),
        }


def _plain(value: object) -> object:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _digest(runs: "Ensemble") -> str:
    return hashlib.sha256("".join(run.digest for run in runs.runs).encode()).hexdigest()


def journal_of(study: Study, folder: Path) -> Path:
    """Where the runs of a study are kept until it is over."""
    return folder / "studies" / f"{study.pk}.runs"
