"""Notices: drafted, edited, counted anew, signed; each number leads to its rows."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision import noticing, rights
from tongchou.supervision.actions import notices as actions
from tongchou.supervision.forms.reports import DraftForm, EditForm, SeenForm
from tongchou.supervision.models import Finding, Inspection, Notice
from tongchou.supervision.queries import findings, inspections
from tongchou.supervision.queries import notices as queries
from tongchou.supervision.views import common
from tongchou.supervision.views.findings import lines as finding_lines
from tongchou.supervision.views.inspections import lines as inspection_lines

LABELS = {
    "inspected": gettext_lazy("inspections reported"),
    "self_checks": gettext_lazy("of them self-checks"),
    "units": gettext_lazy("units inspected"),
    "found": gettext_lazy("found wrong"),
    "urgent": gettext_lazy("red lines"),
    "self_found": gettext_lazy("found by the units themselves"),
    "repeated": gettext_lazy("found before"),
    "in_time": gettext_lazy("mended in time"),
    "mended_late": gettext_lazy("mended late"),
    "overdue": gettext_lazy("overdue"),
    "under_way": pgettext_lazy("notice", "under way"),
}
UNITS = {
    "good": gettext_lazy("Good practice"),
    "self_found": gettext_lazy("Found their own"),
    "overdue": gettext_lazy("Overdue"),
    "left": gettext_lazy("Overdue from before"),
    "repeated": gettext_lazy("Found again"),
    "urgent": gettext_lazy("Red lines"),
}


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    rows = queries.visible_to(mine).select_related("area", "by", "signed_by").defer("facts", "text")
    page = paging.keyset(rows, order=("-id",), query=request.GET)
    context = {"now": now, "page": page, "may_draft": bool(mine.roles & rights.SUPERVISE)}
    return shell.page(request, "supervision/notices.html", context)


@login_required
def draft(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    common.need_role(mine, rights.SUPERVISE)
    form = DraftForm(
        request.POST or None, now=now, near=city_of(mine.paths),
        area=common.top(mine, rights.SUPERVISE),
    )  # fmt: skip
    if form.is_valid():
        common.need(mine, rights.SUPERVISE, form.cleaned_data["area"].path)
        try:
            made = actions.draft(**form.cleaned_data, by=common.user(request), now=now)
        except common.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return shell.go(request, _url(made))
    status = 422 if form.is_bound else 200
    return shell.page(request, "supervision/notice_form.html", {"form": form}, status=status)


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return shell.page(request, "supervision/notice.html", _page(_get(mine, pk), mine, now))


@login_required
@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    common.need(mine, rights.SUPERVISE, found.area_path)
    form = EditForm(request.POST)
    if form.is_valid():
        try:
            actions.edit(notice=found, by=common.user(request), now=now, **form.cleaned_data)
        except common.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return common.told(request, _url(found), _("Kept."))
    context = _page(found, mine, now) | {"edit_form": form}
    return shell.page(request, "supervision/notice.html", context, status=422)


@login_required
@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    common.need(mine, rights.SUPERVISE, found.area_path)

    def do() -> None:
        actions.recount(notice=found, by=common.user(request), now=now)

    return common.attempt(request, _url(found), do, _("Counted anew."))


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    common.need(mine, rights.SIGN, found.area_path)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return common.told(request, _url(found), common.first_fault(form), good=False)

    def do() -> None:
        actions.sign(notice=found, by=common.user(request), now=now, seen=form.cleaned_data["seen"])

    return common.attempt(request, _url(found), do, _("Signed; it does not change any more."))


@login_required
@require_safe
def rows(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What one number of a notice counted, row by row, as it was counted."""
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    behind = queries.rows_behind(found, key)
    if behind is None:
        raise Http404(_("This notice has no such number."))
    if not mine.roles & rights.OVERSEE:
        raise PermissionDenied(_("The rows are for those who oversee the area."))
    kind, keys = behind
    context: dict[str, Any] = {"now": now, "notice": found, "key": key, "n": len(keys)}
    if kind == "inspection":
        known = Inspection.objects.filter(pk__in=keys) & inspections.visible_to(mine)
        page = paging.keyset(known, order=("-id",), query=request.GET)
        context |= {"page": page, "inspections": inspection_lines(inspections.dress(page.rows))}
    else:
        of_findings = Finding.objects.filter(pk__in=keys) & findings.visible_to(mine)
        found_page = paging.keyset(of_findings, order=("-id",), query=request.GET)
        context |= {"page": found_page,
                    "findings": finding_lines(findings.dress(found_page.rows))}  # fmt: skip
    return shell.page(request, "supervision/notice_rows.html", context)


def _get(mine: Scope, pk: int) -> Notice:
    found: Notice = get_object_or_404(
        queries.visible_to(mine).select_related("area", "by", "signed_by"), pk=pk
    )
    return found


def _url(found: Notice) -> str:
    return reverse("supervision:notice", args=[found.pk])


def _page(found: Notice, mine: Scope, now: datetime) -> dict[str, Any]:
    may_edit = found.signed_at is None and mine.may(rights.SUPERVISE, found.area_path)
    facts = found.facts
    return {
        "now": now,
        "notice": found,
        "paragraphs": noticing.paragraphs(found.text, facts),
        "numbers": [(LABELS.get(key, key), fact) for key, fact in facts["numbers"].items()],
        "units": [
            (
                key,
                UNITS[key],
                [one | {"key": f"{key}-{one['unit']}"} for one in facts["units"][key]],
            )
            for key in UNITS
            if facts["units"].get(key)  # one of before knew fewer lists
        ],
        "items": facts["items"],
        "known": " ".join(noticing.known(facts)),
        "may_edit": may_edit,
        "may_sign": found.signed_at is None and mine.may(rights.SIGN, found.area_path),
        "may_look": bool(mine.roles & rights.OVERSEE),
        "edit_form": EditForm(
            initial={"title": found.title, "text": found.text, "seen": found.n_edits}
        ),
        "whole": found.signed_at is None or actions.verify(found),
    }
