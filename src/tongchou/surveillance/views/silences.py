"""Silent sentinels: the list, the page of one, and the excuse."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.cases.queries import inside
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.surveillance import rights
from tongchou.surveillance.actions import silences as actions
from tongchou.surveillance.forms.signals import ExcuseForm
from tongchou.surveillance.models import Silence
from tongchou.surveillance.queries import signals as queries
from tongchou.surveillance.views import common


@login_required
@require_safe
def silences(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = queries.open_silences(common.scope(request, now))
    page = paging.keyset(found, order=("first_on", "id"), query=request.GET)
    context = {"now": now, "page": page, "silences": page.rows}
    return shell.page(
        request, "surveillance/silences.html", context, fragment="surveillance/_silences.html"
    )


@login_required
@require_safe
def silence(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    context = _page(request, _get(mine, pk), mine, now)
    return shell.page(request, "surveillance/silence.html", context)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("surveillance:silence", get_object_or_404(Silence, passage=pk).pk)


@login_required
@require_POST
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    common.need(mine, rights.EXCUSE, found.area_path)
    form = ExcuseForm(request.POST)
    if not form.is_valid():
        context = _page(request, found, mine, now) | {"form": form}
        return shell.page(request, "surveillance/silence.html", context, status=422)

    def do() -> None:
        typed = dict(form.cleaned_data)
        seen(found.passage, typed.pop("leg"))
        actions.excuse(silence=found, **typed, by=common.user(request), now=now)

    to = reverse("surveillance:silence", args=[found.pk])
    return common.attempt(request, to, do, _("Excused; the day stays missing and is no zero."))


def _get(mine: Scope, pk: int) -> Silence:
    rows = Silence.objects.filter(inside(mine, "silence")).select_related(
        "duty__site__area", "duty__site__unit", "duty__channel", "passage__caused_by"
    )
    found: Silence = get_object_or_404(rows, pk=pk)
    return found


def _page(request: HttpRequest, found: Silence, mine: Scope, now: datetime) -> dict[str, Any]:
    may = found.closed_at is None and mine.may(rights.EXCUSE, found.area_path)
    return {
        "silence": found,
        "now": now,
        "stage": stage_label("silence", found.passage.stage),
        "leg": found.passage.handoffs.filter(done_at=None).select_related("unit").first(),
        "form": ExcuseForm(initial={"leg": found.passage.n_legs}) if may else None,
        "way": timeline_context(found.passage, request, now),
    }
