"""Curves over time and bars over names: epidemic curve, bars, lines with their uncertainty."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from tongchou.shell.charts import look
from tongchou.shell.charts.look import Chart, Table

Number = float | int | None
DAY_MS = 86_400_000


def _ms(day: date) -> float:
    """A day as Bokeh counts time; days have no zone, so they are drawn as if in UTC."""
    if isinstance(day, datetime):
        return day.replace(tzinfo=UTC).timestamp() * 1000
    return datetime.combine(day, time(), tzinfo=UTC).timestamp() * 1000


def _time_axis(plot: Any) -> None:
    from bokeh.models import DatetimeTickFormatter

    plot.xaxis.formatter = DatetimeTickFormatter(
        hours="%H:%M", days="%m-%d", months="%Y-%m", years="%Y", context=None
    )
    plot.xaxis.ticker.desired_num_ticks = 6


def _numbers(values: Sequence[Number]) -> list[float]:
    return [float("nan") if v is None else float(v) for v in values]


def _total(parts: Sequence[Number]) -> Number:
    """Nothing known is missing; otherwise the sum of what is."""
    known = [p for p in parts if p is not None]
    return sum(known) if known else None


def epidemic_curve(
    dates: Sequence[date],
    series: Mapping[str, Sequence[int | None]],
    *,
    what: str = "",
    incomplete_days: int = 0,
    marks: Mapping[date, str] | None = None,
    smooth: int = 0,
    size: str = "m",
) -> Chart:
    """Counts per day as touching columns, stacked by series, in the order given.

    `incomplete_days` at the end are hatched: reports of them still come in. `marks` are upright
    lines with a word (a city went to war). `smooth` adds a centred mean over so many days.
    """
    from bokeh.models import ColumnDataSource, HoverTool

    what = what or _("cases")
    totals = [_total(parts) for parts in zip(*series.values(), strict=True)]
    days = [day.isoformat() for day in dates]
    data: dict[str, Any] = {"x": [_ms(day) for day in dates], "day": days}
    data["total"] = [look.shown(t) for t in totals]
    data["top"] = _numbers([t or 0 for t in totals])
    for i, values in enumerate(series.values()):
        data[f"s{i}"] = [v or 0 for v in values]
        data[f"w{i}"] = [look.shown(v) for v in values]
    source = ColumnDataSource(data)
    plot = look.sheet(x_axis_type="datetime", y_range=(0, max([*data["top"], 1]) * 1.12))
    _time_axis(plot)
    look.counting(plot.yaxis)
    keys = [f"s{i}" for i in range(len(series))]
    colours = [look.colour(i) for i in range(len(series))]
    columns = plot.vbar_stack(
        keys, x="x", width=DAY_MS * 0.92, color=colours, line_color=None, source=source
    )
    whole = plot.vbar(
        x="x", top="top", width=DAY_MS, color=look.INK, alpha=0, source=source, level="overlay"
    )
    tips = [(name, f"@w{i}") for i, name in enumerate(series)]
    if len(series) > 1:
        tips.append((_("together"), "@total"))
    plot.add_tools(HoverTool(renderers=[whole], tooltips=[(_("day"), "@day"), *tips], mode="vline"))
    if smooth > 1:
        middle = _mean(totals, smooth)
        plot.line(data["x"], _numbers(middle), color=look.INK, width=1.6)
    _incomplete(plot, data["x"], incomplete_days)
    _mark_days(plot, marks or {})
    if len(series) > 1:
        look.legend(plot, [(n, [c]) for n, c in zip(series, columns, strict=True)])
    names = (_("day"), *series, *((_("together"),) if len(series) > 1 else ()))
    rows = tuple(
        (day, *parts, *((total,) if len(series) > 1 else ()))
        for day, total, *parts in zip(days, totals, *series.values(), strict=True)
    )
    table = Table(names, rows, frozenset(range(1, len(names))))
    return look.finish(plot, size=size, table=table, alt=_curve_alt(what, days, totals))


def _mean(values: Sequence[Number], width: int) -> list[Number]:
    half = width // 2
    out: list[Number] = []
    for i in range(len(values)):
        near = [v for v in values[i - half : i + half + 1] if v is not None] if i >= half else []
        out.append(sum(near) / len(near) if len(near) == 2 * half + 1 else None)
    return out


def _incomplete(plot: Any, xs: Sequence[float], n_days: int) -> None:
    if not n_days or not xs:
        return
    from bokeh.models import BoxAnnotation

    left = xs[max(0, len(xs) - n_days)] - DAY_MS / 2
    plot.add_layout(
        BoxAnnotation(
            left=left, right=xs[-1] + DAY_MS / 2, fill_color=look.GROUND, fill_alpha=0.35,
            hatch_pattern="right_diagonal_line", hatch_color=look.INK_2, hatch_alpha=0.35,
            hatch_scale=8, line_color=None, level="annotation",
        )
    )  # fmt: skip


def _mark_days(plot: Any, marks: Mapping[date, str]) -> None:
    from bokeh.models import Label, Span

    for day, words in marks.items():
        at = _ms(day)
        plot.add_layout(
            Span(location=at, dimension="height", line_color=look.INK_2, line_dash=[4, 3])
        )
        plot.add_layout(
            Label(
                x=at, y=plot.y_range.end, text=words, x_offset=5, y_offset=-2,
                text_baseline="top", text_color=look.INK, text_font=look.FONT,
                text_font_size=look.SIZE, background_fill_color=look.GROUND,
                background_fill_alpha=0.8,
            )
        )  # fmt: skip


def _curve_alt(what: str, days: Sequence[str], totals: Sequence[Number]) -> str:
    known = [(t, d) for t, d in zip(totals, days, strict=True) if t is not None]
    if not known:
        return _("No %(what)s known yet.") % {"what": what}
    high, on = max(known)
    return _(
        "%(what)s per day, %(first)s to %(last)s: %(n)s in all, most on %(on)s (%(high)s)."
    ) % {
        "what": what,
        "first": days[0],
        "last": days[-1],
        "n": look.shown(sum(t for t, _day in known)),
        "on": on,
        "high": look.shown(high),
    }


def bars(
    labels: Sequence[str],
    series: Mapping[str, Sequence[Number]],
    *,
    what: str = "",
    urls: Sequence[str] | None = None,
    size: str = "",
) -> Chart:
    """Lying bars, one per name in the order given, stacked by series; names stay readable."""
    from bokeh.models import ColumnDataSource, HoverTool, OpenURL, TapTool

    totals = [_total(parts) for parts in zip(*series.values(), strict=True)]
    data: dict[str, Any] = {"name": list(labels), "total": [look.shown(t) for t in totals]}
    data["end"] = _numbers([t or 0 for t in totals])
    data["url"] = list(urls or [""] * len(labels))
    for i, values in enumerate(series.values()):
        data[f"s{i}"] = [v or 0 for v in values]
        data[f"w{i}"] = [look.shown(v) for v in values]
    source = ColumnDataSource(data)
    plot = look.sheet(
        y_range=list(dict.fromkeys(reversed(labels))),
        x_range=(0, max([*data["end"], 1]) * 1.18),
        tools="save",
    )
    plot.xgrid.grid_line_color, plot.ygrid.grid_line_color = look.GRID, None
    plot.xaxis.axis_line_color = None
    if all(float(e).is_integer() for e in data["end"]):
        look.counting(plot.xaxis)
    plot.yaxis.major_label_text_color = look.INK
    plot.yaxis.major_tick_line_color = None
    drawn = plot.hbar_stack(
        [f"s{i}" for i in range(len(series))], y="name", height=0.68, source=source,
        color=[look.colour(i) for i in range(len(series))], line_color=None,
    )  # fmt: skip
    _end_words(plot, source)
    tips = [(name, f"@w{i}") for i, name in enumerate(series)]
    plot.add_tools(HoverTool(renderers=drawn, tooltips=[("", "@name"), *tips]))
    if urls:
        tap = TapTool(renderers=drawn, callback=OpenURL(url="@url", same_tab=True))
        plot.add_tools(tap)
        plot.toolbar.active_tap = tap
    if len(series) > 1:
        look.legend(plot, [(n, [d]) for n, d in zip(series, drawn, strict=True)])
    rows = tuple(
        (look.Cell(label, data["url"][i]) if urls else label, *parts)
        for i, (label, *parts) in enumerate(zip(labels, *series.values(), strict=True))
    )
    table = Table((what or _("name"), *series), rows, frozenset(range(1, len(series) + 1)))
    alt = _("Bars: %s.") % ", ".join(
        f"{n} {look.shown(t)}" for n, t in zip(labels, totals, strict=True)
    )
    return look.finish(plot, size=size or ("m" if len(labels) <= 8 else "l"), table=table, alt=alt)


def _end_words(plot: Any, source: Any) -> None:
    """The total at the end of each bar: nobody should have to measure it on the axis."""
    from bokeh.core.properties import value

    plot.text(
        x="end", y="name", text="total", source=source, x_offset=6, text_baseline="middle",
        text_color=look.INK, text_font=value(look.FONT), text_font_size=look.SIZE,
    )  # fmt: skip


def lines(
    x: Sequence[Any],
    series: Mapping[str, Sequence[Number]],
    *,
    what: str = "",
    bands: Mapping[str, tuple[Sequence[Number], Sequence[Number]]] | None = None,
    level: tuple[float, str] | None = None,
    size: str = "m",
) -> Chart:
    """Lines over days or numbers; `bands` are (low, high) around a series, `level` a target line.

    A missing value breaks the line: it is not joined over, and never zero.
    """
    from bokeh.models import ColumnDataSource, HoverTool

    timed = bool(x) and isinstance(x[0], date)
    xs = [_ms(v) for v in x] if timed else [float(v) for v in x]
    names = [str(v.isoformat() if timed else v) for v in x]
    plot = look.sheet(x_axis_type="datetime" if timed else "linear")
    if timed:
        _time_axis(plot)
    items = []
    for i, (name, values) in enumerate(series.items()):
        data: dict[str, Any] = {"x": xs, "y": _numbers(values), "at": names}
        data["words"] = [look.shown(v) for v in values]
        tips = [("", "@at"), (name, "@words")]
        marks = []
        if bands and name in bands:
            low, high = bands[name]
            data |= {"low": _numbers(low), "high": _numbers(high)}
            data["range"] = [
                f"{look.shown(lo)} – {look.shown(hi)}" for lo, hi in zip(low, high, strict=True)
            ]
            tips.append((_("range"), "@range"))
        source = ColumnDataSource(data)
        if bands and name in bands:
            marks += look.band(
                plot, xs, data["low"], data["high"], color=look.colour(i), alpha=0.18
            )
        dash = ("solid", "dashed", "dotted", "dotdash")[i // 2 % 4]
        line = plot.line("x", "y", source=source, color=look.colour(i), width=2.2, line_dash=dash)
        dots = plot.scatter("x", "y", source=source, color=look.colour(i), size=5)
        plot.add_tools(HoverTool(renderers=[dots], tooltips=tips, mode="vline"))
        items.append((name, [line, dots, *marks]))
    if level:
        _level(plot, *level)
    if len(series) > 1:
        look.legend(plot, items)
    heads = (what or (_("day") if timed else "x"), *series)
    rows = tuple(zip(names, *series.values(), strict=True))
    last = [
        f"{n} {look.shown(next((v for v in reversed(vs) if v is not None), None))}"
        for n, vs in series.items()
    ]
    alt = _("Lines; last values: %s.") % ", ".join(last)
    table = Table(heads, rows, frozenset(range(1, len(heads))))
    return look.finish(plot, size=size, table=table, alt=alt)


def _level(plot: Any, at: float, words: str) -> None:
    from bokeh.models import Label, Span

    plot.add_layout(Span(location=at, dimension="width", line_color=look.PERIL, line_dash=[6, 4]))
    plot.add_layout(
        Label(
            x=4, x_units="screen", y=at, y_offset=3, text=words, text_color=look.PERIL,
            text_font=look.FONT, text_font_size=look.SIZE,
        )
    )  # fmt: skip
