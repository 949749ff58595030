"""The command room and its polling."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongchou.command import queries, room
from tongchou.command.views import access
from tongchou.shell import views as shell


@login_required
@require_safe
def show(request: HttpRequest, code: str = "") -> HttpResponse:
    looking = access.at(request, code)
    panels = _panels(request, looking)
    context = {
        "looking": looking,
        "area": looking.area,
        "crumbs": queries.crumbs(looking.area, looking.scope),
        "tops": list(queries.tops_of(looking.scope)),
        "panels": panels,
        "state": room.state_of(panels),
        "wall": "wall" in request.GET,
    }
    return shell.page(request, "command/room.html", context)


@login_required
@require_safe
def fresh(request: HttpRequest, code: str) -> HttpResponse:
    """Only what has changed since the page was drawn; 204 where nothing has."""
    looking = access.at(request, code)
    panels = _panels(request, looking)
    changed = room.changes(panels, request.GET.get("seen", ""))
    if not changed:
        return HttpResponse(status=204)
    context = {
        "area": looking.area,
        "changes": changed,
        "state": room.state_of(panels),
        "now": looking.now,
    }
    return render(request, "command/_fresh.html", context)


def _panels(request: HttpRequest, looking: access.Looking) -> list[room.Panel]:
    options = {name: request.GET[name] for name in room.OPTIONS if name in request.GET}
    return room.panels(
        looking.area, options=options, rights={"commands": looking.commands}, now=looking.now
    )
