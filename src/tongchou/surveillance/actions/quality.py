"""The quality check: what is odd about the counts of a source, kept as findings.

From it, and from nothing else, comes how the dates of a source are read. The same records are not
looked at twice; what is no longer found is marked as gone and stays in the record.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Min, Q

from tongchou.epi.detect.series import Series
from tongchou.epi.quality import Finding as Trap
from tongchou.epi.quality import Options, check
from tongchou.records import audit
from tongchou.surveillance import history
from tongchou.surveillance.actions.conventions import record_convention, withdraw_convention
from tongchou.surveillance.models import (
    Cadence,
    Channel,
    ChannelKind,
    Count,
    CountDay,
    DateConvention,
    Duty,
    Finding,
    FindingKind,
    Measure,
    QualityCheck,
    Source,
)

K = FindingKind
#: Days of these are not computed on; the others tell something that need not silence anybody.
SILENCING = frozenset({K.FALSE_ZERO, K.DEFINITION, K.REVISION, K.FALL, K.MISSING, K.STOPPED,
                       K.STUCK, K.DENOMINATOR})  # fmt: skip
#: Sure enough to read dates by it.
_SURE = 0.75
_LASTING = frozenset({K.STOPPED, K.WEEKDAY, K.HEAPING})
_NAMES = 5
_CHANGING = (
    "from_on",
    "to_on",
    "n_series",
    "silent",
    "words",
    "certainty",
    "params",
    "area_id",
    "gone_at",
)


@dataclass(frozen=True, slots=True)
class _Noted:
    """A trap with the records it is about; of several channels where all say the same."""

    trap: Trap
    channel: Channel | None
    duties: tuple[Duty, ...]
    first: date
    last: date
    newest: date
    n_all: int
    n_channels: int


def check_quality(
    *,
    now: datetime,
    by: Any = None,
    source: Source | None = None,
    until: date | None = None,
    days: int | None = None,
) -> list[QualityCheck]:
    """Look at the counts of a source, or of every source whose records have changed.

    Parameters
    ----------
    until
        Only what is dated up to this day, as it was known then.
    days
        Only so many days back; all of them without.
    """
    asked = [source] if source else list(Source.objects.all())
    done = (_check(each, now=now, by=by, until=until, days=days) for each in asked)
    return [each for each in done if each is not None]


@transaction.atomic
def _check(
    source: Source, *, now: datetime, by: Any, until: date | None, days: int | None
) -> QualityCheck | None:
    span = _span(source, until, days)
    if span is None:
        return None
    first, last = span
    records = _records(first, last)
    before = QualityCheck.objects.filter(source=source).first()
    if before is not None and before.records == records:
        return before
    noted = list(_merged(_look(source, first, last)))
    standing = _keep(source, noted, first, last, now=now)
    _read_dates(source, noted, first, last, by=by, now=now)
    done, _made = QualityCheck.objects.update_or_create(
        source=source,
        defaults={
            "records": records,
            "first_day": first,
            "last_day": last,
            "n_findings": standing,
            "checked_at": now,
        },
    )
    audit.record(
        verb="surveillance.check_quality",
        subject=f"source:{source.pk}",
        by=by,
        now=now,
        detail={"first": first, "last": last, "findings": standing},
    )
    return done


def _span(source: Source, until: date | None, days: int | None) -> tuple[date, date] | None:
    counts = Count.objects.filter(current=True, duty__site__source=source)
    if until is not None:
        counts = counts.filter(day__lte=until)
    found = counts.aggregate(first=Min("day"), last=Max("day"))
    if found["first"] is None:
        return None
    first: date = found["first"]
    last: date = found["last"]
    if days is not None:
        first = max(first, last - timedelta(days=days - 1))
    return first, last


def _records(first: date, last: date) -> str:
    """A digest of the state of the records of these days."""
    digest = hashlib.sha256(f"{first} {last}".encode())
    for row in CountDay.objects.filter(day__range=(first, last)).order_by("day").values_list():
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _look(source: Source, first: date, last: date) -> Iterator[_Noted]:
    by_channel: dict[str, list[Duty]] = defaultdict(list)
    duties = Duty.objects.filter(site__source=source).select_related("site__area", "channel")
    for duty in duties.order_by("number"):
        by_channel[duty.channel_id].append(duty)
    for own in by_channel.values():
        channel = own[0].channel
        if channel.kind == ChannelKind.OFFICIAL and not channel.cumulative:
            continue  # a stock that rises and falls every day has none of these traps
        yield from _look_at(channel, own, first, last, len(by_channel))


def _look_at(
    channel: Channel, duties: list[Duty], first: date, last: date, n_channels: int
) -> Iterator[_Noted]:
    numbers = [duty.number for duty in duties]
    weekly = channel.cadence == Cadence.WEEKLY
    step = 7 if weekly else 1
    counts = history.load(numbers, first, last)[:, ::step]
    days = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]
    told = ~np.isnan(counts).all(axis=0)
    if told.sum() < 3:
        return
    share = bool(channel.denominator) and channel.kind != ChannelKind.WASTEWATER
    totals = history.load(numbers, first, last, what="denominator")[:, ::step] if share else None
    if totals is not None and np.isnan(totals).all():
        totals = None
    report = check(
        Series(counts, days),
        Options(cumulative=channel.cumulative, daily=not weekly),
        denominator=totals,
    )
    for trap in report.findings:
        if trap.kind == K.STUCK and channel.measure == Measure.SITES:
            continue  # as many clinics as last week is no sign that nobody counts
        yield _Noted(
            trap,
            channel,
            tuple(duties[row] for row in trap.series),
            days[trap.first],
            days[trap.last],
            days[-1],
            len(duties),
            n_channels,
        )


def _merged(noted: Iterable[_Noted]) -> Iterator[_Noted]:
    """Days on which a site told nothing in any of its channels are said once."""
    together: dict[tuple[Any, ...], list[_Noted]] = defaultdict(list)
    for one in noted:
        if one.trap.kind not in (K.MISSING, K.STOPPED):
            yield one
            continue
        sites = tuple(duty.site_id for duty in one.duties)
        together[one.trap.words, one.first, one.last, sites].append(one)
    for same in together.values():
        yield replace(same[0], channel=None) if len(same) > 1 else same[0]


def _keep(
    source: Source, noted: Sequence[_Noted], first: date, last: date, *, now: datetime
) -> int:
    """Write what is new, note what changed, and mark what is gone; returns how many stand."""
    known = {f.key: f for f in Finding.objects.filter(source=source)}
    found: dict[str, Finding] = {}
    for one in noted:
        finding = _finding(source, one, now)
        found[finding.key] = finding
    new = [finding for key, finding in found.items() if key not in known]
    changed = []
    for key, finding in found.items():
        stored = known.get(key)
        if stored is not None and _take_over(stored, finding):
            changed.append(stored)
    gone = [
        f
        for key, f in known.items()
        if key not in found and f.gone_at is None and f.to_on >= first and f.from_on <= last
    ]
    for finding in gone:
        finding.gone_at = now
    Finding.objects.bulk_create(new, batch_size=500)
    Finding.objects.bulk_update([*changed, *gone], _CHANGING, batch_size=200)
    return len(found)


def _take_over(stored: Finding, finding: Finding) -> bool:
    before = [getattr(stored, name) for name in _CHANGING]
    for name in _CHANGING:
        setattr(stored, name, getattr(finding, name))
    return before != [getattr(stored, name) for name in _CHANGING]


def _finding(source: Source, one: _Noted, now: datetime) -> Finding:
    sites = list(dict.fromkeys(duty.site for duty in one.duties))
    alone = one.duties[0] if len(one.duties) == 1 else None
    everywhere = len(one.duties) >= 0.6 * one.n_all and one.n_all > 3
    trap = one.trap
    facts = {"size": abs(trap.size), **{k: float(v) for k, v in trap.facts.items()}}
    if trap.kind == K.STOPPED:
        facts["size"] = float((one.last - one.first).days + 1)  # days, of weeks too
    return Finding(
        source=source,
        channel=one.channel,
        area_id=_common([site.area.path for site in sites]),
        duty=alone,
        kind=trap.kind,
        words=trap.words,
        certainty=trap.certainty,
        from_on=one.first,
        to_on=one.last,
        n_series=len(one.duties),
        silent=trap.kind in SILENCING and trap.certainty >= 0.5,
        params={
            "facts": facts,
            "names": [site.name for site in sites[:_NAMES]],
            "areas": sorted({site.area.path for site in sites}) if not everywhere else [],
            "n_places": len(sites),
            "everywhere": everywhere,
            "open": one.last == one.newest and one.first < one.last,
        },
        key=_key(source, one, alone),
        found_at=now,
    )


def _key(source: Source, one: _Noted, alone: Duty | None) -> str:
    """The same thing is found again under the same key, though it may have grown since."""
    kind, lasting = one.trap.kind, one.trap.kind in _LASTING
    parts = [source.pk, one.channel.pk if one.channel else "", kind]
    # what lasts may begin before the days looked at, which move on
    parts.append(one.trap.words if lasting else str(one.first))
    parts.append(f"duty {alone.pk}" if alone else "many")
    if lasting or kind in (K.MISSING, K.TOTAL):
        parts += [str(one.duties[0].pk), str(one.last) if kind == K.MISSING else ""]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _common(paths: Sequence[str]) -> str | None:
    """The smallest area that holds all of these."""
    split = [path.strip("/").split("/") for path in paths]
    shared = None
    for codes in zip(*split, strict=False):
        if len(set(codes)) > 1:
            break
        shared = codes[0]
    return shared


def _read_dates(
    source: Source, noted: Sequence[_Noted], first: date, last: date, *, by: Any, now: datetime
) -> None:
    """Let the dates of a source be read as the check found; and no longer, where it did not."""
    shifts: dict[date, _Noted] = {}
    for one in noted:
        if one.trap.kind == K.DATE_SHIFT and one.trap.certainty >= _SURE:
            best = shifts.get(one.first)
            if best is None or one.trap.certainty > best.trap.certainty:
                shifts[one.first] = one
    for day, one in sorted(shifts.items()):
        record_convention(
            source=source,
            from_on=day,
            shift=-round(one.trap.size),
            grounds={
                "finding": _key(source, one, None),
                "words": one.trap.words,
                "channel": one.channel.pk if one.channel else "",
                "certainty": one.trap.certainty,
                "facts": dict(one.trap.facts),
            },
            by=by,
            now=now,
        )
    mine = DateConvention.objects.filter(
        ~Q(from_on__in=list(shifts)),
        source=source,
        withdrawn_at=None,
        recorded_by=None,
        from_on__gte=first + timedelta(days=7),
        from_on__lte=last,
    )
    for convention in mine:
        withdraw_convention(
            convention=convention, reason="the check no longer finds it", by=by, now=now
        )
