"""Running an import: the whole file is read and checked first, then stored in one transaction.

The store is locked only while rows are written. Whoever kills the process at any moment finds
nothing of the import in the store, or all of it; running it again completes it or changes nothing.
"""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from tongchou.intake import reading
from tongchou.intake.actions.opening import Opened, checked, opened
from tongchou.intake.actions.receiving import subject, whole
from tongchou.intake.errors import AlreadyTaken, IntakeError
from tongchou.intake.models import Import, State
from tongchou.intake.profiles import BadProfile
from tongchou.intake.reading import BadSheet, File
from tongchou.intake.seen import Seen
from tongchou.intake.spool import Spool
from tongchou.kit.tables import Unreadable
from tongchou.records import audit

#: After so long a worker on another machine is held to be dead.
LEASE = timedelta(hours=1)

Progress = Callable[[int], object]


def run(
    *,
    of: Import,
    now: datetime,
    file: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Import:
    """Store every row of an import that can be stored, and keep the others with their reasons.

    Parameters
    ----------
    file
        Where the file was not kept when it was received.
    progress
        Called with the number of rows read so far.

    Raises
    ------
    AlreadyTaken
        Where it is running or done.
    IntakeError
        Where the file cannot be read as its profile says. Nothing is stored then.
    """
    _take(of, now=now)
    try:
        with Spool() as spool, Seen() as seen:
            source = opened(of, File(file or whole(of)), now=now)
            for chunk in checked(source, seen):
                spool.add(chunk)
                source.run.n_read += len(chunk)
                (progress or _keep_progress(of))(source.run.n_read)
            _store(of, source, spool, now=now)
    except Unreadable as error:
        _fail(of, reading.said(error))
        raise IntakeError(of.fault) from error
    except (BadProfile, BadSheet) as error:
        _fail(of, str(error))
        raise IntakeError(str(error)) from error
    except IntegrityError as error:
        _fail(of, _("Somebody wrote the same records at the same moment. Run the import again."))
        raise IntakeError(of.fault) from error
    except BaseException as error:
        _fail(of, _("It stopped: %(error)s. Nothing was stored.") % {"error": type(error).__name__})
        raise
    return of


@transaction.atomic
def _store(of: Import, source: Opened, spool: Spool, *, now: datetime) -> None:
    _one_at_a_time(of.source)
    for chunk in spool.chunks():
        source.desk.write(source.desk.settle(chunk))
    counts = source.run
    done = {
        "state": State.DONE,
        "header": source.table.headers,
        "worksheet": source.table.worksheet,
        "n_read": counts.n_read,
        "n_new": counts.n_new,
        "n_unchanged": counts.n_unchanged,
        "n_refused": counts.n_refused,
        "n_remarks": counts.n_remarks,
        "progress": counts.n_read,
        "done_at": now,
        "fault": "",
    }
    if Import.objects.filter(pk=of.pk, state=State.RUNNING).update(**done) != 1:
        raise AlreadyTaken(_("Another worker has taken this import over."))
    for name, value in done.items():
        setattr(of, name, value)
    of.pieces.all().delete()
    detail = {"reconciled": of.reconciled, "new": of.n_new, "sha256": of.sha256}
    audit.record(verb="intake.done", subject=subject(of), by=of.by, now=now, detail=detail)


def run_waiting(*, now: datetime) -> str:
    """Run the oldest import that waits, if there is one; for the worker, every few seconds."""
    n_back = reclaim(now=now)
    waiting = Import.objects.filter(state=State.QUEUED).select_related("area", "by", "after")
    for of in waiting.order_by("id"):
        if of.after and of.after.state in (State.RECEIVED, State.QUEUED, State.RUNNING):
            continue
        try:
            run(of=of, now=now)
        except AlreadyTaken:
            continue
        except IntakeError as error:
            return f"import {of.pk}: {error}"
        return f"import {of.pk}: {of.reconciled}"
    return f"{n_back} taken back" if n_back else ""


@transaction.atomic
def reclaim(*, now: datetime) -> int:
    """Imports whose worker died: queued again where the file is kept, else marked interrupted."""
    n_back = 0
    for of in Import.objects.filter(state=State.RUNNING):
        if _lives(of, now):
            continue
        kept = of.pieces.exists()
        state = State.QUEUED if kept else State.INTERRUPTED
        n_back += Import.objects.filter(pk=of.pk, state=State.RUNNING, taken_at=of.taken_at).update(
            state=state, progress=0
        )
    return n_back


def _lives(of: Import, now: datetime) -> bool:
    host, _sign, process = of.worker.rpartition(":")
    if host != socket.gethostname():
        return of.taken_at is not None and of.taken_at > now - LEASE
    if int(process) == os.getpid():
        # This very process asks: it runs one import at a time, so the other one is in a thread.
        return of.taken_at is not None and of.taken_at > now - LEASE
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _take(of: Import, *, now: datetime) -> None:
    me = f"{socket.gethostname()[:50]}:{os.getpid()}"
    free = Import.objects.filter(pk=of.pk, state__in=(State.RECEIVED, State.QUEUED))
    if free.update(state=State.RUNNING, worker=me, taken_at=now, progress=0) != 1:
        raise AlreadyTaken(_("This import is running or done already. Look again."))
    of.state, of.worker, of.taken_at = State.RUNNING, me, now


def _fail(of: Import, says: str) -> None:
    of.state, of.fault = State.FAILED, says[:400]
    Import.objects.filter(pk=of.pk, state=State.RUNNING).update(state=of.state, fault=of.fault)


def _keep_progress(of: Import) -> Progress:
    def keep(n_rows: int) -> None:
        Import.objects.filter(pk=of.pk, state=State.RUNNING).update(progress=n_rows)

    return keep


def _one_at_a_time(source: str) -> None:
    """Two imports of one source would find neither's rows; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('intake'), hashtext(%s))", [source]
            )
