"""How things stand in an area by its official counts: on the days counted, with what is doubtful.

An area that publishes its own count is taken at its word; any other is the sum of its parts, those
counted apart with them. A part that does not report keeps what it said last, and is named.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Max, Min
from numpy.typing import NDArray

from tongchou.areas.models import Area, subtree
from tongchou.epi.detect.series import Series
from tongchou.epi.quality import DOUBTFUL, USABLE, Options, check
from tongchou.surveillance import history
from tongchou.surveillance.channels import CONFIRMED, CURED, DEAD, OFFICIAL, SUSPECTED
from tongchou.surveillance.counted import Dates, dates_of
from tongchou.surveillance.models import Count, Duty, Finding, FindingKind, Source

Floats = NDArray[np.float64]
#: What is counted apart leaves the list once its cases have been placed: it is not counted twice.
_KEPT = 3


@dataclass(frozen=True, eq=False)
class Situation:
    """The official counts of an area, f64[n_days] each, NaN before the first report.

    `told` is each day's new confirmed as the source says it (it may be below zero); `new` the same
    with NaN wherever a day is missing or doubtful: what R and forecasts stand on.
    """

    area: Area
    source: Source
    first: date
    confirmed: Floats
    suspected: Floats
    cured: Floats
    dead: Floats
    told: Floats
    new: Floats
    n_parts: int
    silent_parts: tuple[str, ...]

    @property
    def n_days(self) -> int:
        return int(self.confirmed.size)

    @property
    def last(self) -> date:
        """The last day counted; its figures are those of 24:00."""
        return self.first + timedelta(days=self.n_days - 1)

    @property
    def active(self) -> Floats:
        """Confirmed, and neither cured nor dead yet."""
        return self.confirmed - np.nan_to_num(self.cured) - np.nan_to_num(self.dead)

    @property
    def cleared_on(self) -> date | None:
        """The day at whose end the last active case was cleared; None while there are any."""
        active = self.active
        if not active.size or active[-1] != 0 or not (active > 0).any():
            return None
        last_with = int(np.flatnonzero(active > 0)[-1])
        return self.first + timedelta(days=last_with + 1)

    def day(self, on: date) -> int:
        """The place of a day in the arrays."""
        return (on - self.first).days


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    channel: str
    site: str
    path: str
    area: str
    apart: bool
    source: str


def situation(area: Area, *, until: date) -> Situation | None:
    """The situation of an area by 24:00 of `until`; None where nobody counts there."""
    parts = _parts(area)
    if not parts:
        return None
    dates = dates_of(parts[0].source)
    span = _span(parts)
    if span is None or span[0] > until:
        return None
    first, told_last = span[0], min(dates.told(until), span[1])
    if told_last < first:
        return None
    sums, begin, silent = _sums(parts, dates, first, told_last, until)
    if sums[CONFIRMED].size == 0 or np.isnan(sums[CONFIRMED]).all():
        return None
    told, new = _new(parts, dates, sums[CONFIRMED], begin)
    return Situation(
        area=area,
        source=Source.objects.get(pk=parts[0].source),
        first=begin,
        confirmed=sums[CONFIRMED],
        suspected=sums[SUSPECTED],
        cured=sums[CURED],
        dead=sums[DEAD],
        told=told,
        new=new,
        n_parts=len({part.site for part in parts}),
        silent_parts=silent,
    )


def _parts(area: Area) -> list[_Part]:
    """The series whose sum is the area's count: its own where it has one, else its parts'."""
    rows = Duty.objects.filter(
        subtree(area.path, field="site__area__path"), channel__in=OFFICIAL
    ).values_list(
        "number",
        "channel_id",
        "site__name",
        "site__area__path",
        "site__area_id",
        "site__apart",
        "site__source_id",
    )
    by_source: dict[str, list[_Part]] = defaultdict(list)
    for number, channel, site, path, code, apart, source in rows:
        by_source[source].append(_Part(number, channel, site, path, code, apart, source))
    if not by_source:
        return []
    # Who counts the area itself knows best; of several, whoever has fewer parts to add up.
    best = min(by_source.values(), key=lambda parts: (not _own(parts, area), len(parts)))
    own = [part for part in best if part.area == area.pk and not part.apart]
    return own or _topmost(best)


def _own(parts: list[_Part], area: Area) -> bool:
    return any(part.area == area.pk and not part.apart for part in parts)


def _topmost(parts: list[_Part]) -> list[_Part]:
    """Without what lies inside another part: it is in that one's count."""
    whole = {part.path for part in parts if not part.apart}
    return [part for part in parts if not any(_holds(path, part) for path in whole)]


