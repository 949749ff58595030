"""Asking the visits from a case, the page of an answer, and the sources that send visits."""

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

from tongchou.cases.models import Case
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.staff.roles import Role
from tongchou.tracing import actions, asking, visits
from tongchou.tracing.forms.asking import AskForm, SourceForm
from tongchou.tracing.models import Question, VisitQuery, VisitSource
from tongchou.tracing.views import common


@login_required
@require_safe
def found_panel(request: HttpRequest, case: int) -> HttpResponse:
    """On the page of a case: what was asked, and the form to ask."""
    now = timezone.now()
    mine = common.scope(request, now)
    of = common.case(mine, case)
    return shell.page(request, "tracing/_found_panel.html", _panel(of, mine, AskForm(), now))


def _panel(of: Case, mine: Scope, form: AskForm, now: Any) -> dict[str, Any]:
    refused = asking.refusal(of, mine)
    return {
        "case": of,
        "refused": refused,
        "asked": [] if refused else of.visit_queries.select_related("asked_by")[:10],
        "form": form,
        "forward": asking.window(of, asking.FORWARD, now=now),
        "backward": asking.window(of, asking.BACKWARD, now=now),
        "now": now,
    }


@login_required
@require_POST
def ask(request: HttpRequest, case: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    of = common.case(mine, case)
    form = AskForm(request.POST)
    if not form.is_valid():
        return shell.page(request, "tracing/ask.html", _panel(of, mine, form, now), status=422)
    try:
        query = actions.ask_contacts(case=of, by=common.user(request), now=now, **form.cleaned_data)
    except asking.Closed as refusal:
        return common.told(request, reverse("cases:case", args=[of.pk]), refusal, good=False)
    return shell.go(request, reverse("tracing:answer", args=[query.pk]))


@never_cache
@login_required
@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was with the case: the size first, then a page of people."""
    now = timezone.now()
    mine, query = _query(request, pk, now)
    found = _look(query, mine, now)
    tier, unlisted = request.GET.get("tier", ""), request.GET.get("show") == "unlisted"
    numbers = found.numbers(tier=tier, unlisted=unlisted)
    page = paging.numbered(numbers, query=request.GET)
    context = {
        "query": query,
        "case": query.case,
        "answer": found,
        "rows": found.rows(page.rows),
        "page": page,
        "tier": tier,
        "unlisted": unlisted,
        "n_close": found.count("close"),
        "n_general": found.count("general"),
        "n_unlisted_close": len(found.numbers(tier="close", unlisted=True)),
        "n_strangers": len(found) - len(found.registered),
        "earlier": asking.a_day_earlier(query, found, now=now),
        "now": now,
    }
    return shell.page(request, "tracing/answer.html", context)


@login_required
@require_POST
def list_found(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticked, or all close ones that are not listed yet, on the list of contacts."""
    now = timezone.now()
    mine, query = _query(request, pk, now)
    keys = request.POST.getlist("key")
    if "all_close" in request.POST:
        found = _look(query, mine, now)
        keys = [found.keys[i] for i in found.numbers(tier="close", unlisted=True)]
    here = reverse("tracing:answer", args=[query.pk])
    if not keys:
        return common.told(request, here, _("Tick somebody first."), good=False)

    def do() -> None:
        done = actions.list_found(query=query, keys=keys, by=common.user(request), now=now)
        numbers = {"n": len(done.listings), "new": done.n_new, "left": len(keys)}
        numbers["left"] -= len(done.listings)
        said.append(
            _("%(n)d on the list, %(new)d of them new. %(left)d not in the register left out.")
            % numbers
        )

    said: list[str] = []
    return common.attempt(request, here, do, common.Later(said))


def _query(request: HttpRequest, pk: int, now: Any) -> tuple[Scope, VisitQuery]:
    mine = common.scope(request, now)
    rows = VisitQuery.objects.select_related(
        "case__person", "case__area", "case__passage", "case__investigation__passage", "asked_by"
    )
    return mine, get_object_or_404(rows, pk=pk, question=Question.CONTACTS)


def _look(query: VisitQuery, mine: Scope, now: Any) -> asking.Answer:
    try:
        return asking.look(query, mine, now=now)
    except asking.Closed as refusal:  # no right to it any more, or the visits were destroyed
        raise PermissionDenied(str(refusal)) from refusal


# --- sources -----------------------------------------------------------------------------------


@never_cache
@login_required
def sources(request: HttpRequest) -> HttpResponse:
    """Who sends visits, and since when nothing came."""
    now = timezone.now()
    _steward(request, now)
    form = SourceForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "now": now, "visits": visits.summary()}
    if request.method == "POST" and form.is_valid():
        try:
            made, token = actions.add_source(
                name=form.cleaned_data["name"], by=common.user(request), now=now
            )
        except actions.TracingError as refusal:
            form.add_error("name", str(refusal))
        else:
            context |= {"made": made, "token": token, "form": SourceForm()}
    context["sources"] = VisitSource.objects.order_by("ended_at", "name")
    status = 422 if form.errors else 200
    return shell.page(request, "tracing/sources.html", context, status=status)


@login_required
@require_POST
def end_source(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    _steward(request, now)
    source = get_object_or_404(VisitSource, pk=pk)
    return common.attempt(
        request,
        reverse("tracing:sources"),
        lambda: actions.end_source(source=source, by=common.user(request), now=now),
        _("No more visits are taken from this source."),
    )


def _steward(request: HttpRequest, now: Any) -> None:
    if Role.STEWARD not in common.scope(request, now).roles:
        raise PermissionDenied(_("Sources of visits are the data steward's."))
