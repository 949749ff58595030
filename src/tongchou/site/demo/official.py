"""What the demo city announces each day: the running totals of its cases, for city and districts.

Counted from the cases of the outbreak, so that brief and case list agree.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from tongchou.areas.models import Area, Level
from tongchou.cases.models import Case
from tongchou.staff.models import User
from tongchou.surveillance import actions, channels
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.layout import Wanted
from tongchou.surveillance.models import Source

#: (path of the home area, day) of everybody who was confirmed, was cured, died
Events = dict[str, list[tuple[str, date]]]


def announce(*, by: User, now: datetime) -> None:
    """The totals of every day from a week before the first case to yesterday."""
    source, _made = Source.objects.get_or_create(
        slug="bulletin", defaults={"name": "市卫生健康委通报", "name_en": "The city's bulletin"}
    )
    areas = list(Area.objects.filter(level__in=(Level.CITY, Level.DISTRICT)))
    sites = [Wanted(code=a.pk, name=a.name, name_en=a.name_en, area_id=a.pk) for a in areas]
    series = actions.open_series(
        source=source, sites=sites, slugs=channels.OFFICIAL, by=by, now=now
    )
    rows = list(_totals(areas, series, timezone.localdate(now)))
    actions.report_counts(rows=rows, by=by, now=now)


def _totals(
    areas: list[Area], series: dict[tuple[str, str], int], today: date
) -> Iterator[Reported]:
    events = _events()
    first = min((day for _path, day in events[channels.CONFIRMED]), default=today)
    first -= timedelta(days=7)
    for area in areas:
        for slug in channels.OFFICIAL:
            days = sorted(d for path, d in events.get(slug, ()) if path.startswith(area.path))
            for n in range((today - first).days):
                day = first + timedelta(days=n)
                total = sum(each <= day for each in days)
                yield Reported(series[area.pk, slug], day, total)


def _events() -> Events:
    events: Events = {slug: [] for slug in channels.OFFICIAL}
    rows = Case.objects.filter(classification__in=("confirmed", "asymptomatic")).values_list(
        "area__path", "reported_on", "outcome", "outcome_on"
    )
    ends = {"recovered": channels.CURED, "died": channels.DEAD}
    for path, reported, outcome, ended in rows:
        events[channels.CONFIRMED].append((path, reported))
        if outcome in ends and ended:
            events[ends[outcome]].append((path, ended))
    return events
