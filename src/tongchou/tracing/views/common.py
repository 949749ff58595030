"""What the views of this desk share: who is asking, what they may see, and telling them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tongchou.cases.models import Case, Contact
from tongchou.cases.queries import visible_to as cases_visible_to
from tongchou.ledger.errors import LedgerError
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of
from tongchou.tracing import queries
from tongchou.tracing.models import Investigation


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def scope(request: HttpRequest, now: datetime) -> Scope:
    return scope_of(user(request), now=now)


def investigation(mine: Scope, pk: int) -> Investigation:
    found: Investigation = get_object_or_404(queries.investigations(mine), pk=pk)
    return found


def case(mine: Scope, pk: int) -> Case:
    rows = cases_visible_to(mine).select_related("person", "area", "passage")
    found: Case = get_object_or_404(rows, pk=pk)
    return found


def contact(mine: Scope, pk: int) -> Contact:
    rows = queries.visible_to(mine).select_related(
        "person", "area", "passage__caused_by", "became_case"
    )
    found: Contact = get_object_or_404(rows, pk=pk)
    return found


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
    except LedgerError as refusal:
        return told(request, to, refusal, good=False)
    return told(request, to, done)


class Later:
    """A sentence that is known only once the act is done."""

    def __init__(self, said: list[str]) -> None:
        self.said = said

    def __str__(self) -> str:
        return " ".join(self.said)
