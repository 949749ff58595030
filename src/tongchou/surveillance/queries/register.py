"""Reads of the sentinel register: sites with their duties, who reported, what is doubtful."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongchou.areas.models import subtree
from tongchou.staff.queries import Scope
from tongchou.surveillance.models import Count, Duty, Finding, Site


def visible_to(scope: Scope) -> QuerySet[Site]:
    return Site.objects.filter(scope.q("area__path"))


def owed(scope: Scope, day: date) -> QuerySet[Duty]:
    """The duties of these areas that have to report `day`, whether they have or not."""
    return Duty.objects.filter(
        scope.q("site__area__path"),
        Q(from_on=None) | Q(from_on__lte=day),
        Q(to_on=None) | Q(to_on__gte=day),
        Q(site__active_from=None) | Q(site__active_from__lte=day),
        Q(site__active_to=None) | Q(site__active_to__gte=day),
        due__isnull=False,
        channel__cadence="daily",
    )


def _reported(day: date) -> Exists:
    return Exists(Count.objects.filter(duty=OuterRef("pk"), day=day, current=True))


@dataclass(frozen=True)
class Reporting:
    """How many of the counts owed for a day are there."""

    day: date
    owed: int
    reported: int

    @property
    def missing(self) -> int:
        return self.owed - self.reported


def reporting(scope: Scope, day: date) -> Reporting:
    duties = owed(scope, day)
    return Reporting(day, duties.count(), duties.filter(_reported(day)).count())


@dataclass(frozen=True)
class Wanted:
    """What the register is narrowed to; empty means everything."""

    search: str = ""
    area_path: str = ""
    channel: str = ""
    source: str = ""
    missing: bool = False


def listed(scope: Scope, wanted: Wanted, *, day: date) -> QuerySet[Site]:
    found = visible_to(scope)
    if wanted.search:
        text = wanted.search.strip()
        found = found.filter(
            Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text)
        )
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area__path"))
    if wanted.channel:
        found = found.filter(duties__channel=wanted.channel)
    if wanted.source:
        found = found.filter(source=wanted.source)
    if wanted.missing:
        silent = owed(scope, day).exclude(_reported(day))
        found = found.filter(pk__in=silent.values("site_id"))
    return found


@dataclass
class Row:
    """A site of the register with its duties and what it reported of one day."""

    site: Site
    duties: list[Duty] = field(default_factory=list)
    reported: dict[int, Any] = field(default_factory=dict)

    @property
    def n_missing(self) -> int:
        return sum(duty.due is not None and duty.pk not in self.reported for duty in self.duties)


def rows(sites: Sequence[Site], *, day: date) -> list[Row]:
    """A page of sites, dressed; three statements however many."""
    keys = [site.pk for site in sites]
    dressed = Site.objects.select_related("area", "unit", "source").in_bulk(keys)
    found = {key: Row(dressed[key]) for key in keys}
    for duty in Duty.objects.filter(site__in=keys).select_related("channel").order_by("number"):
        found[duty.site_id].duties.append(duty)
    counts = Count.objects.filter(duty__site__in=keys, day=day, current=True)
    for count in counts.select_related("duty"):
        found[count.duty.site_id].reported[count.duty_id] = count
    return [found[key] for key in keys]


def findings(scope: Scope, *, on: date, days: int = 14) -> list[Finding]:
    """What the quality check found lately in the counts of these areas, newest first."""
    rows = Finding.objects.filter(gone_at=None, to_on__gte=on - timedelta(days=days))
    mine = rows.filter(Q(area=None) | scope.q("area__path"))
    return list(mine.select_related("source", "channel", "area", "duty__site")[:50])
