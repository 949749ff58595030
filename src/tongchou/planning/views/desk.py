"""The list of studies and of scenarios."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongchou.planning import queries
from tongchou.planning.models import State
from tongchou.planning.views import common
from tongchou.shell import views as shell
from tongchou.shell.paging import keyset

PAGE = 30


@login_required
@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    search = request.GET.get("q", "").strip()[:80]
    state = request.GET.get("state", "")
    found = queries.studies(looking.scope, search=search, state=state)
    context = {
        "looking": looking,
        "page": keyset(found, order=("-id",), query=request.GET, size=PAGE),
        "search": search,
        "state": state,
        "states": State.choices,
        "now": looking.now,
    }
    return shell.page(request, "planning/desk.html", context, fragment="planning/_studies.html")


@login_required
@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    search = request.GET.get("q", "").strip()[:80]
    found = queries.scenarios(looking.scope, search=search)
    context = {
        "looking": looking,
        "page": keyset(found, order=("-id",), query=request.GET, size=PAGE),
        "search": search,
        "now": looking.now,
    }
    return shell.page(
        request, "planning/scenarios.html", context, fragment="planning/_scenarios.html"
    )
