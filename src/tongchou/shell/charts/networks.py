"""Who met whom, who may have infected whom: nodes and arrows, each arrow as sure as it is drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongchou.shell.charts import layout as layouts
from tongchou.shell.charts import look
from tongchou.shell.charts.curves import DAY_MS, _ms, _time_axis
from tongchou.shell.charts.look import Cell, Chart, Table

#: Shapes in the order of kinds; slim ones are drawn larger to weigh the same.
LARGER = {"diamond": 1.5, "triangle": 1.2, "inverted_triangle": 1.2, "star": 1.5, "plus": 1.3}
MARKERS = ("circle", "square", "diamond", "triangle", "inverted_triangle", "hex", "star", "plus")


@dataclass(frozen=True)
class Node:
    """A subject by its pseudonym. `kind` picks shape and colour; `day` places it in time."""

    id: str
    label: str
    kind: str = ""
    url: str = ""
    note: str = ""
    day: date | None = None
    focus: bool = False


@dataclass(frozen=True)
class Edge:
    """From source to target; `weight` between 0 and 1 is a probability and is drawn as strength."""

    source: str
    target: str
    weight: float = 1.0
    label: str = ""


def network(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    kinds: Mapping[str, str] | None = None,
    layout: str = "layers",
    places: layouts.Places | None = None,
    directed: bool = True,
    what: str = "",
    size: str = "l",
) -> Chart:
    """A graph of nodes and edges; a click on a node opens its page.

    `layout`: "layers" (sources left), "days" (by `Node.day` on a time axis; a node without a day
    stands beside its source), "forces" (no direction), or give `places`. `kinds` names the kinds
    for the legend in order: shape and colour follow it. Edges to unknown nodes are refused.
    """
    known = {n.id: n for n in nodes}
    strays = {i for e in edges for i in (e.source, e.target)} - set(known)
    if strays:
        raise ValueError(f"Edges name nodes that are not there: {', '.join(sorted(strays))}.")
    pairs = [(e.source, e.target) for e in edges]
    timed = layout == "days" and not places
    at = places or _place(nodes, pairs, layout)
    plot = look.sheet(
        x_axis_type="datetime" if timed else "linear", tools="pan,wheel_zoom,reset,save"
    )
    if timed:
        _time_axis(plot)
        plot.yaxis.visible = plot.ygrid.visible = False
        plot.xgrid.grid_line_color = look.GRID
    else:
        look.bare(plot)
    _room(plot, at, timed)
    _arrows(plot, edges, known, at, directed)
    named = kinds or {k: k for k in dict.fromkeys(n.kind for n in nodes)}
    drawn = _dots(plot, nodes, at, named)
    _node_tools(plot, [m for _name, marks in drawn for m in marks])
    if any(named.values()):
        look.legend(plot, drawn, glyph=22)
    alt = _("%(what)s: %(n)s nodes, %(m)s links.") % {
        "what": what or _("Graph"), "n": len(nodes), "m": len(edges),
    }  # fmt: skip
    return look.finish(plot, size=size, table=_table(edges, known), alt=alt)


def _table(edges: Sequence[Edge], known: Mapping[str, Node]) -> Table:
    def cell(i: str) -> Any:
        return Cell(known[i].label, known[i].url) if known[i].url else known[i].label

    weighted = any(e.weight != 1 for e in edges)
    labelled = any(e.label for e in edges)
    heads = [pgettext("graph", "from"), pgettext("graph", "to")]
    heads += [_("probability")] if weighted else []
    heads += [pgettext("graph", "link")] if labelled else []
    rows = tuple(
        (cell(e.source), cell(e.target), *((round(e.weight, 2),) if weighted else ()),
         *((e.label,) if labelled else ()))
        for e in edges
    )  # fmt: skip
    linked = {i for e in edges for i in (e.source, e.target)}
    alone = tuple(
        (cell(i), "–", *((None,) if weighted else ()), *(("",) if labelled else ()))
        for i in known
        if i not in linked
    )
    return Table(tuple(heads), rows + alone, frozenset({2}) if weighted else frozenset())


def _place(nodes: Sequence[Node], pairs: list[tuple[str, str]], layout: str) -> layouts.Places:
    ids = [n.id for n in nodes]
    if layout == "forces":
        return layouts.forces(ids, pairs)
    if layout == "days":
        return layouts.columns(_days(nodes, pairs), pairs, order=ids)
    if layout == "layers":
        return layouts.layers(ids, pairs)
    raise ValueError(f"layout {layout!r} is not one of layers, days, forces")


def _days(nodes: Sequence[Node], pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Each node's day; one without stands a day after its first dated source, or at the start."""
    days = {n.id: _ms(n.day) for n in nodes if n.day}
    start = min(days.values(), default=0.0)
    for n in nodes:
        if n.id not in days:
            sources = [days[a] for a, b in pairs if b == n.id and a in days]
            days[n.id] = min(sources) + DAY_MS if sources else start
    return {n.id: days[n.id] for n in nodes}


