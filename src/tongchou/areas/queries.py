"""Reads of the division tree: looking up, drawing children, and which district a point lies in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from tongchou.areas import codes
from tongchou.areas.models import Area, Boundary, Level, Place


def current(on: date | None = None) -> QuerySet[Area]:
    """The areas that have not ended."""
    return Area.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on) if on else Q(ended_on=None))


def find(text: str) -> Area:
    """The area with this code, in whatever way it is written, led on to its successor if it ended.

    Raises
    ------
    Area.DoesNotExist
        With a message that names the areas whose names are near.
    """
    try:
        area = Area.objects.select_related("successor").get(pk=codes.normalise(text))
    except codes.WrongCode:
        named = list(Area.objects.filter(name=text.strip(), ended_on=None)[:2])
        if len(named) == 1:
            return named[0]
        raise Area.DoesNotExist(_unknown(text)) from None
    except Area.DoesNotExist:
        raise Area.DoesNotExist(_unknown(text)) from None
    return area.successor or area


def _unknown(text: str) -> str:
    near = search(text[:4] if text[:1].isdigit() else text)[:5]
    hint = "; near it: " + ", ".join(f"{a.code} {a.name}" for a in near) if near else ""
    return f"no area {text!r}{hint}"


def search(text: str) -> QuerySet[Area]:
    """Areas by the beginning of their code, or by a part of their name."""
    text = text.strip()
    if not text:
        return Area.objects.none()
    if text.isascii() and text[0].isdigit():
        return Area.objects.filter(code__gte=text.upper(), code__lt=text.upper() + "~").order_by(
            "path"
        )
    return Area.objects.filter(Q(name__contains=text) | Q(name_en__icontains=text)).order_by(
        "level", "path"
    )


def children(area: Area | None) -> QuerySet[Area]:
    """The parts of an area that have not ended; the tops of the tree where it is None."""
    return current().filter(parent=area).order_by("path")


def top() -> Area | None:
    """The area this instance is for: the lowest one that covers everybody's posts or every area."""
    area = Area.objects.filter(parent=None, ended_on=None).order_by("path").first()
    while area is not None:
        parts = list(children(area)[:2])
        if len(parts) != 1 or area.level >= Level.CITY:
            return area
        area = parts[0]
    return None


def places(area: Area, kind: str = "") -> QuerySet[Place]:
    """Open places in an area and all below it."""
    found = Place.objects.filter(
        area__path__gte=area.path, area__path__lt=area.path[:-1] + "0", closed_on=None
    ).select_related("area")
    return found.filter(kind=kind) if kind else found


def district_at(longitude: float, latitude: float, *, level: int = Level.DISTRICT) -> Area | None:
    """The area of `level` whose boundary holds the point; on an edge, one of its neighbours.

    Where there is none, the smallest area above that holds it: 天门 is a city without districts.
    """
    boxes = (
        Boundary.objects.filter(
            west__lte=longitude,
            east__gte=longitude,
            south__lte=latitude,
            north__gte=latitude,
            area__level__lte=level,
            area__ended_on=None,
        )
        .select_related("area")
        .order_by("-area__level", "area__path")
    )
    return next((b.area for b in boxes if holds(b.geometry, longitude, latitude)), None)


def holds(geometry: dict[str, Any], x: float, y: float) -> bool:
    """Whether a GeoJSON Polygon or MultiPolygon holds a point; holes do not."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return any(
        _inside(rings[0], x, y) and not any(_inside(hole, x, y) for hole in rings[1:])
        for rings in polygons
    )


def _inside(ring: Sequence[Sequence[float]], x: float, y: float) -> bool:
    """Even-odd rule: a ray to the east crosses the ring an odd number of times."""
    odd = False
    x1, y1 = ring[-1][0], ring[-1][1]
    for point in ring:
        x2, y2 = point[0], point[1]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
        x1, y1 = x2, y2
    return odd
