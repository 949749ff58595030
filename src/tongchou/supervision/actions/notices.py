"""Notices are drafted by the system, edited by a person, signed, and then frozen."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.supervision import noticing
from tongchou.supervision.errors import BadNotice
from tongchou.supervision.models import Notice, Tone
from tongchou.supervision.queries import notices as queries


@transaction.atomic
def draft(
    *, area: Area, from_on: date, until_on: date, by: User, now: datetime, tone: str = Tone.BOTH
) -> Notice:
    """Count the period and write the first text.

    Raises
    ------
    BadNotice
        Where the period ends before it begins.
    """
    if until_on < from_on:
        raise BadNotice(_("The period ends before it begins."))
    facts = queries.facts(area, from_on, until_on, now=now)
    made = Notice.objects.create(
        title=f"{area.name}疫情防控督查情况通报（{from_on:%m月%d日}至{until_on:%m月%d日}）",
        tone=tone,
        area=area,
        area_path=area.path,
        from_on=from_on,
        until_on=until_on,
        facts=facts,
        facts_at=now,
        text=noticing.draft(facts, tone=tone),
        by=by,
        at=now,
    )
    _tell(made, "notice.draft", by, now)
    return made


@transaction.atomic
def edit(*, notice: Notice, title: str, text: str, by: User, now: datetime, seen: int) -> Notice:
    """Change the words of a draft. `seen` is the number of edits the page showed.

    Raises
    ------
    BadNotice
        Where it is signed, somebody else has edited it since, or the text names a wrong number.
    """
    noticing.check(text, notice.facts, title=title)
    if not title.strip():
        raise BadNotice(_("Give it a title."))
    mine = Notice.objects.filter(pk=notice.pk, signed_at=None, n_edits=seen)
    facts = {"title": title.strip()[:120], "text": text.strip(), "n_edits": seen + 1}
    if not mine.update(**facts):
        raise BadNotice(_moved_on(notice))
    notice.refresh_from_db()
    _tell(notice, "notice.edit", by, now)
    return notice


@transaction.atomic
def recount(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Count the period anew; the words stay, the numbers in them follow."""
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if held.signed_at is not None:
        raise BadNotice(_moved_on(held))
    facts = queries.facts(held.area, held.from_on, held.until_on, now=now)
    Notice.objects.filter(pk=held.pk).update(facts=facts, facts_at=now, n_edits=held.n_edits + 1)
    notice.refresh_from_db()
    _tell(notice, "notice.recount", by, now)
    return notice


@transaction.atomic
def sign(*, notice: Notice, by: User, now: datetime, seen: int) -> Notice:
    """Sign what the page showed. From here on nothing of it changes.

    Raises
    ------
    BadNotice
        Where it is signed already, or has been edited since it was read.
    """
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if held.signed_at is not None or held.n_edits != seen:
        raise BadNotice(_moved_on(held))
    noticing.check(held.text, held.facts, title=held.title)
    digest = hashlib.sha256(content(held).encode()).hexdigest()
    Notice.objects.filter(pk=held.pk).update(signed_by=by, signed_at=now, digest=digest)
    notice.refresh_from_db()
    _tell(notice, "notice.sign", by, now)
    return notice


def content(notice: Notice) -> str:
    """Everything that is signed, as the one text it can have."""
    return audit.canonical(
        {
            "notice": notice.number,
            "title": notice.title,
            "area": notice.area_id,
            "from": notice.from_on,
            "until": notice.until_on,
            "facts": notice.facts,
            "facts_at": notice.facts_at.isoformat(),
            "text": noticing.plain(notice.text, notice.facts),
        }
    )


def verify(notice: Notice) -> bool:
    """Whether what was signed is what stands in the record."""
    return hashlib.sha256(content(notice).encode()).hexdigest() == notice.digest


def _moved_on(notice: Notice) -> str:
    signed = Notice.objects.filter(pk=notice.pk, signed_at__isnull=False).exists()
    if signed:
        return _("This notice is signed and does not change any more. Draft another one.")
    return _("Somebody has changed this draft since the page was drawn. Look at it again.")


def _tell(notice: Notice, verb: str, by: User, now: datetime) -> None:
    subject, detail = f"notice:{notice.pk}", {"edits": notice.n_edits, "digest": notice.digest}
    audit.record(verb=verb, subject=subject, by=by, now=now, detail=detail)
