"""Scales and ticks of a drawing: from numbers to places on paper, at numbers that people say."""

import math
from dataclasses import dataclass

from django.utils.translation import get_language

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 68, 12, 12, 30


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place and its words."""

    at: float
    words: str


@dataclass(frozen=True)
class Scale:
    """From `low`…`high` to `begin`…`end` on paper."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return round(self.begin + (value - self.low) / span * (self.end - self.begin), 1)


def steps(low: float, high: float, *, most: int = 5) -> list[float]:
    """Round numbers from `low` to `high`: 0, 20, 40 …; at most so many and one."""
    span = high - low
    if not span > 0:
        return [low]
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= raw)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def words(value: float) -> str:
    """A number in few signs: 1,200; 35k; 2.4M; in Chinese 3.5万 and 2.4亿."""
    chinese = (get_language() or "").startswith("zh")
    for size, unit, sign in _CHINESE if chinese else _ENGLISH:
        if abs(value) >= size:
            return f"{_three(value / unit)}{sign}"
    return _three(value)


_ENGLISH = ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
_CHINESE = ((1e8, 1e8, "亿"), (1e4, 1e4, "万"))


def _three(value: float) -> str:
    """Three digits, or as many as stand before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
