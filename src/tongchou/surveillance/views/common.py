"""What the views of this desk share: who is asking, what they may see, and telling them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.queries import may_sign
from tongchou.ledger.errors import LedgerError
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of
from tongchou.surveillance import acts
from tongchou.surveillance.errors import SurveillanceError
from tongchou.surveillance.forms.signals import ActForm


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def scope(request: HttpRequest, now: datetime) -> Scope:
    return scope_of(user(request), now=now)


def need(mine: Scope, roles: frozenset[Any], path: str) -> None:
    if not mine.may(roles, path):
        raise PermissionDenied(_("Your post does not do this here."))


def told(request: HttpRequest, to: str, text: Any, *, good: bool = True) -> HttpResponse:
    """Back to where the desk came from, with what happened. A refusal stands on top."""
    level = messages.SUCCESS if good else messages.ERROR
    messages.add_message(request, level, str(text))
    return shell.go(request, shell.back_to(request, to if good else to.partition("#")[0]))


def attempt(request: HttpRequest, to: str, do: Callable[[], object], done: Any) -> HttpResponse:
    """Do it and say so; or say why not. Nothing is half done."""
    try:
        do()
    except (LedgerError, SurveillanceError) as refusal:
        return told(request, to, refusal, good=False)
    return told(request, to, done)


def act(
    request: HttpRequest,
    known: Mapping[str, acts.Act],
    to: str,
    subject: Mapping[str, Any],
    mine: Scope,
    now: datetime,
    *,
    page: str,
    refused: Callable[[ActForm], HttpResponse],
) -> HttpResponse:
    """Do one of the acts that a signal or a lead has, if this desk may.

    `subject` is what the act takes, by name; `refused` answers a form that is not filled in right.
    """
    wanted = known.get(to)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST, prefix=to)
    if not form.is_valid():
        return refused(form)
    (found,) = subject.values()

    def do() -> None:
        if not may_sign(mine, found.passage, to):
            raise PermissionDenied(_("Your post does not sign this hand-over."))
        typed, by = form.cleaned_data, user(request)
        acts.perform(wanted, typed, found.passage, **subject, by=by, now=now)

    return attempt(request, page, do, wanted.done)


def yesterday(now: datetime) -> date:
    """The last whole day: what is counted today is not all there yet."""
    return timezone.localdate(now) - timedelta(days=1)


def top(mine: Scope) -> Area | None:
    """The area at the top of what this reader sees."""
    return Area.objects.filter(path__in=mine.paths).order_by("level", "path").first()


def area_of(request: HttpRequest, mine: Scope) -> Area | None:
    """The area asked for by `?area=`, where the reader sees it; the top of theirs otherwise."""
    code = request.GET.get("area", "")
    found = Area.objects.filter(pk=code).first() if code else None
    return found if found is not None and mine.sees(found.path) else top(mine)
