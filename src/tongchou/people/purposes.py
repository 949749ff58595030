"""Why an identity may be shown, to whom, and how much of it.

A purpose opens only the parts it needs: whoever comes to fetch somebody needs a name, a phone and a
door, not the number on their card.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongchou.staff.roles import Role


class Purpose(models.TextChoices):
    CONTACT_TRACING = "contact_tracing", _("contact tracing")
    NOTIFICATION = "notification", _("notification")
    TRANSFER = "transfer", _("transfer")
    CARE = "care", _("care")
    CORRECTION = "correction", _("correction of the record")
    APPEAL = "appeal", _("appeal")


class Part(models.TextChoices):
    NAME = "name", _("name")
    DOCUMENT = "document", _("document number")
    PHONE = "phone", _("phone")
    ADDRESS = "address", _("address")


EVERYTHING = (Part.NAME, Part.DOCUMENT, Part.PHONE, Part.ADDRESS)

PARTS: dict[str, tuple[Part, ...]] = {
    Purpose.CONTACT_TRACING: EVERYTHING,
    Purpose.NOTIFICATION: (Part.NAME, Part.PHONE),
    Purpose.TRANSFER: (Part.NAME, Part.PHONE, Part.ADDRESS),
    Purpose.CARE: (Part.NAME, Part.DOCUMENT, Part.PHONE),
    Purpose.CORRECTION: EVERYTHING,
    Purpose.APPEAL: EVERYTHING,
}

# Duty officers and commanders are not here: what they decide on is a number, never a name.
PURPOSES: dict[str, tuple[Purpose, ...]] = {
    Role.CDC: (
        Purpose.CONTACT_TRACING,
        Purpose.NOTIFICATION,
        Purpose.CARE,
        Purpose.CORRECTION,
        Purpose.APPEAL,
    ),
    Role.TRACER: (Purpose.CONTACT_TRACING, Purpose.NOTIFICATION, Purpose.CORRECTION),
    Role.TRANSPORT: (Purpose.TRANSFER,),
    Role.QUARANTINE_SITE: (Purpose.TRANSFER, Purpose.CARE),
    Role.HOSPITAL: (Purpose.CARE, Purpose.TRANSFER),
    Role.COMMUNITY: (Purpose.NOTIFICATION, Purpose.TRANSFER, Purpose.CARE),
    Role.PUBLIC_SECURITY: (Purpose.CONTACT_TRACING,),
    Role.ASSIST: (Purpose.CONTACT_TRACING, Purpose.NOTIFICATION),
    Role.STEWARD: (Purpose.CORRECTION, Purpose.APPEAL),
}

#: Who may hold two records to be one person, and undo it.
MERGERS = (Role.STEWARD, Role.CDC)


def roles_for(purpose: str) -> frozenset[str]:
    """The roles that may see identities for this purpose."""
    return frozenset(role for role, purposes in PURPOSES.items() if purpose in purposes)


def purposes_of(roles: Iterable[str]) -> list[Purpose]:
    """What somebody with these roles may ask for, in the order of the list."""
    allowed = {purpose for role in roles for purpose in PURPOSES.get(role, ())}
    return [purpose for purpose in Purpose if purpose in allowed]


def parts_in_words(purpose: str) -> str:
    """`name, phone`: what this purpose opens."""
    return str(_(", ")).join(str(part.label) for part in PARTS[purpose])
