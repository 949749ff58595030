"""The paths that a scenario file writes, be they in quotes, as tables, or short."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tongchou.epi.plan import dotted
from tongchou.epi.plan.scenario import Scenario
from tongchou.epi.spread.policy import Policy
from tongchou.planning import playbook_paths
from tongchou.playbook import Playbook

__all__ = ["alike", "entries", "full", "leaves"]

Table = Mapping[str, Any]


def alike(path: str, scenario: Scenario, book: Playbook | None) -> None:
    """Refuse to search one number for both tempos where the two stand apart today."""
    steps = path.split(".")
    if dotted.BOTH in steps:
        peace, war = (
            dotted.read(scenario, path.replace(f".{dotted.BOTH}.", f".{tempo}."))
            for tempo in ("peace", "war")
        )
    elif book is not None and path in book.rules and steps[0] == "response":
        try:
            peace, war = (playbook_paths.get(book, f"{path}.{t}") for t in ("peace", "war"))
        except LookupError:
            return
    else:
        return
    if peace != war:
        raise ValueError(f"{path} is {peace} in peace and {war} at war; search one of the two")


def leaves(above: str, table: Table) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        path = f"{above}.{key}"
        found += leaves(path, value) if isinstance(value, dict) else [(path, value)]
    return found


def entries(table: Table, above: str = "") -> dict[str, Any]:
    """Ranges by path, be the path written in quotes or as tables."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        path = f"{above}.{key}" if above else key
        if isinstance(value, dict) and not {"from", "to"} & set(value):
            found |= entries(value, path)
        else:
            found[path] = value
    return found


def full(path: str) -> str:
    """`war.rounds.interval_days` is short for `policy.war.rounds.interval_days`."""
    first = path.partition(".")[0]
    policy = [*(each.name for each in fields(Policy)), dotted.BOTH]
    return f"policy.{path}" if first in policy else path
