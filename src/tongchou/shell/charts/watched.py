"""A series under watch: what was counted, what was expected, the bound, and where it alarmed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongchou.shell.charts import look
from tongchou.shell.charts.curves import (
    DAY_MS,
    Number,
    _incomplete,
    _ms,
    _numbers,
    _time_axis,
)
from tongchou.shell.charts.look import Chart, Table


@dataclass(frozen=True)
class Estimate:
    """An estimate with its range along the same days; None where it does not speak."""

    name: str
    middle: Sequence[Number]
    low: Sequence[Number]
    high: Sequence[Number]


def watched(
    days: Sequence[date],
    counts: Sequence[Number],
    *,
    what: str = "",
    expected: Sequence[Number] = (),
    bound: Sequence[Number] = (),
    alarms: Collection[date] = (),
    estimates: Sequence[Estimate] = (),
    incomplete_days: int = 0,
    days_ahead: int = 0,
    step: int = 1,
    size: str = "m",
) -> Chart:
    """Counts as columns, what was expected and the bound as lines, alarms as red triangles.

    A day that was not reported has no column and a dash in the table. `estimates` are drawn with
    their range: a nowcast over the hatched tail, a forecast over the last `days_ahead` days, which
    have no count yet. `step` is the days between two counts, 7 for weeks.
    """
    from bokeh.models import ColumnDataSource, HoverTool

    what = what or _("counted")
    names = [day.isoformat() for day in days]
    xs = [_ms(day) for day in days]
    columns: dict[str, Sequence[Number]] = {what: list(counts)}
    if expected:
        columns[_("expected")] = list(expected)
    if bound:
        columns[_("bound")] = list(bound)
    data: dict[str, Any] = {"x": xs, "day": names, "top": _numbers(counts)}
    for i, values in enumerate(columns.values()):
        data[f"w{i}"] = [look.shown(v) for v in values]
    source = ColumnDataSource(data)
    plot = look.sheet(x_axis_type="datetime", y_range=(0, _highest(columns, estimates) * 1.12))
    _time_axis(plot)
    items: list[tuple[str, list[Any]]] = []
    bars = plot.vbar(
        x="x", top="top", width=DAY_MS * step * 0.86, source=source, color=look.colour(0),
        line_color=None, alpha=0.75,
    )  # fmt: skip
    items.append((what, [bars]))
    tips = [(name, f"@w{i}") for i, name in enumerate(columns)]
    plot.add_tools(HoverTool(renderers=[bars], tooltips=[("", "@day"), *tips], mode="vline"))
    for name, values, colour, dash in (
        (_("expected"), expected, look.INK_2, "solid"),
        (_("bound"), bound, look.colour(1), "dashed"),
    ):
        if values:
            line = plot.line(xs, _numbers(values), color=colour, width=1.8, line_dash=dash)
            items.append((name, [line]))
    for i, one in enumerate(estimates):
        items.append((one.name, _estimate(plot, xs, names, one, look.colour(2 + i))))
    _incomplete(plot, xs[: len(days) - days_ahead], incomplete_days)
    marks = _alarms(plot, days, xs, counts, alarms)
    if marks is not None:
        items.append((_("alarm"), [marks]))
    if len(items) > 1:
        look.legend(plot, items)
    table = _table(names, columns, estimates, {day.isoformat() for day in alarms})
    return look.finish(plot, size=size, table=table, alt=_alt(what, names, counts, alarms))


def _highest(columns: dict[str, Sequence[Number]], estimates: Sequence[Estimate]) -> float:
    every = [v for values in columns.values() for v in values if v is not None]
    every += [v for one in estimates for v in one.high if v is not None]
    return float(max([*every, 1]))


def _estimate(
    plot: Any, xs: Sequence[float], names: Sequence[str], one: Estimate, colour: str
) -> list[Any]:
    from bokeh.models import ColumnDataSource, HoverTool

    data: dict[str, Any] = {"x": list(xs), "at": list(names), "y": _numbers(one.middle)}
    data |= {"low": _numbers(one.low), "high": _numbers(one.high)}
    data["words"] = [
        f"{look.shown(m)} ({look.shown(lo)} – {look.shown(hi)})"
        for m, lo, hi in zip(one.middle, one.low, one.high, strict=True)
    ]
    source = ColumnDataSource(data)
    bands = look.band(plot, data["x"], data["low"], data["high"], color=colour, alpha=0.2)
    line = plot.line("x", "y", source=source, color=colour, width=2.2)
    dots = plot.scatter("x", "y", source=source, color=colour, size=4)
    plot.add_tools(
        HoverTool(renderers=[dots], tooltips=[("", "@at"), (one.name, "@words")], mode="vline")
    )
    return [line, dots, *bands]


def _alarms(
    plot: Any,
    days: Sequence[date],
    xs: Sequence[float],
    counts: Sequence[Number],
    alarms: Collection[date],
) -> Any:
    at = [(x, c or 0) for day, x, c in zip(days, xs, counts, strict=True) if day in alarms]
    if not at:
        return None
    places, tops = zip(*at, strict=True)
    return plot.scatter(
        list(places), list(tops), marker="inverted_triangle", size=11, color=look.PERIL,
        line_color=look.GROUND,
    )  # fmt: skip


def _table(
    names: Sequence[str],
    columns: dict[str, Sequence[Number]],
    estimates: Sequence[Estimate],
    alarms: Collection[str],
) -> Table:
    heads = [_("day"), *columns]
    cells: list[list[Any]] = [list(values) for values in columns.values()]
    for one in estimates:
        heads += [one.name, pgettext("range", "from"), pgettext("range", "to")]
        cells += [list(one.middle), list(one.low), list(one.high)]
    numeric = frozenset(range(1, len(heads)))
    if alarms:
        heads.append(_("alarm"))
        cells.append([_("alarm") if name in alarms else "" for name in names])
    rows = tuple(
        (name, *(round(v, 2) if isinstance(v, float) else v for v in row))
        for name, *row in zip(names, *cells, strict=True)
    )
    return Table(tuple(heads), rows, numeric)


def _alt(
    what: str, names: Sequence[str], counts: Sequence[Number], alarms: Collection[date]
) -> str:
    known = [(count, day) for count, day in zip(counts, names, strict=True) if count is not None]
    if not known:
        return _("No %(what)s known yet.") % {"what": what}
    missing = len(names) - len(known)
    return _(
        "%(what)s, %(first)s to %(last)s; last %(n)s on %(on)s; %(alarms)d alarms; "
        "%(missing)d days without a count."
    ) % {
        "what": what,
        "first": names[0],
        "last": names[-1],
        "n": look.shown(known[-1][0]),
        "on": known[-1][1],
        "alarms": len(alarms),
        "missing": missing,
    }
