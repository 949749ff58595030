"""The rows behind a number of a report, as they were at its moment."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.areas.models import Area
from tongchou.reports import rows as listing
from tongchou.reports.facts import catalogue
from tongchou.reports.facts.base import Ground
from tongchou.reports.views import common
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.models import Unit


@login_required
@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    looking = common.at(request)
    measure = catalogue.measure(key)
    if measure is None:
        raise Http404
    whose, at = _whose(request, looking), _moment(request, looking)
    found = listing.behind(measure, whose, at)
    page = paging.numbered(found.order_by("pk"), query=request.GET)
    ground = Ground(at)
    context = {
        "measure": measure, "whose": whose, "at": at, "page": page, "now": looking.now,
        "since": ground.since if measure.flow else None, "day": ground.day,
        "lines": [listing.line(row, measure) for row in page.rows],
        "total": sum(measure.count(_ground(whose, at))[_key(whose)].values()),
    }  # fmt: skip
    return shell.page(request, "reports/rows.html", context)


def _ground(whose: Area | Unit, at: datetime) -> Ground:
    return Ground(at, units=(whose,)) if isinstance(whose, Unit) else Ground(at, (whose,))


def _key(whose: Area | Unit) -> str | int:
    return whose.pk if isinstance(whose, Unit) else whose.path


def _whose(request: HttpRequest, looking: common.Looking) -> Area | Unit:
    if unit := request.GET.get("unit", ""):
        department = get_object_or_404(Unit.objects.select_related("area"), pk=unit)
        if department.pk in looking.scope.units or looking.scope.sees(department.area.path):
            return department
        raise PermissionDenied(_("This is outside the areas you answer for."))
    area = get_object_or_404(Area, pk=request.GET.get("area", ""))
    if not looking.scope.sees(area.path):
        raise PermissionDenied(_("This is outside the areas you answer for."))
    return area


def _moment(request: HttpRequest, looking: common.Looking) -> datetime:
    text = request.GET.get("at", "")
    try:
        at = datetime.fromisoformat(text) if text else looking.now
    except ValueError as error:
        raise BadRequest("This is no moment.") from error
    return at if timezone.is_aware(at) else timezone.make_aware(at)
