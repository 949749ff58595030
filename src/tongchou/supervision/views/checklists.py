"""Checklists: those in use, one with its items and what changed, and issuing a version."""

from difflib import unified_diff

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.shell import views as shell
from tongchou.supervision import rights
from tongchou.supervision.actions import checklists as actions
from tongchou.supervision.errors import BadChecklist
from tongchou.supervision.forms.inspections import ChecklistForm, newest
from tongchou.supervision.models import Checklist, Inspection
from tongchou.supervision.views import common


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    actions.stand(now=now)
    context = {
        "now": now,
        "rows": newest().select_related("by").order_by("slug"),
        "may_issue": bool(mine.roles & rights.CHECKLISTS),
    }
    return shell.page(request, "supervision/checklists.html", context)


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get_object_or_404(Checklist.objects.select_related("by"), pk=pk)
    others = Checklist.objects.filter(slug=found.slug).defer("text").order_by("-version")
    before = Checklist.objects.filter(slug=found.slug, version=found.version - 1).first()
    context = {
        "now": now,
        "checklist": found,
        "versions": others,
        "changes": _changes(before, found) if before else [],
        "n_open": Inspection.objects.filter(checklist=found, passage__closed_at=None).count(),
        "may_issue": bool(mine.roles & rights.CHECKLISTS),
    }
    return shell.page(request, "supervision/checklist.html", context)


def _changes(before: Checklist, after: Checklist) -> list[str]:
    lines = unified_diff(before.text.splitlines(), after.text.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@login_required
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version of a checklist, or another one where its short name is new."""
    now = timezone.now()
    mine = common.scope(request, now)
    common.need_role(mine, rights.CHECKLISTS)
    found = get_object_or_404(Checklist, pk=pk)
    form = ChecklistForm(request.POST or None, initial={"text": found.text})
    if form.is_valid():
        try:
            made = actions.issue(**form.cleaned_data, by=common.user(request), now=now)
        except BadChecklist as refusal:
            for fault in refusal.faults:
                form.add_error("text", fault)
        else:
            to = reverse("supervision:checklist", args=[made.pk])
            words = _("Version %(n)d is in force. Open inspections keep theirs.")
            return common.told(request, to, words % {"n": made.version})
    status = 422 if form.is_bound else 200
    context = {"form": form, "checklist": found}
    return shell.page(request, "supervision/checklist_form.html", context, status=status)
