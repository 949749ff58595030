"""A fan: a series day by day as bands of quantiles around its median, with what was observed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongchou.planning.drawing.axes import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Scale,
    Tick,
    steps,
    words,
)

__all__ = ["Fan", "Mark", "fan"]

Curves = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Mark:
    """A place on paper with words: an observed day, or the strip of a day to hover over."""

    x: float
    y: float
    width: float
    words: str


@dataclass(frozen=True)
class Fan:
    """One drawing and the table below it."""

    title: str
    alt: str
    wide: str  # 5 to 95 of 100, as a path
    half: str  # 25 to 75
    middle: str
    seen: tuple[Mark, ...]
    strips: tuple[Mark, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    rows: tuple[tuple[Any, ...], ...]  # day, observed, five quantiles
    begin: float  # where the first day of the model stands
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM
    right: int = WIDTH - RIGHT
    top: int = TOP


def fan(
    title: str,
    curves: Curves,
    *,
    start: date | None = None,
    observed: Mapping[int, float] | None = None,
    unit: str = "",
) -> Fan:
    """Draw five curves of quantiles; `observed` by day of the run, which may lie before day 0."""
    observed = observed or {}
    days = len(curves[0])
    first = min([0, *observed])
    top = max([1.0, *curves[4], *observed.values()])
    x = Scale(first, max(days - 1, 1), LEFT, WIDTH - RIGHT)
    y = Scale(0, top, HEIGHT - BOTTOM, TOP)
    named = [_day(start, day) for day in range(first, days)]
    return Fan(
        title=title,
        alt=_alt(title, curves, start, observed),
        wide=_band(curves[0], curves[4], x, y),
        half=_band(curves[1], curves[3], x, y),
        middle=_line(curves[2], x, y),
        seen=tuple(
            Mark(x(day), y(value), 0, f"{_day(start, day)}: {words(value)}")
            for day, value in sorted(observed.items())
        ),
        strips=tuple(_strip(curves, day, x, start, unit) for day in range(days)),
        x_ticks=tuple(
            Tick(x(day), named[int(day) - first])
            for day in steps(first, days - 1, most=5)
            if float(day).is_integer()
        ),
        y_ticks=tuple(Tick(y(value), words(value)) for value in steps(0, top, most=4)),
        rows=tuple(
            (
                named[day - first],
                observed.get(day),
                *([curve[day] for curve in curves] if day >= 0 else [None] * 5),
            )
            for day in range(first, days)
        ),
        begin=x(0),
    )


def _day(start: date | None, day: int) -> str:
    if start is None:
        return _("day %(n)s") % {"n": day}
    return f"{start + timedelta(days=day):%m-%d}"


def _line(curve: Sequence[float], x: Scale, y: Scale) -> str:
    return "M" + " ".join(f"{x(day)},{y(value)}" for day, value in enumerate(curve))


def _band(low: Sequence[float], high: Sequence[float], x: Scale, y: Scale) -> str:
    there = [f"{x(day)},{y(value)}" for day, value in enumerate(high)]
    back = [f"{x(day)},{y(low[day])}" for day in reversed(range(len(low)))]
    return "M" + " ".join([*there, *back]) + "Z"


def _strip(curves: Curves, day: int, x: Scale, start: date | None, unit: str) -> Mark:
    half = (x(1) - x(0)) / 2
    said = _("%(day)s: %(median)s%(unit)s, 5 to 95 %%: %(low)s – %(high)s") % {
        "day": _day(start, day),
        "median": words(curves[2][day]),
        "unit": unit,
        "low": words(curves[0][day]),
        "high": words(curves[4][day]),
    }
    return Mark(round(x(day) - half, 1), TOP, round(2 * half, 1), said)


def _alt(title: str, curves: Curves, start: date | None, observed: Mapping[int, float]) -> str:
    median = curves[2]
    at = max(range(len(median)), key=lambda day: median[day])
    said = _("%(title)s: median highest on %(day)s with %(n)s, 5 to 95 %%: %(low)s – %(high)s.") % {
        "title": title,
        "day": _day(start, at),
        "n": words(median[at]),
        "low": words(curves[0][at]),
        "high": words(curves[4][at]),
    }
    if observed:
        said += " " + _("Observed on %(n)s days.") % {"n": len(observed)}
    return said
