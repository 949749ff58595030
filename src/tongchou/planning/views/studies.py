"""A study: how far it is, what it found, its figures as a file, and stopping it."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.areas.models import Boundary
from tongchou.planning import queries, questions, rights, showing
from tongchou.planning.actions import studies as actions
from tongchou.planning.drawing.playback import EDGES, day_of
from tongchou.planning.findings import LEVELS, Summary
from tongchou.planning.models import State, Study
from tongchou.planning.views import common, plans
from tongchou.records import audit
from tongchou.shell import export
from tongchou.shell import views as shell


@never_cache
@login_required
@require_safe
def study(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.study(looking, pk)
    context = _page(looking, found)
    if found.result is None:
        return shell.page(request, "planning/study.html", context)
    if found.is_plan:
        context |= plans.front(request, found)
        return shell.page(request, "planning/study.html", context)
    if not found.is_simulated:
        context["answer"] = questions.table(found.result, common.language())
        return shell.page(request, "planning/study.html", context)
    summary = Summary.from_facts(found.result)
    context |= {
        "summary": summary,
        "stands_for": showing.stands_for(summary, found.scenario),
        "fans": showing.fans(summary, found.scenario, today=looking.today),
        "lines": showing.headlines(summary),
        "missed": showing.missed(summary),
        "bill": showing.bill(summary),
    }
    return shell.page(request, "planning/study.html", context)


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.study(looking, pk)
    response = shell.page(request, "planning/_progress.html", _page(looking, found))
    if not found.waits:
        response["HX-Redirect"] = reverse("planning:study", args=[found.pk])
    return response


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.study(looking, pk)
    looking = common.making(request, found.scenario.area_id)
    return common.attempt(
        request,
        reverse("planning:study", args=[pk]),
        lambda: actions.cancel(study=found, by=looking.user, now=looking.now),
        _("Stopped; nothing of it is kept."),
    )


@login_required
@require_safe
def playback(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it is, day by day: one run of the study, the one in the middle."""
    looking = common.at(request)
    found = common.study(looking, pk)
    districts = Summary.from_facts(found.result or {}).districts if _drawable(found) else None
    if districts is None:
        raise Http404(_("This study has no map."))
    last = len(districts.infections) - 1
    asked = request.GET.get("day", "0")
    day = min(int(asked), last) if asked.isdecimal() else 0
    outlines = dict(
        Boundary.objects.filter(area_id__in=districts.codes).values_list("area_id", "geometry")
    )
    shown = day_of(
        day, districts.codes, districts.names, districts.people, districts.infections, outlines
    )
    context = _page(looking, found) | {"shown": shown, "day": day, "last": last, "edges": EDGES}
    context |= {"seed": districts.seed, "on": _date(found, day), "weeks": range(0, last + 1, 7)}
    return shell.page(request, "planning/map.html", context, fragment="planning/_map.html")


def _drawable(found: Study) -> bool:
    return found.result is not None and found.is_simulated


def _date(found: Study, day: int) -> date | None:
    start = (found.result or {}).get("start_on")
    return date.fromisoformat(start) + timedelta(days=day) if start else None


@login_required
@require_POST
def as_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every curve and number of a study."""
    looking = common.at(request)
    found, want = common.study(looking, pk), export.wanted(request)
    if not _drawable(found):
        raise Http404(_("This study has no curves."))
    summary = Summary.from_facts(found.result or {})
    detail = {"format": want.format, "reason": want.reason}
    audit.record(
        verb="study.export", subject=f"study:{pk}", by=looking.user, now=looking.now, detail=detail
    )
    columns = [_("series"), _("day of the run"), *(f"{level:.0%}" for level in LEVELS)]
    rows = [
        [name, day, *(curve[day] for curve in curves)]
        for name, curves in summary.fans.items()
        for day in range(summary.days)
    ]
    return export.respond(want, f"study-{pk}", columns, rows, now=looking.now)


def _page(looking: common.Looking, found: Study) -> dict[str, Any]:
    return {
        "looking": looking,
        "study": found,
        "scenario": found.scenario,
        "before": queries.waiting_before(found) if found.state == State.QUEUED else 0,
        "may_make": looking.scope.may(rights.MAKE, found.scenario.area.path),
        "now": looking.now,
    }
