"""What the pages of this room share: who asks, what they may see, and saying what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import turns
from tongchou.ledger.errors import LedgerError
from tongchou.reports import queries, rights
from tongchou.reports.errors import ReportsError
from tongchou.reports.models import Report
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of


@dataclass(frozen=True)
class Looking:
    """A signed-in reader with their scope, at one moment."""

    user: User
    scope: Scope
    now: datetime

    def may(self, roles: Any, path: str) -> bool:
        return self.scope.may(roles, path)

    def need(self, roles: Any, path: str) -> None:
        if not self.scope.may(roles, path):
            raise PermissionDenied(_("Your post does not do this here."))

    @property
    def top(self) -> Area | None:
        tops = Area.objects.filter(path__in=self.scope.paths)
        return tops.order_by("level", "path").first()


def at(request: HttpRequest) -> Looking:
    """Who looks; refused to posts that have nothing to do with reports."""
    now = timezone.now()
    assert isinstance(request.user, User)
    scope = scope_of(request.user, now=now)
    if not rights.SEE & set(scope.roles):
        raise PermissionDenied(_("Your post does not open this page."))
    return Looking(request.user, scope, now)


def area_of(request: HttpRequest, looking: Looking) -> Area | None:
    """The area asked for by `?area=`, where the reader sees it; the top of theirs otherwise."""
    code = request.GET.get("area", "")
    found = Area.objects.filter(pk=code).first() if code else None
    return found if found is not None and looking.scope.sees(found.path) else looking.top


def report(looking: Looking, pk: int) -> Report:
    every = queries.visible_to(looking.scope).select_related(
        "area__parent", "area__successor", "unit", "to", "passage", "duty", "edited_by"
    )
    found: Report = get_object_or_404(every, pk=pk)
    return found


def may_act(looking: Looking, found: Report) -> bool:
    """Whether this reader may end the open leg: only the unit it was handed to."""
    leg = found.passage.handoffs.filter(done_at=None).first()
    return leg is not None and turns.may_sign(leg, looking.scope)


def acting(request: HttpRequest, pk: int) -> tuple[Looking, Report]:
    """A reader whose turn it is, and the report."""
    looking = at(request)
    found = report(looking, pk)
    if not may_act(looking, found):
        raise PermissionDenied(_("This report is not in the hands of your unit."))
    return looking, found


def attempt(
    request: HttpRequest, found: Report, do: Callable[[], object], done: Any
) -> HttpResponse:
    """Do it and say so; or say why not. Nothing is half done."""
    try:
        do()
    except (ReportsError, LedgerError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
    return shell.go(request, reverse("reports:report", args=[found.pk]))
