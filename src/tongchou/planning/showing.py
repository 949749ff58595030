"""What a study page shows of a summary: fans with what was observed, numbers, and the bill."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.planning import queries
from tongchou.planning.drawing.fans import Fan, fan
from tongchou.planning.findings import Number, Summary
from tongchou.planning.models import Scenario

#: Days before the first of the run that are drawn, where cases were found then.
BEFORE: Final = 14
HEADLINES: Final = (
    "infections", "found", "deaths", "beds.severe", "rooms", "tubes", "person_days_restricted",
    "cost.total",
)  # fmt: skip
#: Samples that laboratories could not take.
MISSED: Final = "pcr_missed"


@dataclass(frozen=True)
class Line:
    """One number with its words."""

    name: str
    label: str
    unit: str
    number: Number


@dataclass(frozen=True)
class Payer:
    """What falls on one of those who pay: yuan, over the runs."""

    label: str
    number: Number


@dataclass(frozen=True)
class Bill:
    """The price: who pays how many yuan, what for, and what is no money."""

    total: Number
    payers: tuple[Payer, ...]
    items: tuple[Line, ...]
    counted: tuple[Line, ...]


def zh() -> bool:
    return (get_language() or "").startswith("zh")


def fans(summary: Summary, scenario: Scenario, *, today: date) -> list[Fan]:
    """Every fan; cases that were found stand as points on the first."""
    from tongchou.epi.spread.series import SERIES

    start = date.fromisoformat(summary.start_on) if summary.start_on else None
    drawn = []
    for name, curves in summary.fans.items():
        if name != "found" and not any(curves[4]):
            continue
        series = SERIES[name]
        seen = observed(scenario, start, summary.days, today=today) if name == "found" else {}
        title = series.zh if zh() else series.en
        drawn.append(fan(title, curves, start=start, observed=seen))
    return drawn


def observed(scenario: Scenario, start: date | None, days: int, *, today: date) -> dict[int, float]:
    """Cases by day of the run, from two weeks before its first to yesterday; none where no case."""
    if start is None:
        return {}
    first = start - timedelta(days=BEFORE)
    last = min(today - timedelta(days=1), start + timedelta(days=days - 1))
    if last < first:
        return {}
    counts = queries.cases_by_day(scenario.area, first, last)
    if not any(counts):
        return {}
    return {(first - start).days + n: float(count) for n, count in enumerate(counts)}


def stands_for(summary: Summary, scenario: Scenario) -> int:
    """How many people the area has, where the city of the study is of another size; else 0."""
    people = int(scenario.known.get("people", 0))
    return people if people and abs(people - summary.people) > people / 10 else 0


def headlines(summary: Summary) -> list[Line]:
    names = (*HEADLINES, MISSED) if missed(summary) else HEADLINES
    return [line(summary, name) for name in names if name in summary.numbers]


def missed(summary: Summary) -> Number | None:
    """Samples that laboratories could not take; None where they took all, or nobody counted."""
    number = summary.numbers.get(MISSED)  # studies of before it was counted lack it
    return number if number is not None and number.mean > 0 else None


def line(summary: Summary, name: str) -> Line:
    from tongchou.epi.plan.metrics import metric

    each = metric(name)
    label = each.words("zh" if zh() else "en")
    return Line(name, label, _unit(name, each.unit), summary.numbers[name])


def _unit(name: str, unit: str) -> str:
    from tongchou.epi.plan.items import ITEMS

    item = ITEMS.get(name.removeprefix("cost."))
    if name.startswith("cost.") and item is not None and not item.money:
        return item.unit_of("zh" if zh() else "en")
    return _("yuan") if unit == "yuan" else ""


def bill(summary: Summary) -> Bill:
    """The bill as it stands in the numbers; lines that are zero in every run are left out."""
    from tongchou.epi.plan.items import ITEMS, PAYERS

    language = "zh" if zh() else "en"
    payers = [
        Payer(payer.of(language), summary.numbers[f"cost.{key}"])
        for key, payer in PAYERS.items()
        if summary.numbers[f"cost.{key}"].high
    ]
    # a study keeps the lines of its day: newer ones are not in it
    kept = [key for key in ITEMS if f"cost.{key}" in summary.numbers]
    there = [key for key in kept if summary.numbers[f"cost.{key}"].high]
    return Bill(
        summary.numbers["cost.total"],
        tuple(payers),
        tuple(line(summary, f"cost.{key}") for key in there if ITEMS[key].money),
        tuple(line(summary, f"cost.{key}") for key in there if not ITEMS[key].money),
    )
