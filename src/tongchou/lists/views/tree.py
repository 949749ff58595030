"""The tree of tasks: city, counties, communities, with the progress that comes up from below."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongchou.lists.queries import lists
from tongchou.lists.views import common
from tongchou.lists.views.tasks import dressed
from tongchou.shell import paging
from tongchou.shell import views as shell

#: Parts of one task drawn at a time.
MOST = 300


@login_required
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """The tops of the trees; each opens one level at a time."""
    now = timezone.now()
    rows = lists.roots(common.scope(request, now))
    if request.GET.get("all") is None:
        rows = rows.filter(closed_at=None)
    page = paging.keyset(rows, order=("due_at", "id"), query=request.GET, size=30)
    context = {"now": now, "page": page, "rows": dressed(page.rows, now)}
    return shell.page(request, "lists/tree.html", context, fragment="lists/_tree.html")


@login_required
@require_safe
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of one task, as a fragment of the tree."""
    now = timezone.now()
    task = common.task_of(common.scope(request, now), pk=pk)
    parts = list(lists.dress_tasks(lists.parts_of(task))[:MOST])
    context = {"now": now, "task": task, "rows": dressed(parts, now)}
    return shell.page(request, "lists/branch.html", context, fragment="lists/_branch.html")
