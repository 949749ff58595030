"""Plans as points of two objectives: unbeaten, beaten, or short of a constraint."""

from collections.abc import Sequence
from dataclasses import dataclass

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

__all__ = ["Pareto", "Point", "Spot", "pareto"]


@dataclass(frozen=True)
class Spot:
    """One plan as it is asked to be drawn."""

    number: int
    x: float
    y: float
    words: str
    holds: bool = True
    shown: bool = False
    chosen: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Point:
    """A plan on paper; the arms are the interval of the mean."""

    number: int
    x: float
    y: float
    words: str
    kind: str  # base, front, other, short
    chosen: bool
    across: tuple[float, float] | None
    up: tuple[float, float] | None


@dataclass(frozen=True)
class Pareto:
    """One drawing."""

    alt: str
    x_words: str
    y_words: str
    points: tuple[Point, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT + 90
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT + 90 - BOTTOM - 14
    top: int = TOP
    middle: int = (LEFT + WIDTH - RIGHT) // 2


def pareto(spots: Sequence[Spot], *, x_words: str, y_words: str, alt: str) -> Pareto:
    """Draw plans; the last drawn lie on top, so those of the front come last."""
    bottom = HEIGHT + 90 - BOTTOM - 14
    x = _scale([each.x for each in spots], LEFT, WIDTH - RIGHT)
    y = _scale([each.y for each in spots], bottom, TOP)
    order = sorted(spots, key=lambda spot: (spot.shown, spot.chosen, -spot.number))
    return Pareto(
        alt=alt,
        x_words=x_words,
        y_words=y_words,
        points=tuple(_point(spot, x, y) for spot in order),
        x_ticks=tuple(Tick(x(v), words(v)) for v in steps(x.low, x.high, most=5)),
        y_ticks=tuple(Tick(y(v), words(v)) for v in steps(y.low, y.high, most=4)),
    )


def _scale(values: Sequence[float], begin: float, end: float) -> Scale:
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or abs(high) * 0.06 or 1.0
    low = max(low - room, 0.0) if low >= 0 else low - room
    return Scale(low, high + room, begin, end)


def _point(spot: Spot, x: Scale, y: Scale) -> Point:
    kind = "short" if not spot.holds else "front" if spot.shown else "other"
    return Point(
        spot.number,
        x(spot.x),
        y(spot.y),
        spot.words,
        "base" if spot.number == 0 else kind,
        spot.chosen,
        _arm(spot.x_range, x),
        _arm(spot.y_range, y),
    )


def _arm(span: tuple[float, float] | None, scale: Scale) -> tuple[float, float] | None:
    if span is None:
        return None
    inside = (min(max(v, scale.low), scale.high) for v in span)
    low, high = (scale(v) for v in inside)
    return low, high
