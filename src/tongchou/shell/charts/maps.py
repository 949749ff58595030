"""A map of areas without tiles: polygons from GeoJSON, coloured by class, each leading on."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tongchou.shell.charts import look
from tongchou.shell.charts.look import Cell, Chart, Table

Ring = list[tuple[float, float]]
#: The map's longer side in units; a vertex is rounded to one, which is finer than a pixel.
GRID = 2000


def districts_map(
    features: Sequence[Mapping[str, Any]],
    values: Mapping[str, float | None],
    *,
    what: str,
    key: str = "adcode",
    names: Mapping[str, str] | None = None,
    urls: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    edges: Sequence[float] | None = None,
    unit: str = "",
    size: str = "l",
) -> Chart:
    """Areas coloured by `values[feature.properties[key]]`; a click opens `urls[key]`.

    An area without a value is hatched as missing, never drawn as zero. `edges` are the lower ends
    of the classes above zero; without them they are chosen from the values. `notes` stand in the
    tooltip. The table beside the map holds the same areas with links, for keyboard and reader.
    """
    shapes = _project(features)
    codes = [str(f["properties"][key]) for f in features]
    called = {
        c: (names or {}).get(c) or str(f["properties"].get("name", c))
        for c, f in zip(codes, features, strict=True)
    }
    known = {c: v for c in codes if (v := values.get(c)) is not None}
    steps = list(edges) if edges is not None else class_edges(list(known.values()))
    plot = look.sheet(match_aspect=True, tools="pan,wheel_zoom,reset,save")
    look.bare(plot)
    plot.min_border_left = plot.min_border_right = 0
    groups: dict[int | None, list[str]] = {}
    for code in codes:
        groups.setdefault(_class_of(known.get(code), steps), []).append(code)
    at = dict(zip(codes, shapes, strict=True))
    drawn: list[tuple[str, list[Any]]] = []
    for step in sorted(groups, key=lambda s: -1 if s is None else s):
        rows = [
            (c, at[c], called[c], _words(known.get(c), unit), (urls or {}).get(c, ""),
             (notes or {}).get(c, ""))
            for c in groups[step]
        ]  # fmt: skip
        drawn.append((_class_words(step, steps, unit), [_patches(plot, rows, step, len(steps))]))
    _tools(plot, [r for _name, marks in drawn for r in marks], what, urls, notes)
    _area_names(
        plot, [(at[c], called[c], _class_of(known.get(c), steps)) for c in codes], len(steps)
    )
    look.legend(plot, drawn)
    rows_out = tuple(
        (Cell(called[c], urls[c]) if urls and c in urls else called[c], known.get(c))
        for c in sorted(codes, key=lambda c: -known.get(c, -1))
    )
    table = Table((_("area"), what), rows_out, frozenset({1}))
    return look.finish(plot, size=size, table=table, alt=_alt(what, rows_out))


def _alt(what: str, rows: Sequence[tuple[Any, float | None]]) -> str:
    known = [(getattr(n, "text", n), v) for n, v in rows if v is not None]
    most = ", ".join(f"{n} {look.shown(v)}" for n, v in known[:3])
    words = _("Map of %(what)s over %(n)s areas. Most: %(most)s.") % {
        "what": what, "n": len(rows), "most": most or "–",
    }  # fmt: skip
    missing = len(rows) - len(known)
    return words + (" " + _("Without data: %d.") % missing if missing else "")


def class_edges(values: Sequence[float], *, most: int = 5) -> list[float]:
    """Lower ends of at most five classes above zero, at numbers people say: 1, 5, 20, 100."""
    above = sorted(v for v in values if v > 0)
    if not above:
        return []
    whole = all(float(v).is_integer() for v in above)
    found: list[float] = []
    for i in range(most):
        edge = _round_down(above[min(len(above) - 1, i * len(above) // most)])
        if not found or edge > found[-1]:
            found.append(edge)
    if whole:
        found[0] = 1.0
    return found


def _round_down(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 3, 5) if step * power <= value * 1.000001)


def _class_of(value: float | None, steps: Sequence[float]) -> int | None:
    """0 for zero, 1.. for the classes, None for no data."""
    if value is None:
        return None
    return sum(value >= step for step in steps) if value > 0 else 0


def _class_words(step: int | None, steps: Sequence[float], unit: str) -> str:
    if step is None:
        return _("no data")
    if step == 0:
        return f"0{unit}" if not steps or steps[0] <= 1 else f"< {look.shown(steps[0])}{unit}"
    low = look.shown(steps[step - 1])
    if step == len(steps):
        return f"≥ {low}{unit}"
    high = steps[step]
    if float(high).is_integer() and float(steps[step - 1]).is_integer():
        if high - 1 == steps[step - 1]:
            return f"{low}{unit}"
        return f"{low}–{look.shown(high - 1)}{unit}"
    return f"{low}–{look.shown(high)}{unit}"


def _words(value: float | None, unit: str) -> str:
    return _("no data") if value is None else f"{look.shown(value)}{unit}"


def _shade(step: int | None, n_steps: int) -> str:
    """Few classes are spread over the whole range, so that the highest is always the darkest."""
    if step is None:
        return look.MISSING
    if step == 0:
        return look.CLASSES[0]
    return look.CLASSES[round(1 + (step - 1) * 4 / max(n_steps - 1, 1)) if n_steps > 1 else 4]


def _is_deep(step: int | None, n_steps: int) -> bool:
    """Whether the shade is so strong that a name on it must take the ground's colour."""
    return step is not None and _shade(step, n_steps) in look.CLASSES[4:]


