"""Channels, the map of evidence, Rt and what may come, the morning brief, what changed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.areas.models import Area
from tongchou.areas.queries import children
from tongchou.ledger import policy
from tongchou.shell import charts
from tongchou.shell import views as shell
from tongchou.surveillance import ahead, brief, brief_text, picturing, watching
from tongchou.surveillance import situation as standing
from tongchou.surveillance.queries import changes as changed
from tongchou.surveillance.queries import evidence as where
from tongchou.surveillance.queries import signals as queries
from tongchou.surveillance.views import common
from tongchou.surveillance.views.signals import lines


@login_required
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    area, last = common.area_of(request, mine), _day(request, now)
    seen = watching.watched(area.path, last) if area else []
    context = {
        "now": now,
        "area": area,
        "parts": _parts(area),
        "last": last,
        "rows": [(one, _drawn(one)) for one in seen],
    }
    return shell.page(request, "surveillance/channels.html", context)


def _drawn(one: watching.Watched) -> Any:
    return charts.watched(
        one.days,
        one.counts,
        what=str(one.channel),
        expected=one.expected,
        bound=one.bound,
        alarms=one.alarms,
        step=one.step,
        size="s",
    )


@login_required
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    area, on = common.area_of(request, mine), _day(request, now)
    found = where.of(area, mine, on=on) if area else None
    context = {
        "now": now,
        "area": area,
        "on": on,
        "found": found,
        "map": _map(found) if found else None,
        "above": lines(found.above) if found else [],
        "clusters": [
            (line, queries.parts(codes))
            for (signal, codes) in (found.clusters if found else [])
            for line in lines([signal])
        ],
    }
    return shell.page(request, "surveillance/evidence.html", context)


def _map(found: where.Map) -> Any:
    if not found.features:
        return None
    url = reverse("surveillance:evidence")
    return charts.districts_map(
        found.features,
        {part.area.pk: round(part.statistic, 1) for part in found.parts},
        what=_("evidence"),
        names={part.area.pk: part.area.name for part in found.parts},
        urls={part.area.pk: f"{url}?area={part.area.pk}" for part in found.parts},
        notes={part.area.pk: _("in a cluster") for part in found.parts if part.cluster},
    )


@login_required
@require_safe
def situation(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    area, last = common.area_of(request, mine), _day(request, now)
    context: dict[str, Any] = {"now": now, "area": area, "parts": _parts(area), "last": last}
    stands = standing.situation(area, until=last) if area else None
    curve = picturing.of_official(stands) if stands else None
    if curve is None and area is not None:
        curve = picturing.of_cases(area, last)
    if curve is not None:
        rt = picturing.rt(curve, policy.in_force(now))
        coming = ahead.look_ahead(curve.trusted, curve.days[-1])
        context |= {
            "curve": curve,
            "stands": stands,
            "cases": picturing.drawn(curve, coming),
            "rt": rt,
            "why": gettext(brief_text.REASONS.get(rt.reason, rt.reason)) if rt.reason else "",
            "ahead": coming,
            "ahead_words": brief_text.ahead_in_words(coming),
        }
    return shell.page(request, "surveillance/situation.html", context)


@login_required
@require_safe
def morning_brief(request: HttpRequest) -> HttpResponse:
    """The brief of an area on a morning, in the language of the page or the one asked for."""
    now = timezone.now()
    mine = common.scope(request, now)
    area = common.area_of(request, mine)
    on = _morning(request, now)
    context: dict[str, Any] = {"now": now, "area": area, "parts": _parts(area), "on": on}
    try:
        found = brief.of(area, on=on, now=now) if area else None
    except brief.NothingCounted:
        found = None
    if found is not None:
        context |= _brief(found)
    return shell.page(request, "surveillance/brief.html", context)


def _brief(found: brief.Brief) -> dict[str, Any]:
    language = get_language() or "en"
    said = {
        name: [one.in_(language) for one in getattr(found, name)]
        for name in ("findings", "signals", "since_yesterday")
    }
    return {
        "brief": found,
        "true_at": brief_text.true_at(found, language),
        "summary": brief_text.summary(found),
        "cleared": brief_text.cleared_in_words(found) if found.cleared_on else "",
        "rows": [(name, brief_text.in_words(figure)) for name, figure in brief_text.rows(found)],
        "tail": brief_text.tail_in_words(found.tail) if found.tail else "",
        "r": brief_text.r_in_words(found.r),
        "ahead": brief_text.ahead_in_words(found.ahead),
        "silent_title": brief_text.silent_title(found),
        "silent": [one.in_(language) for one in found.sentinels.silent],
        "made": brief_text.made_in_words(found),
        **said,
    }


@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    since = timezone.make_aware(datetime.combine(_morning(request, now), time())) - timedelta(
        days=1
    )
    found = changed.since(mine, since)
    context = {
        "now": now,
        "found": found,
        "raised": lines(found.raised),
        "extended": lines(found.extended),
        "ended": lines(found.ended),
    }
    return shell.page(request, "surveillance/changes.html", context)


def _parts(area: Area | None) -> list[Area]:
    """The areas to go to from here: the one above is a crumb."""
    return list(children(area))[:60] if area else []


def _day(request: HttpRequest, now: datetime) -> date:
    """The day asked for by `?on=`, the last whole one otherwise; never later."""
    yesterday = common.yesterday(now)
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), yesterday)
    except ValueError:
        return yesterday


def _morning(request: HttpRequest, now: datetime) -> date:
    today = timezone.localdate(now)
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), today)
    except ValueError:
        return today
