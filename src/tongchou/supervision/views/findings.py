"""Findings: the list, the page of one with its photos and its acts, and what several units have."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.cases.fields import city_of
from tongchou.ledger import turns
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.lists.models import Evidence
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision import acts, rights
from tongchou.supervision.actions import rectifying
from tongchou.supervision.forms.inspections import ActForm, CommonForm, FindingFilter
from tongchou.supervision.models import Finding, Inspection
from tongchou.supervision.queries import findings as queries
from tongchou.supervision.queries import inspections
from tongchou.supervision.views import common
from tongchou.supervision.views.filling import keep


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = FindingFilter(request.GET, near=city_of(mine.paths))
    rows = queries.pressed(queries.listed(mine, form.wanted, now=now), now=now)
    page = paging.keyset(rows, order=queries.ORDER, query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "findings": lines(queries.dress(page.rows)),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(
        request, "supervision/findings.html", context, fragment="supervision/_finding_table.html"
    )


def lines(rows: list[Finding]) -> list[tuple[Finding, Any]]:
    """Findings as the lists show them, each with the name of its stage."""
    return [(row, stage_label(row.passage.loop, row.passage.stage)) for row in rows]


@login_required
@require_POST
def export_them(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    common.need_role(mine, rights.EXPORT)
    want = export.wanted(request)
    form = FindingFilter(request.POST, near=city_of(mine.paths))
    rows = queries.dressed(queries.listed(mine, form.wanted, now=now)).order_by("id")
    detail = {"rows": rows.count(), "reason": want.reason}
    audit.record(verb="finding.export", subject="findings", by=by, now=now, detail=detail)
    columns = [_("Number"), pgettext("finding", "Found"), _("Unit"), _("Place"), _("Area"),
               pgettext("finding", "Asked"), _("What was seen"),
               pgettext("finding", "Severity"), _("Found by the unit itself"),
               _("Found before"), _("Stage"), _("Due"), _("Inspection")]  # fmt: skip
    return export.respond(want, "findings", columns, map(_cells, rows), now=now)


def _cells(row: Any) -> list[Any]:
    return [
        row.number, row.found_at, row.unit.name, row.place.name if row.place else "",
        row.area.name, row.question, row.what, row.get_severity_display(), row.self_found,
        row.n_before, stage_label(row.passage.loop, row.passage.stage), row.due_at,
        row.inspection.number,
    ]  # fmt: skip


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return shell.page(
        request, "supervision/finding.html", _page(request, _get(mine, pk), mine, now)
    )


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("supervision:finding", get_object_or_404(Finding, passage=pk).pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found, wanted = _get(mine, pk), acts.ACTS.get(to)
    if wanted is None:
        raise Http404
    leg = common.leg_of(found.passage)
    if leg is not None and not turns.may_sign(leg, mine):
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    form = wanted.form(request.POST, prefix=to)
    if not form.is_valid():
        context = _page(request, found, mine, now, refused=form)
        return shell.page(request, "supervision/finding.html", context, status=422)
    typed = dict(form.cleaned_data)

    def do() -> None:
        seen(found.passage, typed.pop("leg"))
        wanted.verb(finding=found, by=common.user(request), now=now, **typed)

    return common.attempt(request, _url(found), do, wanted.done)


@login_required
@require_POST
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo of how it looks now, from the unit that mends it."""
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    leg = common.leg_of(found.passage)
    if leg is None or not turns.may_sign(leg, mine):
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    where = Inspection.objects.select_related("checklist", "passage").get(pk=found.inspection_id)
    fault = keep(request, where, found.item, now, when="after")
    return common.told(request, _url(found), fault or _("Kept."), good=not fault)


def _get(mine: Scope, pk: int) -> Finding:
    found: Finding = get_object_or_404(queries.dressed(queries.visible_to(mine)), pk=pk)
    return found


def _url(found: Finding) -> str:
    return reverse("supervision:finding", args=[found.pk])


def _page(
    request: HttpRequest, found: Finding, mine: Scope, now: datetime, refused: ActForm | None = None
) -> dict[str, Any]:
    leg = common.leg_of(found.passage)
    by = common.user(request)
    own = queries.is_own(found, by, now) or queries.mended_by(found, by)
    taken = inspections.photos([found.inspection_id]).get((found.inspection_id, found.item), [])
    return {
        "finding": found,
        "now": now,
        "stage": stage_label(found.passage.loop, found.passage.stage),
        "leg": leg,
        "absent": leg is not None and leg.stage == "found" and leg.unit_id != found.unit_id,
        "offers": acts.offers(leg, mine, own=own, refused=refused),
        "for_others": own and leg is not None and leg.stage == "rectified",
        "base": _url(found) + "act/",
        "before": [photo for photo in taken if photo.when == "found"],
        "after": [photo for photo in taken if photo.when == "after"],
        "may_photo": leg is not None and leg.stage == "found" and turns.may_sign(leg, mine),
        "problem": Evidence.objects.filter(passage=found.passage_id, problem__isnull=False)
        .select_related("problem")
        .order_by("-id")
        .first(),
        "way": timeline_context(found.passage, request, now),
    }


# --- what several units have wrong ---------------------------------------------------------------


@login_required
@require_safe
def in_common(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    rows = queries.common(mine, since=now - timedelta(days=90))
    context = {"now": now, "rows": rows, "may_raise": bool(mine.roles & rights.SUPERVISE)}
    return shell.page(request, "supervision/common.html", context)


@login_required
def raise_it(request: HttpRequest, checklist: str, item: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    common.need_role(mine, rights.SUPERVISE)
    found = queries.to_raise(mine, checklist=checklist, item=item, since=now - timedelta(days=90))
    if not found:
        raise Http404(_("Nothing of this kind was found lately."))
    form = CommonForm(request.POST or None, initial=_first_words(found))
    if form.is_valid():
        area = common.top(mine, rights.SUPERVISE)
        assert area is not None
        units = [unit for role, _path, unit in mine.posts if role in rights.SUPERVISE]
        try:
            problem = rectifying.raise_common(
                findings=found, area=area, by=common.user(request), now=now,
                found_unit=common.own_units(mine).filter(pk__in=units).first(),
                **form.cleaned_data,
            )  # fmt: skip
        except common.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("On the list of problems: %(number)s.") % {"number": problem.number}
            return common.told(request, reverse("supervision:common"), words)
    status = 422 if form.is_bound else 200
    context = {"form": form, "findings": found, "now": now}
    return shell.page(request, "supervision/raise.html", context, status=status)


def _first_words(found: list[Finding]) -> dict[str, str]:
    units = list(dict.fromkeys(one.unit.name for one in found))
    what = _("Found %(n)d times at %(units)s.") % {"n": len(found), "units": "、".join(units)}
    return {"title": found[-1].asked[:100], "what": what}