def _patches(plot: Any, rows: Sequence[tuple[Any, ...]], step: int | None, n_steps: int) -> Any:
    from bokeh.models import ColumnDataSource

    source = ColumnDataSource(
        {
            "xs": [[[[x for x, _y in ring] for ring in poly] for poly in row[1]] for row in rows],
            "ys": [[[[y for _x, y in ring] for ring in poly] for poly in row[1]] for row in rows],
            "name": [row[2] for row in rows],
            "words": [row[3] for row in rows],
            "url": [row[4] for row in rows],
            "note": [row[5] for row in rows],
        }
    )
    hatch = {"hatch_pattern": "/", "hatch_color": look.INK_2, "hatch_alpha": 0.35, "hatch_scale": 8}
    return plot.multi_polygons(
        "xs", "ys", source=source, fill_color=_shade(step, n_steps), line_color=look.GROUND,
        line_width=1.2, hover_line_color=look.INK, nonselection_fill_alpha=1,
        **(hatch if step is None else {}),
    )  # fmt: skip


def _tools(plot: Any, marks: list[Any], what: str, urls: Any, notes: Any) -> None:
    from bokeh.models import HoverTool, OpenURL, TapTool

    tips = [("", "@name"), (what, "@words")]
    if notes:
        tips.append(("", "@note"))
    plot.add_tools(HoverTool(renderers=marks, tooltips=tips, point_policy="follow_mouse"))
    if urls:
        tap = TapTool(renderers=marks, callback=OpenURL(url="@url", same_tab=True))
        plot.add_tools(tap)
        plot.toolbar.active_tap = tap


def _area_names(plot: Any, rows: Sequence[tuple[list[Any], str, int | None]], n_steps: int) -> None:
    from bokeh.core.properties import value
    from bokeh.models import ColumnDataSource

    places = [_inside(max(shape, key=lambda poly: abs(_area(poly[0])))) for shape, _n, _s in rows]
    source = ColumnDataSource(
        {
            "x": [p[0] for p in places],
            "y": [p[1] for p in places],
            "name": [n for _p, n, _s in rows],
            "ink": [look.GROUND if _is_deep(s, n_steps) else look.INK for _p, _n, s in rows],
        }
    )
    plot.text(
        x="x", y="y", text="name", source=source, text_align="center", text_baseline="middle",
        text_color="ink", text_font=value(look.FONT), text_font_size=look.SIZE,
    )  # fmt: skip


def _project(features: Sequence[Mapping[str, Any]]) -> list[list[list[Ring]]]:
    """Degrees onto a grid: longitudes shrunk by latitude, vertices rounded, repeats dropped.

    Neighbours share their vertices, so rounding keeps their borders together.
    """
    raw = [_polygons(f["geometry"]) for f in features]
    points = [p for shape in raw for poly in shape for ring in poly for p in ring]
    if not points:
        return [[] for _f in raw]
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = GRID / (max((east - west) * shrink, north - south) or 1)

    def ring(points: Sequence[Sequence[float]]) -> Ring:
        out: Ring = []
        for lon, lat, *_rest in points:
            p = (round((lon - west) * shrink * scale), round((lat - south) * scale))
            if not out or p != out[-1]:
                out.append(p)
        return out

    return [[[ring(r) for r in poly] for poly in shape] for shape in raw]


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    kind, parts = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return [parts]
    if kind == "MultiPolygon":
        return list(parts)
    raise ValueError(f"An area needs a Polygon or MultiPolygon, not {kind}.")


def _area(ring: Ring) -> float:
    return (
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2
    )


def _inside(polygon: list[Ring], steps: int = 24) -> tuple[float, float]:
    """A point well inside, for the name: of a grid of points the one farthest from every edge."""
    import numpy as np

    ring = np.asarray(polygon[0], float)
    (x0, y0), (x1, y1) = ring.min(axis=0), ring.max(axis=0)
    gx, gy = np.meshgrid(np.linspace(x0, x1, steps + 2)[1:-1], np.linspace(y0, y1, steps + 2)[1:-1])
    points = np.column_stack([gx.ravel(), gy.ravel()])
    a, b = ring, np.roll(ring, -1, axis=0)
    edge = b - a
    to = points[:, None, :] - a[None]
    length = (edge**2).sum(axis=1)
    share = np.clip((to * edge).sum(axis=2) / np.where(length == 0, 1, length), 0, 1)
    gap = to - share[..., None] * edge
    # Names are wide: a gap above or below counts double against one to the side.
    distance = np.sqrt((gap * np.array([1.0, 1.6])) ** 2 @ np.ones(2)).min(axis=1)
    crosses = (a[:, 1] > points[:, 1:2]) != (b[:, 1] > points[:, 1:2])
    with np.errstate(divide="ignore", invalid="ignore"):
        at = edge[:, 0] * (points[:, 1:2] - a[:, 1]) / edge[:, 1] + a[:, 0]
    within = (crosses & (points[:, 0:1] < at)).sum(axis=1) % 2 == 1
    best = points[np.where(within, distance, -1).argmax()]
    return float(best[0]), float(best[1])
