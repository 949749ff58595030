"""What a figure of the command room is: read from the records now and then, shown many times.

A reading is plain JSON with codes, never words: the same reading is shown in both languages.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from tongchou.areas.models import Area, Level, subtree
from tongchou.cases.models import Case, Classification
from tongchou.command.models import LegTally, TallyRun
from tongchou.ledger.models import Handoff

#: The curve looks back so far, and "lately" means the last two weeks of it.
N_DAYS, LATELY = 60, 14


@dataclass(frozen=True)
class Seen:
    """A value and the time it was true at; None: nobody has counted yet, which is not zero."""

    value: Any
    at: datetime | None

    @property
    def digest(self) -> str:
        text = json.dumps(self.value, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Figure:
    """One panel of the room.

    Parameters
    ----------
    read
        `read(area, now=…)` gives a `Seen`; called by the worker, or by the page where `stored` is
        false or no reading exists yet.
    show
        `show(value, area, options)` gives what the panel's template needs beside the value.
    span
        How wide it stands on the wall: "", "span-2", "span-3" or "span-all".
    """

    name: str
    title: Any
    source: Any
    read: Callable[..., Seen]
    show: Callable[..., dict[str, Any]]
    span: str = ""
    stored: bool = True
    room: str = "command"  # whose template it is

    @property
    def template(self) -> str:
        return f"{self.room}/figures/_{self.name}.html"


@dataclass(frozen=True)
class Stage:
    """Open legs of one stage of a loop, in an area and all below it."""

    loop: str
    stage: str
    owner: str
    n_open: int
    n_late: int
    n_unowned: int
    oldest_due_at: datetime


def stages(area: Area, *, now: datetime) -> tuple[list[Stage], datetime | None]:
    """The open legs of an area by stage: from the tally down to the street, below it live."""
    columns = ("loop", "stage", "owner")
    if area.level <= Level.STREET:
        at = TallyRun.objects.order_by("-at").values_list("at", flat=True).first()
        rows = LegTally.objects.filter(area=area).values_list(
            *columns, "n_open", "n_late", "n_unowned", "oldest_due_at"
        )
        return [Stage(*row) for row in rows], at
    live = (
        Handoff.objects.filter(subtree(area.path, field="area_path"), done_at=None)
        .values_list(*columns)
        .annotate(
            n=Count("id"),
            late=Count("id", filter=Q(due_at__lte=now)),
            unowned=Count("id", filter=Q(unit=None)),
            oldest=Min("due_at"),
        )
        .order_by()
    )
    return [Stage(*row) for row in live], now


def cases(area: Area) -> Any:
    """The cases of an area and all below it that are still held to be cases."""
    return Case.objects.filter(subtree(area.path, field="area_path")).exclude(
        classification=Classification.DISCARDED
    )


def last_day(area: Area, *, now: datetime) -> date:
    """The day a look back ends: today, or the last report where an old outbreak is looked at."""
    today = timezone.localtime(now).date()
    newest: date | None = (
        cases(area).order_by("-reported_on").values_list("reported_on", flat=True).first()
    )
    if newest is None or newest >= today - timedelta(days=N_DAYS):
        return today
    return newest


def span_of_days(last: date, n: int) -> list[date]:
    """The `n` days that end with `last`."""
    return [last - timedelta(days=n - 1 - i) for i in range(n)]


def per_day(days: list[date], rows: Iterable[tuple[date, int]]) -> list[int]:
    """Counts in the order of `days`; a day without a row is a counted zero."""
    found = dict(rows)
    return [found.get(day, 0) for day in days]
