"""The rows behind a number of a report, as they were at its moment."""

from datetime import UTC, datetime

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
from tongchou.reports.facts.base import LONGEST, Measure
from tongchou.reports.views import common
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff import reach
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope

#: No record is of a year before or after.
FIRST, LAST = 1900, 2200


@login_required
@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    looking = common.at(request)
    measure = catalogue.measure(key)
    if measure is None:
        raise Http404
    whose = _whose(request, looking, measure)
    at, since = _moments(request, looking)
    ground = listing.ground_of(whose, at, since)
    page = paging.numbered(listing.behind(measure, ground).order_by("pk"), query=request.GET)
    (key,) = ground.keys
    context = {
        "measure": measure, "whose": whose, "at": at, "page": page, "now": looking.now,
        "since": ground.since if measure.flow else None, "day": ground.day,
        "lines": [listing.line(row, measure) for row in page.rows],
        "total": sum(measure.count(ground)[key].values()),
    }  # fmt: skip
    return shell.page(request, "reports/rows.html", context)


def may_open(scope: Scope, measure: Measure, unit: Unit | None, area: Area) -> bool:
    """Whether the rows of a number are for this reader, as the room says whose they are."""
    own = unit is not None and unit.pk in scope.units and bool(measure.roles & scope.roles)
    return own or reach.covers(scope, measure.roles, area)


def _whose(request: HttpRequest, looking: common.Looking, measure: Measure) -> Area | Unit:
    """The area or department asked for, where its rows are this reader's to see."""
    unit: Unit | None = None
    if key := request.GET.get("unit", ""):
        if not (key.isascii() and key.isdigit() and len(key) < 10 and measure.unit):
            raise Http404
        unit = get_object_or_404(Unit.objects.select_related("area__successor"), pk=key)
        area = unit.area
    else:
        every = Area.objects.select_related("successor")
        area = get_object_or_404(every, pk=request.GET.get("area", ""))
    own = unit is not None and unit.pk in looking.scope.units
    if not own and not reach.sees(looking.scope, area):
        raise PermissionDenied(_("This is outside the areas you answer for."))
    if not may_open(looking.scope, measure, unit, area):
        raise PermissionDenied(_("The count is in the report; your post does not open its rows."))
    return unit or area


def _moments(request: HttpRequest, looking: common.Looking) -> tuple[datetime, datetime | None]:
    """The moment of the number, and where it begins if that is not 24 hours before."""
    at = _moment(request, "at") or looking.now
    since = _moment(request, "since")
    if since is not None and not at - LONGEST <= since < at:
        raise BadRequest("This is no span of a report.")
    return at, since


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        found = found if timezone.is_aware(found) else timezone.make_aware(found)
        far = not FIRST <= found.astimezone(UTC).year <= LAST
    except (ValueError, OverflowError) as error:
        raise BadRequest("This is no moment.") from error
    if far:
        raise BadRequest("This is no moment.")
    return found
