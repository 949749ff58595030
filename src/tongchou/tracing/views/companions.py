"""Co-presence: the size of every rule first, then the people under one, by area."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger.errors import LedgerError
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.tracing import actions, asking, companions
from tongchou.tracing.models import Question, VisitQuery
from tongchou.tracing.views import common


@never_cache
@login_required
def steps(request: HttpRequest, case: int) -> HttpResponse:
    """How many people each rule of the playbook would bring; sent with one, it asks."""
    now = timezone.now()
    mine = common.scope(request, now)
    of = common.case(mine, case)
    try:
        if request.method == "POST":
            asked = actions.ask_companions(
                case=of, rule=request.POST.get("rule", ""), by=common.user(request), now=now
            )
            return shell.go(request, asked.page)
        sizes = companions.steps(of, mine, now=now)
    except LedgerError as refusal:
        return common.told(request, reverse("cases:case", args=[of.pk]), refusal, good=False)
    window = asking.window(of, asking.FORWARD, now=now)
    context = {"case": of, "steps": sizes, "window": window, "now": now}
    return shell.page(request, "tracing/companions.html", context)


@never_cache
@login_required
@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Where they live, and a page of who they are."""
    now = timezone.now()
    query = _query(pk)
    try:
        found = companions.look(query, common.scope(request, now), now=now)
    except asking.Closed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    page: Any = paging.numbered(range(len(found)), query=request.GET)
    context = {
        "query": query,
        "case": query.case,
        "page": page,
        "rows": found.rows(page.rows),
        "shares": found.shares(),
        "n": len(found),
        "newest": found.newest,
        "now": now,
    }
    return shell.page(request, "tracing/near.html", context)


@login_required
@require_POST
def list_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticked, or all who live in one area, on the list of contacts."""
    now = timezone.now()
    query = _query(pk)
    here = reverse("tracing:near", args=[pk])
    keys, area = request.POST.getlist("key"), request.POST.get("area", "")
    if not keys and not area:
        return common.told(request, here, _("Tick somebody first."), good=False)

    def do() -> None:
        done = actions.list_companions(
            query=query, keys=() if area else keys, area=area, by=common.user(request), now=now
        )
        said.append(
            _("%(n)d on the list, %(new)d of them new.")
            % {"n": len(done.listings), "new": done.n_new}
        )

    said: list[str] = []
    return common.attempt(request, here, do, common.Later(said))


def _query(pk: int) -> VisitQuery:
    rows = VisitQuery.objects.select_related(
        "case__area", "case__passage", "case__investigation__passage", "asked_by"
    )
    return get_object_or_404(rows, pk=pk, question=Question.CO_PRESENCE)
