"""What the views of this desk share: who is asking, what they may, and telling them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.fields import city_of
from tongchou.ledger import turns
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Passage
from tongchou.orders import rights
from tongchou.orders.errors import OrdersError
from tongchou.orders.models import Decision, Meeting, Order, Roster, Shift
from tongchou.orders.queries import decisions, duty, orders
from tongchou.shell import views as shell
from tongchou.staff import reach
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope, scope_of
from tongchou.staff.roles import Role

#: What one unit wrote, for one area.
Theirs = Order | Decision | Meeting | Roster


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def scope(request: HttpRequest, now: datetime) -> Scope:
    return scope_of(user(request), now=now)


def seeing(request: HttpRequest, now: datetime) -> Scope:
    """The scope of somebody who may see the log and meetings."""
    mine = scope(request, now)
    if not mine.roles & rights.SEE:
        raise PermissionDenied(_("Your post does not open this page."))
    return mine


def may(mine: Scope, roles: frozenset[Role], thing: Theirs) -> bool:
    """Whether the reader acts for the unit that a thing is of, or commands its area."""
    return rights.acts(mine, roles, thing.unit, thing.area)


def need(mine: Scope, roles: frozenset[Role], thing: Theirs) -> None:
    if not may(mine, roles, thing):
        raise PermissionDenied(
            _("This is for %(unit)s to do, or for whoever commands there.") % {"unit": thing.unit}
        )


def need_unit(mine: Scope, roles: frozenset[Role], unit: Unit) -> None:
    """Refuse to write something new under the name of a unit that the reader does not act for."""
    if not rights.acts(mine, roles, unit, unit.area):
        raise PermissionDenied(_("Your post does not do this here."))


def may_sign(mine: Scope, passage: Passage | None) -> bool:
    """Whether the reader's unit answers for the open leg."""
    leg = passage.handoffs.filter(done_at=None).first() if passage else None
    return leg is not None and turns.may_sign(leg, mine)


def need_leg(mine: Scope, passage: Passage | None) -> None:
    if not may_sign(mine, passage):
        raise PermissionDenied(_("Your post does not sign this hand-over."))


def order_of(mine: Scope, pk: int) -> Order:
    found: Order = get_object_or_404(orders.dressed(orders.visible_to(mine)), pk=pk)
    return found


def decision_of(mine: Scope, pk: int) -> Decision:
    found: Decision = get_object_or_404(decisions.dressed(decisions.visible_to(mine)), pk=pk)
    return found


def meeting_of(mine: Scope, pk: int) -> Meeting:
    found: Meeting = get_object_or_404(decisions.meetings(mine), pk=pk)
    return found


def roster_of(mine: Scope, pk: int) -> Roster:
    rows = Roster.objects.filter(reach.of(mine)).select_related("unit", "area__successor")
    found: Roster = get_object_or_404(rows, pk=pk)
    return found


def shift_of(mine: Scope, pk: int) -> Shift:
    found: Shift = get_object_or_404(duty.dressed(Shift.objects.filter(reach.of(mine))), pk=pk)
    return found


def near(mine: Scope) -> str:
    return city_of(mine.paths)


def top(mine: Scope) -> Area | None:
    """The area at the top of what this reader sees."""
    return Area.objects.filter(path__in=mine.paths).order_by("level", "path").first()


def told(request: HttpRequest, to: str, text: Any, *, good: bool = True) -> HttpResponse:
    """Back to where the desk came from, with what happened."""
    level = messages.SUCCESS if good else messages.ERROR
    messages.add_message(request, level, str(text))
    return shell.go(request, shell.back_to(request, to))


def attempt(request: HttpRequest, to: str, do: Callable[[], object], done: Any) -> HttpResponse:
    """Do it and say so; or say why not. Nothing is half done."""
    try:
        do()
    except LedgerError as refusal:
        return told(request, to, refusal, good=False)
    return told(request, to, done)


def reason_of(form: forms.Form) -> str:
    """The reason that was typed; or why it cannot be taken, which is told as any other refusal."""
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    raise OrdersError(" ".join(str(each) for each in form.errors.get("reason", [])))


def made(
    request: HttpRequest,
    form: Any,
    do: Callable[[], Any],
    to: Callable[[Any], str],
    done: Any,
    again: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """Make something from a form and lead to its page; or show the form again with its faults."""
    if form.is_valid():
        try:
            found = do()
        except LedgerError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(done))
            return shell.go(request, to(found))
    return again(form)
