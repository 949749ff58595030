"""Sparkline and bar as inline SVG, small enough for a row; charts people explore are Bokeh."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, PAD = 96, 24, 2


def sparkline(values: Sequence[float | None], title: str) -> SafeString:
    """A line over equal steps with its last point marked; a missing value breaks the line."""
    known = [v for v in values if v is not None]
    if not known:
        return format_html('<span class="is-missing">{}</span>', "–")
    low, high = min(*known, 0), max(known)
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)
    scale = (HEIGHT - 2 * PAD) / ((high - low) or 1)
    places = [
        None if v is None else (PAD + i * step, HEIGHT - PAD - (v - low) * scale)
        for i, v in enumerate(values)
    ]
    path, pen_down = "", False
    for place in places:
        if place is not None:
            path += f"{'L' if pen_down else 'M'}{place[0]:.1f} {place[1]:.1f}"
        pen_down = place is not None
    last = next(p for p in reversed(places) if p is not None)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        WIDTH,
        HEIGHT,
        title,
        title,
        path,
        f"{last[0]:.1f}",
        f"{last[1]:.1f}",
    )


def bar(value: float, total: float, title: str, tone: str = "") -> SafeString:
    """A share of a whole; more than the whole is drawn full and said in the title."""
    share = max(0.0, min(1.0, value / total)) if total else 0.0
    return format_html(
        '<svg class="bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><title>{}</title><rect class="bar-track" width="100" height="8"/>'
        '<rect class="bar-fill" width="{}" height="8"/></svg>',
        f" is-{tone}" if tone else "",
        title,
        title,
        f"{share * 100:.1f}",
    )
