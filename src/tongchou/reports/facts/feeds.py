"""How fresh what the report rests on is: imported lists, sentinels, the official counts.

A feed that is stale or missing says so; it never reads as zero.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from tongchou.areas.models import Area
from tongchou.intake.models import Import, KindChoice
from tongchou.intake.models import State as ImportState
from tongchou.reports.facts.base import Fact, Ground, Measure, Said, State
from tongchou.reports.facts.telling import Told, followed, moment
from tongchou.surveillance.channels import OFFICIAL
from tongchou.surveillance.models import Duty, Silence
from tongchou.surveillance.situation import Situation, situation

FRESH = timedelta(hours=24)


def _silent(ground: Ground) -> QuerySet[Silence]:
    return Silence.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=ground.at), raised_at__lt=ground.at
    )


MEASURES = (
    Measure(
        "feeds.silent", "feeds", gettext_lazy("Silent sentinels"),
        gettext_lazy("Sentinels whose count was due and had not come."),
        _silent,
        ngettext_lazy("%(n)s sentinel is silent: its count was due and has not come%(more)s.",
                      "%(n)s sentinels are silent: their counts were due and have not come"
                      "%(more)s.", "n"),
        gettext_lazy("No sentinel is silent."),
    ),
)  # fmt: skip

LISTS = Told(
    "feeds.lists", "feeds", gettext_lazy("Newest list of cases"),
    gettext_lazy("When the newest imported list of cases came in; stale after 24 hours."),
)  # fmt: skip
COUNTS = (
    Told("official.new", "situation", gettext_lazy("Official count: new confirmed"),
         gettext_lazy("New confirmed cases of the last day published, by the official counts.")),
    Told("official.confirmed", "situation", gettext_lazy("Official count: confirmed so far"),
         gettext_lazy("Confirmed cases so far, by the official counts.")),
    Told("official.active", "situation", gettext_lazy("Official count: under treatment"),
         gettext_lazy("Confirmed and neither cured nor dead, by the official counts.")),
    Told("official.cured", "situation", gettext_lazy("Official count: cured so far"),
         gettext_lazy("Cured so far, by the official counts.")),
    Told("official.dead", "situation", gettext_lazy("Official count: dead so far"),
         gettext_lazy("Dead so far, by the official counts.")),
)  # fmt: skip
SERIES = {
    "official.new": "told",
    "official.confirmed": "confirmed",
    "official.active": "active",
    "official.cured": "cured",
    "official.dead": "dead",
}
TOLD = (LISTS, *COUNTS)


# --- imported lists ------------------------------------------------------------------------------


def lists(ground: Ground) -> dict[str, Fact]:
    """Of each area when its newest list of cases came in; nothing where none was ever imported."""
    done = Import.objects.filter(
        kind=KindChoice.CASE, state=ImportState.DONE, done_at__lt=ground.at
    )
    newest = dict(done.values_list("area__path").annotate(at=Max("done_at")).order_by())
    found = {}
    for area in ground.areas:
        here = [at for path, at in newest.items() if _concerns(path, area.path)]
        if here:
            found[area.path] = _list_fact(area, max(here), ground)
    return found


def _concerns(path: str, area: str) -> bool:
    return path.startswith(area) or area.startswith(path)


def _list_fact(area: Area, at: datetime, ground: Ground) -> Fact:
    stale = ground.at - at > FRESH
    words = moment(at)

    def say() -> str:
        if stale:
            return _(
                "The newest list of cases came in at %(at)s, more than a day before: what is "
                "counted from it may be behind."
            ) % {"at": words}
        return _("The newest list of cases came in at %(at)s.") % {"at": words}

    return LISTS.fact(
        ground, None, say, state=State.STALE if stale else State.KNOWN,
        link=f"{reverse('intake:history')}?area={area.pk}", more={"at": at},
    )  # fmt: skip


# --- official counts -----------------------------------------------------------------------------


def counted(ground: Ground) -> set[str]:
    """The areas of the ground in which somebody publishes counts; one query."""
    tops = Duty.objects.filter(channel__in=OFFICIAL).values_list("site__area__path", flat=True)
    paths = set(tops.distinct())
    return {a.path for a in ground.areas if any(path.startswith(a.path) for path in paths)}


def official(area: Area, ground: Ground, *, known: bool) -> Iterator[Fact]:
    """The official counts by the day before the moment; unknown where nobody counts."""
    stands = situation(area, until=ground.day) if known else None
    if stands is None:
        yield COUNTS[1].fact(
            ground, None,
            lambda: _("Official counts: not known. Nobody has published counts of this area."),
            state=State.UNKNOWN,
        )  # fmt: skip
        return
    known_ones = [told for told in COUNTS if _at(getattr(stands, SERIES[told.key]), -1) is not None]
    for told in COUNTS:
        # How old they are is said once, behind the last of them.
        last = told is (known_ones or COUNTS)[-1]
        yield _count_fact(told, area, stands, ground, last=last)


def _count_fact(told: Told, area: Area, stands: Situation, ground: Ground, *, last: bool) -> Fact:
    series = getattr(stands, SERIES[told.key])
    value, before = _at(series, -1), _at(series, -2)
    behind = (ground.day - stands.last).days
    state = State.UNKNOWN if value is None else State.STALE if behind > 0 else State.KNOWN
    source = Said(stands.source.name, stands.source.name_en or stands.source.name)

    def say() -> str:
        what: dict[str, Any] = {"name": told.name, "n": value, "day": _day(stands.last)}
        if value is None:
            return _("%(name)s: not known for %(day)s.") % what
        words = _("%(name)s: %(n)s (%(day)s).") % what
        if behind > 0 and last:
            old = _("These counts are %(n)s days old: nothing newer has come.") % {"n": behind}
            return followed(words, old)
        return words

    return told.fact(
        ground, value, say, state=state, before=before,
        link=f"{reverse('surveillance:situation')}?area={area.pk}&day={stands.last}",
        more={"true_on": stands.last, "source": {"zh": source.zh, "en": source.en}},
    )  # fmt: skip


def _at(series: Any, place: int) -> int | None:
    if len(series) < -place or series[place] != series[place]:  # not a number: not reported
        return None
    return round(float(series[place]))


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"
