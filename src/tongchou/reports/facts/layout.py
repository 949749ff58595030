"""Laying out: the facts of many areas or units at one moment, each number counted once for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tongchou.areas.models import Area
from tongchou.ledger.policy import in_force
from tongchou.reports.facts import ahead, below, capacity, catalogue, epidemic, feeds, standing
from tongchou.reports.facts.base import WINDOW, Begins, Fact, Ground, Measure, grounds
from tongchou.reports.facts.telling import counted
from tongchou.staff.models import Unit


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a report says by itself, true at one moment."""

    area: Area
    unit: Unit | None
    on: date
    at: datetime
    since: datetime
    laid_out_at: datetime
    playbook: str
    facts: tuple[Fact, ...]

    def get(self, key: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.key == key), None)


def lay_out(
    of: Iterable[Area | Unit],
    *,
    on: date,
    at: datetime,
    now: datetime,
    begins: Begins | None = None,
) -> dict[Area | Unit, Facts]:
    """The facts of each area and unit; a batch of areas takes as many queries as one of them.

    `begins` says where the report of an owner begins; 24 hours before where it does not.
    """
    owners = list(of)
    book = in_force(at).id
    found: dict[Area | Unit, Facts] = {}

    def put(owner: Area | Unit, ground: Ground, facts: Iterable[Fact]) -> None:
        unit = owner if isinstance(owner, Unit) else None
        area = owner.area if isinstance(owner, Unit) else owner
        found[owner] = Facts(area, unit, on, at, ground.since, now, book, _in_order(facts))

    for ground in grounds(owners, at, begins):
        if ground.units:
            for pk, counts in _counts(ground, catalogue.OF_A_UNIT).items():
                put(ground.keys[pk], ground, _worked_out(ground, counts))
        else:
            for path, facts in _of_areas(ground, on, now).items():
                put(ground.keys[path], ground, facts)
    return {owner: found[owner] for owner in owners if owner in found}


def _in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    place = {key: number for number, key in enumerate(catalogue.entries())}
    return tuple(sorted(facts, key=lambda fact: place[fact.key]))


def _counts(ground: Ground, measures: Iterable[Measure]) -> dict[Any, dict[str, Fact]]:
    """Two queries for a number that stands, one for a number of the day."""
    facts: dict[Any, dict[str, Fact]] = {key: {} for key in ground.keys}
    earlier = ground.ago(WINDOW)
    for measure in measures:
        now = measure.count(ground)
        then: Mapping[Any, Any] | None = None if measure.flow else measure.count(earlier)
        for key, whose in ground.keys.items():
            before = None if then is None else then[key]
            facts[key][measure.key] = counted(measure, ground, whose, now[key], before)
    return facts


def _worked_out(ground: Ground, facts: dict[str, Fact]) -> list[Fact]:
    made = [standing.span(ground), standing.progress(ground, facts.get("tasks.standing"))]
    if not ground.units:
        made.append(standing.free_rooms(ground, facts))
    return [*facts.values(), *(fact for fact in made if fact is not None)]


def _of_areas(ground: Ground, on: date, now: datetime) -> dict[Any, list[Fact]]:
    facts = _counts(ground, catalogue.MEASURES)
    holes = capacity.holes(ground.areas, ground)
    lists, told = feeds.lists(ground), feeds.counted(ground)
    acts, forecasts = standing.activations(ground), ahead.made(ground)
    # What came from below is told as of now: it comes after the moment the numbers are true at.
    seen = replace(ground, at=now)
    found = {}
    for area in ground.areas:
        here = facts[area.path]
        epidemic.unless_unrecorded(here)
        rest = [
            standing.tempo(area, ground, acts),
            standing.holes(area, ground, holes[area.path]),
            *feeds.official(area, ground, known=area.path in told),
            *ahead.forecasts(area, ground, forecasts[area.pk]),
            *below.facts(area, seen, on, here["cases.new"], ground),
        ]
        if area.path in lists:
            rest.append(lists[area.path])
        found[area.path] = [*_worked_out(ground, here), *rest]
    return found
