"""The list of tasks, and the page of one: what, by when, its tree, its book, its acts."""

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
def tasks(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = lists.dress_tasks(lists.tasks(common.scope(request, now)))
    page = paging.keyset(rows, order=("due_at", "id"), query=request.GET)
    return shell.page(
        request, "lists/tasks.html", {"now": now, "page": page}, fragment="lists/_tasks.html"
    )


@login_required
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = common.task_of(common.scope(request, now), pk=pk)
    context = {
        "now": now,
        "task": found,
        "entries": found.entries.select_related("by"),
        "way": timeline_context(found.passage, request, now),
    }
    return shell.page(request, "lists/task.html", context)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    found = common.task_of(common.scope(request, timezone.now()), passage=pk)
    return redirect("lists:task", pk=found.pk)
