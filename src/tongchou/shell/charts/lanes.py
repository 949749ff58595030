"""Stretches of time cut at midnight, and the lanes of a day's line that they share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """Something that lasted from `begin` to `end`, in wall time without a zone.

    `rough`: the times are known by the day or part of it. `mark`: a number or letter on the bar.
    """

    begin: datetime
    end: datetime
    label: str
    kind: str = ""
    note: str = ""
    mark: str = ""
    url: str = ""
    rough: bool = False


@dataclass
class Piece:
    """The part of a spell that lies on one day, in hours, and the lane it is drawn in."""

    day: date
    left: float
    right: float
    of: Spell
    lane: int = 0
    lanes: int = 1
    clash: bool = False


def cut(begin: datetime, end: datetime, spell: Spell) -> Iterator[Piece]:
    """A stretch of time in pieces, one for each day it touches; a moment has no length."""
    day = begin.date()
    while True:
        midnight = datetime.combine(day, time())
        left = max(begin, midnight) - midnight
        right = min(end, midnight + DAY) - midnight
        yield Piece(day, left / timedelta(hours=1), right / timedelta(hours=1), spell)
        day += DAY
        if datetime.combine(day, time()) >= end:
            return


def share_lines(pieces: Sequence[Piece]) -> None:
    """Pieces of a day that meet share its line: each takes the first lane that is free."""
    by_day: dict[date, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda p: (p.left, -p.right)):
        by_day.setdefault(piece.day, []).append(piece)
    for on in by_day.values():
        group: list[Piece] = []
        until = 0.0
        for piece in on:
            if piece.left >= until:
                _share(group)
                group = []
            group.append(piece)
            until = max(until, _end(piece))
        _share(group)


def _end(piece: Piece) -> float:
    """Where a piece ends; a moment takes up its own place."""
    return max(piece.right, piece.left + 0.01)


def _share(group: list[Piece]) -> None:
    free: list[float] = []
    for piece in group:
        lane = next((n for n, until in enumerate(free) if until <= piece.left), len(free))
        if lane == len(free):
            free.append(0.0)
        free[lane] = _end(piece)
        piece.lane = lane
    for piece in group:
        piece.lanes = len(free)
        # Known by the day alone is no contradiction to an hour elsewhere.
        piece.clash = not piece.of.rough and any(
            other is not piece
            and not other.of.rough
            and other.left < piece.right
            and piece.left < other.right
            for other in group
        )
