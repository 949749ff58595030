"""The hand-over of a shift: what is open is laid out, one leaves notes, the next one signs."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger.errors import LedgerError
from tongchou.ledger.views import timeline_context
from tongchou.orders.actions import handing as actions
from tongchou.orders.forms.duty import NotesForm
from tongchou.orders.models import HandOver, Shift
from tongchou.orders.queries import duty, standing
from tongchou.orders.views import common
from tongchou.shell import views as shell
from tongchou.staff.models import User


@login_required
@require_safe
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = common.shift_of(common.scope(request, now), pk)
    return shell.page(
        request, "orders/shift.html", _page(request, found, now), fragment="orders/_open.html"
    )


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("orders:shift", get_object_or_404(Shift, passage=pk).pk)


def _page(request: HttpRequest, found: Shift, now: datetime, **more: Any) -> dict[str, Any]:
    handover = (
        HandOver.objects.filter(shift=found).select_related("signed_by", "written_by").first()
    )
    signed = handover is not None and handover.signed_at is not None
    incoming = duty.next_of(found)
    me = common.user(request)
    if handover is not None and signed:
        parts = tuple(standing.Part.from_facts(facts) for facts in handover.facts)
    else:
        parts = standing.open_now(found.roster.area, now=now)
    base: dict[str, Any] = {
        "shift": found,
        "now": now,
        "people": duty.people(found),
        "incoming": incoming,
        "next_people": duty.people(incoming) if incoming else [],
        "handover": handover,
        "signed": signed,
        "parts": parts,
        "intact": actions.intact(handover) if handover is not None and signed else True,
        "may_note": not signed and duty.is_serving(found, me),
        "may_sign": not signed and _may_take(found, incoming, me, now),
        "why_not": "" if signed else _why_not(found, incoming, me, now),
        "form": NotesForm(initial={"notes": handover.notes if handover else ""}),
        "due": _due(found, now),
        "way": timeline_context(found.passage, request, now) if found.passage else None,
        "swaps": found.swaps.select_related("out", "into", "by"),
    }
    return base | more


def _due(found: Shift, now: datetime) -> datetime | None:
    """Until when a shift that is over may wait to be taken over; nothing while it runs."""
    if found.passage is None or now < found.ends_at:
        return None
    leg = found.passage.handoffs.filter(done_at=None).first()
    return leg.due_at if leg else None


def _may_take(found: Shift, incoming: Shift | None, me: User, now: datetime) -> bool:
    return not _why_not(found, incoming, me, now)


def _why_not(found: Shift, incoming: Shift | None, me: User, now: datetime) -> str:
    """Why this reader cannot sign; nothing where they can."""
    if found.passage is None:
        return _("This shift has not begun yet.")
    if now < found.ends_at - actions.EARLY:
        return _("It can be taken over from an hour before its end.")
    try:
        actions.check_incoming(found, incoming, me, now=now)
    except LedgerError as refusal:
        return str(refusal)
    return ""


@login_required
@require_POST
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = common.shift_of(common.scope(request, now), pk)
    form = NotesForm(request.POST)

    def again(form: Any) -> HttpResponse:
        context = _page(request, found, now, form=form)
        return shell.page(request, "orders/shift.html", context, status=422)

    def do() -> Shift:
        text = form.cleaned_data["notes"]
        actions.write_notes(shift=found, notes=text, by=common.user(request), now=now)
        return found

    return common.made(request, form, do, _url, _("Written; the next shift reads it."), again)


@login_required
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = common.shift_of(common.scope(request, now), pk)
    do = lambda: actions.take_over(shift=found, by=common.user(request), now=now)  # noqa: E731
    return common.attempt(request, _url(found), do, _("Signed. The shift is yours."))


def _url(found: Shift) -> str:
    return reverse("orders:shift", args=[found.pk])
