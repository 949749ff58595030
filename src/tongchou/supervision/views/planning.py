"""Plans: what is under way, a new plan, and a unit that looks at itself."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.cases.fields import city_of
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision import rights
from tongchou.supervision.actions import checklists, plans
from tongchou.supervision.forms.inspections import PlanForm, SelfCheckForm
from tongchou.supervision.models import Kind
from tongchou.supervision.queries import inspections as queries
from tongchou.supervision.views import common
from tongchou.supervision.views.inspections import lines


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    page = paging.keyset(queries.plans(mine), order=("-id",), query=request.GET)
    context = {"now": now, "page": page, "may_plan": bool(mine.roles & rights.PLAN)}
    return shell.page(request, "supervision/plans.html", context)


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    plan = get_object_or_404(queries.plans(mine), pk=pk)
    rows = queries.visible_to(mine).filter(plan=plan)
    page = paging.keyset(rows, order=("-id",), query=request.GET)
    context = {"now": now, "plan": plan, "page": page,
               "inspections": lines(queries.dress(page.rows))}  # fmt: skip
    return shell.page(request, "supervision/plan.html", context)


@login_required
def add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    common.need_role(mine, rights.PLAN)
    checklists.stand(now=now)
    form = PlanForm(
        request.POST or None, units=common.units_in(mine), places=common.places_in(mine),
        near=city_of(mine.paths),
        initial={"area": common.top(mine, rights.PLAN), "team": _own(mine)},
    )  # fmt: skip
    if form.is_valid():
        common.need(mine, rights.PLAN, form.cleaned_data["area"].path)
        try:
            return _planned(request, form, now)
        except common.REFUSALS as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return shell.page(request, "supervision/plan_form.html", {"form": form}, status=status)


def _own(mine: Scope) -> int | None:
    """The unit that plans: mostly it inspects as well."""
    return next((unit for role, _path, unit in mine.posts if role in rights.PLAN), None)


def _planned(request: HttpRequest, form: PlanForm, now: datetime) -> HttpResponse:
    typed: dict[str, Any] = {
        name: value for name, value in form.cleaned_data.items() if name not in ("units", "places")
    }
    made = plans.plan(**typed, targets=form.targets, by=common.user(request), now=now)
    to = reverse("supervision:plan", args=[made.pk])
    return common.told(request, to, _("Planned: %(n)d inspections.") % {"n": len(form.targets)})


@login_required
def check_ourselves(request: HttpRequest) -> HttpResponse:
    """A unit looks at itself now: plan, go to the page, fill in."""
    now = timezone.now()
    mine = common.scope(request, now)
    if not mine.units:
        raise PermissionDenied(_("Who is on no post has no unit to look at."))
    checklists.stand(now=now)
    units = common.own_units(mine)
    form = SelfCheckForm(
        request.POST or None, units=units, places=common.places_in(mine),
        initial={"unit": units.first()},
    )  # fmt: skip
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return shell.page(request, "supervision/self_check.html", {"form": form}, status=status)
    typed = form.cleaned_data
    unit, checklist = typed["unit"], typed["checklist"]
    made = plans.plan(
        title=f"{unit.name[:50]} · {Kind.SELF_CHECK.label}", kind=Kind.SELF_CHECK,
        checklist=checklist, area=unit.area, until_on=timezone.localdate(now),
        targets=[plans.Target(unit, typed["place"])], by=common.user(request), now=now,
    )  # fmt: skip
    return shell.go(request, reverse("supervision:inspection", args=[made.inspections.get().pk]))
