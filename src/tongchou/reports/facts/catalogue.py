"""Every number a daily report may hold, by its key (指标目录); requests are matched against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongchou.reports.facts import (
    ahead,
    below,
    both_lists,
    capacity,
    custody,
    decided,
    epidemic,
    feeds,
    standing,
    work,
)
from tongchou.reports.facts.base import Measure
from tongchou.reports.facts.telling import Told

SECTIONS = {
    "situation": _("Situation"),
    "changes": _("Changes in 24 hours"),
    "lists": _("Progress of the two lists"),
    "gaps": _("Gaps and hand-offs"),
    "capacity": _("Capacity and readiness"),
    "forecasts": _("Forecasts, held against what came"),
    "decisions": _("Decisions and orders"),
    "below": _("Daily reports from below"),
    "feeds": _("What this rests on"),
}

MEASURES: tuple[Measure, ...] = (
    *epidemic.MEASURES,
    *custody.MEASURES,
    *both_lists.MEASURES,
    *work.MEASURES,
    *capacity.MEASURES,
    *decided.MEASURES,
    *feeds.MEASURES,
)
TOLD: tuple[Told, ...] = (*standing.TOLD, *feeds.TOLD, *ahead.TOLD, *below.TOLD)
#: What a department's report holds: what it answers for by name.
OF_A_UNIT: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure.unit)


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue."""

    key: str
    section: str
    name: Any
    definition: Any


@cache
def entries() -> dict[str, Entry]:
    """The whole catalogue, in the order of the sections."""
    both: tuple[Measure | Told, ...] = (*MEASURES, *TOLD)
    every = [Entry(e.key, e.section, e.name, e.definition) for e in both]
    order = list(SECTIONS)
    return {e.key: e for e in sorted(every, key=lambda e: _place(e, order))}


def _place(entry: Entry, sections: list[str]) -> tuple[int, bool]:
    """By its section; of how many hours a report is comes before what came about in them."""
    return sections.index(entry.section), entry.key != standing.SPAN.key


def measure(key: str) -> Measure | None:
    return next((m for m in MEASURES if m.key == key), None)


def by_section() -> Iterator[tuple[str, Any, list[Entry]]]:
    for section, title in SECTIONS.items():
        yield section, title, [e for e in entries().values() if e.section == section]