def _room(plot: Any, at: layouts.Places, timed: bool) -> None:
    from bokeh.models import Range1d

    xs, ys = [p[0] for p in at.values()] or [0.0], [p[1] for p in at.values()] or [0.0]
    side = max((max(xs) - min(xs)) * 0.07, DAY_MS if timed else 0.5)
    rise = max((max(ys) - min(ys)) * 0.08, 0.8)
    plot.x_range = Range1d(min(xs) - side, max(xs) + side * 1.6)
    plot.y_range = Range1d(min(ys) - rise, max(ys) + rise)


def _arrows(
    plot: Any, edges: Sequence[Edge], known: Mapping[str, Node], at: layouts.Places, directed: bool
) -> None:
    """Curves that leave and arrive level; width and strength say how sure the link is."""
    from bokeh.models import ColumnDataSource, HoverTool

    if not edges:
        return
    columns: dict[str, list[Any]] = {
        k: [] for k in ("x0", "y0", "x1", "y1", "cx0", "cy0", "cx1", "cy1", "alpha", "width")
    }
    mid: dict[str, list[Any]] = {k: [] for k in ("x", "y", "angle", "words", "alpha")}
    for e in edges:
        (x0, y0), (x1, y1) = at[e.source], at[e.target]
        half = (x1 - x0) / 2
        bend = (x0 + half, y0, x1 - half, y1) if half else (x0, y0, x1, y1)
        sure = max(0.0, min(1.0, e.weight))
        row = (x0, y0, x1, y1, *bend, 0.25 + 0.65 * sure, 0.8 + 2.2 * sure)
        for name, v in zip(columns, row, strict=True):
            columns[name].append(v)
        right, up = -math.pi / 2, 0.0
        way = right if x1 > x0 else -right if x1 < x0 else up if y1 > y0 else math.pi
        words = f"{known[e.source].label} → {known[e.target].label}"
        extra = " · ".join(p for p in (e.label, f"{sure:.0%}" if e.weight != 1 else "") if p)
        tip = (x0 + half, (y0 + y1) / 2, way, f"{words}  {extra}".strip(), 0.35 + 0.65 * sure)
        for name, part in zip(mid, tip, strict=True):
            mid[name].append(part)
    plot.bezier(
        "x0", "y0", "x1", "y1", "cx0", "cy0", "cx1", "cy1", source=ColumnDataSource(columns),
        line_color=look.INK_2, line_alpha="alpha", line_width="width",
    )  # fmt: skip
    marks = plot.scatter(
        "x", "y", source=ColumnDataSource(mid), marker="triangle" if directed else "circle",
        angle="angle", size=7 if directed else 4, color=look.INK_2, alpha="alpha",
    )  # fmt: skip
    plot.add_tools(HoverTool(renderers=[marks], tooltips=[("", "@words")]))


def _dots(
    plot: Any, nodes: Sequence[Node], at: layouts.Places, named: Mapping[str, str]
) -> list[tuple[str, list[Any]]]:
    from bokeh.core.properties import value
    from bokeh.models import ColumnDataSource

    drawn = []
    crowded = len(nodes) > 60
    for i, (kind, name) in enumerate(named.items()):
        group = [n for n in nodes if n.kind == kind]
        if not group:
            continue
        marker = MARKERS[i % len(MARKERS)]
        scale = LARGER.get(marker, 1.0) * (0.7 if crowded else 1)
        source = ColumnDataSource(
            {
                "x": [at[n.id][0] for n in group],
                "y": [at[n.id][1] for n in group],
                "label": [n.label for n in group],
                "note": [n.note for n in group],
                "kind": [name] * len(group),
                "url": [n.url for n in group],
                "size": [(17 if n.focus else 12) * scale for n in group],
                "edge": [look.INK if n.focus else look.GROUND for n in group],
            }
        )
        mark = plot.scatter(
            "x", "y", source=source, marker=marker, size="size",
            fill_color=look.colour(i), line_color="edge", line_width=1.5, nonselection_alpha=1,
        )  # fmt: skip
        if not crowded:
            plot.text(
                "x", "y", text="label", source=source, x_offset=9, y_offset=-7,
                text_color=look.INK, text_font=value(look.FONT), text_font_size="0.92em",
            )  # fmt: skip
        drawn.append((name, [mark]))
    return drawn


def _node_tools(plot: Any, marks: list[Any]) -> None:
    from bokeh.models import HoverTool, OpenURL, TapTool

    tips = [("", "@label"), ("", "@kind"), ("", "@note")]
    plot.add_tools(HoverTool(renderers=marks, tooltips=tips))
    tap = TapTool(renderers=marks, callback=OpenURL(url="@url", same_tab=True))
    plot.add_tools(tap)
    plot.toolbar.active_tap = tap
