"""The list of tasks, and the page of one: what, by when, its tree, its book, its acts."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.ledger.errors import AlreadyHandedOver, LedgerError
from tongchou.ledger.registry import stage_label
from tongchou.ledger.turns import page_of
from tongchou.ledger.views import timeline_context
from tongchou.lists import acts, rights
from tongchou.lists.forms.acts import ActForm
from tongchou.lists.forms.files import FileForm
from tongchou.lists.forms.filters import TaskFilterForm
from tongchou.lists.models import Evidence, Task
from tongchou.lists.queries import lists, rolling
from tongchou.lists.queries.standing import deserted
from tongchou.lists.views import common
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope

#: Rows of a page; each is rolled up from all the tasks below it.
SIZE = 30


@login_required
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = TaskFilterForm(_asked(request), near=city_of(mine.paths))
    rows = lists.listed_tasks(mine, form.wanted, now=now)
    order = lists.TASK_ORDERS.get(request.GET.get("sort", ""), lists.TASK_ORDERS["due"])
    paged = paging.keyset(lists.dress_tasks(rows), order=order, query=request.GET, size=SIZE)
    context = {
        "now": now,
        "form": form,
        "page": paged,
        "rows": dressed(paged.rows, now),
        "figures": lists.task_figures(rows, now=now),
        "may_set": bool(mine.roles & rights.SET),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(request, "lists/tasks.html", context, fragment="lists/_tasks.html")


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The filters of the address; without any, what is still open."""
    return {"stage": "open"} | request.GET.dict()


def dressed(rows: list[Task], now: datetime) -> list[dict[str, Any]]:
    """Tasks as the lists show them: with the name of the stage, lateness and rolled-up progress."""
    rolled = rolling.roll_up([row.pk for row in rows], now=now)
    return [
        {
            "task": row,
            "stage": stage_label("task", row.stage),
            "late": row.late(now),
            "rolled": rolled.get(row.pk, rolling.Rolled()),
        }
        for row in rows
    ]


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's own units; made for the phone."""
    now = timezone.now()
    scope = common.scope(request, now)
    groups = [(name, list(rows[:50])) for name, rows in lists.mine(scope).items()]
    due = lists.due_of(row.passage_id for _name, rows in groups for row in rows)
    context = {
        "now": now,
        "groups": [
            (name, [row | {"step_due": due.get(row["task"].passage_id)} for row in lines])
            for name, lines in ((name, dressed(rows, now)) for name, rows in groups)
        ],
        "n": sum(len(rows) for _name, rows in groups),
    }
    return shell.page(request, "lists/mine.html", context, fragment="lists/_mine.html")


@login_required
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    return page(request, common.task_of(scope, pk=pk), scope, now)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    found = common.task_of(common.scope(request, timezone.now()), passage=pk)
    return redirect("lists:task", pk=found.pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    found, wanted = common.task_of(scope, pk=pk), acts.TASK_ACTS.get(name)
    if wanted is None:
        raise Http404
    if wanted.side not in acts.task_sides(found, scope, now=now):
        raise PermissionDenied(_("This is for another unit to do."))
    form = acts.form_of(wanted, found, scope, request.POST)
    if not form.is_valid():
        return page(request, found, scope, now, refused=form)
    to = reverse("lists:task", args=[pk])
    try:
        acts.perform(wanted, form.cleaned_data, task=found, by=common.user(request), now=now)
    except AlreadyHandedOver as refusal:
        return common.told(request, to, refusal, good=False)
    except LedgerError as refusal:
        form.add_error(None, str(refusal))  # what was typed stays
        return page(request, common.task_of(scope, pk=pk), scope, now, refused=form)
    return common.told(request, to, wanted.done)


def page(
    request: HttpRequest,
    found: Task,
    scope: Scope,
    now: datetime,
    *,
    refused: ActForm | None = None,
    file: FileForm | None = None,
) -> HttpResponse:
    """The page of a task; with a form that was refused, that form as it was sent."""
    parts = list(lists.parts_of(found)[:200])
    offers = acts.task_offers(found, scope, now=now, refused=refused)
    sides = acts.task_sides(found, scope, now=now)
    context = {
        "now": now,
        "task": found,
        "stage": stage_label("task", found.stage),
        "late": found.late(now),
        "offers": offers,
        "base": reverse("lists:task", args=[found.pk]),
        "above": lists.line_above(found),
        "parts": dressed(parts, now),
        "rolled": rolling.roll_up([found.pk], now=now).get(found.pk, rolling.Rolled()),
        "entries": found.entries.select_related("by"),
        "evidence": evidence_of(found.evidence.all()),
        "files": found.files.select_related("by"),
        "may_see_files": acts.may_see_files(found, scope, now=now),
        "may_add_files": bool(sides) and found.open,
        "file_form": file or FileForm(),
        "due": lists.due_of([found.passage_id]).get(found.passage_id),
        "deserted": found.open and deserted(found.unit, now=now),
        "may_delegate": "doer" in sides and found.stage in ("dispatched", "in_progress"),
        "may_amend": "issuer" in sides and found.open,
        "way": timeline_context(found.passage, request, now),
    }
    status = 422 if refused is not None or file is not None else 200
    return shell.page(request, "lists/task.html", context, status=status)


def evidence_of(rows: Any) -> list[tuple[Evidence, str, str]]:
    """Each piece with what it is called and its address; a note has none."""
    found = []
    for row in rows.select_related("passage", "gap__handoff__passage", "by"):
        passage = row.passage or (row.gap.handoff.passage if row.gap else None)
        title = passage.title if passage else ""
        if row.gap:
            title = f"{stage_label(row.gap.loop, row.gap.stage)} · {title}"
        found.append((row, title, page_of(passage.loop, passage.pk) if passage else ""))
    return found
