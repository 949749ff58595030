"""The command room's panel: daily reports that came and are missing, and both lists' progress."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.command.figures import Figure, Seen
from tongchou.lists.queries import summary
from tongchou.reports import queries
from tongchou.reports.facts.base import WINDOW


def read(area: Area, *, now: datetime) -> Seen:
    """Reports of today and yesterday by how far they came; the lists as they stand."""
    today = timezone.localdate(now)
    days = []
    for on in (today, today - timedelta(days=1)):
        came = queries.came(area.path, on, now=now)
        days.append(asdict(came) | {"on": on.isoformat(), "came": came.came})
    lists = summary(area, since=now - WINDOW, until=now)
    value = {
        "days": days,
        "problems": {"open": lists.problems.n_open, "raised": lists.problems.n_raised,
                     "closed": lists.problems.n_closed},
        "tasks": {"open": lists.tasks.n_open, "overdue": lists.tasks.n_overdue,
                  "accepted": lists.tasks.n_accepted, "progress": lists.tasks.progress},
    }  # fmt: skip
    return Seen(value, now)


def show(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    url = reverse("reports:desk") + f"?area={area.pk}"
    days = [day | {"on": date.fromisoformat(day["on"])} for day in value["days"]]
    return {
        "days": [day | {"url": f"{url}&on={day['on']}"} for day in days if day["owed"]],
        "url": url,
        "problems": value["problems"],
        "tasks": value["tasks"],
    }


FIGURE = Figure(
    "daily_reports",
    _("Daily reports and the two lists"),
    _("daily reports and lists"),
    read,
    show,
    room="reports",
)
