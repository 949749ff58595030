"""The desk with its lists, what waits for a second person, and the page of a site."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.areas.models import Place
from tongchou.quarantine import actions, forms, queries, rights, tabs
from tongchou.quarantine.models import SwabResult, Symptom
from tongchou.quarantine.plan import local_day
from tongchou.quarantine.views import common
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    place = _place(request, mine)
    stays = queries.open_stays(mine, place=place)
    counted = queries.counted(stays, now=now)
    tab = tabs.chosen(request.GET.get("show", ""))
    page = paging.numbered(tab.rows(stays, now), query=request.GET)
    context = {
        "now": now,
        "today": local_day(now),
        "tab": tab,
        "figures": tabs.figures(counted),
        "page": page,
        "rows": _rows(tab, page.rows, now),
        "place": place,
        "sites": queries.sites(mine, now=now),
        "unwell": queries.unwell(stays, now=now)[:20],
        "groundless": list(queries.groundless(mine)[:20]),
        "n_changes": queries.waiting_changes(mine).count(),
        "n_appeals": queries.open_appeals(mine).count(),
        "arrivals": forms.BusForm(mine=mine, by=by, now=now, initial={"place": place}),
        "symptoms": Symptom.choices,
        "results": SwabResult.choices,
    }
    return shell.page(request, "quarantine/desk.html", context)


@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    page = paging.keyset(
        queries.waiting_changes(mine), order=("proposed_at", "id"), query=request.GET
    )
    may_sign = bool(mine.roles & rights.SIGN)
    context = {"now": now, "page": page, "may_sign": may_sign}
    return shell.page(request, "quarantine/changes.html", context)


@login_required
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    page = paging.keyset(queries.open_appeals(mine), order=("due_at", "id"), query=request.GET)
    return shell.page(request, "quarantine/appeals.html", {"now": now, "page": page})


@login_required
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in which room, and the certificate without which nobody may be taken in."""
    now = timezone.now()
    mine = common.scope(request, now)
    place = get_object_or_404(queries.open_sites(mine).select_related("area"), pk=pk)
    may_certify = mine.may(rights.CERTIFY, place.area.path)
    form = forms.CertificateForm(request.POST or None) if may_certify else None
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("Your post does not do this here."))
    if form is not None and form.is_valid():
        actions.certify(place=place, by=common.user(request), now=now, **form.cleaned_data)
        messages.success(request, _("The certificate is on record."))
        return shell.go(request, reverse("quarantine:site", args=[pk]))
    context = {
        "now": now,
        "place": place,
        "state": queries.state_of(place, now=now),
        "proof": queries.site_of(place),
        "rooms": queries.rooms(queries.open_stays(mine, place=place), place),
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return shell.page(request, "quarantine/site.html", context, status=status)


def _place(request: HttpRequest, mine: Scope) -> Place | None:
    wanted = request.GET.get("place", "")
    return queries.open_sites(mine).filter(pk=wanted).first() if wanted.isdigit() else None


def _rows(tab: tabs.Tab, rows: Any, now: datetime) -> list[Any]:
    """The rows of the page; of those due for release also what is still missing."""
    shown = list(rows)
    if tab.code == "release":
        why = queries.hindrances_of(shown, now=now)
        for stay in shown:
            stay.why_not = why[stay.pk]
    return shown
