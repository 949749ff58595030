"""The gap board, what has climbed to my own units, and the board as a file."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.command import board, queries
from tongchou.command.forms import BoardForm
from tongchou.command.views import access
from tongchou.records import audit
from tongchou.shell import export
from tongchou.shell import views as shell


@login_required
@require_safe
def show(request: HttpRequest, code: str = "") -> HttpResponse:
    looking = access.at(request, code)
    wanted = BoardForm(request.GET).wanted
    context = {
        **_around(request, looking),
        "wanted": wanted,
        "counts": board.counts(looking.area, wanted, now=looking.now),
        "page": board.page(looking.area, wanted, query=request.GET, now=looking.now),
    }
    return shell.page(request, "command/board.html", context, fragment="command/_board.html")


@login_required
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """The gaps that wait with the user's own units, wherever they come from."""
    looking = access.at(request)
    page = board.held_page(looking.scope.units, query=request.GET)
    context = {**_around(request, looking), "page": page, "held": True}
    return shell.page(request, "command/board.html", context, fragment="command/_gap_list.html")


@login_required
@require_POST
def as_file(request: HttpRequest, code: str) -> HttpResponseBase:
    looking = access.at(request, code)
    want = export.wanted(request)
    wanted = BoardForm(request.POST).wanted
    found = board.gaps(looking.area, wanted, now=looking.now).order_by(*board.ORDER)
    audit.record(
        verb="command.export_gaps",
        subject=f"area:{looking.area.code}",
        by=looking.user,
        now=looking.now,
        detail={"reason": want.reason, "format": want.format},
    )
    columns = (
        _("late since"), _("loop"), _("stage"), _("subject"), _("area"),
        _("owner"), _("unit"), _("phone"), _("rung"), _("gap held by"),
    )  # fmt: skip
    return export.respond(want, "gaps", columns, board.as_cells(found), now=looking.now)


def _around(request: HttpRequest, looking: access.Looking) -> dict[str, Any]:
    return {
        "looking": looking,
        "area": looking.area,
        "now": looking.now,
        "crumbs": queries.crumbs(looking.area, looking.scope),
        "n_held": board.n_held(looking.scope.units),
    }
