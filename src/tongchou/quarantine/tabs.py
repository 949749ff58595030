"""The desk's lists by what is to be done, and the figure that leads to each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from tongchou.quarantine import queries
from tongchou.quarantine.models import Stay

Rows = Callable[[QuerySet[Stay], datetime], Any]


@dataclass(frozen=True)
class Tab:
    """One list of the desk. `figure` is its field of `queries.Counted`."""

    code: str
    figure: str
    label: Any
    empty: Any
    rows: Rows
    tone: str = ""


def _at(stage: str) -> Rows:
    return lambda stays, now: queries.at_stage(stays, stage)


def _by_room(stays: QuerySet[Stay], now: datetime) -> QuerySet[Stay]:
    rooms = queries.at_stage(stays, "in_facility")
    return rooms.order_by(F("place__name").asc(nulls_last=True), "place_id", "room", "id")


TABS = (
    Tab(
        "arriving", "arriving", _("Arriving"), _("Nobody is on the way here."),
        _at("awaiting_transfer"),
    ),
    Tab("rooms", "in_facility", _("In a site"), _("Nobody is in a site."), _by_room),
    Tab("home", "at_home", _("At home"), _("Nobody is in quarantine at home."), _at("at_home")),
    Tab(
        "tests", "tests_due", _("Tests due"), _("Every test due by today has its result."),
        lambda stays, now: queries.due_tests(stays, now=now), "warn",
    ),
    Tab(
        "checks", "unchecked", _("Not asked today"), _("Everybody has been asked today."),
        lambda stays, now: queries.unchecked(stays, now=now), "warn",
    ),
    Tab(
        "release", "to_release", _("Due for release"), _("Nobody's order ends tonight."),
        lambda stays, now: queries.due_for_release(stays, now=now), "ok",
    ),
    Tab(
        "going_home", "to_go_home", _("Going home"), _("Nobody's days in a site end tonight."),
        lambda stays, now: queries.due_to_go_home(stays, now=now), "ok",
    ),
    Tab("absent", "absent", _("Absent"), _("Everybody is where they should be."), _at("absent"),
        "bad"),
    Tab("ill", "ill", _("Ill"), _("Nobody waits for the hospital."), _at("ill"), "bad"),
)  # fmt: skip


def chosen(code: str) -> Tab:
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def figures(counted: queries.Counted) -> list[tuple[Tab, int]]:
    return [(tab, getattr(counted, tab.figure)) for tab in TABS]
