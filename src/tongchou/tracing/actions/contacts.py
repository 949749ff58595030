"""A contact on its way: notified, located, received, released; or not found, or elsewhere.

Every verb hands over what the desk saw, so of two desks that act at once the second is told.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.models import Case, Contact
from tongchou.ledger import actions as ledger
from tongchou.ledger.models import Passage
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.tracing import changes
from tongchou.tracing.actions.listing import put_on_its_way
from tongchou.tracing.errors import NoPassage, NotComplete, Stale


@transaction.atomic
def notify(*, contact: Contact, by: User, now: datetime, note: str = "") -> Contact:
    """The contact was told, and the community is to find out where they are."""
    return _pass_on(contact, "notified", by=by, now=now, note=note)


@transaction.atomic
def locate(
    *, contact: Contact, by: User, now: datetime, area: Area | None = None, note: str = ""
) -> Contact:
    """The contact was found, perhaps in another area: the transfer team's clock starts there."""
    passage = _passage(contact)
    if area is not None and area.pk != passage.area_id:
        move(contact=contact, area=area, by=by, now=now)
    return _pass_on(contact, "located", by=by, now=now, note=note)


@transaction.atomic
def receive(
    *,
    contact: Contact,
    by: User,
    now: datetime,
    until: datetime | None = None,
    note: str = "",
) -> Contact:
    """The site has taken the contact over; the release is due when the order ends, at `until`."""
    return _pass_on(contact, "received", by=by, now=now, note=note, timed_from=until)


@transaction.atomic
def release(*, contact: Contact, by: User, now: datetime, note: str = "") -> Contact:
    """The quarantine is over and nothing came of it."""
    return _pass_on(contact, "released", by=by, now=now, note=note)


@transaction.atomic
def fell_ill(
    *, contact: Contact, by: User, now: datetime, case: Case | None = None, note: str = ""
) -> Contact:
    """The contact has become a case."""
    _pass_on(contact, "ill", by=by, now=now, note=note)
    if case is not None:
        _store(contact, became_case=case)
    return contact


@transaction.atomic
def not_found(*, contact: Contact, by: User, now: datetime, note: str = "") -> Contact:
    """Nobody answers and nobody is there: public security looks, and the gap climbs."""
    return _pass_on(contact, "not_found", by=by, now=now, note=note)


@transaction.atomic
def elsewhere(
    *, contact: Contact, destination: str, by: User, now: datetime, note: str = ""
) -> Contact:
    """The contact is in another city: the assist desk asks that city to take over."""
    if not destination.strip():
        raise NotComplete(_("Say where: the province and city that must be asked."))
    _pass_on(contact, "elsewhere", by=by, now=now, note=note)
    _store(contact, destination=destination.strip()[:120])
    return contact


@transaction.atomic
def accepted_elsewhere(*, contact: Contact, by: User, now: datetime, note: str = "") -> Contact:
    """The other city has taken the contact over; only now are they off this list."""
    return _pass_on(contact, "accepted_elsewhere", by=by, now=now, note=note)


@transaction.atomic
def back(*, contact: Contact, by: User, now: datetime, note: str = "") -> Contact:
    """The other city does not have them: the contact is this city's again."""
    _pass_on(contact, "listed", by=by, now=now, note=note)
    _store(contact, destination="")
    return contact


@transaction.atomic
def dismiss(*, contact: Contact, reason: str, by: User, now: datetime) -> Contact:
    """They met nobody after all, or the playbook asks nothing of them any more."""
    if not reason.strip():
        raise NotComplete(_("Say why this is no contact: whoever asks later will want to know."))
    return _pass_on(contact, "dismissed", by=by, now=now, note=reason)


@transaction.atomic
def abandon(*, contact: Contact, reason: str, by: User, now: datetime) -> Contact:
    """Nobody could find them, and nobody will go on looking."""
    if not reason.strip():
        raise NotComplete(_("Say what was tried: giving up on a contact is reviewed."))
    return _pass_on(contact, "abandoned", by=by, now=now, note=reason)


@transaction.atomic
def move(*, contact: Contact, area: Area, by: User, now: datetime, note: str = "") -> Contact:
    """Hand the contact to another area; the clock runs on, and the old area keeps sight."""
    ledger.move(passage=_passage(contact), area=area, by=by, now=now, note=note)
    _store(contact, area=area, area_path=area.path)
    return contact


@transaction.atomic
def set_tier(*, contact: Contact, tier: str, by: User, now: datetime) -> Contact:
    """Hold a contact to be of another tier; an order that stands is planned anew.

    A contact for the record only becomes one to be managed where the new tier is.
    """
    if tier == contact.tier:
        return contact
    before = contact.tier
    changed = Contact.objects.filter(pk=contact.pk, tier=before).update(tier=tier)
    if changed != 1:
        raise Stale(_("Somebody else has changed the tier just now. Look again."))
    contact.tier = tier
    detail = {"from": before, "to": tier}
    audit.record(
        verb="contact.tier", subject=f"contact:{contact.pk}", by=by, now=now, detail=detail
    )
    put_on_its_way(contact, by=by, now=now)
    changes.tell(contact, by=by, now=now)
    return contact


def _passage(contact: Contact) -> Passage:
    if contact.passage is None:
        raise NoPassage(_("This contact is on the list for the record; nothing is to be done."))
    return contact.passage


def _pass_on(
    contact: Contact,
    to: str,
    *,
    by: User,
    now: datetime,
    note: str,
    timed_from: datetime | None = None,
) -> Contact:
    passage = _passage(contact)
    ledger.hand_over(passage=passage, to=to, by=by, now=now, note=note, timed_from=timed_from)
    return contact


def _store(contact: Contact, **values: Any) -> None:
    Contact.objects.filter(pk=contact.pk).update(**values)
    for name, value in values.items():
        setattr(contact, name, value)
