"""Setting a task, passing one down, putting its words right, and many at once from a table."""

import base64
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases.pasting import MOST_ROWS, sent
from tongchou.kit.tables import Unreadable
from tongchou.ledger.errors import LedgerError
from tongchou.lists import acts, rights, sheets
from tongchou.lists.actions import bulk, steering
from tongchou.lists.actions.delegating import Part, delegate, members_to_solve
from tongchou.lists.actions.tasks import set_task
from tongchou.lists.forms.tasks import AmendForm, DelegateForm, PasteForm, TaskForm
from tongchou.lists.models import Problem
from tongchou.lists.queries import lists
from tongchou.lists.views import common
from tongchou.shell import views as shell
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope


def _issuers(scope: Scope) -> list[Unit]:
    """The units in whose name this reader sets tasks."""
    ids = {unit for role, _path, unit in scope.posts if role in rights.SET}
    if not ids:
        raise PermissionDenied(_("Your post does not set tasks."))
    return [unit for unit in common.units_of(scope) if unit.pk in ids]


@login_required
def set_one(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    issuers, problem = _issuers(scope), _problem(request, scope)
    form = TaskForm(request.POST or None, issuers=issuers, initial=_start(problem))
    context = {"form": form, "problem": problem, "now": now}
    if not form.is_valid():
        return shell.page(request, "lists/set.html", context, status=422 if form.is_bound else 200)
    try:
        task = set_task(**form.cleaned_data, problem=problem, by=common.user(request), now=now)
    except LedgerError as refusal:
        form.add_error(None, str(refusal))
        return shell.page(request, "lists/set.html", context, status=422)
    done = _("%(number)s is set; %(unit)s has it.") % {"number": task.number, "unit": task.unit}
    return common.told(request, reverse("lists:task", args=[task.pk]), done)


def _problem(request: HttpRequest, scope: Scope) -> Problem | None:
    pk = request.POST.get("problem") or request.GET.get("problem") or ""
    if not pk.isdecimal():
        return None
    return get_object_or_404(lists.problems(scope).select_related("unit", "passage"), pk=pk)


def _start(problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {}
    return {"goal": problem.title, "unit": problem.unit_id, "source": "problem"}


@login_required
def pass_down(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    task = common.task_of(scope, pk=pk)
    if "doer" not in acts.task_sides(task, scope, now=now):
        raise PermissionDenied(_("Only the unit that answers for it passes it down."))
    form = DelegateForm(request.POST or None, unit=task.unit, initial={"due_at": task.due_at})
    context = {"form": form, "task": task, "now": now}
    if not form.is_valid():
        return shell.page(
            request, "lists/pass_down.html", context, status=422 if form.is_bound else 200
        )
    typed, members = form.cleaned_data, members_to_solve(task)
    parts = [
        Part(unit, typed["goal"], typed["measure"], typed["due_at"], members.get(unit.area_id))
        for unit in typed["units"]
    ]
    try:
        made = delegate(task=task, parts=parts, by=common.user(request), now=now)
    except LedgerError as refusal:
        form.add_error(None, str(refusal))
        return shell.page(request, "lists/pass_down.html", context, status=422)
    done = _("Passed down to %(n)d units; you still answer for the whole.") % {"n": len(made)}
    return common.told(request, reverse("lists:task", args=[pk]), done)


@login_required
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    task = common.task_of(scope, pk=pk)
    if "issuer" not in acts.task_sides(task, scope, now=now) or not task.open:
        raise PermissionDenied(_("Only whoever set it puts its words right, while it is open."))
    names = ("goal", "measure", "document", "clause")
    start = {name: getattr(task, name) for name in names} | {"seen": task.version}
    form = AmendForm(request.POST or None, initial=start)
    context = {"form": form, "task": task}
    if form.is_valid():
        try:
            steering.amend(task=task, **form.cleaned_data, by=common.user(request), now=now)
        except LedgerError as refusal:
            form.add_error(None, str(refusal))
        else:
            to = reverse("lists:task", args=[pk])
            return common.told(request, to, _("Put right; both wordings stay on record."))
    status = 422 if form.is_bound else 200
    return shell.page(request, "lists/amend.html", context, status=status)


@login_required
def paste(request: HttpRequest) -> HttpResponse:
    """A table of tasks; shown with each row's verdict first, and set when that was looked at."""
    now = timezone.now()
    issuers = _issuers(common.scope(request, now))
    context: dict[str, Any] = {"most": MOST_ROWS, "heads": sheets.COLUMNS.template()}

    def kind(*args: Any) -> PasteForm:
        return PasteForm(*args, issuers=issuers)

    if request.method != "POST":
        return shell.page(request, "lists/paste.html", context | {"form": kind()})
    source, form = sent(request, kind)  # type: ignore[arg-type]
    context["form"] = form
    issuer = _issuer(request, form, issuers)
    if source is None or issuer is None:
        return shell.page(request, "lists/paste.html", context, status=422)
    try:
        preview = sheets.read(source, issuer=issuer, now=now)
    except Unreadable as error:
        context["form"] = kind()
        context["fault"] = str(error)
        return shell.page(request, "lists/paste.html", context, status=422)
    if "store" in request.POST and _stored(request, preview, issuer, now):
        return shell.go(request, reverse("lists:tasks") + "?sort=-set")
    context |= {
        "preview": preview,
        "rows": [
            (each, list(zip(preview.heads, each.cells.values(), strict=False)))
            for each in preview.lines
        ],
        "issuer": issuer,
        "source": base64.b64encode(source).decode("ascii"),
    }
    return shell.page(request, "lists/paste.html", context)


def _issuer(request: HttpRequest, form: Any, issuers: list[Unit]) -> Unit | None:
    if getattr(form, "cleaned_data", None):
        return form.cleaned_data.get("issuer")  # type: ignore[no-any-return]
    chosen = request.POST.get("issuer", "")
    return next((unit for unit in issuers if str(unit.pk) == chosen), None)


def _stored(request: HttpRequest, preview: Any, issuer: Unit, now: datetime) -> bool:
    try:
        done = bulk.dispatch(rows=preview.made, issuer=issuer, by=common.user(request), now=now)
    except LedgerError as refusal:
        messages.error(request, str(refusal))
        return False
    words = _("%(read)d read = %(new)d set + %(known)d known + %(refused)d refused.") % {
        "read": len(preview.lines),
        "new": len(done.new),
        "known": done.n_known,
        "refused": preview.n_refused,
    }
    messages.success(request, words)
    return True
