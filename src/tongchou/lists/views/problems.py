"""The list of problems, and the page of one: what it rests on, its tasks, its acts."""

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

from tongchou.cases.fields import city_of, written
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.lists import acts, rights
from tongchou.lists.actions import problems as actions
from tongchou.lists.forms.acts import ActForm
from tongchou.lists.forms.filters import ProblemFilterForm
from tongchou.lists.forms.problems import ProblemForm
from tongchou.lists.models import Problem
from tongchou.lists.queries import finding, lists
from tongchou.lists.views import common
from tongchou.lists.views.tasks import dressed as dressed_tasks
from tongchou.lists.views.tasks import evidence_of
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope


@login_required
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = ProblemFilterForm({"stage": "open"} | request.GET.dict(), near=city_of(mine.paths))
    rows = lists.listed_problems(mine, form.wanted, now=now)
    page = paging.keyset(lists.dress_problems(rows), order=("-raised_at", "-id"), query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "rows": dressed(page.rows, now),
        "figures": lists.problem_figures(rows),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(request, "lists/problems.html", context, fragment="lists/_problems.html")


def dressed(rows: list[Problem], now: datetime) -> list[dict[str, Any]]:
    due = lists.due_of([row.passage_id for row in rows])
    return [
        {
            "problem": row,
            "stage": stage_label("problem", row.stage),
            "due_at": due.get(row.passage_id),
            "late": row.passage_id in due and due[row.passage_id] <= now,
        }
        for row in rows
    ]


@login_required
def raise_one(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope, by = common.scope(request, now), common.user(request)
    units = common.units_of(scope)
    start = {"area": written(units[0].area), "found_unit": units[0].pk} if units else {}
    # From the page of a gap or a signal: its number comes along as the evidence.
    start |= {name: request.GET[name] for name in ("evidence", "found_by") if name in request.GET}
    form = ProblemForm(request.POST or None, initial=start, units=units, near=city_of(scope.paths))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return shell.page(request, "lists/raise.html", {"form": form}, status=status)
    facts = dict(form.cleaned_data)
    facts["evidence"] = finding.links(facts["evidence"], scope)
    try:
        problem = actions.raise_problem(**facts, by=by, now=now)
    except LedgerError as refusal:
        form.add_error(None, str(refusal))
        return shell.page(request, "lists/raise.html", {"form": form}, status=422)
    done = _("%(number)s is on the list.") % {"number": problem.number}
    return common.told(request, reverse("lists:problem", args=[problem.pk]), done)


@login_required
@require_safe
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    return _page(request, common.problem_of(scope, pk=pk), scope, now)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    found = common.problem_of(common.scope(request, timezone.now()), passage=pk)
    return redirect("lists:problem", pk=found.pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    found, wanted = common.problem_of(scope, pk=pk), acts.PROBLEM_ACTS.get(name)
    if wanted is None:
        raise Http404
    if wanted.side not in acts.problem_sides(found, scope, now=now):
        raise PermissionDenied(_("This is for another unit to do."))
    form = acts.form_of(wanted, found, scope, request.POST)
    if not form.is_valid():
        return _page(request, found, scope, now, refused=form)
    to = reverse("lists:problem", args=[pk])

    def do() -> None:
        acts.perform(wanted, form.cleaned_data, problem=found, by=common.user(request), now=now)

    return common.attempt(request, to, do, wanted.done)


def _page(
    request: HttpRequest,
    found: Problem,
    scope: Scope,
    now: datetime,
    *,
    refused: ActForm | None = None,
) -> HttpResponse:
    tasks = list(lists.dress_tasks(found.tasks.all()).order_by("due_at", "id"))
    due = lists.due_of([found.passage_id]).get(found.passage_id)
    context = {
        "now": now,
        "problem": found,
        "stage": stage_label("problem", found.stage),
        "due": due,
        "late": due is not None and due <= now,
        "offers": acts.problem_offers(found, scope, now=now, refused=refused),
        "base": reverse("lists:problem", args=[found.pk]),
        "tasks": dressed_tasks(tasks, now),
        "evidence": evidence_of(found.evidence.all()),
        "may_set": found.open and bool(scope.roles & rights.SET),
        "way": timeline_context(found.passage, request, now),
    }
    status = 422 if refused is not None else 200
    return shell.page(request, "lists/problem.html", context, status=status)
