"""The timeline as a drawing: a lane for the person, and one for each stage of the hand-offs.

Plain numbers for an SVG of the template; everything it shows stands in the tables below it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.planning.drawing.axes import Scale, Tick, steps
from tongchou.reviews import intervals, wording
from tongchou.reviews.intervals import Moment
from tongchou.reviews.queries.laying_out import Layout
from tongchou.reviews.queries.together import Spread

WIDTH, LEFT, RIGHT, TOP, LANE = 900, 230, 20, 34, 26
#: Lanes of stages; what was late by most comes first, and the table has them all.
MOST = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """From `x` so far to the right; `late` is the part after the deadline."""

    x: float
    width: float
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    words: str
    above: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the drawing."""

    y: float
    label: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP
    right: int = WIDTH - RIGHT


def timeline(layout: Layout) -> Drawing | None:
    """The drawing of one positive; None where fewer than two moments are known."""
    known = {name: at for name, at in layout.moments.items() if at is not None}
    window = layout.window
    ends = [_at(at) for at in known.values()]
    ends += [_at(day) for day in (window.since, window.until) if day]
    ends += [leg.opened_at for leg in layout.legs]
    ends += [leg.done_at or layout.at for leg in layout.legs]
    if len(set(ends)) < 2:
        return None
    scale = Scale(min(ends).timestamp(), max(ends).timestamp(), LEFT, WIDTH - RIGHT)
    lanes = [_person(layout, known, scale)]
    lanes += _stages(layout, scale, y=TOP + 2 * LANE)
    height = int(lanes[-1].y + LANE + 8)
    return Drawing(tuple(lanes), _days(min(ends), max(ends), scale), height)


def _person(layout: Layout, known: dict[str, Moment], scale: Scale) -> Lane:
    window = layout.window
    bars: tuple[Bar, ...] = ()
    if window.since and window.until:
        begin = scale(_at(window.since).timestamp())
        end = scale(_at(window.until + timedelta(days=1)).timestamp())
        words = f"{_('exposure window')}: {window.since} – {window.until}"
        bars = (Bar(begin, max(2.0, min(end, WIDTH - RIGHT) - begin), "window", words),)
    marks = tuple(
        Mark(scale(_at(at).timestamp()), f"{intervals.MOMENTS[name]}: {_said(at)}", n % 2 == 0)
        for n, (name, at) in enumerate(sorted(known.items(), key=lambda pair: _at(pair[1])))
        if name not in ("exposed", "chance")
    )
    return Lane(TOP + LANE / 2, layout.record.number, bars, marks)


def _stages(layout: Layout, scale: Scale, *, y: float) -> list[Lane]:
    stages: dict[str, list[Any]] = {}
    for leg in layout.legs:
        stages.setdefault(f"{leg.loop}.{leg.stage}", []).append(leg)
    if len(stages) > MOST:
        worst = sorted(
            stages, key=lambda name: -max(leg.late_by(layout.at) for leg in stages[name])
        )
        kept = set(worst[:MOST])
        stages = {name: legs for name, legs in stages.items() if name in kept}
    lanes = []
    for n, (name, legs) in enumerate(stages.items()):
        bars: list[Bar] = []
        for leg in legs:
            bars += _leg(leg, layout.at, scale)
        lanes.append(Lane(y + n * LANE, wording.step(name), tuple(bars)))
    return lanes


def _leg(leg: Any, now: datetime, scale: Scale) -> list[Bar]:
    end = leg.done_at or now
    begin, done = scale(leg.opened_at.timestamp()), scale(end.timestamp())
    due = scale(min(leg.due_at, end).timestamp())
    words = f"{leg.title}: {_said(leg.opened_at)} – {_said(leg.done_at) if leg.done_at else '…'}"
    bars = [Bar(begin, max(2.0, due - begin), "in-time" if leg.done_at else "open", words)]
    if end > leg.due_at:
        bars.append(Bar(max(due, begin), max(2.0, done - max(due, begin)), "late", words))
    return bars


@dataclass(frozen=True, slots=True)
class Box:
    """One interval over many cases: range, quartiles, median and target, on one common scale."""

    spread: Spread
    y: float
    least: float
    low: float
    middle: float
    high: float
    most: float
    target: float | None

    @property
    def width(self) -> float:
        return max(2.0, self.high - self.low)

    @property
    def bottom(self) -> float:
        return self.y + 18


def boxes_of(spreads: Sequence[Spread]) -> tuple[list[Box], tuple[Tick, ...]]:
    """Boxes and the ticks of their scale, in days."""
    known = [spread for spread in spreads if spread.n]
    if not known:
        return [], ()
    least = min(0, *(spread.least_s or 0 for spread in known))
    most = max(86400, *(spread.most_s or 0 for spread in known))
    scale = Scale(least / 86400, most / 86400, LEFT, WIDTH - RIGHT)
    found = [_box(each, TOP + n * LANE, scale) for n, each in enumerate(known)]
    ticks = tuple(
        Tick(scale(value), f"{value:g}") for value in steps(least / 86400, most / 86400, most=8)
    )
    return found, ticks


def _box(spread: Spread, y: float, scale: Scale) -> Box:
    def at(seconds: float | None) -> float:
        return scale((seconds or 0) / 86400)

    within = spread.interval.within
    limit = within.total_seconds() / 86400 if within else None
    return Box(
        spread,
        y,
        at(spread.least_s),
        at(spread.low_s),
        at(spread.median_s),
        at(spread.high_s),
        at(spread.most_s),
        scale(limit) if limit is not None and limit <= scale.high else None,
    )


def _days(first: datetime, last: datetime, scale: Scale) -> tuple[Tick, ...]:
    """A tick at midnight of every so many days: eight at most."""
    begin, end = timezone.localtime(first).date(), timezone.localtime(last).date()
    step = max(1, -(-((end - begin).days + 1) // 8))
    found = []
    for n in range(0, (end - begin).days + 1, step):
        day = begin + timedelta(days=n)
        at = scale(_at(day).timestamp())
        if LEFT <= at <= WIDTH - RIGHT:
            found.append(Tick(at, f"{day:%m-%d}"))
    return tuple(found)


def _at(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return timezone.make_aware(datetime.combine(moment, time()), timezone.get_current_timezone())


def _said(moment: Moment | None) -> str:
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%m-%d %H:%M}"
    return f"{moment:%m-%d}" if isinstance(moment, date) else "–"
