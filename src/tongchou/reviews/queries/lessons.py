"""Lessons with what changed and what the next positives showed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from tongchou.playbook import Playbook
from tongchou.reviews import intervals
from tongchou.reviews.before_after import FEWEST, Shift, shift
from tongchou.reviews.intervals import Measured, day_of
from tongchou.reviews.models import Lesson
from tongchou.reviews.queries.laying_out import lay_out
from tongchou.reviews.queries.together import cases_at, quartiles
from tongchou.staff import reach
from tongchou.staff.queries import Scope

#: So many days on either side of a change are compared.
DAYS = 90


@dataclass(frozen=True, slots=True)
class Side:
    """The cases before a change, or after it."""

    n: int
    n_unknown: int
    n_waiting: int
    n_backwards: int  # ended before they began: not compared
    median_s: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a lesson changed, and whether it shows; `verdict` is one word of a closed list."""

    lesson: Lesson
    changed_on: date | None
    changed_by: str  # task, playbook, words, or empty while nothing has changed
    waits_for: Any = None  # the task or proposal that is still under way
    interval: Any = None
    before: Side | None = None
    after: Side | None = None
    shift: Shift | None = None

    @property
    def n_backwards(self) -> int:
        return sum(side.n_backwards for side in (self.before, self.after) if side)

    @property
    def verdict(self) -> str:
        if self.changed_on is None:
            return "waiting" if self.waits_for is not None else "unchanged"
        if self.before is None or self.after is None:
            return "unmeasured"
        if self.shift is None:
            return "too_few"
        if self.shift.faster:
            return "faster"
        return "slower" if self.shift.slower else "no_difference"


def listed(scope: Scope, *, path: str = "", origin: str = "") -> QuerySet[Lesson]:
    """The lessons of one's areas and of those above: what the city learned is for its counties."""
    above = {path for top in scope.paths for path in _upwards(top)}
    rows = Lesson.objects.filter(reach.of(scope)) | Lesson.objects.filter(area_path__in=above)
    rows = rows.filter(withdrawn_at=None)
    if path:
        rows = rows.filter(area_path__startswith=path)
    if origin:
        rows = rows.filter(origin=origin)
    return rows.select_related(
        "area__successor", "task__passage", "adoption", "finding__review", "by"
    )


def _upwards(path: str) -> Iterable[str]:
    codes = path.strip("/").split("/")
    return ("/".join(codes[:n]) + "/" for n in range(1, len(codes)))


def changed(lesson: Lesson) -> tuple[date | None, str, Any]:
    """The day from which everything was changed, by what, and what it still waits for."""
    days: list[tuple[date, str]] = []
    if lesson.task is not None:
        if lesson.task.stage != "accepted" or lesson.task.closed_at is None:
            return None, "", lesson.task
        days.append((day_of(lesson.task.closed_at), "task"))
    if lesson.adoption is not None:
        if lesson.adoption.adopted_at is None:
            return None, "", lesson.adoption
        days.append((day_of(lesson.adoption.adopted_at), "playbook"))
    if lesson.changed_on is not None:
        days.append((lesson.changed_on, "words"))
    on, by = max(days, default=(None, ""))
    return on, by, None


def shown(lesson: Lesson, *, book: Playbook, now: datetime) -> Shown:
    """What the positives of the area before and after the change took, by the lesson's interval."""
    on, by, waits_for = changed(lesson)
    wanted = {each.name: each for each in intervals.measured_by(book)}.get(lesson.interval)
    if on is None or wanted is None:
        return Shown(lesson, on, by, waits_for, wanted)
    window = timedelta(days=DAYS)
    sides = []
    for since, until in ((on - window, on - timedelta(days=1)), (on, on + window)):
        cases = cases_at(lesson.area_path, since, until, disease=lesson.disease)
        layouts = lay_out(list(cases.values_list("pk", flat=True)), book=book, now=now, legs=False)
        sides.append([layout.measure(wanted.name) for layout in layouts])
    before, after = ([each for each in side if each is not None] for side in sides)
    return Shown(
        lesson,
        on,
        by,
        None,
        wanted,
        before=_side(before),
        after=_side(after),
        shift=shift(_taken(before), _taken(after)),
    )


def _side(measured: list[Measured]) -> Side:
    taken = sorted(_taken(measured))
    waiting = sum(each.waiting for each in measured)
    backwards = sum(each.backwards_s is not None for each in measured)
    return Side(
        n=len(taken),
        n_unknown=len(measured) - len(taken) - waiting - backwards,
        n_waiting=waiting,
        n_backwards=backwards,
        median_s=quartiles(taken)[1],
    )


def _taken(measured: list[Measured]) -> list[int]:
    return [each.taken_s for each in measured if each.taken_s is not None]


__all__ = ["DAYS", "FEWEST", "Shown", "Side", "changed", "listed", "shown"]
