"""Investigations on the spot: the list, the page of one, and its acts."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.cases.fields import city_of
from tongchou.cases.queries import inside, may_sign, outcomes
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.tracing import forms, rights
from tongchou.tracing.actions import field as actions
from tongchou.tracing.forms import field as field_forms
from tongchou.tracing.models import FieldInvestigation
from tongchou.tracing.views import common

LABELS = {
    "cases_found": gettext_lazy("Cases found"),
    "no_event": gettext_lazy("No event"),
    "accepted": gettext_lazy("Accept"),
    "opened": gettext_lazy("Send back"),
}
FORMS: dict[str, type[forms.ActForm]] = {
    "cases_found": field_forms.CasesFoundForm,
    "no_event": field_forms.NoEventForm,
    "accepted": forms.NoteForm,
    "opened": forms.ReasonForm,
}


@login_required
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return shell.page(request, "tracing/fields.html", _list(request, mine, now))


@login_required
@require_POST
def open_field(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = field_forms.OpenFieldForm(request.POST, near=city_of(mine.paths))
    if not form.is_valid():
        context = _list(request, mine, now) | {"form": form}
        return shell.page(request, "tracing/fields.html", context, status=422)
    common.need(mine, rights.TRACE, form.cleaned_data["area"].path)
    opened = actions.open_field(**form.cleaned_data, by=common.user(request), now=now)
    return common.told(request, _url(opened), _("Opened; the tracing team has it."))


@login_required
@require_safe
def field(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return shell.page(request, "tracing/field.html", _page(request, _get(mine, pk), mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("tracing:field", get_object_or_404(FieldInvestigation, passage=pk).pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    if to not in FORMS:
        raise Http404
    form = _form(to, mine, found, request.POST)
    if not form.is_valid():
        context = _page(request, found, mine, now, refused=form)
        return shell.page(request, "tracing/field.html", context, status=422)

    def do() -> None:
        seen(found.passage, form.cleaned_data["leg"])
        if not may_sign(mine, found.passage, to):
            raise PermissionDenied(_("Your post does not sign this hand-over."))
        _perform(found, to, form.cleaned_data, by=common.user(request), now=now)

    return common.attempt(request, _url(found), do, _("Handed over."))


def _perform(
    found: FieldInvestigation, to: str, typed: dict[str, Any], *, by: Any, now: datetime
) -> None:
    if to in ("cases_found", "no_event"):
        actions.report_field(
            field=found,
            to=to,
            report=typed["report"],
            cases=typed.get("numbers", ()),
            by=by,
            now=now,
        )
    elif to == "accepted":
        actions.accept_field(field=found, by=by, now=now, note=typed["note"])
    else:
        actions.return_field(field=found, reason=typed["reason"], by=by, now=now)


def _form(to: str, mine: Scope, found: FieldInvestigation, data: Any = None) -> forms.ActForm:
    more: dict[str, Any] = {"scope": mine} if to == "cases_found" else {}
    initial: dict[str, Any] = {"leg": found.passage.n_legs}
    if to in ("cases_found", "no_event"):
        initial["report"] = found.report
    return FORMS[to](data, initial=initial, prefix=to, **more)


def _get(mine: Scope, pk: int) -> FieldInvestigation:
    rows = FieldInvestigation.objects.filter(inside(mine, "field_investigation"))
    found: FieldInvestigation = get_object_or_404(
        rows.select_related("area", "passage__caused_by", "cluster"), pk=pk
    )
    return found


def _url(found: FieldInvestigation) -> str:
    return reverse("tracing:field", args=[found.pk])


def _list(request: HttpRequest, mine: Scope, now: datetime) -> dict[str, Any]:
    rows = FieldInvestigation.objects.filter(inside(mine, "field_investigation"))
    if request.GET.get("ended") != "1":
        rows = rows.filter(passage__closed_at=None)
    dressed = rows.select_related("area", "passage", "cluster").prefetch_related(
        "passage__handoffs"
    )
    page = paging.keyset(dressed, order=("-opened_at", "-id"), query=request.GET)
    return {
        "now": now,
        "page": page,
        "rows": [(row, stage_label("field_investigation", row.passage.stage), _leg(row))
                 for row in page.rows],
        "ended": request.GET.get("ended") == "1",
        "may_open": bool(mine.roles & rights.TRACE),
        "form": field_forms.OpenFieldForm(near=city_of(mine.paths)),
    }  # fmt: skip


def _leg(row: FieldInvestigation) -> Any:
    return next((leg for leg in row.passage.handoffs.all() if leg.done_at is None), None)


def _page(
    request: HttpRequest,
    found: FieldInvestigation,
    mine: Scope,
    now: datetime,
    refused: forms.ActForm | None = None,
) -> dict[str, Any]:
    passage = found.passage
    offers = [
        {
            "act": {"to": to, "label": LABELS[to], "danger": False},
            "form": refused if refused is not None and refused.prefix == to
            else _form(to, mine, found),
            "open": refused is not None and refused.prefix == to,
        }
        for to in outcomes(mine, passage)
    ]  # fmt: skip
    return {
        "field": found,
        "now": now,
        "stage": stage_label(passage.loop, passage.stage),
        "leg": passage.handoffs.filter(done_at=None).select_related("unit").first(),
        "offers": offers,
        "base": _url(found) + "act/",
        "cases": found.cases.select_related("person", "area").order_by("number"),
        "way": timeline_context(passage, request, now),
    }
