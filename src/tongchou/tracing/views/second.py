"""Contacts of contacts: the sizes first, then the people under one limit."""

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
from tongchou.tracing import actions, asking, second
from tongchou.tracing.models import Question, VisitQuery
from tongchou.tracing.views import common


@never_cache
@login_required
def steps(request: HttpRequest, pk: int) -> HttpResponse:
    """How many people each limit would bring; sent with one, it asks."""
    now = timezone.now()
    query = _query(pk, Question.CONTACTS)
    here = reverse("tracing:answer", args=[pk])
    try:
        if request.method == "POST":
            step = request.POST.get("step", "")
            asked = actions.ask_second(
                query=query, step=int(step) if step.isdecimal() else -1,
                by=common.user(request), now=now,
            )  # fmt: skip
            return shell.go(request, reverse("tracing:second", args=[asked.pk]))
        sizes = second.steps(query, common.scope(request, now), now=now)
    except LedgerError as refusal:
        return common.told(request, here, refusal, good=False)
    context = {"query": query, "case": query.case, "steps": sizes, "now": now}
    return shell.page(request, "tracing/steps.html", context)


@never_cache
@login_required
@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    query = _query(pk, Question.SECOND)
    try:
        found = second.rows(query, common.scope(request, now), now=now)
    except asking.Closed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    page: Any = paging.numbered(found, query=request.GET)
    context = {"query": query, "case": query.case, "page": page, "n": len(found), "now": now}
    return shell.page(request, "tracing/second.html", context)


@login_required
@require_POST
def list_people(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    query = _query(pk, Question.SECOND)
    keys = request.POST.getlist("key")

    def do() -> None:
        done = actions.list_second(query=query, keys=keys, by=common.user(request), now=now)
        said.append(
            _("%(n)d on the list, %(new)d of them new. %(left)d not in the register left out.")
            % {"n": len(done.listings), "new": done.n_new, "left": len(keys) - len(done.listings)}
        )

    said: list[str] = []
    here = reverse("tracing:second", args=[pk])
    return common.attempt(request, here, do, common.Later(said))


def _query(pk: int, question: Question) -> VisitQuery:
    rows = VisitQuery.objects.select_related(
        "case__passage", "case__investigation__passage", "asked_by",
        "asked_from__case__passage", "asked_from__case__investigation__passage",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk, question=question)
