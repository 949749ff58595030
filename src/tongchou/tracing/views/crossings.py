"""Where cases crossed, and the visitors of such a place."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.tracing import actions, asking, crossings
from tongchou.tracing.models import VisitQuery
from tongchou.tracing.views import common


@never_cache
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """The cases to ask about, all ticked; sent, it asks."""
    now = timezone.now()
    mine = common.scope(request, now)
    offered = list(crossings.candidates(mine, now=now)[:500])
    context: dict[str, Any] = {"cases": offered, "now": now, "days": crossings.RECENT.days}
    if request.method != "POST":
        return shell.page(request, "tracing/crossings.html", context)
    ticked = set(request.POST.getlist("case"))
    forward = request.POST.get("direction") == asking.FORWARD
    try:
        query = actions.ask_exposures(
            cases=[case for case in offered if str(case.pk) in ticked],
            direction=asking.FORWARD if forward else asking.BACKWARD,
            by=common.user(request),
            now=now,
        )
    except asking.Closed as refusal:
        return common.told(request, reverse("tracing:crossings"), refusal, good=False)
    return shell.go(request, reverse("tracing:crossed", args=[query.pk]))


@never_cache
@login_required
@require_safe
def crossed(request: HttpRequest, pk: int) -> HttpResponse:
    """The places, or the visitors of one, that a question found."""
    now = timezone.now()
    query = get_object_or_404(VisitQuery.objects.select_related("case", "asked_by"), pk=pk)
    try:
        found = crossings.look(query, common.scope(request, now), now=now)
    except asking.Closed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    page: Any = paging.numbered(found, query=request.GET)
    visiting = "place" in query.limits
    context = {
        "query": query,
        "page": page,
        "cases": query.cases.order_by("reported_on", "pk"),
        "n": len(found),
        "n_strangers": sum(one.person is None for one in found) if visiting else 0,  # type: ignore[union-attr]
        "now": now,
    }
    template = "tracing/visitors.html" if visiting else "tracing/sites.html"
    return shell.page(request, template, context)


@login_required
@require_POST
def ask_visitors(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    query = get_object_or_404(VisitQuery, pk=pk)
    place, day = request.POST.get("place", ""), request.POST.get("on", "")
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise BadRequest("on: a day as 2022-03-01, or nothing.") from error
    try:
        asked = actions.ask_visitors(
            query=query, place=place, on=on, by=common.user(request), now=now
        )
    except asking.Closed as refusal:
        return common.told(request, reverse("tracing:crossed", args=[pk]), refusal, good=False)
    return shell.go(request, reverse("tracing:crossed", args=[asked.pk]))


@login_required
@require_POST
def list_visitors(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    query = get_object_or_404(VisitQuery.objects.select_related("case__area"), pk=pk)
    keys = request.POST.getlist("key")
    if "all" in request.POST:
        try:
            found = crossings.look(query, common.scope(request, now), now=now)
        except asking.Closed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        keys = [one.key for one in found if isinstance(one, crossings.Visitor)]

    def do() -> None:
        done = actions.list_visitors(query=query, keys=keys, by=common.user(request), now=now)
        said.append(
            _("%(n)d on the list, %(new)d of them new. %(left)d not in the register left out.")
            % {"n": len(done.listings), "new": done.n_new, "left": len(keys) - len(done.listings)}
        )

    said: list[str] = []
    return common.attempt(request, reverse("tracing:crossed", args=[pk]), do, common.Later(said))
