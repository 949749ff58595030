"""A unit's own figures with the rows behind them, objections to them, and rulings."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.ledger import turns
from tongchou.ledger.registry import registered, stage_label
from tongchou.ledger.views import timeline_context
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision.actions import objections as actions
from tongchou.supervision.errors import TooEarly
from tongchou.supervision.forms.reports import ContestForm, RuleForm
from tongchou.supervision.models import Evaluation, Figures, Objection, State
from tongchou.supervision.queries import evaluations as queries
from tongchou.supervision.views import common
from tongchou.supervision.views.evaluations import get

WHICH = ("", "late", "open")


@login_required
@require_safe
def figures(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found, row = _row(mine, pk, unit)
    return shell.page(request, "supervision/figures.html", _page(found, row, mine, now))


def _row(mine: Scope, pk: int, unit: int) -> tuple[Evaluation, Figures]:
    """The figures of a unit, for that unit and for those who see all."""
    found = get(mine, pk)
    if unit not in mine.units and not queries.sees_all(mine, found):
        raise PermissionDenied(_("A unit sees its own figures only, until they are published."))
    return found, get_object_or_404(queries.figures(found), unit=unit)


def _may_contest(found: Evaluation, unit: int, mine: Scope, now: datetime) -> bool:
    until = found.objections_until
    return unit in mine.units and found.state == State.SHOWN and until is not None and now <= until


def _page(found: Evaluation, row: Figures, mine: Scope, now: datetime) -> dict[str, Any]:
    stages = [
        stage
        | {
            "loop_label": registered(stage["loop"]).label if _known(stage["loop"]) else "",
            "stage_label": stage_label(stage["loop"], stage["stage"]),
        }
        for stage in row.detail["stages"]
    ]
    return {
        "now": now,
        "evaluation": found,
        "row": row,
        "detail": row.detail,
        "stages": stages,
        "own": row.unit_id in mine.units,
        "own_units": _own_units(found, mine) if row.unit_id in mine.units else [],
        "may_contest": _may_contest(found, row.unit_id, mine, now),
        "form": ContestForm(),
        "objections": [
            (one, stage_label("objection", one.passage.stage))
            for one in found.objections.filter(unit=row.unit_id).select_related("passage")
        ],
    }


def _own_units(found: Evaluation, mine: Scope) -> list[Figures]:
    """The units that somebody with several posts answers for, the latest first."""
    return [each for each in queries.sorted_figures(found) if each.unit_id in mine.units]


def _known(loop: str) -> bool:
    try:
        registered(loop)
    except KeyError:  # a loop that a later version has given up
        return False
    return True


@login_required
def legs(request: HttpRequest, pk: int, unit: int, loop: str, stage: str) -> HttpResponse:
    """The hand-offs behind the figures of one stage; one's own are ticked and contested here."""
    now = timezone.now()
    mine = common.scope(request, now)
    found, row = _row(mine, pk, unit)
    form = ContestForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if form.is_valid() and not form.cleaned_data["legs"]:
            form.add_error(
                None, _("Tick what is wrong; the figures as a whole are contested on their page.")
            )
        if (done := _contested(request, found, row, form, mine, now)) is not None:
            return done
    asked = request.GET.get("which", "late")
    which = asked if asked in WHICH else "late"
    rows = queries.legs(found, unit=unit, loop=loop, stage=stage, which=which)
    page = paging.keyset(rows, order=("due_at", "id"), query=request.GET)
    context = {
        "now": now, "evaluation": found, "row": row, "page": page, "which": which,
        "loop": loop, "stage": stage, "stage_label": stage_label(loop, stage),
        "may_contest": _may_contest(found, unit, mine, now), "form": form,
        "ticked": set(form.cleaned_data.get("legs", ())) if form.is_bound else (),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return shell.page(request, "supervision/legs.html", context, status=status)


@login_required
@require_POST
def contest(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found, row = _row(mine, pk, unit)
    form = ContestForm(request.POST)
    if (done := _contested(request, found, row, form, mine, now)) is not None:
        return done
    context = _page(found, row, mine, now) | {"form": form}
    return shell.page(request, "supervision/figures.html", context, status=422)


def _contested(
    request: HttpRequest,
    found: Evaluation,
    row: Figures,
    form: ContestForm,
    mine: Scope,
    now: datetime,
) -> HttpResponse | None:
    """Contest, and lead to the figures; nothing where the form has to be shown again."""
    if row.unit_id not in mine.units:
        raise PermissionDenied(_("Only the unit itself contests its figures."))
    if not form.is_valid():
        return None
    to = reverse("supervision:figures", args=[found.pk, row.unit_id])
    by, typed = common.user(request), form.cleaned_data
    try:
        actions.make(evaluation=found, unit=row.unit, by=by, now=now, **typed)
    except TooEarly as refusal:  # there is no form any more
        return common.told(request, to, refusal, good=False)
    except common.REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return None
    return common.told(request, to, _("Contested. Supervision rules on it."))


# --- objections ----------------------------------------------------------------------------------


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    page = paging.keyset(queries.objections(mine), order=("-id",), query=request.GET)
    rows = [(one, stage_label("objection", one.passage.stage)) for one in page.rows]
    context = {"now": now, "page": page, "rows": rows}
    return shell.page(request, "supervision/objections.html", context)


@login_required
@require_safe
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found: Objection = get_object_or_404(queries.objections(mine), pk=pk)
    return shell.page(
        request, "supervision/objection.html", _objection_page(request, found, mine, now)
    )


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("supervision:objection", get_object_or_404(Objection, passage=pk).pk)


def _objection_page(
    request: HttpRequest, found: Objection, mine: Scope, now: datetime, **more: Any
) -> dict[str, Any]:
    leg = common.leg_of(found.passage)
    disputed = found.disputed.select_related("handoff__passage").order_by("handoff__due_at")
    return {
        "now": now,
        "objection": found,
        "stage": stage_label("objection", found.passage.stage),
        "leg": leg,
        "disputed": [
            (one.handoff, stage_label(one.handoff.loop, one.handoff.stage))
            for one in disputed[:200]
        ],
        "n_disputed": disputed.count(),
        "may_rule": leg is not None
        and turns.may_sign(leg, mine)
        and found.unit_id not in mine.units
        and found.by_id != common.user(request).pk,
        "form": RuleForm(initial={"leg": found.passage.n_legs}),
        "way": timeline_context(found.passage, request, now),
    } | more


@login_required
@require_POST
def rule(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found: Objection = get_object_or_404(queries.objections(mine), pk=pk)
    leg = common.leg_of(found.passage)
    if leg is not None and not turns.may_sign(leg, mine):
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    form = RuleForm(request.POST)
    if not form.is_valid():
        context = _objection_page(request, found, mine, now, form=form)
        return shell.page(request, "supervision/objection.html", context, status=422)

    def do() -> None:
        seen(found.passage, form.cleaned_data["leg"])
        actions.rule(
            objection=found, upheld=to == "upheld", reason=form.cleaned_data["reason"],
            by=common.user(request), now=now,
        )  # fmt: skip

    there = reverse("supervision:objection", args=[pk])
    return common.attempt(request, there, do, _("Ruled; the unit sees the reason."))
