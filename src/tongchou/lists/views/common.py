"""What the views of this desk share: who is asking, what they may see, and telling them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tongchou.ledger.errors import LedgerError
from tongchou.lists import rights
from tongchou.lists.models import Problem, Task
from tongchou.lists.queries import lists
from tongchou.shell import views as shell
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope, scope_of


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def scope(request: HttpRequest, now: datetime) -> Scope:
    """The reader's scope; the two lists are closed to posts that have nothing to do with them."""
    mine = scope_of(user(request), now=now)
    if not mine.roles & rights.SEE:
        raise PermissionDenied(_("The two lists are not for your post."))
    return mine


def problem_of(scope: Scope, **by: Any) -> Problem:
    return get_object_or_404(lists.dress_problems(lists.problems(scope)), **by)


def task_of(scope: Scope, **by: Any) -> Task:
    return get_object_or_404(lists.dress_tasks(lists.tasks(scope)), **by)


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


def units_of(scope: Scope) -> list[Unit]:
    """The reader's own units, the highest area first."""
    rows = Unit.objects.filter(pk__in=scope.units).select_related("area")
    return list(rows.order_by("area__level", "area__path", "name"))
