"""The work in hand: what is open, late and stuck; who is not found; what nobody answers for."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.areas.models import Area, subtree
from tongchou.command import board, readiness
from tongchou.command.figures.base import Figure, Seen, Stage, cases, last_day, stages
from tongchou.ledger import registry, turns
from tongchou.ledger.models import Passage, Rung
from tongchou.shell import charts
from tongchou.shell.moments import stamp
from tongchou.staff.roles import Role

MANAGED = ("in_facility", "at_home")


# --- the strip of numbers ----------------------------------------------------------------------


def read_numbers(area: Area, *, now: datetime) -> Seen:
    """The dozen numbers that a commander asks for first."""
    rows, at = stages(area, now=now)
    gaps = board.counts(area, board.Wanted(), now=now)
    last, today = last_day(area, now=now), timezone.localtime(now).date()
    every = cases(area)
    value = {
        "cases": every.count(),
        "new": every.filter(reported_on=last).count(),
        "last": last.isoformat(),
        "is_today": last == today,
        "in_hospital": _open(rows, "case_report", "admitted"),
        "to_admit": _open(rows, "case_report", "verified", "investigated"),
        "in_facility": _open(rows, "quarantine_stay", "in_facility"),
        "at_home": _open(rows, "quarantine_stay", "at_home"),
        "to_transfer": _open(rows, "quarantine_stay", "awaiting_transfer"),
        "not_found": _open(rows, "contact", "not_found"),
        "open": sum(row.n_open for row in rows),
        "late": sum(row.n_late for row in rows),
        "gaps": gaps.total,
        "at_city": next((c.n for c in gaps.facets["rung"] if c.value == Rung.CITY), 0),
        "unowned": sum(row.n_unowned for row in rows),
    }
    return Seen(value, at)


def _open(rows: list[Stage], loop: str, *names: str) -> int:
    return sum(row.n_open for row in rows if row.loop == loop and row.stage in names)


def show_numbers(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    return {"gaps_url": reverse("command:board", args=[area.code])}


# --- contacts and stays by stage ---------------------------------------------------------------


def read_contacts(area: Area, *, now: datetime) -> Seen:
    """Contacts and stays that are under way, by stage; how many are late."""
    rows, at = stages(area, now=now)
    kept = [
        [row.loop, row.stage, row.n_open, row.n_late]
        for row in rows
        if row.loop in ("contact", "quarantine_stay")
    ]
    return Seen({"rows": sorted(kept)}, at)


def show_contacts(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    found = {(loop, stage): (n, late) for loop, stage, n, late in value["rows"]}
    names, in_time, late, urls = [], [], [], []
    for loop in ("contact", "quarantine_stay"):
        for row in registry.get(loop):
            n_open, n_late = found.get((loop, row.stage), (0, 0))
            if not n_open:
                continue
            names.append(str(registry.stage_label(loop, row.stage)))
            if loop == "quarantine_stay":
                names[-1] = _("stay: %(stage)s") % {"stage": names[-1]}
            in_time.append(n_open - n_late)
            late.append(n_late)
            url = reverse("command:board", args=[area.code])
            urls.append(f"{url}?loop={loop}&stage={row.stage}")
    n = sum(in_time) + sum(late)
    if not n:
        return {"n": 0}
    series = {_("in time"): in_time, _("late"): late}
    return {"n": n, "chart": charts.bars(names, series, what=_("stage"), urls=urls)}


# --- gaps by rung and owner --------------------------------------------------------------------


def read_gaps(area: Area, *, now: datetime) -> Seen:
    """Open gaps by owner and rung, and the age of the oldest."""
    cells, at = board.cells(area, now)
    table: dict[str, list[int]] = defaultdict(lambda: [0] * len(Rung))
    for _loop, _stage, owner, rung, _age, n, _oldest in cells:
        table[owner][rung] += n
    first = board.page(area, board.Wanted(), query={}, now=now, size=5).rows if cells else []
    oldest = [
        [row.loop, row.stage, row.passage, row.title, row.area_name, row.due_at.isoformat()]
        for row in first
    ]
    return Seen({"table": dict(table), "oldest": oldest}, at)


def show_gaps(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    url = reverse("command:board", args=[area.code])
    rows = [
        {
            "label": str(Role(owner).label) if owner in Role.values else owner,
            "url": f"{url}?owner={owner}",
            "cells": [
                {"n": n, "url": f"{url}?owner={owner}&rung={rung}"} for rung, n in enumerate(counts)
            ],
            "total": sum(counts),
        }
        for owner, counts in value["table"].items()
    ]
    totals = [sum(counts[rung] for counts in value["table"].values()) for rung in Rung.values]
    return {
        "rows": sorted(rows, key=lambda row: -row["total"]),
        "rungs": [
            {"label": label, "n": totals[rung], "url": f"{url}?rung={rung}"}
            for rung, label in Rung.choices
        ],
        "total": sum(totals),
        "url": url,
        "oldest": [
            {
                "stage": registry.stage_label(loop, stage),
                "title": title,
                "area": name,
                "due_at": datetime.fromisoformat(due_at),
                "url": turns.page_of(loop, passage),
            }
            for loop, stage, passage, title, name, due_at in value["oldest"]
        ],
    }


# --- the pool of people who are not found ------------------------------------------------------


def read_not_found(area: Area, *, now: datetime) -> Seen:
    """Contacts nobody has found, longest first."""
    open_now = Passage.objects.filter(
        subtree(area.path, field="area_path"), loop="contact", stage="not_found", closed_at=None
    )
    rows = open_now.order_by("opened_at", "id").values_list(
        "id", "title", "area__name", "opened_at"
    )
    first = [[pk, title, name, since.isoformat()] for pk, title, name, since in rows[:8]]
    return Seen({"n": open_now.count(), "rows": first}, now)


def show_not_found(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    rows = [
        {
            "title": title,
            "area": name,
            "since_words": stamp(datetime.fromisoformat(since)),
            "url": turns.page_of("contact", pk),
        }
        for pk, title, name, since in value["rows"]
    ]
    return {"n": value["n"], "rows": rows, "more": value["n"] - len(rows)}


# --- readiness ---------------------------------------------------------------------------------


def read_readiness(area: Area, *, now: datetime) -> Seen:
    """Roles that nobody fills, by the area where they are missing."""
    missing: dict[str, list[str]] = defaultdict(list)
    for hole in readiness.holes(area, now=now):
        missing[hole.role].append(hole.area.name)
    return Seen({"missing": dict(missing)}, now)


def show_readiness(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    rows = [
        {"role": str(Role(role).label), "areas": names[:6], "more": max(0, len(names) - 6)}
        for role, names in value["missing"].items()
    ]
    return {"rows": rows, "url": reverse("staff:who_in", args=[area.code])}


FIGURES = (
    Figure(
        "numbers",
        gettext_lazy("At a glance"),
        gettext_lazy("case reports and hand-offs"),
        read_numbers,
        show_numbers,
        span="span-all",
    ),
    Figure(
        "gaps",
        gettext_lazy("Gaps"),
        gettext_lazy("hand-offs, counted each minute"),
        read_gaps,
        show_gaps,
        span="span-2",
        stored=False,
    ),
    Figure(
        "contacts",
        gettext_lazy("Contacts and stays"),
        gettext_lazy("hand-offs, counted each minute"),
        read_contacts,
        show_contacts,
        stored=False,
    ),
    Figure(
        "not_found",
        gettext_lazy("Not found"),
        gettext_lazy("hand-offs"),
        read_not_found,
        show_not_found,
    ),
    Figure(
        "readiness",
        gettext_lazy("Readiness gaps"),
        gettext_lazy("posts"),
        read_readiness,
        show_readiness,
    ),
)
