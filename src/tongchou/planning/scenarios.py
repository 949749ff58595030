"""A scenario with its playbook, and what its file asks of the planner.

A setting of the search is a number of the playbook or of the scenario; a plan changes both, and
what it changes of the playbook is written as a playbook.
"""

from dataclasses import dataclass, replace
from typing import Any

from tongchou.epi.plan import dotted
from tongchou.epi.plan.assumptions import Assumption
from tongchou.epi.plan.constraints import Constraint
from tongchou.epi.plan.objectives import Objective
from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.plan.space import Settings, Space
from tongchou.planning import playbook_paths
from tongchou.planning.policy_of import policy_of
from tongchou.playbook import Playbook

__all__ = ["DelayTold", "ScenarioFile", "with_settings"]


@dataclass(frozen=True, slots=True)
class DelayTold:
    """A delay in days, and what it rests on.

    Parameters
    ----------
    path
        Such as `war.tracing.delay_days`.
    measured
        Hand-offs that it was measured over; none: it is assumed.
    why
        In words, for the report.
    """

    path: str
    days: int
    measured: int
    why: str

    def __str__(self) -> str:
        n = f"measured over {self.measured} " if self.measured else "assumed "
        return f"{self.path}: {self.days} days, {n}{self.why}"


@dataclass(frozen=True, eq=False)
class ScenarioFile:
    """A scenario, and what its file asks of the planner.

    Parameters
    ----------
    playbook
        None where the file names none: then nothing is done but what `[policy]` says.
    overrides
        What `[policy]`, `[behaviour]` and `[course]` put over the playbook, by path.
    space
        None where the file has no `[search]`.
    delays
        What each delay rests on, where a ledger was asked.
    """

    scenario: Scenario
    playbook: Playbook | None
    disease: str
    overrides: tuple[tuple[str, Any], ...] = ()
    space: Space | None = None
    objectives: tuple[Objective, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    budget: int | None = None
    n_seeds: int | None = None
    wrong: tuple[Assumption, ...] = ()
    delays: tuple[DelayTold, ...] = ()

    @property
    def base(self) -> dict[str, Any]:
        """The settings of the search as they stand."""
        return {path: self.value(path) for path in (self.space.paths if self.space else ())}

    def value(self, path: str) -> Any:
        """What stands at a path, be it of the playbook or of the scenario."""
        if self.playbook is not None and playbook_paths.belongs(path):
            return playbook_paths.get(self.playbook, path)
        return dotted.read(self.scenario, path)

    def playbook_with(self, settings: Settings) -> Playbook | None:
        """The playbook with those of the settings that are its own."""
        if self.playbook is None:
            return None
        own = {path: value for path, value in settings.items() if playbook_paths.belongs(path)}
        return playbook_paths.replaced(self.playbook, own) if own else self.playbook

    def with_settings(self, settings: Settings) -> Scenario:
        """The scenario with other values at some paths.

        A changed playbook is read anew, and what the file puts over a playbook is put over it.

        Raises
        ------
        ValueError, LookupError
            Where a path leads nowhere, or a value does not fit.
        """
        scenario, book = self.scenario, self.playbook_with(settings)
        if book is not None and book is not self.playbook:
            scenario = replace(scenario, policy=policy_of(book))
            scenario = with_settings(scenario, dict(self.overrides))
        rest = {path: v for path, v in settings.items() if not playbook_paths.belongs(path)}
        return with_settings(scenario, rest)

    def vary(self, settings: Settings, world: Assumption) -> Scenario:
        """The same, where the city was mistaken."""
        return world.change(self.with_settings(settings))


def with_settings(scenario: Scenario, settings: Settings) -> Scenario:
    """A scenario with other values at some paths of its own."""
    for path, value in settings.items():
        scenario = dotted.replaced(scenario, path, value)
    return scenario
