"""What the pages of this desk share: who is asking, at which area, and what they may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger.errors import LedgerError
from tongchou.planning import queries, rights
from tongchou.planning.errors import PlanningError
from tongchou.planning.models import Scenario, Study
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of


@dataclass(frozen=True)
class Looking:
    """A planner at the topmost of their areas."""

    user: User
    scope: Scope
    area: Area
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def may_make(self) -> bool:
        return self.scope.may(rights.MAKE, self.area.path)


def at(request: HttpRequest, code: str = "") -> Looking:
    """Who looks; refused to posts that have nothing to do with plans."""
    now = timezone.now()
    assert isinstance(request.user, User)
    scope = scope_of(request.user, now=now)
    area = Area.objects.filter(pk=code).first() if code else queries.home(scope)
    if area is None or not scope.may(rights.SEE, area.path):
        raise PermissionDenied(_("Your post does not open this page."))
    return Looking(request.user, scope, area, now)


def making(request: HttpRequest, code: str = "") -> Looking:
    """As `at`, for those who may write scenarios and ask for studies."""
    looking = at(request, code)
    if not looking.may_make:
        raise PermissionDenied(_("The CDC and commanders plan; your post may look."))
    return looking


def scenario(looking: Looking, pk: int) -> Scenario:
    found: Scenario = get_object_or_404(queries.scenarios(looking.scope), pk=pk)
    return found


def study(looking: Looking, pk: int) -> Study:
    """A study with what it found."""
    every = Study.objects.filter(looking.scope.q("scenario__area__path"))
    found: Study = get_object_or_404(
        every.select_related("scenario__area", "asked_by", "scenario__made_by"), pk=pk
    )
    return found


def attempt(request: HttpRequest, to: str, do: Callable[[], Any], done: Any) -> HttpResponse:
    """Do it and say so; or say why not. Nothing is half done."""
    try:
        do()
    except (PlanningError, LedgerError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
    return shell.go(request, shell.back_to(request, to))


def language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"
