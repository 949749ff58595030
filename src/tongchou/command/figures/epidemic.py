"""The outbreak itself: the epidemic curve, and how cases were found."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongchou.areas.models import Area, TempoChoice
from tongchou.cases.models import FoundBy
from tongchou.command.figures.base import (
    LATELY,
    N_DAYS,
    Figure,
    Seen,
    cases,
    last_day,
    per_day,
    span_of_days,
)
from tongchou.command.models import Activation
from tongchou.shell import charts

SIDES = ("inside", "outside", "unknown")  # found in quarantine, outside it, not recorded


# --- the curve ---------------------------------------------------------------------------------


def read_curve(area: Area, *, now: datetime) -> Seen:
    """Cases per day by report and by onset, split by whether they were found in quarantine."""
    last = last_day(area, now=now)
    days = span_of_days(last, N_DAYS)
    every = cases(area)
    in_window = every.filter(reported_on__gte=days[0], reported_on__lte=last)
    value = {
        "last": last.isoformat(),
        "report": _by_side(in_window, "reported_on", days),
        "onset": _by_side(
            every.filter(onset_on__gte=days[0], onset_on__lte=last), "onset_on", days
        ),
        "no_onset": in_window.filter(onset_on=None).count(),
        "marks": _turns(area, days[0], last),
    }
    return Seen(value, now)


def _by_side(found: Any, column: str, days: list[date]) -> dict[str, list[int]]:
    rows = list(
        found.values_list(column)
        .annotate(**{side: Count("id", filter=condition) for side, condition in _SIDE.items()})
        .order_by()
        .values_list(column, *SIDES)
    )
    return {
        side: per_day(days, ((row[0], row[place]) for row in rows))
        for place, side in enumerate(SIDES, start=1)
    }


_SIDE = {
    "inside": Q(found_by=FoundBy.QUARANTINE),
    "outside": ~Q(found_by__in=(FoundBy.QUARANTINE, FoundBy.UNKNOWN)),
    "unknown": Q(found_by=FoundBy.UNKNOWN),
}


def _turns(area: Area, first: date, last: date) -> list[list[str]]:
    """The days on which this area changed tempo, by its own act or by one above."""
    acts = Activation.objects.filter(
        area__in=area.codes, at__date__gte=first, at__date__lte=last
    ).order_by("at")
    return [[act.at.date().isoformat(), act.tempo_to] for act in acts]


def show_curve(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    by = options.get("curve", "report")
    by = by if by in ("report", "onset") else "report"
    last = date.fromisoformat(value["last"])
    names = {
        "inside": pgettext("curve", "found in quarantine"),
        "outside": pgettext("curve", "found outside quarantine"),
        "unknown": _("how found not recorded"),
    }
    series = {names[side]: value[by][side] for side in SIDES if any(value[by][side])}
    series = series or {names["outside"]: value[by]["outside"]}
    n = sum(sum(counts) for counts in series.values())
    drawn = charts.epidemic_curve(
        span_of_days(last, N_DAYS),
        series,
        what=_("cases by onset") if by == "onset" else _("cases by report"),
        incomplete_days=3 if by == "onset" else 1,
        marks={date.fromisoformat(day): _tempo(tempo) for day, tempo in value["marks"]},
        smooth=7,
    )
    return {"chart": drawn, "by": by, "n": n, "last": last, "no_onset": value["no_onset"]}


def _tempo(tempo: str) -> str:
    return _("war tempo") if tempo == TempoChoice.WAR else _("peace tempo")


# --- how they were found -----------------------------------------------------------------------


def read_found(area: Area, *, now: datetime) -> Seen:
    """Cases of the last two weeks by how they were found, and of the two weeks before."""
    last = last_day(area, now=now)
    lately, before = last - timedelta(days=LATELY), last - timedelta(days=2 * LATELY)
    rows = (
        cases(area)
        .filter(reported_on__gt=before, reported_on__lte=last)
        .values_list("found_by")
        .annotate(
            now=Count("id", filter=Q(reported_on__gt=lately)),
            then=Count("id", filter=Q(reported_on__lte=lately)),
        )
        .order_by()
    )
    found = {code: [n_now, n_then] for code, n_now, n_then in rows}
    return Seen({"last": last.isoformat(), "found": found}, now)


def show_found(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    known = [c for c in FoundBy if value["found"].get(c) or c == FoundBy.QUARANTINE]
    counts = {c: value["found"].get(c, [0, 0]) for c in known}
    n_now, n_then = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
    drawn = None
    if n_now:
        names = [str(c.label) for c in known]
        drawn = charts.bars(
            names,
            {_("cases, 14 days"): [counts[c][0] for c in known]},
            what=_("how found"),
            size="s",
        )
    return {
        "chart": drawn,
        "n": n_now,
        "last": date.fromisoformat(value["last"]),
        "share": counts[FoundBy.QUARANTINE][0] / n_now if n_now else None,
        "share_before": counts[FoundBy.QUARANTINE][1] / n_then if n_then else None,
    }


FIGURES = (
    Figure(
        "curve",
        gettext_lazy("Epidemic curve"),
        gettext_lazy("case reports"),
        read_curve,
        show_curve,
        span="span-3",
    ),
    Figure(
        "found",
        gettext_lazy("How cases were found"),
        gettext_lazy("case reports, 14 days"),
        read_found,
        show_found,
    ),
)
