"""An itinerary as a timeline and as a map, each from the rows that its table has too."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongchou.areas.models import Area, Boundary, Level, PlaceKind
from tongchou.shell import charts
from tongchou.tracing.itineraries import Gap, Row, Window
from tongchou.tracing.models import Precision

#: What is told apart on the timeline and the map, in this order; colour and shape follow it.
GROUPS: dict[str, Any] = {
    "home": pgettext_lazy("stay", "home"),
    "work": pgettext_lazy("stay", "work, school"),
    "venue": pgettext_lazy("stay", "shop, restaurant"),
    "care": pgettext_lazy("stay", "hospital, clinic"),
    "ride": pgettext_lazy("stay", "vehicle, station"),
    "other": pgettext_lazy("stay", "other"),
}
_GROUP_OF = {
    PlaceKind.HOME: "home",
    PlaceKind.SCHOOL: "work",
    PlaceKind.WORKPLACE: "work",
    PlaceKind.SHOP: "venue",
    PlaceKind.RESTAURANT: "venue",
    PlaceKind.HOSPITAL: "care",
    PlaceKind.FEVER_CLINIC: "care",
    PlaceKind.SHELTER_HOSPITAL: "care",
    PlaceKind.QUARANTINE_SITE: "care",
    PlaceKind.TRANSPORT: "ride",
}
WINDOW = gettext_lazy("infectious")


def group_of(row: Row) -> str:
    """The kind of a stay on the timeline; a ride is one wherever it went."""
    if row.stay.transport:
        return "ride"
    return _GROUP_OF.get(PlaceKind(row.stay.kind), "other") if row.stay.kind else "other"


def timeline(rows: Sequence[Row], window: Window | None, gaps: Sequence[Gap]) -> Any:
    """Days × hours with a bar per stay; None while there is nothing to draw."""
    if not rows and window is None:
        return None
    local = timezone.make_naive
    return charts.day_lines(
        [
            charts.Spell(
                local(row.stay.from_at),
                local(row.stay.to_at),
                row.stay.place_name,
                group_of(row),
                note=str(row.way or row.stay.area or ""),
                mark=str(row.number),
                url=f"#stay-{row.stay.pk}",
                rough=row.stay.precision in (Precision.DAY, Precision.PART),
            )
            for row in rows
        ],
        kinds={key: str(label) for key, label in GROUPS.items()},
        what=_("Stays and rides"),
        window=(local(window.from_at), local(window.to_at), str(WINDOW)) if window else None,
        holes=[(local(gap.from_at), local(gap.to_at)) for gap in gaps],
    )


def map_of(rows: Sequence[Row]) -> tuple[Any, int]:
    """The stays that have a position on a map, and how many have none; rides are left out."""
    found: dict[tuple[float, float], list[Row]] = {}
    near: dict[tuple[float, float], bool] = {}
    centres = _centres(rows)
    path: list[tuple[float, float]] = []
    missing = 0
    for row in rows:
        if row.stay.transport:
            continue
        at, around = _position(row, centres)
        if at is None:
            missing += 1
            continue
        found.setdefault(at, []).append(row)
        near[at] = near.get(at, True) and around
        if not path or path[-1] != at:
            path.append(at)
    if not found:
        return None, missing
    spots = [_spot(at, here, near[at]) for at, here in found.items()]
    places = list(found)
    chart = charts.spots_map(
        spots,
        _outlines(places),
        kinds={key: str(label) for key, label in GROUPS.items()},
        what=_("the itinerary"),
        path=[places.index(at) for at in path],
    )
    return chart, missing


def _spot(at: tuple[float, float], rows: Sequence[Row], near: bool) -> charts.Spot:
    names = dict.fromkeys(row.stay.place_name for row in rows)
    return charts.Spot(
        ", ".join(names),
        at[0],
        at[1],
        group_of(rows[0]),
        marks=tuple(str(row.number) for row in rows),
        note=str(rows[0].stay.area or ""),
        url=f"#stay-{rows[0].stay.pk}",
        near=near,
    )


def _position(
    row: Row, centres: dict[str, tuple[float, float]]
) -> tuple[tuple[float, float] | None, bool]:
    """Where a stay was: its place, else the smallest area around it that has a middle."""
    place = row.stay.place
    if place and place.longitude is not None and place.latitude is not None:
        return (place.longitude, place.latitude), False
    area = row.stay.area
    codes = reversed(area.codes) if area else ()
    return next((centres[code] for code in codes if code in centres), None), True


def _centres(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """The middles of the areas of these stays and of those above them, down from the street."""
    codes = {code for row in rows if row.stay.area for code in row.stay.area.codes}
    known = Area.objects.filter(pk__in=codes, level__gte=Level.STREET, longitude__isnull=False)
    columns = known.values_list("code", "longitude", "latitude")
    return {code: (x, y) for code, x, y in columns if x is not None and y is not None}


def _outlines(at: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The outlines of the streets around these points, or of the districts where they have none."""
    xs, ys = [x for x, _y in at], [y for _x, y in at]
    room = max(max(xs) - min(xs), max(ys) - min(ys)) * 0.3 + 0.03
    seen = Boundary.objects.filter(
        east__gte=min(xs) - room, west__lte=max(xs) + room,
        north__gte=min(ys) - room, south__lte=max(ys) + room, area__ended_on=None,
    )  # fmt: skip
    for level in (Level.STREET, Level.DISTRICT):
        rows = seen.filter(area__level=level).values_list("area__name", "geometry")
        if found := dict(rows):
            return found
    return {}
