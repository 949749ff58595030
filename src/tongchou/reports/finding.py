"""Reports and requests by their number, for the box that finds everything."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tongchou.reports import queries
from tongchou.shell.finding import MOST, Found
from tongchou.staff.queries import Scope


def find(text: str, scope: Scope, *, now: datetime) -> Iterator[Found]:
    reports = queries.visible_to(scope).filter(number__icontains=text).select_related("area")
    for row in reports.order_by("-on", "area_path")[:MOST]:
        url = reverse("reports:report", args=[row.pk])
        yield Found(_("daily report"), row.number, row.of, url)
    wanted = Q(number__icontains=text) | Q(title__icontains=text)
    for asked in queries.requests_in(scope).filter(wanted).order_by("-id")[:MOST]:
        url = reverse("reports:request", args=[asked.pk])
        yield Found(_("report request"), f"{asked.number} · {asked.title}", asked.asked_by, url)
