"""Studies: asked for on the page, made by the worker a few seconds at a time, stopped by anyone.

Between two turns a study is in nobody's hands, so that the sweep and everything else of the worker
has its turn. What is finished stands in the journal: a worker that is killed costs the run that was
under way, and the result is the same.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.planning.errors import StaleScenario, TooLate
from tongchou.planning.models import WAITING, Kind, Scenario, State, Study
from tongchou.records import audit
from tongchou.staff.models import User

if TYPE_CHECKING:
    from tongchou.epi.plan.journal import Journal

log = logging.getLogger("tongchou.worker")

#: A worker that has shown no sign of life for so long was killed.
LOST: Final = timedelta(minutes=2)
#: So long the worker stays with one study before it looks after everything else.
TURN: Final = 4.0
#: Progress is written no more often than this, in seconds.
TOLD_EVERY: Final = 0.5


@transaction.atomic
def ask(
    *,
    scenario: Scenario,
    kind: str,
    seeds: int,
    budget: int = 1,
    by: User | None,
    now: datetime,
) -> Study:
    """Put a study in the queue."""
    study = Study.objects.create(
        scenario=scenario,
        kind=Kind(kind),
        seeds=seeds,
        budget=budget,
        asked_by=by,
        asked_at=now,
    )
    detail = {"scenario": scenario.pk, "kind": kind, "seeds": seeds, "budget": budget}
    audit.record(verb="study.ask", subject=f"study:{study.pk}", by=by, now=now, detail=detail)
    return study


@transaction.atomic
def cancel(*, study: Study, by: User, now: datetime) -> None:
    """Stop a study; nothing of it is kept.

    Raises
    ------
    TooLate
        Where it is over already.
    """
    stopped = Study.objects.filter(pk=study.pk, state__in=WAITING).update(
        state=State.CANCELLED, ended_at=now, seen_at=None
    )
    if not stopped:
        raise TooLate(_("This study is over already."))
    audit.record(verb="study.cancel", subject=f"study:{study.pk}", by=by, now=now)


def run_waiting(*, now: datetime) -> str:
    """Go on with the oldest study that waits, for a few seconds; for the worker.

    A plan takes long: it goes on while nothing else waits.
    """
    _tidy()
    free = Q(seen_at=None) | Q(seen_at__lt=now - LOST)
    waiting = Study.objects.filter(free, state__in=WAITING).select_related("scenario")
    for study in sorted(waiting, key=lambda each: (each.is_plan, each.pk)):
        if _take(study, now):
            return f"study {study.pk}: {_go_on(study)}"
    return ""


def _take(study: Study, now: datetime) -> bool:
    """Claim it as it was found; False where another worker was quicker."""
    free = Study.objects.filter(pk=study.pk, state=study.state, seen_at=study.seen_at)
    begun = study.started_at or now
    return bool(free.update(state=State.RUNNING, seen_at=now, started_at=begun))


def _go_on(study: Study) -> str:
    from tongchou.epi.plan.ensemble import Cancelled
    from tongchou.epi.trace.durable import Busy

    turn = _Turn(study)
    try:
        return turn.made()
    except Cancelled:
        if turn.stopped:
            _forget(study)
            return State.CANCELLED
        turn.mine.update(seen_at=None)
        return State.RUNNING
    except Busy:  # a worker that shows no sign of life is at it all the same
        return "in other hands"
    except StaleScenario as error:
        return turn.failed(str(error))
    except Exception as error:
        log.exception("study %s failed", study.pk)
        return turn.failed(f"{type(error).__name__}: {error}")


class _Turn:
    """A few seconds with one study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.mine = Study.objects.filter(pk=study.pk, state=State.RUNNING)
        self.stopped = False
        self._until = self._told = 0.0
        self._journal: Journal | None = None
        self._before = 0

    def made(self) -> str:
        from tongchou.epi.plan import betas
        from tongchou.planning import studying

        known = betas.kept_in(settings.TONGCHOU_DATA / "betas")
        with known, _opened(self.study) as journal:
            self._journal, self._before = journal, len(journal.runs)
            found = studying.answer(
                self.study, journal, progress=self.tell, cancelled=self.cancelled
            )
        done = self.mine.update(
            state=State.DONE,
            result=found.result,
            digest=found.digest,
            ended_at=timezone.now(),
            seen_at=None,
        )
        _forget(self.study)
        return State.DONE if done else State.CANCELLED

    def failed(self, fault: str) -> str:
        self.mine.update(
            state=State.FAILED, fault=fault[:1000], ended_at=timezone.now(), seen_at=None
        )
        _forget(self.study)
        return State.FAILED

    def tell(self, phase: str, done: int, total: int) -> None:
        at = time.monotonic()
        if at - self._told < TOLD_EVERY and done < total:
            return
        self._told = at
        told = self.mine.update(phase=phase, done=done, total=total, seen_at=timezone.now())
        self.stopped = self.stopped or not told

    def cancelled(self) -> bool:
        """Whether to leave it: somebody stopped it, or the turn is over and a run was made in it.

        A turn always finishes one run, so that the slowest study comes to its end.
        """
        if self.stopped:
            return True
        assert self._journal is not None
        if len(self._journal.runs) == self._before:
            return False
        self._until = self._until or time.monotonic() + TURN
        return time.monotonic() > self._until


def _opened(study: Study) -> "Journal":
    """The journal of a study; one of another version of the model is begun anew."""
    from tongchou.epi.plan.journal import Journal, NotThisModel
    from tongchou.planning.studying import journal_of

    path = journal_of(study, settings.TONGCHOU_DATA)
    try:
        with Journal(path):
            pass
    except NotThisModel:
        path.unlink()
    return Journal(path)


def _forget(study: Study) -> None:
    from tongchou.planning.studying import journal_of

    path = journal_of(study, settings.TONGCHOU_DATA)
    for each in (path, path.with_name(path.name + ".lock")):
        each.unlink(missing_ok=True)


def _tidy() -> None:
    """Remove the runs of studies that are over: somebody stopped them between two turns."""
    folder = settings.TONGCHOU_DATA / "studies"
    kept = {path.stem for path in folder.glob("*.runs") if path.stem.isdecimal()}
    if kept:
        waiting = Study.objects.filter(pk__in=kept, state__in=WAITING).values_list("pk", flat=True)
        for pk in kept - {str(each) for each in waiting}:
            _forget(Study(pk=int(pk)))
