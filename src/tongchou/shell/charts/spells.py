"""Stretches of time as bars over the hours of each day: one line per day, nothing hidden.

A bar that meets another one moves to a lane of its own; a bar over midnight goes on on the next
line. Kinds differ by hatching as well as by colour, and the number on a bar is its number in the
table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongchou.shell.charts import look
from tongchou.shell.charts.lanes import DAY, Piece, Spell, cut, share_lines
from tongchou.shell.charts.look import Cell, Chart, Table

#: Bokeh's hatches in the order of kinds; the first stands plain.
HATCHES = (" ", "/", "x", ".", "-", "\\", "+", "o")
#: More lines than these are no picture any more; the table has them all.
MOST_DAYS = 28
_FILL = 0.8  # of a line's height; the rest keeps the days apart


@dataclass
class _Drawing:
    """The plot with what its legend will name."""

    plot: Any
    rows: dict[date, int]
    items: list[tuple[str, list[Any]]] = field(default_factory=list)


def day_lines(
    spells: Sequence[Spell],
    *,
    kinds: Mapping[str, str],
    what: str,
    window: tuple[datetime, datetime, str] | None = None,
    holes: Sequence[tuple[datetime, datetime]] = (),
    size: str = "",
) -> Chart:
    """Spells over days × hours; `window` shades a stretch of time, `holes` are hatched as missing.

    `kinds` names the kinds in order: colour and hatching follow it. Days without anything between
    the first and the last have their line too.
    """
    first, last = _span(spells, window)
    days = [first + n * DAY for n in range((last - first).days + 1)][-MOST_DAYS:]
    rows = {day: n for n, day in enumerate(days)}
    plot = look.sheet(x_range=(0, 24), y_range=(len(days), 0), tools="save")
    made = _Drawing(plot, rows)
    _axes(plot, days)
    if window:
        _shade(made, window)
    if holes:
        _holes(made, holes)
    pieces = [p for spell in spells for p in cut(spell.begin, spell.end, spell) if p.day in rows]
    share_lines(pieces)
    _bars(made, pieces, kinds)
    look.legend(plot, made.items, glyph=18)
    table = _table(spells, kinds)
    alt = _alt(what, spells, days, pieces, holes)
    return look.finish(plot, size=size or _size(len(days)), table=table, alt=alt)


def _size(n_days: int) -> str:
    return "s" if n_days <= 3 else "m" if n_days <= 8 else "l" if n_days <= 14 else "xl"


def _span(
    spells: Sequence[Spell], window: tuple[datetime, datetime, str] | None
) -> tuple[date, date]:
    begins = [s.begin for s in spells] + ([window[0]] if window else [])
    ends = [max(s.begin, s.end - timedelta(minutes=1)) for s in spells]
    ends += [window[1] - timedelta(minutes=1)] if window else []
    if not begins:
        raise ValueError("There is nothing to draw: neither a spell nor a window.")
    return min(begins).date(), max(ends).date()


def _axes(plot: Any, days: Sequence[date]) -> None:
    from bokeh.models import FixedTicker

    plot.xaxis.ticker = FixedTicker(ticks=list(range(0, 25, 3)))
    plot.xaxis.major_label_overrides = {h: f"{h:02d}:00" for h in range(0, 25, 3)}
    plot.yaxis.ticker = FixedTicker(ticks=[n + 0.5 for n in range(len(days))])
    plot.yaxis.major_label_overrides = {n + 0.5: _day(day) for n, day in enumerate(days)}
    plot.yaxis.major_label_text_color = look.INK
    plot.yaxis.major_tick_line_color = None
    plot.ygrid.grid_line_color = None
    plot.ygrid.ticker = FixedTicker(ticks=list(range(len(days) + 1)))
    plot.ygrid.grid_line_color = look.GRID
    plot.xgrid.grid_line_color = look.GRID
    plot.xgrid.grid_line_dash = [2, 4]


def _day(day: date) -> str:
    return f"{day:%m-%d} {date_format(day, 'D')}"


def _shade(made: _Drawing, window: tuple[datetime, datetime, str]) -> None:
    begin, end, words = window
    pieces = [p for p in cut(begin, end, Spell(begin, end, words)) if p.day in made.rows]
    quads = made.plot.quad(
        left=[p.left for p in pieces],
        right=[p.right for p in pieces],
        top=[made.rows[p.day] for p in pieces],
        bottom=[made.rows[p.day] + 1 for p in pieces],
        fill_color=look.PERIL,
        fill_alpha=0.09,
        line_color=None,
        level="underlay",
    )
    made.items.append((words, [quads]))


def _holes(made: _Drawing, holes: Sequence[tuple[datetime, datetime]]) -> None:
    from bokeh.models import ColumnDataSource, HoverTool

    words = pgettext("hours", "not known")
    pieces = [p for a, b in holes for p in cut(a, b, Spell(a, b, words)) if p.day in made.rows]
    source = ColumnDataSource(
        {
            "left": [p.left for p in pieces],
            "right": [p.right for p in pieces],
            "top": [made.rows[p.day] + 0.38 for p in pieces],
            "bottom": [made.rows[p.day] + 0.62 for p in pieces],
            "when": [_when(p.of) for p in pieces],
        }
    )
    quads = made.plot.quad(
        "left", "right", "top", "bottom", source=source, fill_color=look.GROUND, fill_alpha=0.6,
        hatch_pattern="/", hatch_color=look.PERIL, hatch_alpha=0.75, hatch_scale=7,
        line_color=look.PERIL, line_alpha=0.6, line_dash=[3, 3],
    )  # fmt: skip
    made.plot.add_tools(HoverTool(renderers=[quads], tooltips=[(words, "@when")]))
    made.items.append((words, [quads]))


def _bars(made: _Drawing, pieces: Sequence[Piece], kinds: Mapping[str, str]) -> None:
    drawn = []
    for n, (kind, name) in enumerate(kinds.items()):
        mine = [p for p in pieces if p.of.kind == kind]
        exact, rough = [p for p in mine if not p.of.rough], [p for p in mine if p.of.rough]
        quads = [_quads(made, ps, n, ps is rough) for ps in (exact, rough) if ps]
        drawn += quads
        if quads:
            made.items.append((name, quads))
    if any(p.of.rough for p in pieces):
        made.items.append((_("time not exact"), [_example(made.plot)]))
    _marks(made, [p for p in pieces if p.of.kind in kinds], kinds)
    _tools(made.plot, drawn)


def _example(plot: Any) -> Any:
    """What a rough bar looks like, for the legend alone: it lies outside of what is seen."""
    return plot.quad(
        left=[-9], right=[-8], top=[-9], bottom=[-8], fill_color=look.INK_2, fill_alpha=0.25,
        line_color=look.INK_2, line_dash=[4, 3],
    )  # fmt: skip


def _quads(made: _Drawing, pieces: Sequence[Piece], n: int, rough: bool) -> Any:
    from bokeh.models import ColumnDataSource

    tops = [_top(made, p) for p in pieces]
    source = ColumnDataSource(
        {
            "left": [p.left for p in pieces],
            # A moment is still something to see and to point at.
            "right": [max(p.right, p.left + 0.12) for p in pieces],
            "top": [top for top, _h in tops],
            "bottom": [top + height for top, height in tops],
            "name": [_titled(p.of) for p in pieces],
            "when": [_when(p.of) for p in pieces],
            "note": [p.of.note for p in pieces],
            "url": [p.of.url for p in pieces],
            "edge": [look.PERIL if p.clash else look.GROUND for p in pieces],
            "wide": [2.5 if p.clash else 1 for p in pieces],
        }
    )
    hatch = HATCHES[n % len(HATCHES)]
    return made.plot.quad(
        "left", "right", "top", "bottom", source=source, fill_color=look.colour(n),
        fill_alpha=0.35 if rough else 1, hatch_pattern=hatch, hatch_color=look.GROUND,
        hatch_alpha=0.45, hatch_scale=9, line_color="edge", line_width="wide",
        line_dash=[4, 3] if rough else "solid", nonselection_fill_alpha=0.35 if rough else 1,
        hover_line_color=look.INK,
    )  # fmt: skip


def _top(made: _Drawing, piece: Piece) -> tuple[float, float]:
    """Where a bar begins on its line, and how high it is."""
    height = _FILL / piece.lanes
    return made.rows[piece.day] + (1 - _FILL) / 2 + piece.lane * height, height


def _marks(made: _Drawing, pieces: Sequence[Piece], kinds: Mapping[str, str]) -> None:
    """The number on its bar; beside it where the bar is too short to hold it.

    `chart.js` writes as much of `full` in its place as the bar has room for.
    """
    from bokeh.core.properties import value
    from bokeh.models import ColumnDataSource

    marked = [p for p in pieces if p.of.mark]
    within = [p.right - p.left >= 0.35 * (1 + len(p.of.mark)) for p in marked]
    order = list(kinds)
    source = ColumnDataSource(
        {
            "x": [p.left if w else min(p.right, 23.5) for p, w in zip(marked, within, strict=True)],
            "y": [sum(_top(made, p)) - _top(made, p)[1] / 2 for p in marked],
            "text": [p.of.mark for p in marked],
            "full": [_titled(p.of) for p in marked],
            "share": [(p.right - p.left) / 24 for p in marked],
            "ink": [
                look.GROUND if w and not p.of.rough else look.INK
                for p, w in zip(marked, within, strict=True)
            ],
            # Letters stand on plain ground, not on the hatching.
            "ground": [
                look.colour(order.index(p.of.kind)) if w else look.GROUND
                for p, w in zip(marked, within, strict=True)
            ],
            "solid": [
                0.0 if w and p.of.rough else 1.0 for p, w in zip(marked, within, strict=True)
            ],
        },
        tags=["fit"],
    )
    made.plot.text(
        x="x", y="y", text="text", source=source, x_offset=5, text_baseline="middle",
        text_color="ink", text_font=value(look.FONT), text_font_size=look.SIZE,
        text_font_style="bold", background_fill_color="ground", background_fill_alpha="solid",
    )  # fmt: skip


def _tools(plot: Any, drawn: list[Any]) -> None:
    from bokeh.models import HoverTool, OpenURL, TapTool

    tips = [("", "@name"), (_("time"), "@when"), ("", "@note")]
    plot.add_tools(HoverTool(renderers=drawn, tooltips=tips, point_policy="follow_mouse"))
    if any(url for marks in drawn for url in marks.data_source.data["url"]):
        tap = TapTool(renderers=drawn, callback=OpenURL(url="@url", same_tab=True))
        plot.add_tools(tap)
        plot.toolbar.active_tap = tap


def _titled(spell: Spell) -> str:
    return f"{spell.mark} {spell.label}".strip()


def _when(spell: Spell) -> str:
    same = spell.end.date() == spell.begin.date()
    last = f"{spell.end:%H:%M}" if same else f"{spell.end:%m-%d %H:%M}"
    return f"{spell.begin:%m-%d %H:%M} – {last}"


def _table(spells: Sequence[Spell], kinds: Mapping[str, str]) -> Table:
    rows = tuple(
        (
            s.mark,
            Cell(s.label, s.url) if s.url else s.label,
            kinds.get(s.kind, s.kind),
            _when(s),
            s.note,
        )
        for s in sorted(spells, key=lambda s: (s.begin, s.end))
    )
    heads = (pgettext("table", "No."), _("name"), _("kind"), _("time"), _("note"))
    return Table(heads, rows, frozenset())


def _alt(
    what: str,
    spells: Sequence[Spell],
    days: Sequence[date],
    pieces: Sequence[Piece],
    holes: Sequence[tuple[datetime, datetime]],
) -> str:
    words = _("%(what)s: %(n)s from %(first)s to %(last)s, one line per day.") % {
        "what": what, "n": len(spells), "first": days[0], "last": days[-1],
    }  # fmt: skip
    clashes = len({id(p.of) for p in pieces if p.clash})
    if clashes:
        words += " " + _("%d of them at the same time as another.") % clashes
    if holes:
        hours = sum((b - a) / timedelta(hours=1) for a, b in holes)
        words += " " + _("Not known: %(hours)s hours in %(n)s stretches.") % {
            "hours": look.shown(round(hours)), "n": len(holes),
        }  # fmt: skip
    hidden = len({id(s) for s in spells} - {id(p.of) for p in pieces})
    if hidden:
        words += " " + _("%d earlier ones stand in the table only.") % hidden
    return words
