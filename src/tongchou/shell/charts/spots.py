"""Numbered places on the outlines of areas, joined in the order of time. No tiles, no roads.

Positions become kilometres east and north of their middle, so that a distance on the map is one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongchou.shell.charts import look
from tongchou.shell.charts.look import Cell, Chart, Table
from tongchou.shell.charts.maps import _area, _inside, _polygons
from tongchou.shell.charts.networks import LARGER, MARKERS

#: Kilometres per degree of latitude.
DEGREE = 111.2
#: What is seen around the outermost places, and at least, in kilometres.
MARGIN, LEAST = 0.2, 3.0


@dataclass(frozen=True)
class Spot:
    """A place with its position in degrees. `near`: it lies somewhere around there."""

    label: str
    longitude: float
    latitude: float
    kind: str = ""
    marks: tuple[str, ...] = ()
    note: str = ""
    url: str = ""
    near: bool = False


def spots_map(
    spots: Sequence[Spot],
    outlines: Mapping[str, Mapping[str, Any]],
    *,
    kinds: Mapping[str, str],
    what: str,
    path: Sequence[int] = (),
    size: str = "l",
) -> Chart:
    """Spots on a map; `outlines` are GeoJSON geometries by the name of their area.

    `kinds` names the kinds in order: shape and colour follow it. `path` joins spots by their index,
    in the order they were visited. A spot that is only near its position is drawn hollow.
    """
    if not spots:
        raise ValueError("There is no spot to draw.")
    ground = _Ground.around(spots)
    plot = look.sheet(match_aspect=True, tools="pan,wheel_zoom,reset,save")
    look.bare(plot)
    at = [ground.of(s.longitude, s.latitude) for s in spots]
    _view(plot, at)
    _areas(plot, outlines, ground)
    if len(path) > 1:
        plot.line(
            [at[i][0] for i in path], [at[i][1] for i in path],
            color=look.INK_2, width=1.3, line_dash=[5, 4],
        )  # fmt: skip
    drawn = _dots(plot, spots, at, kinds)
    _tools(plot, [mark for _name, marks in drawn for mark in marks])
    look.legend(plot, drawn, glyph=20)
    heads = (pgettext("table", "No."), _("name"), _("kind"), pgettext("map", "position"), _("note"))
    rows = tuple(
        (
            ", ".join(s.marks),
            Cell(s.label, s.url) if s.url else s.label,
            kinds.get(s.kind, s.kind),
            _position(s),
            s.note,
        )
        for s in spots
    )
    alt = _("Map of %(what)s: %(n)s places within %(km)s km.") % {
        "what": what, "n": len(spots), "km": f"{_width(at):,.1f}",
    }  # fmt: skip
    return look.finish(plot, size=size, table=Table(heads, rows), alt=alt)


@dataclass(frozen=True)
class _Ground:
    """Kilometres east and north of a point."""

    longitude: float
    latitude: float

    @classmethod
    def around(cls, spots: Sequence[Spot]) -> "_Ground":
        lons, lats = [s.longitude for s in spots], [s.latitude for s in spots]
        return cls((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)

    def of(self, longitude: float, latitude: float) -> tuple[float, float]:
        shrink = math.cos(math.radians(self.latitude))
        x = (longitude - self.longitude) * DEGREE * shrink
        return round(x, 3), round((latitude - self.latitude) * DEGREE, 3)


def _width(at: Sequence[tuple[float, float]]) -> float:
    xs, ys = [x for x, _y in at], [y for _x, y in at]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _view(plot: Any, at: Sequence[tuple[float, float]]) -> None:
    """All spots with room around them; the areas reach beyond the edge."""
    from bokeh.models import Range1d

    xs, ys = [x for x, _y in at], [y for _x, y in at]
    room = max(_width(at) * MARGIN, LEAST)
    plot.x_range = Range1d(min(xs) - room, max(xs) + room)
    plot.y_range = Range1d(min(ys) - room, max(ys) + room)


def _areas(plot: Any, outlines: Mapping[str, Mapping[str, Any]], ground: _Ground) -> None:
    from bokeh.core.properties import value
    from bokeh.models import ColumnDataSource

    shapes = [
        [[[ground.of(p[0], p[1]) for p in ring] for ring in poly] for poly in _polygons(geometry)]
        for geometry in outlines.values()
    ]
    largest = [max(shape, key=lambda poly: abs(_area(poly[0]))) for shape in shapes]
    middles = [_inside(poly, steps=12) for poly in largest]
    source = ColumnDataSource(
        {
            "xs": [[[[x for x, _y in ring] for ring in poly] for poly in s] for s in shapes],
            "ys": [[[[y for _x, y in ring] for ring in poly] for poly in s] for s in shapes],
            "x": [x for x, _y in middles],
            "y": [y for _x, y in middles],
            "name": list(outlines),
        }
    )
    plot.multi_polygons(
        "xs", "ys", source=source, fill_color=look.CLASSES[0], line_color=look.INK_2,
        line_width=0.8, line_alpha=0.5,
    )  # fmt: skip
    plot.text(
        x="x", y="y", text="name", source=source, text_align="center", text_baseline="middle",
        text_color=look.INK_2, text_font=value(look.FONT), text_font_size=look.SIZE,
    )  # fmt: skip


def _dots(
    plot: Any, spots: Sequence[Spot], at: Sequence[tuple[float, float]], kinds: Mapping[str, str]
) -> list[tuple[str, list[Any]]]:
    from bokeh.core.properties import value
    from bokeh.models import ColumnDataSource

    drawn = []
    for n, (kind, name) in enumerate(kinds.items()):
        mine = [(s, p) for s, p in zip(spots, at, strict=True) if s.kind == kind]
        if not mine:
            continue
        marker = MARKERS[n % len(MARKERS)]
        source = ColumnDataSource(
            {
                "x": [p[0] for _s, p in mine],
                "y": [p[1] for _s, p in mine],
                "name": [s.label for s, _p in mine],
                "marks": [", ".join(s.marks) for s, _p in mine],
                "note": [s.note for s, _p in mine],
                "url": [s.url for s, _p in mine],
                "alpha": [0.15 if s.near else 1.0 for s, _p in mine],
            }
        )
        dots = plot.scatter(
            "x", "y", source=source, marker=marker, size=13 * LARGER.get(marker, 1),
            fill_color=look.colour(n), fill_alpha="alpha", line_color=look.colour(n),
            line_width=2, hover_line_color=look.INK, nonselection_fill_alpha="alpha",
        )  # fmt: skip
        plot.text(
            x="x", y="y", text="marks", source=source, x_offset=11, text_baseline="middle",
            text_color=look.INK, text_font=value(look.FONT), text_font_size=look.SIZE,
            text_font_style="bold", background_fill_color=look.GROUND, background_fill_alpha=0.75,
        )  # fmt: skip
        drawn.append((name, [dots]))
    return drawn


def _tools(plot: Any, marks: list[Any]) -> None:
    from bokeh.models import HoverTool, OpenURL, TapTool

    tips = [("", "@name"), (pgettext("table", "No."), "@marks"), ("", "@note")]
    plot.add_tools(HoverTool(renderers=marks, tooltips=tips))
    if any(url for each in marks for url in each.data_source.data["url"]):
        tap = TapTool(renderers=marks, callback=OpenURL(url="@url", same_tab=True))
        plot.add_tools(tap)
        plot.toolbar.active_tap = tap


def _position(spot: Spot) -> str:
    words = f"{spot.latitude:.4f}, {spot.longitude:.4f}"
    return _("around %s") % words if spot.near else words
