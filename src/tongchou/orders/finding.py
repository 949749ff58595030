"""Orders, decisions and meetings by number or words, for the box that finds everything."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongchou.orders import rights
from tongchou.orders.queries import decisions, orders
from tongchou.shell.finding import MOST, Found
from tongchou.staff.queries import Scope


def find(text: str, scope: Scope, *, now: datetime) -> list[Found]:
    named = Q(number__icontains=text) | Q(title__icontains=text)
    issued = orders.visible_to(scope).filter(named | Q(reference__icontains=text), dropped_at=None)
    found = [
        Found(pgettext("command", "order"), str(row), row.area.name,
              reverse("orders:order", args=[row.pk]))
        for row in issued.select_related("area").order_by("-id")[:MOST]
    ]  # fmt: skip
    if not scope.roles & rights.SEE:
        return found
    log = decisions.visible_to(scope).filter(
        Q(number__icontains=text) | Q(question__icontains=text)
    )
    found += [
        Found(pgettext("command", "decision"), str(row), row.area.name,
              reverse("orders:decision", args=[row.pk]))
        for row in log.select_related("area").order_by("-id")[:MOST]
    ]  # fmt: skip
    held = decisions.meetings(scope).filter(named).order_by("-id")[:MOST]
    found += [
        Found(_("meeting"), str(row), row.area.name, reverse("orders:meeting", args=[row.pk]))
        for row in held
    ]
    return found
