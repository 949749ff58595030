"""What the page of a plan shows: the chart of two objectives, and each plan in words."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongchou.planning.drawing.axes import words
from tongchou.planning.drawing.pareto import Pareto, Spot, pareto
from tongchou.planning.findings import PlanFound, Summary

__all__ = ["Axis", "Row", "axes", "chart", "needs", "row", "rows", "summary_of"]


@dataclass(frozen=True)
class Axis:
    """One objective as the chart offers it."""

    place: int
    name: str
    words: str


@dataclass(frozen=True)
class Row:
    """One plan of the table."""

    plan: PlanFound
    changes: list[str]
    values: list[tuple[str, str]]  # mean, and its interval in words
    binding: str
    room: float | None
    doubts: list[dict[str, Any]]
    chosen: bool

    @property
    def over(self) -> float:
        """By what share the constraint is broken; 0 where it holds."""
        return max(0.0, -(self.room or 0.0))

    @property
    def n_held(self) -> int:
        return sum(each["holds"] for each in self.doubts)


def axes(result: Mapping[str, Any], language: str) -> list[Axis]:
    return [
        Axis(place, each["name"], each[language]) for place, each in enumerate(result["objectives"])
    ]


def rows(result: Mapping[str, Any], language: str, chosen: Collection[int]) -> list[Row]:
    """The playbook as it stands, then the front, the cheapest first."""
    return [row(each, language, chosen) for each in PlanFound.all_of(result)]


def row(plan: PlanFound, language: str, chosen: Collection[int] = ()) -> Row:
    """One plan in words."""
    return Row(
        plan=plan,
        changes=plan.changes[language],
        values=[
            (words(mean), f"{words(low)} – {words(high)}")
            for mean, low, high in plan.objectives.values()
        ],
        binding=plan.binding.get(language, ""),
        room=plan.room,
        doubts=[
            {"words": each[language], "holds": each["holds"], "regret": each["regret"]}
            for each in plan.doubts
        ],
        chosen=plan.number in chosen,
    )


def needs(result: Mapping[str, Any], plan: PlanFound, language: str) -> list[str]:
    """What a plan changes outside the playbook, in words."""
    from tongchou.epi.plan import wording

    before, after = (_beyond(each) for each in (PlanFound.all_of(result)[0], plan))
    return wording.changes(before, after, language)


def _beyond(plan: PlanFound) -> dict[str, Any]:
    lines = (line.split(" = ", 1) for line in plan.beyond)
    return {path: tomllib.loads(f"value = {value}")["value"] for path, value in lines}


def chart(
    result: Mapping[str, Any], x: Axis, y: Axis, language: str, chosen: Collection[int]
) -> Pareto:
    """Every plan that was tried, by two objectives."""
    shown = {plan.number: plan for plan in PlanFound.all_of(result)}
    spots = [
        _spot(each, shown.get(each["number"]), x, y, language, chosen) for each in result["tried"]
    ]
    alt = _("%(n)s plans by %(x)s and %(y)s; %(front)s of them are beaten by no other.") % {
        "n": result["n_plans"],
        "x": x.words,
        "y": y.words,
        "front": result["n_front"],
    }
    return pareto(spots, x_words=x.words, y_words=y.words, alt=alt)


def _spot(
    each: Mapping[str, Any],
    plan: PlanFound | None,
    x: Axis,
    y: Axis,
    language: str,
    chosen: Collection[int],
) -> Spot:
    means = each["means"]
    number = each["number"]
    title = _("as it stands") if number == 0 else _("plan %(n)s") % {"n": number}
    least = _("at least %(n)s") if each.get("at_least") else "%(n)s"
    a, b = (least % {"n": words(means[axis.place])} for axis in (x, y))
    said = [f"{title}: {x.words} {a}, {y.words} {b}"]
    said += plan.changes[language] if plan else []
    if not each["holds"]:
        said.append(_("breaks a constraint"))
    if each.get("at_least"):
        said.append(_("its runs were cut short: these numbers are the least they would be"))
    spans = [(low, high) for _mean, low, high in plan.objectives.values()] if plan else []
    return Spot(
        number,
        means[x.place],
        means[y.place],
        "\n".join(said),
        each["holds"],
        plan is not None,
        number in chosen,
        spans[x.place] if spans else None,
        spans[y.place] if spans else None,
    )


def summary_of(result: Mapping[str, Any], number: int) -> tuple[PlanFound, Summary] | None:
    """One plan that is kept with its figures."""
    for plan in PlanFound.all_of(result):
        if plan.number == number:
            return plan, Summary.from_facts(plan.summary)
    return None
