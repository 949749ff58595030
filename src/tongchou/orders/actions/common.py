"""What the writers of this room share: numbers, digests, and who may put their name to a thing."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.sanity import names_somebody
from tongchou.lists.actions import numbers
from tongchou.orders import rights
from tongchou.orders.errors import OrdersError
from tongchou.records import audit
from tongchou.staff import reach
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import scope_of


def number(kind: str, area: Area) -> str:
    """The next number of a kind in an area: M meeting, D decision, O order."""
    (taken,) = numbers.take(kind, area)
    return taken


def placed(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with the area that follows from their unit: who writes, writes for its own area."""
    unit = facts.get("unit")
    return facts | ({"area": unit.area, "area_path": unit.area.path} if unit else {})


def digest(text: dict[str, Any]) -> str:
    """SHA-256 of the one text that a signed thing can have."""
    return hashlib.sha256(audit.canonical(text).encode()).hexdigest()


def moment(at: datetime) -> str:
    """A point in time as it stands in a digest, wherever it was read."""
    return at.astimezone(UTC).isoformat()


def check_signer(user: User, unit: Unit, area: Area, *, now: datetime) -> None:
    """Refuse a name that neither commands the area nor stands for the unit.

    Raises
    ------
    OrdersError
        Where the user holds no post that decides there, or only one of another unit.
    """
    mine = scope_of(user, now=now)
    if not reach.covers(mine, rights.SIGN, area):
        raise OrdersError(
            _("%(who)s holds no post that decides for %(area)s.") % {"who": user, "area": area}
        )
    if not rights.acts(mine, rights.SIGN, unit, area):
        raise OrdersError(
            _("This is for %(unit)s to decide, or for whoever commands %(area)s; not for %(who)s.")
            % {"unit": unit, "area": area, "who": user}
        )


def check_acts(user: User, unit: Unit, area: Area, *, now: datetime) -> None:
    """Refuse whoever may not write for the unit, nor commands its area."""
    if not rights.acts(scope_of(user, now=now), rights.WRITE, unit, area):
        raise OrdersError(
            _("This is for %(unit)s to do, or for whoever commands there.") % {"unit": unit}
        )


def need(words: dict[str, Any], said: Collection[tuple[str, Any]]) -> None:
    """Refuse what leaves one of these unsaid; `said` names each in the reader's language."""
    for key, label in said:
        if not str(words.get(key) or "").strip():
            raise OrdersError(_("Say this too: %(what)s.") % {"what": label})


def plain(*texts: Any) -> None:
    """Refuse texts, or lists of them, that hold a document or phone number.

    Raises
    ------
    OrdersError
        With what to write instead: identities have one place only.
    """
    for text in texts:
        if isinstance(text, str):
            if fault := names_somebody(text):
                raise OrdersError(str(fault))
        elif isinstance(text, list | tuple):
            plain(*text)


def live(area: Area) -> Area:
    """The area itself, or what it was merged into."""
    return area.successor if area.ended_on and area.successor else area


def check_lives(area: Area) -> None:
    """Refuse to write for an area that is no more, and name the one it became part of."""
    if area.ended_on:
        into = live(area)
        raise OrdersError(
            _("%(area)s ended on %(day)s. Choose %(into)s instead.")
            % {"area": area, "day": area.ended_on, "into": into if into != area else "…"}
        )
