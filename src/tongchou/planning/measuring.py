"""Delays of a scenario from the hand-offs of an area, where the ledger has seen enough of them.

What the file says of a delay goes before what was measured: somebody wrote it down on purpose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from tongchou.areas.models import Area
from tongchou.planning.delays import Delay, Leg, Measured, delay_of
from tongchou.planning.known import WINDOW, handed_on
from tongchou.planning.scenarios import DelayTold, ScenarioFile, with_settings

__all__ = ["with_ledger"]

_PATHS: Final = ("tracing.delay_days", "isolation.transfer_days")


def with_ledger(file: ScenarioFile, area: Area, *, now: datetime) -> ScenarioFile:
    """The same scenario with the delays that were measured in this area; it says which they are."""
    times = handed_on(area, now=now)
    measured = {leg: timedelta(seconds=median(each)) for leg, each in times.items()}
    many = {leg: len(each) for leg, each in times.items()}
    told = tuple(_told(file, measured, many))
    over = tuple((f"policy.{each.path}", each.days) for each in told if each.measured)
    return replace(
        file,
        scenario=with_settings(file.scenario, dict(over)),
        overrides=(*file.overrides, *over),
        delays=told,
    )


def _told(file: ScenarioFile, measured: Measured, many: Mapping[Leg, int]) -> Iterator[DelayTold]:
    written = {path for path, _ in file.overrides}
    for tempo in ("peace", "war"):
        for path in _PATHS:
            if file.playbook is None or {f"policy.{t}.{path}" for t in (tempo, "both")} & written:
                continue
            delay = delay_of(file.playbook, tempo, path + _home(file, tempo, path), measured)
            n = sum(many[leg] for leg in delay.measured)
            yield DelayTold(f"{tempo}.{path}", delay.days, n, _stages(delay))


def _home(file: ScenarioFile, tempo: str, path: str) -> str:
    """The ending of the path where cases are isolated at home."""
    isolation = file.playbook.response.isolation if file.playbook else None
    site = isolation.site if isolation is not None else None
    at_home = site is not None and site.in_(tempo) == "home"
    return ".home" if at_home and path.startswith("isolation") else ""


def _stages(delay: Delay) -> str:
    """In words, of how many days it is the sum, and which stages nobody has measured."""
    if not delay.measured:
        return "by the deadlines of the playbook"
    said = f"from hand-offs of the last {WINDOW.days} days"
    if delay.assumed:
        said += f"; by its deadline: {', '.join('.'.join(leg) for leg in delay.assumed)}"
    return said
