"""Silent sentinels: a count that was due and did not come is a gap like any other."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.ledger import actions as ledger
from tongchou.records import audit
from tongchou.staff import actions as staff
from tongchou.staff.models import User
from tongchou.surveillance.actions.signals import NotSaid
from tongchou.surveillance.loops import SILENCE
from tongchou.surveillance.models import Count, Duty, Excuse, Silence


@dataclass
class Noticed:
    """What became of the counts that were due: each series is in at most one of these."""

    new: list[Silence] = field(default_factory=list)
    extended: list[Silence] = field(default_factory=list)
    unchanged: list[Silence] = field(default_factory=list)


@transaction.atomic
def notice_silence(
    *, missing: Iterable[tuple[int, date]], now: datetime, by: User | None = None
) -> Noticed:
    """Take the series and days that were due and have no count; twice is once.

    A series has one open silence however many days are missing. Days it was excused for are not
    asked for again.
    """
    days: dict[int, list[date]] = defaultdict(list)
    for duty, day in missing:
        days[duty].append(day)
    silences = Silence.objects.filter(duty_id__in=days)
    open_ones = {s.duty_id: s for s in silences.filter(closed_at=None)}
    excused = _excused(silences)
    done = Noticed()
    duties = Duty.objects.select_related("site__area", "channel").in_bulk(
        [duty for duty in days if duty not in open_ones]
    )
    for duty, missed in sorted(days.items()):
        wanted = [day for day in missed if not _within(day, excused[duty])]
        if not wanted:
            continue
        first, last = min(wanted), max(wanted)
        if duty in open_ones:
            _extend(done, open_ones[duty], first, last)
        else:
            done.new.append(_open(duties[duty], first, last, by=by, now=now))
    return done


def _excused(silences: Any) -> dict[int, list[tuple[date, date]]]:
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = silences.exclude(excuse="").values_list("duty_id", "first_on", "last_on")
    for duty, first, last in rows:
        spans[duty].append((first, last))
    return spans


def _within(day: date, spans: Collection[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in spans)


def _open(duty: Duty, first: date, last: date, *, by: User | None, now: datetime) -> Silence:
    area = duty.site.area
    title = f"{duty.site} · {duty.channel} · {first:%m-%d}"
    passage = ledger.start(
        loop=SILENCE, area=area, title=title, by=by, now=now, unit=duty.site.unit_id
    )
    return Silence.objects.create(
        duty=duty,
        passage=passage,
        area_path=area.path,
        first_on=first,
        last_on=last,
        raised_at=passage.opened_at,
    )


def _extend(done: Noticed, silence: Silence, first: date, last: date) -> None:
    first, last = min(first, silence.first_on), max(last, silence.last_on)
    if (first, last) == (silence.first_on, silence.last_on):
        done.unchanged.append(silence)
        return
    Silence.objects.filter(pk=silence.pk).update(first_on=first, last_on=last)
    silence.first_on, silence.last_on = first, last
    done.extended.append(silence)


@transaction.atomic
def end_silences(*, duties: Iterable[int], by: User | None, now: datetime) -> list[Silence]:
    """Counts came in: silences whose last missing day is reported now are over.

    `report_counts` calls it. A day before the last that is still missing stays a hole in the
    series, and is named by the quality check.
    """
    rows = Silence.objects.filter(closed_at=None).select_related("passage")
    wanted = set(duties)
    # A city has few silences and an import sixty thousand series: they are not named one by one.
    waiting = [silence for silence in rows if silence.duty_id in wanted]
    reported = set(
        Count.objects.filter(
            duty_id__in=[s.duty_id for s in waiting],
            day__in=[s.last_on for s in waiting],
            current=True,
        ).values_list("duty_id", "day")
    )
    over = [silence for silence in waiting if (silence.duty_id, silence.last_on) in reported]
    if not over:
        return over
    # A hand-over is somebody's: where no user brought the counts, the house signs.
    signs = by if by is not None else staff.system(now=now)
    for silence in over:
        _close(silence, "reported", by=signs, now=now)
    return over


@transaction.atomic
def excuse(*, silence: Silence, reason: str, by: User, now: datetime, note: str = "") -> Silence:
    """The count will not come, for a reason of the list. The day stays missing, never zero.

    Raises
    ------
    NotSaid
        Without a reason of the list.
    """
    if reason not in Excuse.values:
        raise NotSaid(_("Say why the count will not come: choose one of the reasons."))
    note = f"{Excuse(reason).label}. {note}".strip()
    _close(silence, "excused", by=by, now=now, note=note, excuse=reason)
    audit.record(
        verb="silence.excuse",
        subject=f"silence:{silence.pk}",
        by=by,
        now=now,
        detail={"reason": reason, "from": silence.first_on, "to": silence.last_on},
    )
    return silence


def _close(
    silence: Silence, to: str, *, by: User, now: datetime, note: str = "", excuse: str = ""
) -> None:
    ledger.hand_over(passage=silence.passage, to=to, by=by, now=now, note=note)
    closed_at = silence.passage.closed_at
    Silence.objects.filter(pk=silence.pk).update(closed_at=closed_at, excuse=excuse)
    silence.closed_at, silence.excuse = closed_at, excuse
