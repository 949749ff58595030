"""Where it is: the map of the parts of an area, and the tempo of each."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongchou.areas.models import Area, Boundary, TempoChoice
from tongchou.areas.queries import children
from tongchou.command.figures.base import LATELY, Figure, Seen, cases, last_day
from tongchou.command.models import Activation, GapTally, LegTally
from tongchou.shell import charts
from tongchou.shell.moments import stamp

MEASURES = {
    "cases": gettext_lazy("cases, 14 days"),
    "gaps": gettext_lazy("open gaps"),
    "quarantine": gettext_lazy("in quarantine"),
}


def read_map(area: Area, *, now: datetime) -> Seen:
    """Every part of the area with its cases, gaps and people in quarantine."""
    last = last_day(area, now=now)
    lately = cases(area).filter(
        reported_on__gt=last - timedelta(days=LATELY), reported_on__lte=last
    )
    n_cases: Counter[str] = Counter()
    for path, n in lately.values_list("area_path").annotate(n=Count("id")).order_by():
        n_cases[path[len(area.path) :].partition("/")[0]] += n
    gaps = GapTally.objects.filter(area__parent=area)
    n_gaps = dict(gaps.values_list("area").annotate(n=Sum("n")).order_by())
    stays = LegTally.objects.filter(area__parent=area, loop="quarantine_stay")
    n_stays = dict(stays.values_list("area").annotate(n=Sum("n_open")).order_by())
    parts = [
        {
            "code": part.code,
            "name": part.name,
            "cases": n_cases[part.code],
            "gaps": n_gaps.get(part.code, 0),
            "quarantine": n_stays.get(part.code, 0),
        }
        for part in children(area)
    ]
    return Seen({"parts": parts, "last": last.isoformat(), "unplaced": n_cases[""]}, now)


def show_map(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    measure = options.get("map", "cases")
    measure = measure if measure in MEASURES else "cases"
    parts = value["parts"]
    for part in parts:
        part["n"], part["url"] = part[measure], reverse("command:area", args=[part["code"]])
    return {
        "measure": measure,
        "measures": MEASURES,
        "chart": _drawn(parts, measure),
        "tiles": sorted(parts, key=lambda part: -part["n"]),
        "most": max((part["n"] for part in parts), default=0),
        "unplaced": value["unplaced"] if measure == "cases" else 0,
        "last": date.fromisoformat(value["last"]),
    }


def _drawn(parts: list[dict[str, Any]], measure: str) -> Any:
    """The map, where every part has a boundary; tiles stand in for it otherwise."""
    by_code = {part["code"]: part for part in parts}
    features = [
        {"properties": {"adcode": code}, "geometry": geometry}
        for code, geometry in Boundary.objects.filter(area__in=by_code).values_list(
            "area_id", "geometry"
        )
    ]
    if not features or len(features) < len(parts):
        return None
    return charts.districts_map(
        features,
        {code: part["n"] for code, part in by_code.items()},
        what=str(MEASURES[measure]),
        names={code: part["name"] for code, part in by_code.items()},
        urls={code: part["url"] for code, part in by_code.items()},
    )


# --- tempo -------------------------------------------------------------------------------------


def read_tempo(area: Area, *, now: datetime) -> Seen:
    """The tempo of the area and its parts, since when, and why."""
    shown = [area, *children(area)]
    acts: dict[str, Activation] = {}
    for act in Activation.objects.filter(area__in=shown).order_by("at"):
        acts[act.area_id] = act
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "tempo": each.tempo,
            "since": each.tempo_since.isoformat() if each.tempo_since else None,
            "reason": acts[each.code].reason if each.code in acts else "",
        }
        for each in shown
    ]
    return Seen({"rows": rows}, now)


def show_tempo(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    for row in value["rows"]:
        row["since_at"] = datetime.fromisoformat(row["since"]) if row["since"] else None
        row["since_words"] = stamp(row["since_at"]) if row["since_at"] else ""
        at_war = row["tempo"] == TempoChoice.WAR
        row["other"] = str(TempoChoice.PEACE if at_war else TempoChoice.WAR)
        row["switch"] = _("Back to peace …") if at_war else _("Activate …")
    return {"rows": value["rows"]}


FIGURES = (
    Figure(
        "map",
        pgettext_lazy("map", "Where"),
        gettext_lazy("case reports and hand-offs"),
        read_map,
        show_map,
        span="span-2",
    ),
    Figure(
        "tempo",
        gettext_lazy("Tempo"),
        gettext_lazy("activations"),
        read_tempo,
        show_tempo,
        stored=False,
    ),
)
