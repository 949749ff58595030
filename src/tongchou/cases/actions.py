"""The only writers of cases. Every verb hands over and changes the case in one transaction.

What the desk saw is what it acts on: `case.passage` is handed to the ledger as it was loaded, so
of two desks that act at once one wins and the other is told.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases import moves, verdicts
from tongchou.cases.errors import HasEnded, OpenCaseExists, Stale
from tongchou.cases.facts import CORRECTABLE, Facts
from tongchou.cases.loops import CASE_REPORT
from tongchou.cases.models import (
    Case,
    Classification,
    ClassificationChange,
    Correction,
    Outcome,
    Severity,
)
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.people.models import Person
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import User


@transaction.atomic
def report(
    *,
    person: Person,
    area: Area,
    facts: Facts,
    by: User | None,
    now: datetime,
    number: str = "",
    reporter_id: int | None = None,
    caused_by: Passage | None = None,
) -> Case:
    """A suspicion or a positive becomes a case, and the CDC's clock starts.

    Raises
    ------
    OpenCaseExists
        Where this person's case of this disease is still under way.
    """
    policy.steady(person.pk)  # two desks that report one person come one after the other
    standing = Case.objects.filter(person=person, disease=facts.disease, outcome=Outcome.OPEN)
    if known := standing.first():
        raise OpenCaseExists(
            _("This person has an open case already: %(number)s. Correct that one instead.")
            % {"number": known.number}
        )
    (pk,) = reserve_ids(Case, 1)
    number = number or f"C-{pk:06d}"
    passage = ledger.start(
        loop=CASE_REPORT,
        area=area,
        title=title(number, person),
        by=by,
        now=now,
        person_key=person.pk,
        caused_by=caused_by,
    )
    case = Case.objects.create(
        pk=pk,
        number=number,
        person=person,
        passage=passage,
        area=area,
        area_path=area.path,
        reporter_id=reporter_id,
        written_at=now,
        **{name: getattr(facts, name) for name in facts.__dataclass_fields__},
    )
    _classified(case, facts.classification, reason="", by=by, now=now)
    return case


def title(number: str, person: Person) -> str:
    """How a case stands in inboxes: its number and the pseudonym, never a name."""
    return f"{number} · {person}"


@transaction.atomic
def verify(
    *,
    case: Case,
    by: User,
    now: datetime,
    classification: str = "",
    diagnosed_on: date | None = None,
    reason: str = "",
) -> Case:
    """The CDC has looked at the report and holds it to be a case; the tracers' clock starts."""
    changed: dict[str, Any] = {}
    if diagnosed_on:
        changed["diagnosed_on"] = diagnosed_on
    if classification and classification != case.classification:
        changed["classification"] = classification
    _pass_on(case, "verified", changed, by=by, now=now, note=reason)
    if "classification" in changed:
        _classified(case, classification, reason=reason, by=by, now=now)
    return case


@transaction.atomic
def investigated(*, case: Case, by: User, now: datetime, note: str = "") -> Case:
    """The core facts are known; the transfer team's clock starts."""
    return _pass_on(case, "investigated", {}, by=by, now=now, note=note)


@transaction.atomic
def admit(
    *,
    case: Case,
    by: User,
    now: datetime,
    hospital: str = "",
    severity: str = "",
    on: date | None = None,
    note: str = "",
) -> Case:
    """The hospital takes the patient over. A patient who had recovered may fall ill again."""
    changed: dict[str, Any] = {"admitted_on": on or day(now)}
    if hospital:
        changed["hospital"] = hospital
    if severity and severity != Severity.UNKNOWN:
        changed["severity"] = severity
    if case.outcome != Outcome.OPEN:
        changed |= {"outcome": Outcome.OPEN, "outcome_on": None}
    return _pass_on(case, "admitted", changed, by=by, now=now, note=note)


@transaction.atomic
def recover(*, case: Case, by: User, now: datetime, on: date | None = None, note: str = "") -> Case:
    """The hospital lets the patient go home; the community follows up."""
    changed = {"outcome": Outcome.RECOVERED, "outcome_on": on or day(now)}
    return _pass_on(case, "recovered", changed, by=by, now=now, note=note)


@transaction.atomic
def die(*, case: Case, by: User, now: datetime, on: date | None = None, note: str = "") -> Case:
    """The patient has died."""
    changed = {"outcome": Outcome.DIED, "outcome_on": on or day(now)}
    return _pass_on(case, "died", changed, by=by, now=now, note=note)


