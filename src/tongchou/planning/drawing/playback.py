"""A day of a run as a map: districts coloured by infections, by their outlines or as tiles."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, MOST_HIGH = 640, 520
#: Infections a day per 100,000 residents at which the next shade begins; the first is any at all.
EDGES = (0.0, 1.0, 5.0, 20.0, 100.0)


@dataclass(frozen=True)
class Shape:
    """One district on paper, and its words."""

    code: str
    name: str
    people: int
    value: float
    total: float
    shade: int  # 0: nobody was infected; then 1 to 5
    path: str = ""

    @property
    def per_100k(self) -> float:
        return self.value / self.people * 1e5 if self.people else 0.0


@dataclass(frozen=True)
class Day:
    """A day of the playback: shapes where every district has its outline, tiles where not."""

    day: int
    shapes: tuple[Shape, ...]
    height: int
    drawn: bool
    width: int = WIDTH


def day_of(
    day: int,
    codes: Sequence[str],
    names: Sequence[str],
    people: Sequence[int],
    infections: Sequence[Sequence[float]],
    outlines: Mapping[str, Any],
) -> Day:
    """The districts on one day of a run; `outlines` are GeoJSON geometries by code."""
    drawn = bool(codes) and all(code in outlines for code in codes)
    paths, height = _paths([outlines[code] for code in codes]) if drawn else ([""] * len(codes), 0)
    shapes = []
    for place, code in enumerate(codes):
        value = infections[day][place]
        total = sum(row[place] for row in infections[: day + 1])
        rate = value / people[place] * 1e5 if people[place] else 0.0
        shade = sum(rate > edge for edge in EDGES)
        shapes.append(Shape(code, names[place], people[place], value, total, shade, paths[place]))
    return Day(day, tuple(shapes), height, drawn)


def _paths(geometries: Sequence[Mapping[str, Any]]) -> tuple[list[str], int]:
    rings = [_rings(each) for each in geometries]
    every = [point for shape in rings for ring in shape for point in ring]
    west, east = min(p[0] for p in every), max(p[0] for p in every)
    south, north = min(p[1] for p in every), max(p[1] for p in every)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 8) / ((east - west) * narrow or 1), (MOST_HIGH - 8) / (north - south or 1))
    left = (WIDTH - (east - west) * narrow * scale) / 2
    height = round((north - south) * scale + 8)

    def place(point: Sequence[float]) -> str:
        x = left + (point[0] - west) * narrow * scale
        return f"{x:.1f},{4 + (north - point[1]) * scale:.1f}"

    return [
        "".join("M" + " ".join(map(place, ring)) + "Z" for ring in shape) for shape in rings
    ], height


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    return [ring for polygon in geometry["coordinates"] for ring in polygon]
