"""The rows behind a number, each as a line with the way to its own page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from tongchou.areas.models import Area, Place
from tongchou.cases.models import Case
from tongchou.ledger import registry, turns
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.lists.models import Problem, Task
from tongchou.orders.models import Decision, Order
from tongchou.quarantine.models import Stay
from tongchou.reports.facts.base import Ground, Measure, grounds
from tongchou.staff.models import Unit
from tongchou.surveillance.models import Silence


@dataclass(frozen=True)
class Line:
    """One row: what it is called, where, since when, and the page of it."""

    title: str
    area: str
    at: datetime | date | None
    note: str
    url: str
    part: str


def ground_of(whose: Area | Unit, at: datetime, since: datetime | None = None) -> Ground:
    """What a number of one area or unit was counted on."""
    return grounds([whose], at, {whose: since} if since else None)[0]


def behind(measure: Measure, ground: Ground) -> QuerySet[Any]:
    """Exactly the rows that were counted for the one area or unit of a ground."""
    (key,) = ground.keys
    rows = measure.of(ground).filter(whose=key)
    return rows.select_related(*_WITH.get(rows.model, ()))


def line(row: Model, measure: Measure) -> Line:
    """A row as it is listed."""
    part = str(measure.names(getattr(row, measure.split))) if measure.split else ""
    title, area, at, note, url = _SHOW[type(row)](row)
    return Line(title, area, at, note, url, part)


def _case(case: Any) -> tuple[Any, ...]:
    url = reverse("cases:case", args=[case.pk])
    return case.number, case.area.name, case.reported_on, case.get_classification_display(), url


def _leg(leg: Any) -> tuple[Any, ...]:
    note = str(registry.stage_label(leg.loop, leg.stage))
    url = turns.page_of(leg.loop, leg.passage_id)
    return leg.passage.title, leg.passage.area.name, leg.opened_at, note, url


def _gap(gap: Any) -> tuple[Any, ...]:
    note = str(registry.stage_label(gap.loop, gap.stage))
    passage = gap.handoff.passage
    return (
        passage.title,
        passage.area.name,
        gap.opened_at,
        note,
        turns.page_of(gap.loop, passage.pk),
    )


def _passage(passage: Any) -> tuple[Any, ...]:
    note = str(registry.stage_label(passage.loop, passage.stage))
    url = turns.page_of(passage.loop, passage.pk)
    return passage.title, passage.area.name, passage.opened_at, note, url


def _of_passage(row: Any) -> tuple[Any, ...]:
    return _passage(row.passage)


def _problem(problem: Any) -> tuple[Any, ...]:
    url = turns.page_of("problem", problem.passage_id)
    title = f"{problem.number} {problem.title}"
    return title, problem.area.name, problem.raised_at, "", url


def _task(task: Any) -> tuple[Any, ...]:
    url = turns.page_of("task", task.passage_id)
    return f"{task.number} {task.goal}", task.area.name, task.due_at, task.unit.name, url


def _place(place: Any) -> tuple[Any, ...]:
    url = reverse("quarantine:site", args=[place.pk])
    return place.name, place.area.name, None, "" if place.capacity is None else place.capacity, url


def _decision(decision: Any) -> tuple[Any, ...]:
    at = decision.decided_at or decision.proposed_at
    url = reverse("orders:decision", args=[decision.pk])
    return str(decision), decision.area.name, at, decision.unit.name, url


def _order(order: Any) -> tuple[Any, ...]:
    url = reverse("orders:order", args=[order.pk])
    return str(order), order.area.name, order.issued_at, order.unit.name, url


_SHOW: dict[type[Model], Callable[[Any], tuple[Any, ...]]] = {
    Case: _case,
    Handoff: _leg,
    Gap: _gap,
    Passage: _passage,
    Stay: _of_passage,
    Silence: _of_passage,
    Problem: _problem,
    Task: _task,
    Place: _place,
    Decision: _decision,
    Order: _order,
}
_WITH: dict[type[Model], tuple[str, ...]] = {
    Case: ("area",),
    Handoff: ("passage__area",),
    Gap: ("handoff__passage__area",),
    Passage: ("area",),
    Stay: ("passage__area",),
    Silence: ("passage__area",),
    Problem: ("area",),
    Task: ("area", "unit"),
    Place: ("area",),
    Decision: ("area", "unit"),
    Order: ("area", "unit"),
}