@transaction.atomic
def follow_up(*, case: Case, by: User, now: datetime, note: str = "") -> Case:
    """The community has followed the patient up; the case is closed."""
    return _pass_on(case, "followed_up", {}, by=by, now=now, note=note)


@transaction.atomic
def discard(*, case: Case, reason: str, by: User, now: datetime) -> Case:
    """It was no case. Only until the core facts are known; later the hospital decides."""
    changed = {
        "classification": Classification.DISCARDED,
        "outcome": Outcome.DISCARDED,
        "outcome_on": day(now),
    }
    _pass_on(case, "discarded", changed, by=by, now=now, note=reason)
    _classified(case, Classification.DISCARDED, reason=reason, by=by, now=now)
    return case


@transaction.atomic
def classify(*, case: Case, classification: str, reason: str, by: User, now: datetime) -> Case:
    """Hold the case to be something else from now on; "discarded" ends its loop where allowed.

    Raises
    ------
    HasEnded
        Where the case was discarded: a new finding needs a new report.
    """
    if case.classification == Classification.DISCARDED:
        raise HasEnded(_("This case was discarded. Report the person anew."))
    if classification == Classification.DISCARDED:
        return discard(case=case, reason=reason, by=by, now=now)
    if classification == case.classification:
        return case
    before = case.classification
    changed = Case.objects.filter(pk=case.pk, classification=before).update(
        classification=classification
    )
    if changed != 1:
        raise Stale(_("Somebody else has classified this case just now. Look again."))
    case.classification = classification
    _classified(case, classification, reason=reason, by=by, now=now)
    detail = {"from": before, "to": classification}
    audit.record(verb="case.classify", subject=subject(case), by=by, now=now, detail=detail)
    return case


@transaction.atomic
def update_facts(*, case: Case, changes: Mapping[str, Any], by: User | None, now: datetime) -> Case:
    """Correct facts of a case; what stood there before stays in the record.

    `case` is what the desk saw: its `version` must still be the stored one.

    Raises
    ------
    Stale
        Where somebody else corrected the case in the meantime.
    """
    real = {
        name: value
        for name, value in changes.items()
        if name in CORRECTABLE and value != getattr(case, name)
    }
    if not real:
        return case
    changed = Case.objects.filter(pk=case.pk, version=case.version).update(
        **real, version=case.version + 1
    )
    if changed != 1:
        raise Stale(
            _("Somebody else changed this case in the meantime. Your entries were not stored.")
        )
    Correction.objects.bulk_create(
        Correction(
            case=case,
            field=name,
            before=_written(getattr(case, name)),
            after=_written(value),
            by=by,
            at=now,
        )
        for name, value in real.items()
    )
    for name, value in real.items():
        setattr(case, name, value)
    case.version += 1
    # The values stay in Correction, which goes with the case; the audit outlives both.
    detail = {"fields": sorted(real), "version": case.version}
    audit.record(verb="case.correct", subject=subject(case), by=by, now=now, detail=detail)
    return case


@transaction.atomic
def move(*, case: Case, area: Area, by: User, now: datetime, note: str = "") -> Case:
    """Hand the case to another area; the one it leaves keeps sight of it, and the clock runs on."""
    assert case.passage is not None
    ledger.move(passage=case.passage, area=area, by=by, now=now, note=note)
    Case.objects.filter(pk=case.pk).update(area=area, area_path=area.path)
    case.area, case.area_path = area, area.path
    for then in moves.followers():
        then(case, by=by, now=now)
    return case


def day(now: datetime) -> date:
    """The day in the city at `now`."""
    return timezone.localtime(now).date()


def subject(case: Case) -> str:
    """How a case is named in the audit."""
    return f"case:{case.pk}"


def _pass_on(
    case: Case, to: str, changed: Mapping[str, Any], *, by: User, now: datetime, note: str
) -> Case:
    if case.passage is None:
        raise HasEnded(_("This case came from a closed list and has no way through the desks."))
    ledger.hand_over(passage=case.passage, to=to, by=by, now=now, note=note)
    if changed:
        try:
            with transaction.atomic():
                Case.objects.filter(pk=case.pk).update(**changed)
        except IntegrityError as error:
            raise OpenCaseExists(
                _("This person has another open case of this disease. Act on that one.")
            ) from error
    for name, value in changed.items():
        setattr(case, name, value)
    return case


def _classified(
    case: Case, classification: str, *, reason: str, by: User | None, now: datetime
) -> None:
    ClassificationChange.objects.create(
        case=case, classification=classification, reason=reason[:200], by=by, at=now
    )
    for then in verdicts.followers():
        then(case, by=by, now=now)


def _written(value: Any) -> str:
    return "" if value is None else str(value)[:120]
