"""From what was counted to what is shown: each unit beside what was to be expected of it.

Only stages that two units or more had are compared: of a stage that one unit has alone, everybody
is that unit, and it would look average whatever it did.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final

from tongchou.supervision.queries.counted import REPORTS, Counted
from tongchou.supervision.queries.evaluations import Found
from tongchou.supervision.standardising import Compared, Tally, compare

#: Nobody is judged on fewer hand-offs. At 30 with nine in ten in time, the 95 % interval of the
#: share reaches from 0.74 to 0.97: less could tell nothing but luck.
LEAST: Final = 30


@dataclass(frozen=True)
class Line:
    """One unit: its comparison, and everything its page shows."""

    unit: int
    name: str
    compared: Compared
    detail: dict[str, Any]


def lines(
    counted: Mapping[int, Counted],
    found: Mapping[int, Found],
    names: Mapping[int, str],
    *,
    least: int = LEAST,
) -> list[Line]:
    """The units of an evaluation, by name. Those without a leg are shown too where found wrong."""
    city = everybody(counted)
    shared = shared_stages(counted)
    made = []
    for unit in sorted({*counted, *found}, key=lambda one: (names.get(one, ""), one)):
        one = counted.get(unit, Counted())
        mine = {key: tally for key, tally in one.stages.items() if key in shared}
        compared = compare(mine, {key: city[key] for key in shared}, at_least=least)
        detail = _detail(one, city, shared, found.get(unit, Found()))
        made.append(Line(unit, names.get(unit, f"#{unit}"), compared, detail))
    return made


def everybody(counted: Mapping[int, Counted]) -> dict[str, Tally]:
    """All units' legs, by stage."""
    n: Counter[str] = Counter()
    in_time: Counter[str] = Counter()
    for one in counted.values():
        for key, tally in one.stages.items():
            n[key] += tally.n
            in_time[key] += tally.in_time
    return {key: Tally(n[key], in_time[key]) for key in sorted(n)}


def shared_stages(counted: Mapping[int, Counted]) -> frozenset[str]:
    """The stages that two units or more had."""
    had = Counter(key for one in counted.values() for key, tally in one.stages.items() if tally.n)
    return frozenset(key for key, n in had.items() if n > 1)


def _detail(
    one: Counted, city: Mapping[str, Tally], shared: frozenset[str], found: Found
) -> dict[str, Any]:
    stages: list[dict[str, Any]] = []
    for key, tally in sorted(one.stages.items(), key=lambda row: -row[1].n):
        loop, _dot, stage = key.partition(".")
        stages.append(
            {
                "loop": loop,
                "stage": stage,
                "n": tally.n,
                "in_time": tally.in_time,
                "city_n": city[key].n,
                "city_in_time": city[key].in_time,
                "open": one.n_open.get(key, 0),
                "silent": one.n_silent.get(key, 0),
                "shared": key in shared,
            }
        )
    return {
        "n": one.n,
        "in_time": sum(row["in_time"] for row in stages),
        "n_alone": sum(row["n"] for row in stages if not row["shared"]),
        "open": sum(row["open"] for row in stages),
        "silent": sum(row["silent"] for row in stages),
        "missing_reports": sum(
            row["n"] - row["in_time"] for row in stages if (row["loop"], row["stage"]) in REPORTS
        ),
        "median_late_s": one.median_late_s,
        "gaps": one.n_gaps,
        "gaps_open": one.n_gaps_open,
        "gap_days": round(one.gap_seconds / 86_400, 2),
        "judged": one.n_judged,
        "returned": one.n_returned,
        "people": one.n_people,
        "per_person": round(one.n / one.n_people, 1) if one.n_people else None,
        "ruled_out": one.n_ruled_out,
        **asdict(found),
        "stages": stages,
    }


def totals(counted: Mapping[int, Counted], nobody: int) -> dict[str, Any]:
    """The whole area in numbers, for the head of the page."""
    city = everybody(counted)
    loads = [one.n / one.n_people for one in counted.values() if one.n_people and one.n]
    return {
        "units": len(counted),
        "n": sum(tally.n for tally in city.values()),
        "in_time": sum(tally.in_time for tally in city.values()),
        "nobody": nobody,
        "load": round(median(loads), 1) if loads else None,
        "gaps": sum(one.n_gaps for one in counted.values()),
        "ruled_out": sum(one.n_ruled_out for one in counted.values()),
    }
