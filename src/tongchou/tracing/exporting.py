"""A list of contacts as a file: under pseudonyms, with a reason, and counted in the audit."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.ledger.registry import stage_label
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import Scope
from tongchou.tracing import queries
from tongchou.tracing.queries import Wanted


def columns() -> list[str]:
    """The heads of the file, in the reader's language."""
    return [
        _("number"),
        _("pseudonym"),
        _("sex"),
        _("year of birth"),
        _("area code"),
        _("area"),
        _("tier"),
        _("met"),
        _("way of contact"),
        _("last contact"),
        _("listed"),
        _("stage"),
        _("due"),
        _("destination"),
    ]


@transaction.atomic
def rows(
    scope: Scope, wanted: Wanted, *, by: User, reason: str, now: datetime
) -> Iterator[list[Any]]:
    """The rows as filtered; that they were taken, how many and why stands in the audit."""
    contacts = queries.dressed(queries.listed(scope, wanted, now=now).defer(None)).order_by(
        "-listed_on", "-id"
    )
    detail = {"rows": contacts.count(), "reason": reason}
    audit.record(verb="contact.export", subject="contacts", by=by, now=now, detail=detail)
    return (_row(contact) for contact in contacts.iterator(chunk_size=2000))


def _row(contact: Any) -> list[Any]:
    passage, person = contact.passage, contact.person
    met = list(contact.exposures.all())
    return [
        contact.number,
        str(person),
        str(person.get_sex_display()),
        person.birth_year,
        contact.area_id,
        contact.area.name,
        str(contact.get_tier_display()),
        ", ".join(str(one.case or one.through) for one in met),
        ", ".join(dict.fromkeys(str(one.get_way_display()) for one in met)),
        max((one.last_on for one in met if one.last_on), default=None),
        contact.listed_on,
        str(stage_label(passage.loop, passage.stage)) if passage else "",
        contact.due_at,
        contact.destination,
    ]
