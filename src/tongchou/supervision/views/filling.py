"""One item of a checklist at a time: its answer, its photos. Every post may come twice or late."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.people import pictures
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision.actions import answers, photos
from tongchou.supervision.forms.inspections import AnswerForm
from tongchou.supervision.models import Inspection, Photo
from tongchou.supervision.queries import findings, inspections
from tongchou.supervision.views import common
from tongchou.supervision.views.inspections import get, need_fill, url


@login_required
@require_POST
def answer(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    need_fill(found, mine)
    data = request.POST.copy()
    data.setdefault("value", data.get("current", ""))  # a note that was changed presses no button
    form = AnswerForm(data)
    fault = "" if form.is_valid() else common.first_fault(form)
    if not fault:
        try:
            answers.answer(
                inspection=found, item=item, by=common.user(request), now=now, **form.cleaned_data
            )
        except common.REFUSALS as refusal:
            fault = str(refusal)
    return _item(request, found, item, now, fault=fault, typed=data)


@login_required
@require_POST
def photo(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    need_fill(found, mine)
    fault = keep(request, found, item, now)
    return _item(request, found, item, now, fault=fault, typed=request.POST)


def keep(
    request: HttpRequest, found: Inspection, item: str, now: datetime, when: str = "found"
) -> str:
    """Keep what was sent as photos; returns what is wrong with it, or nothing."""
    sent = request.FILES.getlist("photo")
    if not sent:
        return _("Choose a photo first.")
    if item not in {one.key for one in found.checklist.items}:
        raise Http404
    try:
        for file in sent:
            # One byte more than is taken tells that it is too large, whatever else comes.
            content = file.read(pictures.MAX_BYTES + 1)
            photos.add(
                inspection=found, item=item, content=content, when=when,
                by=common.user(request), now=now,
            )  # fmt: skip
    except common.REFUSALS as refusal:
        return str(refusal)
    return ""


def _item(
    request: HttpRequest, found: Inspection, item: str, now: datetime, *, fault: str, typed: Any
) -> HttpResponse:
    """The item as it stands now; whole pages go back to it."""
    if not shell.wants_fragment(request):
        to = f"{url(found)}#item-{item}"
        return common.told(request, to, fault or _("Kept."), good=not fault)
    rows = inspections.rows(found)
    row = next((row for row in rows if row.item.key == item), None)
    if row is None:
        raise Http404
    context = {
        "inspection": found, "row": row, "now": now, "may_fill": True, "fault": fault,
        "typed": typed.get("note", "") if fault else None, "wish": typed.get("value", ""),
        "n_answered": sum(one.answer is not None for one in rows), "n_items": len(rows),
        "reader": common.user(request).pk, "alone": True,
    }  # fmt: skip
    return shell.page(request, "supervision/_item.html", context, status=422 if fault else 200)


@login_required
@require_safe
def show_photo(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get_object_or_404(Photo.objects.select_related("inspection"), pk=pk)
    if not _may_see(found, mine):
        raise PermissionDenied(_("This is outside the areas you answer for."))
    try:
        content = photos.read(photo=found, by=common.user(request), now=now)
    except common.REFUSALS as refusal:
        raise Http404(str(refusal)) from None
    return HttpResponse(
        content,
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{photos.file_name(found)}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _may_see(found: Photo, mine: Scope) -> bool:
    if inspections.visible_to(mine).filter(pk=found.inspection_id).exists():
        return True
    rows = findings.visible_to(mine).filter(inspection=found.inspection_id, item=found.item)
    return rows.exists()
