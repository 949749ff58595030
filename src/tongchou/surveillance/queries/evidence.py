"""Where the evidence is: signals of the last days by the parts of an area, and clusters."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from tongchou.areas.models import Area, Boundary, subtree
from tongchou.areas.queries import children
from tongchou.staff.queries import Scope
from tongchou.surveillance.found import CLUSTER
from tongchou.surveillance.models import Evidence, Signal
from tongchou.surveillance.queries.signals import visible_to

#: Evidence of so many days is on the map.
DAYS = 7


@dataclass
class Part:
    """A part of the area: its strongest evidence, and the signals behind it, open ones counted."""

    area: Area
    statistic: float = 0.0
    n_signals: int = 0
    n_open: int = 0
    signals: list[Signal] = field(default_factory=list)
    cluster: bool = False


@dataclass(frozen=True)
class Map:
    """Every part of an area, the strongest first; `above` are signals of the area as a whole."""

    parts: list[Part]
    above: list[Signal]
    clusters: list[tuple[Signal, list[str]]]
    features: list[dict[str, object]]


def of(area: Area, scope: Scope, *, on: date) -> Map:
    """The evidence of the last week by the parts of an area."""
    since = on - timedelta(days=DAYS - 1)
    rows = visible_to(scope).filter(
        subtree(area.path, field="area_path"), last_on__gte=since, first_on__lte=on
    )
    signals = list(rows.select_related("area", "passage").order_by("-statistic", "id"))
    standing = _strongest(signals, since, on)
    parts = {part.pk: Part(part) for part in children(area)}
    above: list[Signal] = []
    clusters: list[tuple[Signal, list[str]]] = []
    for signal in signals:
        strength, codes = standing.get(signal.pk, (0.0, []))
        if signal.subject == CLUSTER:
            clusters.append((signal, codes))
        inside = {signal.area_path[len(area.path) :].partition("/")[0]}
        inside |= _parts_of(codes, area)
        found = [parts[code] for code in inside if code in parts]
        for part in found:
            part.statistic = max(part.statistic, strength)
            part.n_signals += 1
            part.n_open += signal.passage.closed_at is None
            part.cluster |= signal.subject == CLUSTER
            part.signals.append(signal)
        if not found:
            above.append(signal)
    ordered = sorted(parts.values(), key=lambda part: (-part.statistic, part.area.path))
    return Map(ordered, above, clusters, _features(parts))


def _strongest(signals: list[Signal], since: date, on: date) -> dict[int, tuple[float, list[str]]]:
    """The strongest statistic of each signal in these days, and the areas of its newest one."""
    found: dict[int, tuple[float, list[str]]] = defaultdict(lambda: (0.0, []))
    rows = Evidence.objects.filter(signal__in=signals, day__range=(since, on), stands=True)
    for pk, statistic, areas in rows.order_by("day").values_list("signal_id", "statistic", "areas"):
        found[pk] = (max(found[pk][0], statistic), areas or found[pk][1])
    return found


def _parts_of(codes: list[str], area: Area) -> set[str]:
    """The parts of an area in which the small areas of a cluster lie."""
    paths = Area.objects.filter(subtree(area.path), pk__in=codes).values_list("path", flat=True)
    return {path[len(area.path) :].partition("/")[0] for path in paths}


def _features(parts: dict[str, Part]) -> list[dict[str, object]]:
    rows = Boundary.objects.filter(area__in=parts).values_list("area_id", "geometry")
    found = [{"properties": {"adcode": code}, "geometry": geometry} for code, geometry in rows]
    return found if len(found) == len(parts) else []
