"""Carrying the lists off: Excel with both, or paper."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.lists import rights, workbook
from tongchou.lists.forms.filters import ProblemFilterForm, TaskFilterForm
from tongchou.lists.queries import lists
from tongchou.lists.views import common
from tongchou.lists.views.problems import dressed as dressed_problems
from tongchou.lists.views.tasks import dressed as dressed_tasks
from tongchou.records import audit
from tongchou.shell import export
from tongchou.shell import views as shell
from tongchou.staff.models import User

#: Rows of each list on paper; a longer list is narrowed first, or carried off as Excel.
ON_PAPER = 500


@login_required
@require_POST
def as_file(request: HttpRequest) -> HttpResponseBase:
    """Both lists of the reader's areas as one workbook, or one of them as CSV.

    The filters of the page narrow them.
    """
    now = timezone.now()
    scope = common.scope(request, now)
    if not scope.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not carry the lists off."))
    near, want = city_of(scope.paths), export.wanted(request)
    asked = {"stage": "all"} | request.POST.dict()
    tasks = lists.listed_tasks(scope, TaskFilterForm(asked, near=near).wanted, now=now)
    problems = lists.listed_problems(scope, ProblemFilterForm(asked, near=near).wanted, now=now)
    by = common.user(request)
    if want.format == "csv":
        kind = "problems" if request.GET.get("list") == "problems" else "tasks"
        columns, rows = workbook.plain_rows(kind, problems, tasks, now=now)
        _audit(by, now, want.reason, {kind: (problems if kind == "problems" else tasks).count()})
        return export.csv_response(kind, columns, rows, now=now)
    file, n = workbook.write(problems, tasks, now=now)
    _audit(by, now, want.reason, n)
    name = export.file_name("two-lists", "xlsx", now=now)
    return FileResponse(file, as_attachment=True, filename=name, content_type=export.XLSX)


def _audit(by: User, now: datetime, reason: str, n: dict[str, int]) -> None:
    audit.record(
        verb="lists.export", subject="lists", by=by, now=now, detail={"reason": reason, **n}
    )


@login_required
@require_safe
def on_paper(request: HttpRequest) -> HttpResponse:
    """Both lists as one page to print: what is open, and the time it was true at."""
    now = timezone.now()
    scope = common.scope(request, now)
    near = city_of(scope.paths)
    asked = {"stage": "open"} | request.GET.dict()
    tasks = lists.listed_tasks(scope, TaskFilterForm(asked, near=near).wanted, now=now)
    problems = lists.listed_problems(scope, ProblemFilterForm(asked, near=near).wanted, now=now)
    some_tasks = list(lists.dress_tasks(tasks).order_by("due_at", "id")[:ON_PAPER])
    some = list(lists.dress_problems(problems).order_by("-raised_at", "-id")[:ON_PAPER])
    context = {
        "now": now,
        "tasks": dressed_tasks(some_tasks, now),
        "n_tasks": tasks.count(),
        "problems": dressed_problems(some, now),
        "n_problems": problems.count(),
        "most": ON_PAPER,
    }
    return shell.page(request, "lists/paper.html", context)
