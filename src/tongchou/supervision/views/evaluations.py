"""Evaluations: asked for, the table of units, showing and publishing them, and as a file."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.ledger.registry import stage_label
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision import rights
from tongchou.supervision.actions import evaluations as actions
from tongchou.supervision.forms.reports import AskForm, ShowForm
from tongchou.supervision.models import Evaluation, Figures, State
from tongchou.supervision.queries import evaluations as queries
from tongchou.supervision.views import common

#: What the comparison of a unit says.
VERDICTS = {
    "worse": gettext_lazy("later than expected"),
    "as": gettext_lazy("as expected"),
    "better": gettext_lazy("quicker than expected"),
    "few": gettext_lazy("too few to say"),
}
#: Days of a first evaluation: a month has enough hand-offs of most units.
DAYS = 30


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    rows = queries.visible_to(mine).select_related("area", "by", "published_by").defer("snapshot")
    page = paging.keyset(rows, order=("-id",), query=request.GET)
    context = {
        "now": now,
        "page": page,
        "to_contest": list(queries.to_contest(mine, now=now)),
        "may_ask": bool(mine.roles & rights.SUPERVISE),
    }
    return shell.page(request, "supervision/evaluations.html", context)


@login_required
def ask(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    common.need_role(mine, rights.SUPERVISE)
    form = AskForm(
        request.POST or None, now=now, near=city_of(mine.paths), days=DAYS,
        area=common.top(mine, rights.SUPERVISE),
    )  # fmt: skip
    if form.is_valid():
        common.need(mine, rights.SUPERVISE, form.cleaned_data["area"].path)
        try:
            made = actions.ask(**form.cleaned_data, by=common.user(request), now=now)
        except common.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return shell.go(request, url(made))
    status = 422 if form.is_bound else 200
    return shell.page(request, "supervision/evaluation_form.html", {"form": form}, status=status)


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    if not queries.sees_all(mine, found):
        own = [row for row in queries.sorted_figures(found) if row.unit_id in mine.units]
        if not own:
            raise PermissionDenied(_("Only what is published is seen by everybody."))
        return shell.go(request, reverse("supervision:figures", args=[found.pk, own[0].unit_id]))
    return shell.page(
        request, "supervision/evaluation.html", _page(found, mine, now),
        fragment="supervision/_evaluation.html",
    )  # fmt: skip


def _page(found: Evaluation, mine: Scope, now: datetime) -> dict[str, Any]:
    rows = queries.sorted_figures(found)
    supervises = mine.may(rights.SUPERVISE, found.area_path)
    waiting = found.objections.filter(passage__closed_at=None).count()
    readable = set(queries.objections(mine).filter(evaluation=found).values_list("pk", flat=True))
    return {
        "now": now,
        "evaluation": found,
        "ranked": [row for row in rows if row.enough],
        "few": [row for row in rows if not row.enough],
        "objections": [
            (one, stage_label("objection", one.passage.stage), one.pk in readable)
            for one in found.objections.select_related("unit", "passage").order_by("-id")
        ],
        "n_compared": sum(row.n_legs for row in rows),
        "n_in_time": sum(row.n_in_time for row in rows),
        "n_waiting": waiting,
        "may_show": supervises and found.state == State.COMPUTED,
        "show_form": ShowForm(),
        "may_publish": mine.may(rights.SIGN, found.area_path) and found.state == State.SHOWN,
        "ready": not waiting and not found.stale
        and found.objections_until is not None and found.objections_until <= now,
        "may_export": bool(mine.roles & rights.EXPORT),
        "whole": found.state != State.PUBLISHED or actions.verify(found),
    }  # fmt: skip


def get(mine: Scope, pk: int) -> Evaluation:
    rows = queries.visible_to(mine).select_related("area", "by", "published_by")
    found: Evaluation = get_object_or_404(rows, pk=pk)
    return found


def url(found: Evaluation) -> str:
    return reverse("supervision:evaluation", args=[found.pk])


@login_required
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    common.need(mine, rights.SUPERVISE, found.area_path)
    form = ShowForm(request.POST)
    if not form.is_valid():
        return common.told(request, url(found), common.first_fault(form), good=False)

    def do() -> None:
        actions.show(evaluation=found, by=common.user(request), now=now, **form.cleaned_data)

    return common.attempt(request, url(found), do, _("Each unit sees its own figures now."))


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = get(mine, pk)
    common.need(mine, rights.SIGN, found.area_path)

    def do() -> None:
        actions.publish(evaluation=found, by=common.user(request), now=now)

    return common.attempt(request, url(found), do, _("Published; it does not change any more."))


@login_required
@require_POST
def export_it(request: HttpRequest, pk: int) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    common.need_role(mine, rights.EXPORT)
    found = get(mine, pk)
    if not queries.sees_all(mine, found):
        raise PermissionDenied(_("Only what is published is seen by everybody."))
    want = export.wanted(request)
    rows = queries.sorted_figures(found)
    detail = {"rows": len(rows), "reason": want.reason, "evaluation": found.pk}
    audit.record(verb="evaluation.export", subject=f"evaluation:{pk}", by=by, now=now,
                 detail=detail)  # fmt: skip
    columns = [_("Unit"), pgettext("evaluation", "Says"), _("Hand-offs compared"),
               pgettext("evaluation", "In time"), _("Expected"),
               _("Observed / expected"), _("Low"), _("High"), _("All hand-offs"),
               _("Median lateness, hours"), _("Gaps"), _("Days of gaps"), _("Returned"),
               _("Handed in"), _("Found by itself"), _("Found by others"), _("Silent"),
               _("Missing reports"), _("People"), _("Hand-offs a person")]  # fmt: skip
    return export.respond(want, str(found), columns, map(_cells, rows), now=now)


def _cells(row: Figures) -> list[Any]:
    detail, late = row.detail, row.detail["median_late_s"]
    return [
        row.name, str(VERDICTS[row.verdict]), row.n_legs, row.n_in_time, round(row.expected, 1),
        *(round(v, 3) if v is not None else None for v in (row.ratio, row.low, row.high)),
        detail["n"], round(late / 3600, 1) if late is not None else None, detail["gaps"],
        detail["gap_days"], detail["returned"], detail["judged"], detail["by_itself"],
        detail["by_others"], detail["silent"], detail["missing_reports"], detail["people"],
        detail["per_person"],
    ]  # fmt: skip