def _holds(path: str, part: _Part) -> bool:
    return part.path.startswith(path) and (part.apart or part.path != path)


def _span(parts: list[_Part]) -> tuple[date, date] | None:
    """First and last date under which one of these was told."""
    found = Count.objects.filter(
        current=True, duty__number__in=[p.number for p in parts if p.channel == CONFIRMED]
    ).aggregate(first=Min("day"), last=Max("day"))
    return None if found["first"] is None else (found["first"], found["last"])


def _sums(
    parts: list[_Part], dates: Dates, first: date, last: date, until: date
) -> tuple[dict[str, Floats], date, tuple[str, ...]]:
    """Each channel's sum by day counted, the first of them, and who said nothing on the last."""
    sums: dict[str, Floats] = {}
    silent: tuple[str, ...] = ()
    told = history.load([part.number for part in parts], first, last)
    aligned, begin = dates.aligned(told, first)
    aligned = aligned[:, : (until - begin).days + 1]
    for slug in OFFICIAL:
        rows = [row for row, part in enumerate(parts) if part.channel == slug]
        values = aligned[rows]
        apart = np.array([parts[row].apart for row in rows], dtype=bool)
        if slug == CONFIRMED and len(rows) > 1 and values.shape[1]:
            quiet = np.isnan(values[:, -1]) & ~np.isnan(values).all(axis=1) & ~apart
            silent = tuple(parts[rows[at]].site for at in np.flatnonzero(quiet))
        sums[slug] = _added(np.where(apart[:, None], _filled(values, _KEPT), _filled(values)))
    return sums, begin, silent


def _filled(values: Floats, longest: int | None = None) -> Floats:
    """A running total stands until it is told anew, or for `longest` days; then it is gone."""
    n_days = values.shape[1]
    if not values.size:
        return values
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(n_days)), axis=1)
    filled = np.take_along_axis(values, np.maximum(last, 0), axis=1)
    if longest is not None:
        filled = np.where(np.arange(n_days) - last > longest, 0.0, filled)
    return np.where(last < 0, np.nan, filled)


def _added(values: Floats) -> Floats:
    total: Floats = np.nansum(values, axis=0)
    return np.where(np.isnan(values).all(axis=0), np.nan, total) if values.size else total


def _new(parts: list[_Part], dates: Dates, confirmed: Floats, begin: date) -> tuple[Floats, Floats]:
    """New confirmed of each day, as told and as far as it can be trusted."""
    days = [begin + timedelta(days=n) for n in range(confirmed.size)]
    report = check(Series(confirmed[None, :], days), Options(cumulative=True))
    marks = report.marks[0].copy()
    numbers = [part.number for part in parts if part.channel == CONFIRMED]
    for day in _silenced(parts[0].source, numbers, dates):
        place = (day - begin).days
        if 0 <= place < marks.size and marks[place] == USABLE:
            marks[place] = DOUBTFUL
    told = report.new[0]
    return told, np.where(marks == USABLE, told, np.nan)


def _silenced(source: str, numbers: list[int], dates: Dates) -> set[date]:
    """Days counted that a finding about these series, or about the whole source, silences."""
    turned = {one.from_on for one in dates.conventions}
    rows = Finding.objects.filter(source=source, silent=True, gone_at=None)
    whole = rows.filter(kind=FindingKind.FALSE_ZERO, duty=None)
    alone = rows.filter(duty__number__in=numbers, channel=CONFIRMED)
    # A sum is not silenced by one of its parts: the check of the sum itself says what jumps.
    wanted = [*whole, *(alone if len(numbers) == 1 else [])]
    days: set[date] = set()
    for finding in wanted:
        if finding.kind in (FindingKind.MISSING, FindingKind.STOPPED):
            continue  # missing days are missing already
        for n in range((finding.to_on - finding.from_on).days + 1):
            told = finding.from_on + timedelta(days=n)
            if finding.kind == FindingKind.FALSE_ZERO and told in turned:
                continue  # the day that was told twice: the convention has taken it out
            days.add(dates.counted(told))
    return days
