"""Files that show a task is done: both sides add and read them."""

from datetime import datetime

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.forms import PlainText
from tongchou.ledger.errors import LedgerError
from tongchou.lists import acts, rights
from tongchou.lists.actions import filing
from tongchou.lists.models import File, Task
from tongchou.lists.views import common
from tongchou.staff import reach
from tongchou.staff.queries import Scope


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Photo or PDF"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    words = PlainText(label=gettext_lazy("What it shows"), max_length=120, required=False)


def may_see(task: Task, scope: Scope, *, now: datetime) -> bool:
    """Files may show faces: both sides, those who decide there, and supervision."""
    sides = acts.task_sides(task, scope, now=now)
    return bool(sides) or reach.covers(scope, rights.FILES, task.area)


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    task = common.task_of(scope, pk=pk)
    if not acts.task_sides(task, scope, now=now):
        raise PermissionDenied(_("This is for another unit to do."))
    to = reverse("lists:task", args=[pk]) + "#evidence"
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return common.told(request, to, why, good=False)
    # One byte more than is taken tells that it is too large, whatever else comes.
    content = form.cleaned_data["file"].read(filing.MAX_BYTES + 1)

    def do() -> None:
        filing.add(
            task=task, content=content, words=form.cleaned_data["words"],
            by=common.user(request), now=now,
        )  # fmt: skip

    return common.attempt(request, to, do, _("Kept."))


@never_cache
@login_required
@require_safe
def read(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    task = common.task_of(scope, pk=pk)
    if not may_see(task, scope, now=now):
        raise PermissionDenied(_("The files are for those who do the task and those who set it."))
    found = get_object_or_404(File.objects.select_related("task"), pk=file, task=task)
    try:
        content = filing.read(file=found, by=common.user(request), now=now)
    except LedgerError as refusal:
        raise Http404(str(refusal)) from None
    shown = "attachment" if found.media_type == "application/pdf" else "inline"
    return HttpResponse(
        content,
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'{shown}; filename="{filing.file_name(found)}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
