"""Files of a case: sealed in the data folder under the digest of what is in them.

Laboratory reports carry names, so a file is sealed like an identity and goes when its person's
data go. The name a file came with is not kept, and reading one leaves an audit row.
"""

import hashlib
import os
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.cases.actions import day, subject
from tongchou.cases.errors import BadDocument
from tongchou.cases.models import Case, Correction, Document
from tongchou.people import sealing
from tongchou.records import audit
from tongchou.staff.models import User

MAX_BYTES = 10 * 1024 * 1024
# By their first bytes: what a browser says of a file is what its sender wants it to say.
TYPES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
}


def media_type(content: bytes) -> str:
    """The type of a file that is taken.

    Raises
    ------
    BadDocument
        Where the file is empty, too large, or something else than a PDF or a picture.
    """
    if not content:
        raise BadDocument(_("This file is empty."))
    if len(content) > MAX_BYTES:
        raise BadDocument(
            _("This file is larger than %(n)d MB. Scan it in grey, or at 150 dpi.")
            % {"n": MAX_BYTES // 1024 // 1024}
        )
    for beginning, (kind, _ending) in TYPES.items():
        if content.startswith(beginning):
            return kind
    raise BadDocument(_("Only PDF, PNG and JPEG are kept here. Print other files to PDF."))


def file_name(document: Document) -> str:
    """The name a document is downloaded under; it names a case and nobody."""
    endings = dict(TYPES.values())
    ending = endings.get(document.media_type, "bin")
    return f"{document.case.number}-{document.kind}-{document.pk}.{ending}"


@transaction.atomic
def add(*, case: Case, kind: str, content: bytes, by: User, now: datetime) -> Document:
    """Keep a file with a case.

    Raises
    ------
    BadDocument
        Where the file is not taken, or this case has it already.
    """
    found = media_type(content)
    digest = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            document = Document.objects.create(
                case=case,
                kind=kind,
                media_type=found,
                size=len(content),
                digest=digest,
                by=by,
                at=now,
            )
    except IntegrityError as error:
        raise BadDocument(_("This case has this very file already.")) from error
    _write(digest, content)
    detail = {"document": document.pk, "kind": kind, "size": len(content)}
    audit.record(verb="document.add", subject=subject(case), by=by, now=now, detail=detail)
    return document


@transaction.atomic
def read(*, document: Document, by: User, now: datetime) -> bytes:
    """What is in a document; who read it is written down.

    Raises
    ------
    BadDocument
        Where it was destroyed, or is not where it was put.
    """
    if document.destroyed_on is not None:
        raise BadDocument(
            _("This document was destroyed on %(day)s.") % {"day": document.destroyed_on}
        )
    path = _path(document.digest)
    if not path.exists():
        raise BadDocument(_("This document is missing from the data folder. Restore a backup."))
    content = b64decode(sealing.unseal(path.read_text("ascii"), _place(document.digest)))
    detail = {"document": document.pk}
    subject_of = subject(document.case)
    audit.record(verb="document.read", subject=subject_of, by=by, now=now, detail=detail)
    return content


@transaction.atomic
def destroy_due(*, now: datetime) -> int:
    """Destroy what is kept beyond the day set for a person: files, old values, places.

    Returns how many documents went. What remains of the case says when and how it was found and
    treated, of a person nobody can name any more.
    """
    today = day(now)
    due = Document.objects.filter(destroyed_on=None, case__person__destroy_on__lte=today)
    documents = list(due.select_related("case"))
    Document.objects.filter(pk__in=[d.pk for d in documents]).update(destroyed_on=today)
    gone = {d.digest for d in documents}
    kept = set(Document.objects.filter(digest__in=gone, destroyed_on=None).values_list("digest"))
    for digest in gone - {digest for (digest,) in kept}:
        _path(digest).unlink(missing_ok=True)
    over = Case.objects.filter(person__destroy_on__lte=today)
    Correction.objects.filter(case__in=over).delete()
    over.exclude(occupation="", longitude=None, latitude=None).update(
        occupation="", longitude=None, latitude=None
    )
    if documents:
        detail = {"documents": len(documents)}
        audit.record(verb="document.destroy", subject="documents", by=None, now=now, detail=detail)
    return len(documents)


def reseal() -> int:
    """Seal every file under the key that is active now; how many were under another."""
    active, n = sealing.active_key(), 0
    digests = Document.objects.filter(destroyed_on=None).values_list("digest", flat=True)
    for digest in digests.distinct().iterator():
        path = _path(digest)
        if not path.exists():
            continue
        sealed = path.read_text("ascii")
        if sealing.key_id_of(sealed) != active:
            _store(path, sealing.seal(sealing.unseal(sealed, _place(digest)), _place(digest)))
            n += 1
    return n


def _path(digest: str) -> Path:
    return Path(settings.TONGCHOU_DATA) / "documents" / digest[:2] / digest


def _place(digest: str) -> str:
    return f"document|{digest}"


def _write(digest: str, content: bytes) -> None:
    path = _path(digest)
    if not path.exists():
        _store(path, sealing.seal(b64encode(content).decode("ascii"), _place(digest)))


def _store(path: Path, sealed: str) -> None:
    # Written beside and moved: a file is whole or not there, whatever happens in between.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    with open(beside, "w", encoding="ascii", opener=_for_the_owner_only) as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _for_the_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
