"""My turn: what I must hand on, what I must take over, and the gaps that climbed to me."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongchou.ledger import actions, queries, registry, signatures, turns
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.forms import HandOverForm
from tongchou.ledger.models import Passage
from tongchou.shell import views as shell
from tongchou.shell.paging import keyset
from tongchou.staff.queries import Scope, scope_of

_TOO_LITTLE = gettext_lazy("Choose where it goes, and keep the note short.")


@login_required
def my_turn(request: HttpRequest, tab: str = "hand_on") -> HttpResponse:
    now = timezone.now()
    scope = scope_of(request.user, now=now)
    context: dict[str, Any] = {"tab": tab, "now": now, "scope": scope}
    if tab == "gaps":
        gaps = keyset(turns.gaps_of(scope), order=("opened_at", "id"), query=request.GET)
        legs = [gap.handoff for gap in gaps.rows]
        context["gaps"] = list(zip(gaps.rows, turns.rows(legs, scope), strict=True))
        context["page"] = gaps
    else:
        legs_of = turns.to_receive(scope) if tab == "receive" else queries.inbox(scope.answers_for)
        page = keyset(legs_of, order=("due_at", "id"), query=request.GET)
        context["turns"] = turns.rows(page.rows, scope)
        context["page"] = page
    if tab == "hand_on":
        context["papers"] = signatures.awaited(request.user, scope, now=now)
    return shell.page(request, "ledger/my_turn.html", context, fragment="ledger/_turns.html")


@login_required
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    passage = _visible(request, pk, now)
    form = HandOverForm(request.POST)
    back = shell.back_to(request, reverse("ledger:my_turn"))
    if not form.is_valid():
        personal = form.has_error("note", code="personal")
        words = form.errors["note"][0] if personal else _TOO_LITTLE
        return _told(request, str(words), back, "bad")
    try:
        _act(request, passage, form.cleaned_data, now)
    except LedgerError as refusal:
        return _told(request, str(refusal), back, "bad")
    label = registry.stage_label(passage.loop, form.cleaned_data["to"])
    return _told(
        request, _("%(title)s: %(stage)s") % {"title": passage.title, "stage": label}, back, "ok"
    )


@login_required
def passage(request: HttpRequest, pk: int) -> HttpResponse:
    """The subject's own page; the ledger's timeline where its desk has none."""
    now = timezone.now()
    subject = _visible(request, pk, now)
    if registry.registered(subject.loop).page:
        return redirect(turns.page_of(subject.loop, pk))
    return shell.page(request, "ledger/passage.html", timeline_context(subject, request, now))


@login_required
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    return shell.page(
        request,
        "ledger/_timeline.html",
        timeline_context(_visible(request, pk, now), request, now),
    )


def timeline_context(subject: Passage, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What `ledger/_timeline.html` draws; desks put it into their own pages."""
    scope = scope_of(request.user, now=now)
    legs = list(queries.timeline(subject))
    for leg in legs:
        leg.passage = subject
    rows = turns.rows(legs, scope)
    return {
        "passage": subject,
        "turns": rows,
        "now": now,
        "open_turn": next((r for r in reversed(rows) if r.leg.done_at is None), None),
        "ended_as": registry.stage_label(subject.loop, subject.stage) if subject.closed_at else "",
        "causes": subject.caused_by and turns.page_of(subject.caused_by.loop, subject.caused_by.pk),
        "effects": [
            (e, registry.registered(e.loop).label, turns.page_of(e.loop, e.pk))
            for e in subject.effects.order_by("id")
        ],
    }


def _visible(request: HttpRequest, pk: int, now: datetime) -> Passage:
    """The passage, if a leg of it was ever the user's or in their areas: a giver may still look."""
    subject = get_object_or_404(Passage.objects.select_related("caused_by"), pk=pk)
    scope: Scope = scope_of(request.user, now=now)
    named = {row.stage for row in registry.get(subject.loop) if row.named}
    legs = subject.handoffs.values_list("area_path", "stage", "unit_id").distinct()
    if not any(
        scope.sees(path) or (stage in named and unit in scope.units) for path, stage, unit in legs
    ):
        raise PermissionDenied(_("This is outside the areas you answer for."))
    return subject


def _act(request: HttpRequest, subject: Passage, wish: dict[str, Any], now: datetime) -> None:
    known = registry.registered(subject.loop)
    awaited = known.loop.at(subject.stage)
    scope: Scope = scope_of(request.user, now=now)
    leg = subject.handoffs.filter(done_at=None).first()
    if leg is not None and not turns.may_sign(leg, scope):
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    if wish["to"] in known.asks:
        raise LedgerError(_("This hand-over needs more; open the page of “%s”.") % subject.title)
    if awaited:  # what the page showed, not what has happened since
        subject.n_legs = wish["leg"]
    act = known.acts.get(wish["to"], _plain)
    act(passage=subject, to=wish["to"], by=request.user, now=now, note=wish["note"])


def _plain(*, passage: Passage, to: str, by: Any, now: datetime, note: str) -> None:
    actions.hand_over(passage=passage, to=to, by=by, now=now, note=note)


def _told(request: HttpRequest, text: str, back: str, tone: str) -> HttpResponse:
    from django.contrib import messages

    if shell.wants_fragment(request):
        status = 204 if tone == "ok" else 409
        return shell.toast(
            HttpResponse(status=status, headers={"HX-Reswap": "none"}), text, tone=tone
        )
    messages.add_message(request, messages.SUCCESS if tone == "ok" else messages.ERROR, text)
    return redirect(back)
