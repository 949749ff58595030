"""The itinerary of a case: stays written, read from a text, corrected, taken out, brought back.

The audit keeps that something changed, in which columns and why; never where somebody was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.cases import actions as cases
from tongchou.ledger import policy
from tongchou.staff.models import User
from tongchou.tracing.actions.investigations import BROUGHT_BACK_WITHIN, check_open, tell
from tongchou.tracing.errors import NotComplete, Stale
from tongchou.tracing.itineraries import same_stay
from tongchou.tracing.models import Investigation, ItineraryStay


@dataclass(frozen=True)
class Added:
    """What became of the stays of a text; those known already were left as they are."""

    stays: list[ItineraryStay]
    n_known: int


@transaction.atomic
def add_stay(
    *, investigation: Investigation, stay: Mapping[str, Any], by: User, now: datetime
) -> ItineraryStay:
    """Write down a stay or a ride. `stay` holds fields of `ItineraryStay`."""
    check_open(investigation)
    written = _written(investigation, stay, by=by, now=now)
    written.save()
    tell("investigation.add_stay", investigation, by=by, now=now, stay=written.pk)
    return written


@transaction.atomic
def add_stays(
    *,
    investigation: Investigation,
    stays: Sequence[Mapping[str, Any]],
    source: str,
    by: User,
    now: datetime,
) -> Added:
    """Write down all the stays that somebody took from one text, or none of them.

    A stay that is in the itinerary already, at the same place from and to the same minute, is
    counted and not written again: a text may be read twice.
    """
    check_open(investigation)
    # Of two who read the same text at once the second sees what the first has written.
    Investigation.objects.select_for_update().get(pk=investigation.pk)
    known = {same_stay(vars(stay)) for stay in investigation.stays.all()}
    added: list[ItineraryStay] = []
    for stay in stays:
        if (same := same_stay(stay)) in known:
            continue
        known.add(same)
        written = _written(investigation, {**stay, "source": source}, by=by, now=now)
        written.save()
        added.append(written)
    n_known = len(stays) - len(added)
    counts = {"source": source, "added": len(added), "known": n_known}
    tell("investigation.add_stays", investigation, by=by, now=now, **counts)
    return Added(added, n_known)


@transaction.atomic
def change_stay(
    *, stay: ItineraryStay, changes: Mapping[str, Any], reason: str, by: User, now: datetime
) -> ItineraryStay:
    """Correct a stay as the desk saw it, in `stay.version`. `reason` is one of a closed list.

    Raises
    ------
    Stale
        Where somebody else corrected it, or took it out, meanwhile.
    """
    investigation = stay.investigation
    check_open(investigation)
    if not reason:
        raise NotComplete(_("Say why the stay is corrected: choose one of the reasons."))
    changed = {n: value for n, value in changes.items() if getattr(stay, n) != value}
    if not changed:
        return stay
    seen = ItineraryStay.objects.filter(pk=stay.pk, version=stay.version)
    if seen.update(**changed, version=stay.version + 1) != 1:
        raise Stale(_("Somebody else changed this stay meanwhile. Look again."))
    for name, value in changed.items():
        setattr(stay, name, value)
    stay.version += 1
    detail = {"stay": stay.pk, "fields": sorted(changed), "reason": reason}
    tell("investigation.change_stay", investigation, by=by, now=now, **detail)
    return stay


@transaction.atomic
def remove_stay(*, stay: ItineraryStay, by: User, now: datetime) -> None:
    """Take out a stay that was written down wrongly; for a week it can be brought back."""
    check_open(stay.investigation)
    standing = ItineraryStay.objects.filter(pk=stay.pk)
    if standing.update(removed_at=now, removed_by=by) != 1:
        raise Stale(_("Somebody else has taken this stay out already."))
    stay.removed_at, stay.removed_by = now, by
    tell("investigation.remove_stay", stay.investigation, by=by, now=now, stay=stay.pk)


@transaction.atomic
def restore_stay(*, stay: ItineraryStay, by: User, now: datetime) -> None:
    """Bring back a stay that was taken out."""
    check_open(stay.investigation)
    gone = ItineraryStay.every.filter(pk=stay.pk, removed_at__gt=now - BROUGHT_BACK_WITHIN)
    if gone.update(removed_at=None, removed_by=None) != 1:
        raise Stale(_("This stay is back already, or its time has passed. Look again."))
    stay.removed_at = stay.removed_by = None
    tell("investigation.restore_stay", stay.investigation, by=by, now=now, stay=stay.pk)


def _written(
    investigation: Investigation, stay: Mapping[str, Any], *, by: User, now: datetime
) -> ItineraryStay:
    keep = policy.in_force(now).retention.itinerary_days
    return ItineraryStay(
        investigation=investigation,
        written_by=by,
        written_at=now,
        destroy_on=cases.day(now) + timedelta(days=keep),
        **stay,
    )
