"""What the views of this desk share: who is asking, what they may see, and telling them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, Place
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Handoff, Passage
from tongchou.people.errors import BadPicture
from tongchou.shell import views as shell
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope, scope_of
from tongchou.supervision.errors import SupervisionError

REFUSALS = (LedgerError, SupervisionError, BadPicture)


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def scope(request: HttpRequest, now: datetime) -> Scope:
    return scope_of(user(request), now=now)


def need(mine: Scope, roles: Iterable[Any], path: str) -> None:
    if not mine.may(roles, path):
        raise PermissionDenied(_("Your post does not do this here."))


def need_role(mine: Scope, roles: frozenset[Any]) -> None:
    if not mine.roles & roles:
        raise PermissionDenied(_("Your post does not do this."))


def told(request: HttpRequest, to: str, text: Any, *, good: bool = True) -> HttpResponse:
    """Back to where the desk came from, with what happened. A refusal stands on top."""
    level = messages.SUCCESS if good else messages.ERROR
    messages.add_message(request, level, str(text))
    return shell.go(request, shell.back_to(request, to if good else to.partition("#")[0]))


def attempt(request: HttpRequest, to: str, do: Callable[[], object], done: Any) -> HttpResponse:
    """Do it and say so; or say why not. Nothing is half done."""
    try:
        do()
    except REFUSALS as refusal:
        return told(request, to, refusal, good=False)
    return told(request, to, done)


def first_fault(form: Any) -> str:
    """The first thing wrong with a form, for a message."""
    return next((str(error) for errors in form.errors.values() for error in errors), "")


def leg_of(passage: Passage) -> Handoff | None:
    """The open leg, with its unit and subject."""
    leg: Handoff | None = passage.handoffs.filter(done_at=None).select_related("unit").first()
    if leg is not None:
        leg.passage = passage
    return leg


def top(mine: Scope, roles: Iterable[Any] = ()) -> Area | None:
    """The highest area of the reader's posts, or of those with one of `roles`."""
    wanted = set(roles)
    paths = [path for role, path, _unit in mine.posts if not wanted or role in wanted]
    return Area.objects.filter(path__in=paths).order_by("level", "path").first()


def units_in(mine: Scope) -> Any:
    """The units of the reader's areas."""
    rows = Unit.objects.filter(mine.q("area__path")).select_related("area")
    return rows.order_by("area__path", "name")


def own_units(mine: Scope) -> Any:
    return Unit.objects.filter(pk__in=list(mine.units)).order_by("name")


def places_in(mine: Scope) -> Any:
    """The open places of the reader's areas."""
    rows = Place.objects.filter(mine.q("area__path"), closed_on=None)
    return rows.exclude(kind="home").select_related("area").order_by("kind", "name")
