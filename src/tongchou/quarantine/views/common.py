"""What the pages of the desk share: who asks, which stay, and how they are told."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from tongchou.ledger.errors import LedgerError
from tongchou.quarantine import queries
from tongchou.quarantine.models import Stay
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def scope(request: HttpRequest, now: datetime) -> Scope:
    return scope_of(user(request), now=now)


def stay(mine: Scope, pk: int) -> Stay:
    """The stay, where the user may see it; not found where they may not."""
    return get_object_or_404(queries.visible(mine), pk=pk)


def url_of(found: Stay) -> str:
    return reverse("quarantine:stay", args=[found.pk])


def may(mine: Scope, roles: Iterable[str], found: Stay) -> bool:
    """Whether one of these roles is held where the person is or lives."""
    roles = set(roles)
    return any(mine.may(roles, path) for path in (found.passage.area_path, found.order.area_path))


def need(mine: Scope, roles: Iterable[str], found: Stay) -> None:
    if not may(mine, roles, found):
        raise PermissionDenied(_("Your post does not do this here."))


def told(request: HttpRequest, to: str, text: Any, *, good: bool = True) -> HttpResponse:
    """Say it on the page that comes next."""
    messages.add_message(request, messages.SUCCESS if good else messages.ERROR, str(text))
    return shell.go(request, shell.back_to(request, to))


def attempt(request: HttpRequest, to: str, act: Callable[[], object], done: object) -> HttpResponse:
    """Do it, or say why not, and show the page again."""
    try:
        act()
    except LedgerError as refusal:
        return told(request, to, refusal, good=False)
    return told(request, to, done)
