"""Checklists are issued, version after version; none is changed."""

import hashlib
from datetime import datetime
from importlib import resources

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.supervision.errors import BadChecklist
from tongchou.supervision.items import parse
from tongchou.supervision.models import Checklist, PlaceType


@transaction.atomic
def issue(*, text: str, by: User | None, now: datetime, reason: str = "") -> Checklist:
    """Issue a checklist, or the next version of one. The same text again changes nothing.

    Raises
    ------
    BadChecklist
        Where the text cannot be used, or somebody else issues the same version at this moment.
    """
    text = text.replace("\r\n", "\n").strip() + "\n"
    sheet = parse(text)
    if sheet.place_kind and sheet.place_kind not in PlaceType.values:
        raise BadChecklist(
            [_("`place_kind` is one of %(known)s.") % {"known": ", ".join(PlaceType.values)}]
        )
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = Checklist.objects.filter(slug=sheet.slug).order_by("-version").first()
    if newest is not None and newest.digest == digest:
        return newest
    try:
        with transaction.atomic():
            made = Checklist.objects.create(
                slug=sheet.slug, version=newest.version + 1 if newest else 1,
                title=sheet.title, title_en=sheet.title_en, place_kind=sheet.place_kind,
                text=text, digest=digest, n_items=len(sheet.items), reason=reason[:200],
                by=by, at=now,
            )  # fmt: skip
    except IntegrityError:
        raise BadChecklist(
            [_("Somebody has just issued another version. Look at it first.")]
        ) from None
    detail = {"version": made.version, "digest": digest, "reason": reason}
    audit.record(
        verb="checklist.issue", subject=f"checklist:{made.slug}", by=by, now=now, detail=detail
    )
    return made


def stand(*, now: datetime) -> None:
    """See that the checklists that ship with the program are there; a city's own are left alone."""
    known = set(Checklist.objects.values_list("slug", flat=True))
    for path in resources.files("tongchou.supervision").joinpath("checklists").iterdir():
        slug, dot, ending = path.name.rpartition(".")
        if dot and ending == "toml" and slug not in known:
            issue(text=path.read_text("utf-8"), by=None, now=now)
