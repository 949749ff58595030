"""Accepting what a list says otherwise than the store, and destroying what was kept for mending."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases import actions as cases
from tongchou.cases.facts import CORRECTABLE
from tongchou.cases.models import Case
from tongchou.intake import queries
from tongchou.intake.actions.receiving import subject
from tongchou.intake.errors import AlreadyTaken, IntakeError
from tongchou.intake.fields import FIELDS, IDENTITY, Kind, Type
from tongchou.intake.models import Import, KindChoice, Line, Piece, Refusal, State
from tongchou.people import actions as people
from tongchou.people.fields import Sealed
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def accept(*, refusal: Refusal, by: User, now: datetime) -> tuple[str, ...]:
    """Take over what the list says of a stored case; the fields that a desk has to hand on stay.

    Raises
    ------
    IntakeError
        Where nothing of it can be taken over here, or somebody accepted it already.
    CaseError, PeopleError
        Where the rooms that keep the facts refuse.
    """
    row = queries.opened(refusal)
    if not refusal.offers or row.record is None or refusal.destroyed_at:
        raise IntakeError(_("This line offers no change. Mend it and import it again."))
    case = Case.objects.select_related("person", "passage", "area").get(pk=row.record)
    given = {name: _typed(name, value) for name, value in row.changes.items()}
    facts = {name: value for name, value in given.items() if name in CORRECTABLE}
    about = {name: value for name, value in given.items() if name in IDENTITY or name == "sex"}
    left = tuple(n for n in given if n not in facts and n not in about and n != "classification")
    if left:
        names = ", ".join(str(FIELDS[Kind.CASE][name].label) for name in left)
        raise IntakeError(
            _("“%(fields)s” is changed by the desk that answers for it, on the page of the case.")
            % {"fields": names}
        )
    cases.update_facts(case=case, changes=facts, by=by, now=now)
    if "classification" in given:
        to, why = given["classification"], _("from an imported list")
        cases.classify(case=case, classification=to, reason=why, by=by, now=now)
    if about:
        people.update_identity(person=case.person, by=by, now=now, **about)
    _accepted(refusal, row, case, by=by, now=now)
    return tuple(given)


def _accepted(
    refusal: Refusal, row: queries.Refused, case: Case, *, by: User, now: datetime
) -> None:
    waiting = Refusal.objects.filter(pk=refusal.pk, accepted_at=None)
    if waiting.update(accepted_at=now, accepted_by=by) != 1:
        raise AlreadyTaken(_("Somebody else has accepted this change just now."))
    of = refusal.of
    Line.objects.update_or_create(
        source=of.source,
        kind=KindChoice.CASE,
        key=row.key,
        defaults={"digest": row.digest, "case": case},
        create_defaults={
            "digest": row.digest,
            "case": case,
            "of": of,
            "number": refusal.number,
        },
    )
    Import.objects.filter(pk=of.pk).update(
        n_refused=F("n_refused") - 1, n_unchanged=F("n_unchanged") + 1
    )
    detail = {"line": refusal.number, "case": case.pk, "fields": sorted(row.changes)}
    audit.record(verb="intake.accept", subject=subject(of), by=by, now=now, detail=detail)


def _typed(name: str, value: Any) -> Any:
    if FIELDS[Kind.CASE][name].type is Type.DATE:
        return date.fromisoformat(value)
    return value


@transaction.atomic
def destroy_due(*, now: datetime) -> int:
    """Destroy files that were never run and rows that were never mended, on their day."""
    due = Import.objects.filter(destroy_on__lte=timezone.localdate(now))
    n_pieces, _per_model = Piece.objects.filter(of__in=due).delete()
    n_rows = Refusal.objects.filter(of__in=due, destroyed_at=None).update(
        body=Sealed(""), destroyed_at=now
    )
    due.filter(state__in=(State.RECEIVED, State.FAILED, State.INTERRUPTED)).update(
        state=State.WITHDRAWN
    )
    if n_pieces or n_rows:
        detail = {"pieces": n_pieces, "rows": n_rows}
        audit.record(verb="intake.destroy", subject="imports", by=None, now=now, detail=detail)
    return n_pieces + n_rows
