"""The list of problems, and the page of one: what it rests on, its tasks, its acts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongchou.ledger.views import timeline_context
from tongchou.lists.queries import lists
from tongchou.lists.views import common
from tongchou.shell import paging
from tongchou.shell import views as shell


@login_required
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = lists.dress_problems(lists.problems(common.scope(request, now)))
    page = paging.keyset(rows, order=("-raised_at", "-id"), query=request.GET)
    return shell.page(
        request, "lists/problems.html", {"now": now, "page": page}, fragment="lists/_problems.html"
    )


@login_required
@require_safe
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = common.problem_of(common.scope(request, now), pk=pk)
    context = {
        "now": now,
        "problem": found,
        "tasks": found.tasks.select_related("unit").order_by("due_at"),
        "way": timeline_context(found.passage, request, now),
    }
    return shell.page(request, "lists/problem.html", context)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    found = common.problem_of(common.scope(request, timezone.now()), passage=pk)
    return redirect("lists:problem", pk=found.pk)
