"""A study: how far it is, what it found, its figures as a file, and stopping it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.planning import queries, rights, showing
from tongchou.planning.actions import studies as actions
from tongchou.planning.findings import Summary
from tongchou.planning.models import State, Study
from tongchou.planning.views import common
from tongchou.shell import views as shell


@never_cache
@login_required
@require_safe
def study(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.study(looking, pk)
    context = _page(looking, found)
    if found.result is None or found.is_plan:
        return shell.page(request, "planning/study.html", context)
    summary = Summary.from_facts(found.result)
    context |= {
        "summary": summary,
        "fans": showing.fans(summary, found.scenario, today=looking.today),
        "lines": showing.headlines(summary),
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


def _page(looking: common.Looking, found: Study) -> dict[str, Any]:
    return {
        "looking": looking,
        "study": found,
        "scenario": found.scenario,
        "before": queries.waiting_before(found) if found.state == State.QUEUED else 0,
        "may_make": looking.scope.may(rights.MAKE, found.scenario.area.path),
        "now": looking.now,
    }
