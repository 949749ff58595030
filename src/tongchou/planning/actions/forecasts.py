"""A forecast every day for areas with an outbreak, so that yesterday's can be scored against today.

It is made from cases by day of report. It says nothing of measures that were taken since: at a turn
it is late, and its score shows that.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from tongchou.areas.models import Area, Level
from tongchou.planning import queries
from tongchou.planning.models import Forecast

#: Days that are forecast, and days that it learns from.
AHEAD: Final = 7
BACK: Final = 90
#: An area with fewer cases in so many days has no outbreak to forecast.
FEWEST: Final = 10
ACTIVE: Final = 14
LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Yesterday's cases are all reported by this hour of the city's clock.
BEGINS: Final = 6


def forecast_due(*, now: datetime) -> str:
    """Make today's forecast of every area that has none yet; for the worker."""
    if timezone.localtime(now).hour < BEGINS:
        return ""
    today = timezone.localdate(now)
    done = Forecast.objects.filter(made_on=today).values("area")
    areas = Area.objects.filter(level__in=(Level.CITY, Level.DISTRICT), ended_on=None)
    made = [
        area.name
        for area in areas.exclude(pk__in=done).order_by("path")
        if forecast(area=area, on=today, now=now) is not None
    ]
    return f"forecast {', '.join(made)}" if made else ""


def forecast(*, area: Area, on: date, now: datetime) -> Forecast | None:
    """Say what the days from `on` may bring; None where there is no outbreak, or it was said.

    Worked out before the transaction begins: on SQLite everybody else who writes would wait for
    it, and the first time the model compiles for most of a minute.
    """
    counts = queries.cases_by_day(area, on - timedelta(days=BACK), on - timedelta(days=1))
    if sum(counts[-ACTIVE:]) < FEWEST:
        return None
    facts = _said(counts, on)
    try:
        with transaction.atomic():
            return Forecast.objects.create(area=area, made_on=on, made_at=now, **facts)
    except IntegrityError:  # another worker was quicker
        return None


def _said(counts: list[int], on: date) -> dict[str, Any]:
    import numpy as np

    from tongchou.epi import forecast as model
    from tongchou.epi.detect.series import Series

    days = [on - timedelta(days=n) for n in range(len(counts), 0, -1)]
    series = Series(np.array([counts], dtype=float), days)
    options = model.Options(n_ahead=AHEAD, levels=LEVELS)
    found = model.ahead(series, options)
    refused = int(found.refused[0])
    if refused != model.OK:
        return {"reason": "stale" if refused == model.STALE else "thin"}
    return {
        "levels": list(LEVELS),
        "quantiles": [[round(float(q), 2) for q in row] for row in found.quantiles[0]],
        "naive": _as_it_was(counts),
    }


def _as_it_was(counts: list[int]) -> list[list[float]]:
    """What it is measured by: the last week's mean goes on, as uncertain as counts are.

    Quantiles of a Poisson law of that mean.
    """
    from scipy import special

    mean = max(sum(counts[-7:]) / 7, 0.1)
    row = []
    for level in LEVELS:
        n = 0
        while special.pdtr(n, mean) < level:
            n += 1
        row.append(float(n))
    return [row] * AHEAD
