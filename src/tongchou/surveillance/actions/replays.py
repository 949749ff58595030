"""Replays of history in the background: asked for on the page, computed by the worker.

A replay reads and never writes but its own row, so it may run twice or be killed anywhere: one that
shows no sign of life is taken up again.
"""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.surveillance import limits
from tongchou.surveillance.models import Channel, ReplayRun, ReplayState

log = logging.getLogger("tongchou.worker")
#: A worker that has shown no progress for so long was killed.
LOST = timedelta(minutes=15)


@transaction.atomic
def ask(
    *,
    channel: Channel | None,
    detector: str,
    per_week: float,
    last: date,
    by: User,
    now: datetime,
) -> ReplayRun:
    """Have history replayed; what is there already, or on its way, is not asked again."""
    known = ReplayRun.objects.filter(
        channel=channel, detector=detector, per_week=per_week, last=last
    ).exclude(state__in=(ReplayState.FAILED, ReplayState.THIN))
    for run in known.order_by("-id")[:1]:
        standing = limits.in_force(channel, detector)
        if run.waits or (run.facts and run.facts["now"] == standing):
            return run
    made = ReplayRun.objects.create(
        channel=channel, detector=detector, per_week=per_week, last=last, asked_by=by, asked_at=now
    )
    detail = {"channel": made.channel_id or "", "detector": detector, "per_week": per_week}
    audit.record(
        verb="threshold.replay", subject=f"replay:{made.pk}", by=by, now=now, detail=detail
    )
    return made


def run_waiting(*, now: datetime) -> str:
    """Replay the oldest that waits, if there is one; for the worker, every few seconds."""
    lost = Q(state=ReplayState.RUNNING, seen_at__lt=now - LOST)
    for run in ReplayRun.objects.filter(Q(state=ReplayState.QUEUED) | lost).order_by("id"):
        if _take(run, now):
            return f"replay {run.pk}: {_replayed(run)}"
    return ""


def _take(run: ReplayRun, now: datetime) -> bool:
    """Claim it as it was found; False where another worker was quicker."""
    free = ReplayRun.objects.filter(pk=run.pk, state=run.state, seen_at=run.seen_at)
    return bool(free.update(state=ReplayState.RUNNING, seen_at=now, done=0, parts=0))


def _replayed(run: ReplayRun) -> str:
    mine = ReplayRun.objects.filter(pk=run.pk, state=ReplayState.RUNNING)

    def progress(done: int, parts: int) -> None:
        mine.update(done=done, parts=parts, seen_at=timezone.now())

    try:
        found = limits.replay(
            run.channel, run.detector, per_week=run.per_week, last=run.last, progress=progress
        )
    except limits.TooThin:
        mine.update(state=ReplayState.THIN)
        return ReplayState.THIN
    except Exception as error:
        mine.update(state=ReplayState.FAILED, fault=f"{type(error).__name__}: {error}"[:400])
        log.exception("replay %s failed", run.pk)
        return ReplayState.FAILED
    mine.update(state=ReplayState.DONE, facts=found.facts())
    return ReplayState.DONE
