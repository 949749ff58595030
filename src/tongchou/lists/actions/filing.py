"""Files of a task: kept sealed, read with a trace, and gone when the matter is over long enough."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import policy
from tongchou.lists.actions.books import plain
from tongchou.lists.errors import Refused
from tongchou.lists.models import File, Task
from tongchou.people import pictures
from tongchou.people.errors import BadPicture, FileLost
from tongchou.people.files import SealedFiles
from tongchou.records import audit
from tongchou.staff.models import User

FILES = SealedFiles("task_file", "tasks", "lists.File")
MAX_BYTES = pictures.MAX_BYTES
#: Of one task: a task shown by more has been cut too large.
MOST = 20
_PDF, _PDF_TYPE = b"%PDF-", "application/pdf"
ENDINGS = {_PDF_TYPE: "pdf", "image/jpeg": "jpg", "image/png": "png"}


@transaction.atomic
def add(*, task: Task, content: bytes, words: str, by: User, now: datetime) -> File:
    """Keep a photo or a PDF with a task; the same file sent twice is kept once.

    Photos are freed of place, time and device: see `people.pictures`.

    Raises
    ------
    Refused
        Where the task is closed, has enough of them, or the file is none that is kept.
    """
    plain(words)
    kind, bare = _taken(content)
    digest = hashlib.sha256(bare).hexdigest()
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    known = task.files.filter(digest=digest).first()
    if known is not None:
        return known
    if not task.open:
        raise Refused(_("“%(it)s” is closed; nothing can be added to it.") % {"it": task.number})
    if task.files.count() >= MOST:
        raise Refused(_("%(n)d files of one task are enough.") % {"n": MOST})
    file = File.objects.create(
        task=task, words=words.strip()[:120], media_type=kind, size=len(bare), digest=digest,
        by=by, at=now,
    )  # fmt: skip
    _told(file, "task.file_add", by=by, now=now, size=len(bare))
    FILES.keep(bare, now=now)  # last: a row that fails leaves no file
    return file


def _taken(content: bytes) -> tuple[str, bytes]:
    if content.startswith(_PDF):
        if len(content) > MAX_BYTES:
            raise Refused(
                _("This PDF is larger than %(n)d MB. Scan it in grey, or split it.")
                % {"n": MAX_BYTES // 1024 // 1024}
            )
        return _PDF_TYPE, content
    try:
        return pictures.media_type(content), pictures.bare(content)
    except BadPicture as refusal:
        raise Refused(_("%(why)s A PDF is taken too.") % {"why": refusal}) from refusal


@transaction.atomic
def read(*, file: File, by: User, now: datetime) -> bytes:
    """The file; who looked at it is written down.

    Raises
    ------
    Refused
        Where it was destroyed, or is not whole where it was put.
    """
    if file.destroyed_on is not None:
        raise Refused(_("This file was destroyed on %(day)s.") % {"day": file.destroyed_on})
    try:
        content = FILES.read(file.digest)
    except FileLost as lost:
        raise Refused(str(lost)) from None
    _told(file, "task.file_read", by=by, now=now)
    return content


def destroy_due(*, now: datetime) -> int:
    """Destroy the files of tasks that closed longer ago than personal data are kept."""
    days = policy.in_force(now).retention.personal_data_days
    over = File.objects.filter(destroyed_on=None, task__closed_at__lte=now - timedelta(days=days))
    with transaction.atomic(durable=True):
        due = dict(over.values_list("pk", "digest"))
        File.objects.filter(pk__in=due).update(destroyed_on=timezone.localdate(now), words="")
        if due:
            audit.record(
                verb="task.file_destroy", subject="task files", by=None, now=now,
                detail={"files": len(due)},
            )  # fmt: skip
    FILES.discard(due.values(), now=now)
    return len(due)


def file_name(file: File) -> str:
    """The name a file is downloaded under; it names a task and nobody."""
    return f"{file.task.number}-{file.pk}.{ENDINGS[file.media_type]}"


def _told(file: File, verb: str, *, by: User, now: datetime, **more: object) -> None:
    subject = f"task:{file.task_id}"
    audit.record(verb=verb, subject=subject, by=by, now=now, detail={"file": file.pk, **more})
