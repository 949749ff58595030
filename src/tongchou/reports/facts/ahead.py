"""Forecasts held against what came: the last day's, two weeks together, and what is expected."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.areas.models import Area
from tongchou.planning import queries as planning
from tongchou.planning import scoring
from tongchou.planning.actions.forecasts import ACTIVE, FEWEST
from tongchou.planning.models import Forecast
from tongchou.reports.facts.base import Fact, Ground, State
from tongchou.reports.facts.telling import Told

LOOKED_AT = 14

LAST = Told(
    "forecast.last", "forecasts", gettext_lazy("Yesterday's forecast"),
    gettext_lazy("What the forecast of the day before said of the last whole day, and what came."),
)  # fmt: skip
SCORE = Told(
    "forecast.score", "forecasts", gettext_lazy("Forecasts of two weeks"),
    gettext_lazy(
        "Weighted interval score of the forecasts one day ahead, against “as it was”; below 1 is "
        "better than that."
    ),
)  # fmt: skip
NEXT = Told(
    "forecast.next", "forecasts", gettext_lazy("Expected next"),
    gettext_lazy("The newest forecast's next day: median, and the range it gives 90% to."),
)  # fmt: skip
TOLD = (LAST, SCORE, NEXT)


def made(ground: Ground) -> dict[str, list[Forecast]]:
    """The forecasts of the last weeks for every area of the ground; one query."""
    last = timezone.localdate(ground.at - timedelta(seconds=1))
    rows = Forecast.objects.filter(
        area__in=ground.areas,
        made_on__gt=last - timedelta(days=LOOKED_AT + 1),
        made_on__lte=last,
        made_at__lt=ground.at,
    ).order_by("-made_on")
    found: dict[str, list[Forecast]] = defaultdict(list)
    for forecast in rows:
        found[forecast.area_id].append(forecast)
    return found


def forecasts(area: Area, ground: Ground, rows: list[Forecast]) -> Iterator[Fact]:
    """Three facts, or one that says why there is none."""
    link = f"{reverse('planning:forecasts')}?area={area.pk}"
    said = [forecast for forecast in rows if forecast.quantiles]
    if not said:
        why = rows[0].reason if rows else ""
        yield NEXT.fact(ground, None, lambda: _none_made(why), state=State.UNKNOWN, link=link)
        return
    whole = timezone.localdate(ground.at) - timedelta(days=1)  # the last day that is over
    first = said[-1].made_on
    counts = planning.cases_by_day(area, first, whole) if whole >= first else []
    seen = {first + timedelta(days=n): count for n, count in enumerate(counts)}
    held = [row for f in said for row in scoring.held(f, seen) if row.ahead == 1]
    yield from _held(ground, held, whole, link)
    newest, day = said[0], whole + timedelta(days=1)
    ahead = (day - newest.made_on).days
    if 0 <= ahead < len(newest.quantiles):
        row = newest.quantiles[ahead]
        low, middle, high = row[0], row[newest.levels.index(0.5)], row[-1]
        yield NEXT.fact(
            ground, round(middle),
            lambda: _("For %(day)s about %(n)s cases are expected (%(low)s to %(high)s).")
            % {"day": f"{day}", "n": round(middle), "low": round(low), "high": round(high)},
            link=link, more={"day": day, "low": low, "high": high},
        )  # fmt: skip


def _held(ground: Ground, held: list[scoring.Held], whole: date, link: str) -> Iterator[Fact]:
    last = next((row for row in held if row.day == whole), None)
    if last is not None:
        yield LAST.fact(
            ground, last.seen, lambda: _last_words(last), link=link,
            more={"day": last.day, "median": last.median, "low": last.low, "high": last.high},
        )  # fmt: skip
    score = scoring.score_of(held)
    if score is not None and score.ratio is not None:
        ratio, inside, n = score.ratio, score.inside, score.n
        yield SCORE.fact(
            ground, round(ratio, 3),
            lambda: _(
                "Over %(n)s days the forecasts scored %(ratio)s of “as it was”; %(inside)s%% of "
                "the days lay inside their range."
            )
            % {"n": n, "ratio": f"{ratio:.2f}", "inside": round(100 * inside)},
            link=link, more={"n": n, "inside": inside},
        )  # fmt: skip


def _last_words(row: scoring.Held) -> str:
    what = {
        "day": f"{row.day}",
        "n": round(row.median),
        "low": round(row.low),
        "high": round(row.high),
        "seen": row.seen,
    }
    if row.inside:
        return (
            _(
                "For %(day)s %(n)s cases had been forecast (%(low)s to %(high)s); %(seen)s came, "
                "inside the range."
            )
            % what
        )
    return (
        _(
            "For %(day)s %(n)s cases had been forecast (%(low)s to %(high)s); %(seen)s came, "
            "outside the range."
        )
        % what
    )


def _none_made(why: str) -> str:
    if why == "stale":
        return _("Forecast: not known. None was made, because the last days are not reported.")
    if why:
        return _("Forecast: not known. None was made, because there are too few cases.")
    return _(
        "Forecast: not known. None was made by then; one is made every morning where %(n)s cases "
        "were reported in %(days)s days."
    ) % {"n": FEWEST, "days": ACTIVE}
