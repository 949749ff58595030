"""Files of a case: sealed in the data folder under the digest of what is in them.

Laboratory reports carry names, so a file is sealed like an identity and goes when its person's
data go. The name a file came with is not kept, and reading one leaves an audit row.
"""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.cases.actions import day, subject
from tongchou.cases.errors import BadDocument
from tongchou.cases.models import Case, Correction, Document
from tongchou.people.errors import FileLost
from tongchou.people.files import SealedFiles
from tongchou.records import audit
from tongchou.staff.models import User

FILES = SealedFiles("document", "documents", "cases.Document", beside=True)
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
    detail = {"document": document.pk, "kind": kind, "size": len(content)}
    audit.record(verb="document.add", subject=subject(case), by=by, now=now, detail=detail)
    FILES.keep(content, now=now)  # last: a row that fails leaves no file
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
    try:
        content = FILES.read(document.digest)
    except FileLost as lost:
        raise BadDocument(str(lost)) from None
    detail = {"document": document.pk}
    subject_of = subject(document.case)
    audit.record(verb="document.read", subject=subject_of, by=by, now=now, detail=detail)
    return content


def destroy_due(*, now: datetime) -> int:
    """Destroy what is kept beyond the day set for a person: files, old values, places.

    Returns how many documents went. What remains of the case says when and how it was found and
    treated, of a person nobody can name any more.
    """
    today = day(now)
    over = Case.objects.filter(person__destroy_on__lte=today)
    kept = Document.objects.filter(destroyed_on=None, case__person__destroy_on__lte=today)
    with transaction.atomic(durable=True):
        due = dict(kept.values_list("pk", "digest"))
        Document.objects.filter(pk__in=due).update(destroyed_on=today)
        Correction.objects.filter(case__in=over).delete()
        over.exclude(occupation="", longitude=None, latitude=None).update(
            occupation="", longitude=None, latitude=None
        )
        if due:
            audit.record(
                verb="document.destroy",
                subject="documents",
                by=None,
                now=now,
                detail={"documents": len(due)},
            )
    FILES.discard(due.values(), now=now)
    return len(due)
