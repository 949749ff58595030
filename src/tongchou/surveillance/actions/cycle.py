"""The daily cycle: check the counts, notice who is silent, detect, raise signals, write the briefs.

It may run as often as it likes and be killed anywhere: from the same records it changes nothing,
and what it was computing is begun anew. Counts that come late re-open their mornings.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.staff.queries import on_post
from tongchou.staff.roles import Role
from tongchou.surveillance import brief, clustering, detecting
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.actions.reporting import REOPENED_FOR
from tongchou.surveillance.actions.signals import raise_signals
from tongchou.surveillance.actions.silences import notice_silence
from tongchou.surveillance.due import missing
from tongchou.surveillance.models import CountDay, DateConvention, DayRun, KeptBrief, RunState

log = logging.getLogger("tongchou.worker")
#: The morning begins at this hour of the city's clock: yesterday's counts are in by then or late.
BEGINS = 6
#: A run that shows no sign of life for so long was killed.
LOST = timedelta(minutes=30)
#: Counts of so many days back are what a morning is computed from.
BACK = timedelta(days=400)
#: And so many are looked at for traps: enough for habits of the week, and quick in a large city.
LOOKED_AT = 120
#: Who reads a brief in the morning.
_READERS = (Role.COMMANDER, Role.DUTY_OFFICER, Role.CDC)


@dataclass
class Done:
    """What the cycle did: mornings computed, and those that were computed before already."""

    computed: list[date] = field(default_factory=list)
    unchanged: list[date] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.computed:
            return "nothing new"
        return "computed " + ", ".join(map(str, self.computed))


def daily_cycle(*, now: datetime) -> Done:
    """Compute this morning, and every morning that late counts have re-opened."""
    done = Done()
    today = timezone.localdate(now)
    if timezone.localtime(now).hour < BEGINS:
        today -= timedelta(days=1)
    for on in _waiting(today):
        if compute(on, now=now):
            done.computed.append(on)
        else:
            done.unchanged.append(on)
    return done


def _waiting(today: date) -> list[date]:
    """Re-opened mornings, oldest first, and today's; nothing where nobody has ever counted."""
    if not CountDay.objects.exists():
        return []
    again = DayRun.objects.filter(
        Q(state=RunState.REOPENED) | Q(state=RunState.FAILED),
        on__lt=today,
        on__gte=today - REOPENED_FOR,
    )
    return [*again.order_by("on").values_list("on", flat=True), today]


def compute(on: date, *, now: datetime) -> bool:
    """Compute the morning of `on`: everything up to 24:00 of the day before. False: no change."""
    records = _records(on)
    run = _claim(on, records, now=now)
    if run is None:
        return False
    steps: list[dict[str, Any]] = []
    try:
        for name, step in _STEPS:
            began = time.monotonic()
            n = step(on, run, now)
            steps.append({"step": name, "seconds": round(time.monotonic() - began, 2), "n": n})
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"[:400]
        DayRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, fault=fault, steps=steps)
        raise
    # Counts that came while it was computing have re-opened nothing: the digest tells of them.
    state = RunState.DONE if _records(on) == records else RunState.REOPENED
    DayRun.objects.filter(pk=run.pk).update(
        state=state, finished_at=timezone.now(), steps=steps, fault=""
    )
    return True


@transaction.atomic
def _claim(on: date, records: str, *, now: datetime) -> DayRun | None:
    """Take the run of a morning; None where it is done from the same records, or under way."""
    run = DayRun.objects.select_for_update().filter(on=on).first()
    if run is None:
        return DayRun.objects.create(on=on, state=RunState.RUNNING, records=records, started_at=now)
    if run.state == RunState.RUNNING and now - run.started_at < LOST:
        return None
    if run.records == records and run.state in (RunState.DONE, RunState.REOPENED):
        DayRun.objects.filter(pk=run.pk, finished_at__isnull=False).update(state=RunState.DONE)
        if run.finished_at is not None:
            return None
    run.state, run.records, run.started_at = RunState.RUNNING, records, now
    run.n_times += 1
    run.save(update_fields=["state", "records", "started_at", "n_times"])
    return run


def _records(on: date) -> str:
    """A digest of everything the morning is computed from."""
    days = CountDay.objects.filter(day__lt=on, day__gte=on - BACK).order_by("day")
    digest = hashlib.sha256()
    for row in days.values_list("day", "version"):
        digest.update(repr(row).encode())
    for convention in DateConvention.objects.filter(recorded_by__isnull=False).values_list(
        "source", "from_on", "shift", "withdrawn_at"
    ):
        digest.update(repr(convention).encode())
    return digest.hexdigest()


# --- the steps ---------------------------------------------------------------------------------


def _check(on: date, run: DayRun, now: datetime) -> int:
    done = check_quality(now=now, days=LOOKED_AT)
    return sum(each.n_findings for each in done)


def _silent(on: date, run: DayRun, now: datetime) -> int:
    noticed = notice_silence(missing=missing(now=now), now=now)
    return len(noticed.new) + len(noticed.extended)


def _detect(on: date, run: DayRun, now: datetime) -> int:
    day = on - timedelta(days=1)
    found = [*detecting.detect(day), *clustering.clusters(day)]
    raised = raise_signals(day=day, found=found, now=now)
    return len(raised.new) + len(raised.extended)


def _brief(on: date, run: DayRun, now: datetime) -> int:
    written = 0
    for area in _areas_with_readers(now):
        try:
            facts = brief.of(area, on=on, now=now).facts()
        except brief.NothingCounted:
            continue
        written += keep_brief(area=area, on=on, facts=facts, run=run, now=now)
    return written


Step = Callable[[date, DayRun, datetime], int]
_STEPS: tuple[tuple[str, Step], ...] = (
    ("check", _check),
    ("silent", _silent),
    ("detect", _detect),
    ("brief", _brief),
)


def _areas_with_readers(now: datetime) -> list[Area]:
    """Areas for which somebody is on post who reads a brief, from the top."""
    codes = on_post(now).filter(role__in=_READERS).values("area_id")
    return list(Area.objects.filter(pk__in=codes).order_by("path"))


@transaction.atomic
def keep_brief(
    *, area: Area, on: date, facts: dict[str, Any], run: DayRun | None, now: datetime
) -> bool:
    """Keep the brief of a morning; another edition only where it says something else."""
    kept = KeptBrief.objects.filter(area=area, on=on)
    newest = kept.order_by("-edition").first()
    if newest is not None and newest.facts == facts:
        return False
    last: int = kept.aggregate(last=Max("edition"))["last"] or 0
    KeptBrief.objects.create(area=area, on=on, edition=last + 1, facts=facts, run=run, made_at=now)
    return True
