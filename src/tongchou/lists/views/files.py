"""Files that show a task is done: both sides add and read them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger.errors import LedgerError
from tongchou.lists import acts
from tongchou.lists.actions import filing
from tongchou.lists.forms.files import FileForm
from tongchou.lists.models import File
from tongchou.lists.views import common
from tongchou.lists.views.tasks import page


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
    if form.is_valid():
        # One byte more than is taken tells that it is too large, whatever else comes.
        content = form.cleaned_data["file"].read(filing.MAX_BYTES + 1)
        words, by = form.cleaned_data["words"], common.user(request)
        try:
            filing.add(task=task, content=content, words=words, by=by, now=now)
        except LedgerError as refusal:
            form.add_error("file", str(refusal))
        else:
            return common.told(request, to, _("Kept."))
    # Below the fold a message at the top of the page would not be seen: the form itself says it.
    return page(request, task, scope, now, file=form)


@never_cache
@login_required
@require_safe
def read(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    task = common.task_of(scope, pk=pk)
    if not acts.may_see_files(task, scope, now=now):
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
