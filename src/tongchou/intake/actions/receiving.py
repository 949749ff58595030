"""Receiving a file: sealed piece by piece until it is read, queued, or withdrawn."""

import base64
import hashlib
import io
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.intake.errors import AlreadyTaken
from tongchou.intake.fields import Kind
from tongchou.intake.layout import Profile
from tongchou.intake.models import Import, Piece, State
from tongchou.records import audit
from tongchou.staff.models import User

_PIECE = 1 << 20
#: Refused rows wait so long to be mended; the file itself goes as soon as it is stored.
KEPT = timedelta(days=30)


@transaction.atomic
def receive(
    *,
    file: BinaryIO,
    name: str,
    profile: Profile,
    kind: Kind,
    area: Area,
    by: User | None,
    now: datetime,
    prefix: str = "",
    default_case: str = "",
    after: Import | None = None,
    keep: bool = True,
) -> Import:
    """Take a file in. Without `keep` it stays where it is, and whoever runs the import opens it."""
    of = Import.objects.create(
        kind=kind.value,
        profile=profile.id,
        source=profile.source,
        file_name=name[-200:],
        sha256="",
        n_bytes=0,
        area=area,
        prefix=prefix,
        default_case=default_case,
        after=after,
        by=by,
        at=now,
        destroy_on=timezone.localdate(now) + KEPT,
    )
    digest = hashlib.sha256()
    for number, piece in enumerate(_pieces(file)):
        digest.update(piece)
        of.n_bytes += len(piece)
        if keep:
            body = base64.b64encode(zlib.compress(piece)).decode()
            Piece.objects.create(of=of, number=number, body=body)
    of.sha256 = digest.hexdigest()
    of.save(update_fields=["sha256", "n_bytes"])
    detail = {"sha256": of.sha256, "kind": of.kind, "profile": of.profile, "area": area.pk}
    audit.record(verb="intake.receive", subject=subject(of), by=by, now=now, detail=detail)
    return of


@transaction.atomic
def queue(*, of: Import, by: User | None, now: datetime) -> None:
    """Let a worker take the import when it comes round."""
    _move(of, (State.RECEIVED,), State.QUEUED)
    audit.record(verb="intake.queue", subject=subject(of), by=by, now=now)


@transaction.atomic
def withdraw(*, of: Import, by: User | None, now: datetime) -> None:
    """Take an import back before it runs; the file is destroyed at once."""
    _move(of, (State.RECEIVED, State.QUEUED, State.FAILED, State.INTERRUPTED), State.WITHDRAWN)
    of.pieces.all().delete()
    audit.record(verb="intake.withdraw", subject=subject(of), by=by, now=now)


def whole(of: Import) -> BinaryIO:
    """The file as it was received."""
    file = io.BytesIO()
    for piece in of.pieces.order_by("number").iterator(chunk_size=8):
        file.write(zlib.decompress(base64.b64decode(piece.body)))
    file.seek(0)
    return file


def subject(of: Import) -> str:
    """How an import is named in the audit."""
    return f"import:{of.pk}"


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def _move(of: Import, before: tuple[State, ...], after: State) -> None:
    if Import.objects.filter(pk=of.pk, state__in=before).update(state=after) != 1:
        raise AlreadyTaken(_("This import is running or done already. Look again."))
    of.state = after
