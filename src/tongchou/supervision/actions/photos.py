"""Photos: bared of what a phone writes into them, sealed, and destroyed on the day set for them.

Faces and screens get into photos of a quarantine site, so they are kept like identities: sealed in
the folder of files, which a backup takes along, and each look leaves an audit row.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import policy
from tongchou.people import pictures
from tongchou.people.errors import FileLost
from tongchou.people.files import SealedFiles
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.supervision.errors import BadPhoto
from tongchou.supervision.models import Inspection, Photo

FILES = SealedFiles("photo", "photos", "supervision.Photo")
#: Of one item. A film is no photo, and a phone sends them in bursts.
MOST = 9
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


@transaction.atomic
def add(
    *,
    inspection: Inspection,
    item: str,
    content: bytes,
    by: User,
    now: datetime,
    when: str = Photo.When.FOUND,
) -> Photo:
    """Keep a photo with an item. The same photo sent twice is kept once.

    Raises
    ------
    BadPhoto
        Where the file is not taken, the inspection is over, or there are enough.
    """
    kind, bare = pictures.media_type(content), pictures.bare(content)
    digest = hashlib.sha256(bare).hexdigest()
    held = Inspection.objects.select_for_update(of=("self",)).select_related("passage")
    over = held.get(pk=inspection.pk).passage.closed_at is not None
    mine = Photo.objects.filter(inspection=inspection, item=item, when=when)
    known = mine.filter(digest=digest).first()
    if known is not None:
        return known
    if over and when == Photo.When.FOUND:
        raise BadPhoto(_("%(number)s is over.") % {"number": inspection.number})
    if mine.count() >= MOST:
        raise BadPhoto(_("%(n)d photos of one item are enough.") % {"n": MOST})
    kept = policy.in_force(now).retention.personal_data_days
    try:
        with transaction.atomic():
            photo = Photo.objects.create(
                inspection=inspection, item=item, when=when, media_type=kind, size=len(bare),
                digest=digest, by=by, at=now,
                destroy_on=timezone.localdate(now) + timedelta(days=kept),
            )  # fmt: skip
    except IntegrityError:
        return mine.get(digest=digest)
    detail = {"photo": photo.pk, "item": item, "size": len(bare)}
    audit.record(verb="photo.add", subject=_subject(inspection), by=by, now=now, detail=detail)
    FILES.keep(bare, now=now)  # last: a row that fails leaves no file
    return photo


@transaction.atomic
def read(*, photo: Photo, by: User, now: datetime) -> bytes:
    """The photo; who looked at it is written down.

    Raises
    ------
    BadPhoto
        Where it was destroyed, or is not where it was put.
    """
    if photo.destroyed_on is not None:
        raise BadPhoto(_("This photo was destroyed on %(day)s.") % {"day": photo.destroyed_on})
    try:
        content = FILES.read(photo.digest)
    except FileLost as lost:
        raise BadPhoto(str(lost)) from None
    subject = f"inspection:{photo.inspection_id}"
    audit.record(verb="photo.read", subject=subject, by=by, now=now, detail={"photo": photo.pk})
    return content


def destroy_due(*, now: datetime) -> int:
    """Destroy the photos whose day has come; what was found stays in words."""
    today = timezone.localdate(now)
    over = Photo.objects.filter(destroyed_on=None, destroy_on__lte=today)
    with transaction.atomic(durable=True):
        due = dict(over.values_list("pk", "digest"))
        Photo.objects.filter(pk__in=due).update(destroyed_on=today)
        if due:
            detail = {"photos": len(due)}
            audit.record(verb="photo.destroy", subject="photos", by=None, now=now, detail=detail)
    FILES.discard(due.values(), now=now)
    return len(due)


def file_name(photo: Photo) -> str:
    """The name a photo is downloaded under; it names an inspection and nobody."""
    return f"{photo.inspection.number}-{photo.item}-{photo.pk}.{ENDINGS[photo.media_type]}"


def _subject(inspection: Inspection) -> str:
    return f"inspection:{inspection.pk}"
