"""The planner over a scenario file: search, choose a few plans of the front, try them in doubt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tongchou import playbook
from tongchou.epi.plan import objectives as objectives_
from tongchou.epi.plan import wording
from tongchou.epi.plan.assumptions import Assumption
from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.ensemble import Progress
from tongchou.epi.plan.front import spread_out
from tongchou.epi.plan.journal import Journal
from tongchou.epi.plan.objectives import Objective
from tongchou.epi.plan.regret import Regret, regret
from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.plan.search import Found, Plan, search
from tongchou.planning import playbook_paths
from tongchou.planning.scenarios import ScenarioFile

__all__ = ["DEFAULT_OBJECTIVES", "Nothing", "Planned", "plan"]

DEFAULT_OBJECTIVES: Final = ("cost.total", "infections", "person_days_restricted")
DEFAULT_BUDGET: Final = 300
DEFAULT_SEEDS: Final = 20

#: So many plans of the front are tried under wrong assumptions and written out.
SHOWN: Final = 8


class Nothing(ValueError):
    """The file leaves nothing to plan; the message says what to add."""


@dataclass(frozen=True, eq=False)
class Planned:
    """What a search over a scenario file found.

    Parameters
    ----------
    shown
        The plans that are written out: a few that stand for the front, the cheapest first.
    doubts
        How they fare where the city was mistaken; None where no plan holds.
    """

    file: ScenarioFile
    found: Found
    shown: tuple[Plan, ...]
    doubts: Regret | None

    @property
    def least_regretted(self) -> Plan | None:
        return self.doubts.least if self.doubts else None

    def changes(self, plan: Plan, lang: str) -> list[str]:
        """What a plan changes, in words: first of the playbook, then of what the city has ready."""
        base = self.file.playbook
        changed = self.file.playbook_with(plan.settings)
        words = []
        if base is not None and changed is not None:
            words = [each.words(lang) for each in playbook.difference(base, changed)]
        before, after = self.beyond(self.found.base), self.beyond(plan)
        return words + wording.changes(before, after, lang)

    def beyond(self, plan: Plan) -> dict[str, Any]:
        """The settings of a plan that are none of the playbook."""
        return {k: v for k, v in plan.settings.items() if not playbook_paths.belongs(k)}

    def playbook_text(self, plan: Plan) -> str | None:
        """The plan as a playbook file; None where the scenario has no playbook."""
        base, changed = self.file.playbook, self.file.playbook_with(plan.settings)
        if base is None or changed is None:
            return None
        own = tuple(path for path in plan.settings if playbook_paths.belongs(path))
        title = {
            "zh": f"{base.title.zh}：第{plan.number}号方案",
            "en": f"{base.title.en}: plan {plan.number}",
        }
        name = f"{base.id}-plan-{plan.number}"
        return playbook_paths.proposal(base, changed, own, name=name, title=title)


def plan(
    file: ScenarioFile,
    *,
    budget: int | None = None,
    n_seeds: int | None = None,
    objectives: Sequence[Objective] = (),
    constraints: Sequence[Constraint] = (),
    workers: int | None = None,
    journal: Journal | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    dice: int = 1,
) -> Planned:
    """Search what the file names; arguments go before what the file says.

    Parameters
    ----------
    progress
        Told the phase ("search" or "doubts"), how much is done and how much there is.

    Raises
    ------
    Nothing
        Where the file names nothing to search.
    ensemble.Cancelled
        With what was finished in the journal.
    """
    if file.space is None:
        raise Nothing(
            "the scenario has no [search]. Name what may change, such as "
            '"war.rounds.interval_days" = { from = 1, to = 5 } below [search].'
        )
    asked = tuple(objectives) or file.objectives or objectives_.parse_all(DEFAULT_OBJECTIVES)
    bounds = tuple(constraints) or file.constraints
    seeds = tuple(range(1, (n_seeds or file.n_seeds or DEFAULT_SEEDS) + 1))

    def telling(phase: str) -> Progress | None:
        if progress is None:
            return None
        return lambda done, total: progress(phase, done, total)

    def make(settings: Mapping[str, Any]) -> Scenario:
        return file.with_settings(settings).calibrated()

    def vary(settings: Mapping[str, Any], world: Assumption) -> Scenario:
        return file.vary(settings, world).calibrated()

    found = search(
        make,
        file.base,
        file.space,
        objectives=asked,
        constraints=bounds,
        seeds=seeds,
        budget=budget or file.budget or DEFAULT_BUDGET,
        workers=workers,
        journal=journal,
        progress=telling("search"),
        cancelled=cancelled,
        dice=dice,
    )
    shown = _stand_for(found)
    if not shown:
        return Planned(file, found, (), None)
    doubts = regret(
        shown,
        vary,
        file.wrong,
        objectives=asked,
        constraints=bounds,
        seeds=seeds,
        workers=workers,
        journal=journal,
        progress=telling("doubts"),
        cancelled=cancelled,
    )
    return Planned(file, found, shown, doubts)


def _stand_for(found: Found) -> tuple[Plan, ...]:
    if not found.front:
        return ()
    losses = np.array(
        [
            [float(np.mean(o.loss(each.values[o.metric.name]))) for o in found.objectives]
            for each in found.front
        ]
    )
    return tuple(found.front[place] for place in spread_out(losses, SHOWN))
