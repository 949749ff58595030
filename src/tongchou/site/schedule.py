"""What is done without anybody asking: the sweep, the board's counts, seals, destruction, imports.

Every job can run twice, late, or be killed in the middle and do no harm: a job claimed by a worker
that died simply comes round again. Long work given by a person (an import) is claimed the same way
from its own table.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from tongchou.site.models import Schedule

log = logging.getLogger("tongchou.worker")


@dataclass(frozen=True)
class Job:
    """`run` takes `now` and returns something short to show on the worker's page."""

    name: str
    every: timedelta
    run: Callable[..., Any]


def _call(path: str, *, now: datetime) -> Any:
    module, name = path.rsplit(".", 1)
    return getattr(import_module(module), name)(now=now)


def _job(name: str, path: str, **every: float) -> Job:
    return Job(name, timedelta(**every), partial(_call, path))


JOBS = (
    _job("sweep", "tongchou.ledger.sweeping.sweep", seconds=30),
    _job("tell", "tongchou.ledger.telling.tell", seconds=30),
    _job("tally", "tongchou.command.actions.tally", seconds=60),
    _job("readings", "tongchou.command.actions.take_readings", seconds=60),
    _job("imports", "tongchou.intake.actions.run_waiting", seconds=2),
    _job("clear imports", "tongchou.intake.actions.destroy_due", hours=6),
    _job("daily cycle", "tongchou.surveillance.actions.cycle.daily_cycle", minutes=10),
    _job("replays", "tongchou.surveillance.actions.replays.run_waiting", seconds=2),
    _job("studies", "tongchou.planning.actions.studies.run_waiting", seconds=1),
    _job("forecasts", "tongchou.planning.actions.forecasts.forecast_due", minutes=10),
    _job("reviews", "tongchou.reviews.actions.opening.open_due", minutes=1),
    _job("daily reports", "tongchou.reports.actions.lay_out_due", minutes=1),
    _job("common problems", "tongchou.lists.actions.common.look", minutes=30),
    _job("shifts", "tongchou.orders.actions.duty.begin_due", seconds=60),
    _job("seal", "tongchou.records.audit.seal", minutes=5),
    _job("destroy", "tongchou.people.actions.destroy_due", hours=6),
    _job("evaluations", "tongchou.supervision.actions.evaluations.run_waiting", seconds=2),
    _job("destroy photos", "tongchou.supervision.actions.photos.destroy_due", hours=6),
    _job("destroy files of tasks", "tongchou.lists.actions.filing.destroy_due", hours=6),
    _job("sweep files", "tongchou.site.sealed.sweep", hours=6),
    _job("destroy documents", "tongchou.cases.documents.destroy_due", hours=6),
    _job("destroy itineraries", "tongchou.tracing.actions.destroy_due", hours=6),
    _job("destroy reports", "tongchou.tracing.actions.field.destroy_field_due", hours=6),
    _job("destroy leads", "tongchou.surveillance.actions.leads.destroy_due", hours=6),
    _job("seal visits", "tongchou.tracing.actions.visits.seal_days", minutes=30),
    _job("destroy visits", "tongchou.tracing.actions.visits.destroy_due", hours=6),
)


def due(now: datetime) -> list[Job]:
    """The jobs whose time has come, in the order of the table."""
    known = dict(Schedule.objects.values_list("name", "next_at"))
    for job in JOBS:
        if job.name not in known:
            Schedule.objects.get_or_create(name=job.name, defaults={"next_at": now})
            known[job.name] = now
    return [job for job in JOBS if known[job.name] <= now]


def claim(job: Job, now: datetime) -> bool:
    """Take this run of the job; False where another worker was quicker."""
    return bool(
        Schedule.objects.filter(name=job.name, next_at__lte=now).update(
            next_at=now + job.every, started_at=now
        )
    )


def run(job: Job, now: datetime) -> str:
    """Run a claimed job and note how it went; a failure is kept, logged and tried again."""
    error = ""
    try:
        result = str(job.run(now=now))
    except Exception as failure:
        error, result = traceback.format_exc(), f"{type(failure).__name__}: {failure}"
        log.error("job %s failed: %s", job.name, error)
    Schedule.objects.filter(name=job.name).update(
        finished_at=timezone.now(), result=result[:200], error=error
    )
    return result


def turn() -> int:
    """One round over the table; returns how many jobs ran."""
    now, n_run = timezone.now(), 0
    for job in due(now):
        if claim(job, now):
            run(job, now)
            n_run += 1
    close_old_connections()
    return n_run
