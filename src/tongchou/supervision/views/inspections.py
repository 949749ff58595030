"""Inspections: the list, planning, and the page on which one is filled in on a phone."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.ledger import turns
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision import rights
from tongchou.supervision.actions import plans, reporting
from tongchou.supervision.forms.inspections import (
    CancelForm,
    InspectionFilter,
    LookBackForm,
    ReportForm,
)
from tongchou.supervision.models import Inspection
from tongchou.supervision.queries import inspections as queries
from tongchou.supervision.views import common


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = InspectionFilter(request.GET, near=city_of(mine.paths))
    rows = queries.listed(mine, form.wanted, now=now)
    page = paging.keyset(rows, order=("-id",), query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "inspections": lines(queries.dress(page.rows)),
        "may_export": bool(mine.roles & rights.EXPORT),
        "may_plan": bool(mine.roles & rights.PLAN),
    }
    return shell.page(
        request,
        "supervision/inspections.html",
        context,
        fragment="supervision/_inspection_table.html",
    )


def lines(rows: list[Inspection]) -> list[tuple[Inspection, Any]]:
    """Inspections as the lists show them, each with the name of its stage."""
    return [(row, stage_label("inspection", row.passage.stage)) for row in rows]


@login_required
@require_POST
def export_them(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    common.need_role(mine, rights.EXPORT)
    want = export.wanted(request)
    form = InspectionFilter(request.POST, near=city_of(mine.paths))
    rows = queries.dressed(queries.listed(mine, form.wanted, now=now)).order_by("id")
    detail = {"rows": rows.count(), "reason": want.reason}
    audit.record(verb="inspection.export", subject="inspections", by=by, now=now, detail=detail)
    columns = [_("Number"), _("Kind"), _("Checklist"), _("Version"), _("Unit"), _("Place"),
               _("Area"), _("Unit that inspects"), _("To be done by"), _("Stage"), _("Reported"),
               _("Score"), _("Items wrong"), _("Red lines")]  # fmt: skip
    return export.respond(want, "inspections", columns, map(_cells, rows), now=now)


def _cells(row: Inspection) -> list[Any]:
    return [
        row.number, row.get_kind_display(), str(row.checklist), row.checklist.version,
        row.unit.name, row.place.name if row.place else "", row.area.name, row.team.name,
        row.until_on, stage_label("inspection", row.passage.stage), row.reported_at,
        round(row.score, 3) if row.score is not None else None, row.n_no, row.n_red,
    ]  # fmt: skip


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    return shell.page(request, "supervision/inspection.html", context_of(request, found, mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("supervision:inspection", get_object_or_404(Inspection, passage=pk).pk)


def get(mine: Scope, pk: int) -> Inspection:
    found: Inspection = get_object_or_404(queries.dressed(queries.visible_to(mine)), pk=pk)
    return found


def url(found: Inspection) -> str:
    return reverse("supervision:inspection", args=[found.pk])


def may_fill(found: Inspection, mine: Scope) -> bool:
    leg = common.leg_of(found.passage)
    return leg is not None and turns.may_sign(leg, mine)


def need_fill(found: Inspection, mine: Scope) -> None:
    if found.passage.closed_at is None and not may_fill(found, mine):
        raise PermissionDenied(_("Only the unit that inspects fills this in."))


def context_of(
    request: HttpRequest, found: Inspection, mine: Scope, now: datetime, **more: Any
) -> dict[str, Any]:
    rows, leg = queries.rows(found), common.leg_of(found.passage)
    return {
        "inspection": found,
        "now": now,
        "stage": stage_label("inspection", found.passage.stage),
        "leg": leg,
        # Somebody else answers for it than was named: nobody of that unit is on post.
        "absent": leg is not None and leg.unit_id != found.team_id,
        "rows": rows,
        "n_answered": sum(row.answer is not None for row in rows),
        "may_fill": leg is not None and turns.may_sign(leg, mine),
        "may_cancel": leg is not None
        and (turns.may_sign(leg, mine) or mine.may(rights.PLAN, found.area_path)),
        "may_look_back": found.reported_at is not None
        and found.n_no > 0
        and bool(_teams(mine, found)),
        "report_form": ReportForm(),
        "cancel_form": CancelForm(),
        "look_back_form": LookBackForm(now=now),
        "findings": list(found.findings.select_related("passage").order_by("id")),
        "way": timeline_context(found.passage, request, now),
        "reader": common.user(request).pk,
    } | more


def _teams(mine: Scope, found: Inspection) -> list[int]:
    """The reader's units that may look back: supervision's, in this area."""
    return [
        unit
        for role, path, unit in mine.posts
        if role in rights.PLAN and found.area_path.startswith(path) and unit != found.unit_id
    ]


@login_required
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    need_fill(found, mine)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return common.told(request, url(found), common.first_fault(form), good=False)
    try:
        done = reporting.report(
            inspection=found, by=common.user(request), now=now, remark=form.cleaned_data["remark"]
        )
    except common.REFUSALS as refusal:
        return common.told(request, url(found), refusal, good=False)
    return common.told(request, url(found), _said(done))


def _said(done: reporting.Reported) -> str:
    n = len(done.new)
    words = ngettext("Reported: %(n)d finding goes to the unit.",
                     "Reported: %(n)d findings go to the unit.", n) % {"n": n}  # fmt: skip
    if done.passed or done.sent_back:
        words += " " + _("%(passed)d passed, %(back)d sent back.") % {
            "passed": len(done.passed), "back": len(done.sent_back),
        }  # fmt: skip
    return words


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    leg = common.leg_of(found.passage)
    if leg is not None and not turns.may_sign(leg, mine):
        common.need(mine, rights.PLAN, found.area_path)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return common.told(request, url(found), common.first_fault(form), good=False)

    def do() -> None:
        plans.cancel(inspection=found, by=common.user(request), now=now, **form.cleaned_data)

    return common.attempt(request, url(found), do, _("Cancelled."))


@login_required
@require_POST
def look_back(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    teams, form = _teams(mine, found), LookBackForm(request.POST, now=now)
    if not teams:
        raise PermissionDenied(_("Your post does not do this here."))
    if not form.is_valid():
        return common.told(request, url(found), common.first_fault(form), good=False)
    team = common.own_units(mine).get(pk=teams[0])

    def do() -> None:
        plans.look_back(
            inspection=found, team=team, by=common.user(request), now=now, **form.cleaned_data
        )

    return common.attempt(request, url(found), do, _("A look back is planned."))
