"""Yesterday's forecast beside today's count, and how the forecasts have done."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.areas.models import Area, Level, subtree
from tongchou.planning import queries, scoring
from tongchou.planning.drawing.fans import fan
from tongchou.planning.models import Forecast
from tongchou.planning.views import common
from tongchou.shell import views as shell

#: Forecasts of so many days are held against what came.
LOOKED_AT = 28


@login_required
@require_safe
def forecasts(request: HttpRequest) -> HttpResponse:
    looking = common.at(request, request.GET.get("area", ""))
    made = list(queries.forecasts(looking.area)[:LOOKED_AT])
    seen = _counted(looking.area, made, today=looking.today)
    held = [row for forecast in made for row in scoring.held(forecast, seen)]
    newest = made[0] if made else None
    context = {
        "looking": looking,
        "areas": _areas(looking),
        "newest": newest,
        "fan": _drawn(newest, seen) if newest and newest.quantiles else None,
        "last": next((row for row in held if row.ahead == 1), None),
        "day_score": scoring.score_of([row for row in held if row.ahead == 1]),
        "week_score": scoring.score_of(held),
        "rows": [row for row in held if row.ahead == 1],
        "now": looking.now,
    }
    return shell.page(request, "planning/forecasts.html", context)


def _areas(looking: common.Looking) -> list[Area]:
    levels = (Level.CITY, Level.DISTRICT)
    return list(Area.objects.filter(subtree(looking.area.path), level__in=levels, ended_on=None))


def _counted(area: Area, made: list[Forecast], *, today: date) -> dict[date, int]:
    """Cases by day, from two weeks before the first of these forecasts to yesterday."""
    if not made:
        return {}
    first, last = made[-1].made_on - timedelta(days=14), today - timedelta(days=1)
    counts = queries.cases_by_day(area, first, last)
    return {first + timedelta(days=n): count for n, count in enumerate(counts)}


def _drawn(newest: Forecast, seen: dict[date, int]) -> object:
    curves = [list(column) for column in zip(*newest.quantiles, strict=True)]
    observed = {
        (day - newest.made_on).days: float(n)
        for day, n in seen.items()
        if (newest.made_on - day).days <= 14
    }
    title = _("Cases by day of report, and what is expected")
    return fan(title, curves, start=newest.made_on, observed=observed)
