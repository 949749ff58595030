"""The one look of every chart: palette with dark twins, fonts, axes, and the value handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Colours by light value and dark twin. Series are told apart by lightness too, and stand at
#: least 3:1 on their ground.
INK, INK_2, GRID, GROUND = "#161d21", "#414b51", "#dadedb", "#fffffe"
TWINS: dict[str, str] = {
    INK: "#e5ebec",
    INK_2: "#b6c1c6",
    GRID: "#2f3b42",
    GROUND: "#182025",
    # series
    "#0b6e8f": "#5cc3e0",
    "#c4580c": "#f09a55",
    "#557a1b": "#a5cc5c",
    "#84479d": "#c79ae0",
    "#b0396b": "#ee86b2",
    "#8a6900": "#dcb54a",
    "#2f4b9c": "#8fa8f0",
    "#687075": "#a6afb5",
    # classes of a map, few to many, and no data
    "#eef3f3": "#1e2b32",
    "#c5dee4": "#1c404d",
    "#8cbfcd": "#1f586b",
    "#4a97ae": "#277089",
    "#1d6e87": "#6ab8d0",
    "#0a4256": "#b4e3f0",
    "#d9d5cc": "#3c3a36",
    # lateness and peril
    "#a81c17": "#ff9489",
}
SERIES = ("#0b6e8f", "#c4580c", "#557a1b", "#84479d", "#b0396b", "#8a6900", "#2f4b9c", "#687075")
CLASSES = ("#eef3f3", "#c5dee4", "#8cbfcd", "#4a97ae", "#1d6e87", "#0a4256")
MISSING, PERIL = "#d9d5cc", "#a81c17"
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
SIZE = "1em"


@dataclass(frozen=True)
class Cell:
    """A table cell that leads somewhere."""

    text: Any
    url: str = ""


@dataclass(frozen=True)
class Table:
    """The chart's numbers; `numeric` are the columns that align right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    numeric: frozenset[int] = frozenset()


class Chart(NamedTuple):
    """What `{% chart %}` takes: the drawing, the same numbers as a table, and a sentence."""

    item: dict[str, Any]
    table: Table
    alt: str


def warm() -> None:
    """Import Bokeh now, so that the first reader of a chart does not wait for it."""
    import bokeh.plotting  # noqa: F401


def colour(index: int) -> str:
    """The colour of the n-th series; past the eighth they repeat."""
    return SERIES[index % len(SERIES)]


def sheet(**options: Any) -> Any:
    """An empty figure in our look; panning and zooming only when asked, so that a page scrolls."""
    from bokeh.models import NoOverlap
    from bokeh.plotting import figure

    options.setdefault("tools", "xpan,xbox_zoom,reset,save")
    plot = figure(
        sizing_mode="stretch_both",
        min_height=80,
        toolbar_location="right",
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=None,
        min_border_left=8,
        min_border_right=8,
        active_drag=None,
        active_scroll=None,
        active_tap=None,
        **options,
    )
    plot.toolbar.logo = None
    plot.toolbar.autohide = True
    for axis in plot.axis:
        axis.axis_line_color = None
        axis.major_tick_line_color = GRID
        axis.minor_tick_line_color = None
        axis.major_label_text_color = INK_2
        axis.major_label_text_font = FONT
        axis.major_label_text_font_size = SIZE
        axis.axis_label_text_color = INK_2
        axis.axis_label_text_font = FONT
        axis.axis_label_text_font_size = SIZE
        axis.axis_label_text_font_style = "normal"
        axis.major_label_policy = NoOverlap()
    for line in plot.xaxis:
        line.axis_line_color = INK_2
    plot.xgrid.grid_line_color = None
    plot.ygrid.grid_line_color = GRID
    return plot


def band(
    plot: Any,
    x: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    *,
    color: str,
    alpha: float,
) -> list[Any]:
    """The area between two lines, one piece for each run of known values; NaN is a gap.

    Drawn as one, it would close over the gap and tell of days that nobody knows.
    """
    pieces: list[list[int]] = [[]]
    for n, (lo, hi) in enumerate(zip(low, high, strict=True)):
        if lo == lo and hi == hi:
            pieces[-1].append(n)
        elif pieces[-1]:
            pieces.append([])
    drawn = []
    for piece in filter(None, pieces):
        xs, lows, highs = ([line[n] for n in piece] for line in (x, low, high))
        if len(piece) == 1:  # an area of one day has no width
            drawn.append(
                plot.segment(xs, lows, xs, highs, color=color, alpha=2 * alpha, line_width=3)
            )
        else:
            drawn.append(plot.varea(xs, lows, highs, color=color, alpha=alpha))
    return drawn


def legend(plot: Any, items: Sequence[tuple[str, Sequence[Any]]], *, glyph: int = 14) -> None:
    """A quiet legend above the plot; a click on a name hides its series."""
    from bokeh.models import Legend, LegendItem

    made = Legend(
        items=[LegendItem(label=name, renderers=list(marks)) for name, marks in items],
        orientation="horizontal",
        location="left",
        border_line_color=None,
        background_fill_color=None,
        label_text_color=INK,
        label_text_font=FONT,
        label_text_font_size=SIZE,
        inactive_fill_color=GROUND,
        inactive_fill_alpha=0.7,
        padding=2,
        margin=0,
        spacing=10,
        glyph_width=glyph,
        glyph_height=glyph,
        label_standoff=5,
        click_policy="hide",
    )
    plot.add_layout(made, "above")


def counting(axis: Any) -> None:
    """An axis of things that are counted: no halves, thousands grouped."""
    from bokeh.models import BasicTicker, NumeralTickFormatter

    axis.ticker = BasicTicker(min_interval=1, mantissas=[1, 2, 5], desired_num_ticks=5)
    axis.formatter = NumeralTickFormatter(format="0,0")


def bare(plot: Any) -> None:
    """Without axes and grid: maps and graphs have no scale to read."""
    plot.axis.visible = False
    plot.grid.visible = False


def finish(plot: Any, *, size: str, table: Table, alt: str) -> Chart:
    """The plot as JSON with the palette's dark twins; `size` is a class of the style sheet.

    The same item as `bokeh.embed.json_item`, which serialises everything twice.
    """
    from bokeh import __version__
    from bokeh.document import Document

    document = Document(title="")
    document.add_root(plot)
    item = {
        "target_id": None,
        "root_id": plot.id,
        "doc": document.to_json(deferred=False),
        "version": __version__,
    }
    return Chart({"item": item, "dark": TWINS, "size": size}, table, alt)


def shown(value: float | int | None) -> str:
    """A number as a tooltip shows it; a missing one is a dash."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
