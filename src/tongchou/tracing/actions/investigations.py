"""The investigation of a case: core facts within the first deadline, the itinerary, the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases import actions as cases
from tongchou.cases.models import Case
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.people.fields import Sealed
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.tracing.errors import HasEnded, NotComplete, Stale
from tongchou.tracing.loops import INVESTIGATION
from tongchou.tracing.models import Investigation, ItineraryStay, SourceKind


@dataclass(frozen=True)
class CoreFacts:
    """What the tracers owe within the first deadline (核心信息).

    `of_the_case` holds what is stored on the case itself: onset, occupation, exposure.
    """

    lives_in: Area
    summary: str
    symptoms: list[str] = field(default_factory=list)
    symptoms_note: str = ""
    vaccine_doses: int | None = None
    vaccinated_on: date | None = None
    source_kind: str = SourceKind.UNKNOWN
    source_note: str = ""
    of_the_case: Mapping[str, Any] = field(default_factory=dict)


#: How long a stay that was taken out can be brought back.
BROUGHT_BACK_WITHIN = timedelta(days=7)

_OWN = (
    "lives_in",
    "summary",
    "symptoms",
    "symptoms_note",
    "vaccine_doses",
    "vaccinated_on",
    "source_kind",
    "source_note",
)


@transaction.atomic
def open_investigation(case_passage: Passage, *, by: User | None, now: datetime) -> Investigation:
    """A verified case goes to the tracers. Called by the wiring; once per case, however often."""
    case = Case.objects.select_related("person", "area").get(passage=case_passage)
    if known := Investigation.objects.filter(case=case).first():
        return known
    passage = ledger.start(
        loop=INVESTIGATION,
        area=case.area,
        title=cases.title(case.number, case.person),
        by=by,
        now=now,
        person_key=case.person_id,
        caused_by=case_passage,
    )
    days = policy.in_force(now).retention.personal_data_days
    return Investigation.objects.create(
        case=case,
        passage=passage,
        opened_at=passage.opened_at,
        destroy_on=cases.day(now) + timedelta(days=days),
    )


@transaction.atomic
def take_lead(*, investigation: Investigation, by: User, now: datetime) -> None:
    """Put one's name to the investigation. Of two who reach for it one gets it."""
    free = Investigation.objects.filter(pk=investigation.pk, lead=investigation.lead)
    if free.update(lead=by) != 1:
        raise Stale(_("Somebody else has taken this investigation just now."))
    investigation.lead = by
    tell("investigation.take_lead", investigation, by=by, now=now)


@transaction.atomic
def record_core_facts(
    *, investigation: Investigation, facts: CoreFacts, by: User, now: datetime
) -> Investigation:
    """The core facts are known: the report becomes due, and the case may be transferred."""
    if not facts.summary.strip():
        raise NotComplete(_("The last 14 days are missing: where the case was, and with whom."))
    if investigation.lead_id is None:
        take_lead(investigation=investigation, by=by, now=now)
    ledger.hand_over(passage=investigation.passage, to="core_known", by=by, now=now)
    return _write_facts(investigation, facts, by=by, now=now)


@transaction.atomic
def amend(
    *, investigation: Investigation, facts: CoreFacts, by: User, now: datetime
) -> Investigation:
    """Correct or complete the facts, until the report is accepted."""
    check_open(investigation)
    return _write_facts(investigation, facts, by=by, now=now)


@transaction.atomic
def submit_report(
    *, investigation: Investigation, report: str, conclusion: str, by: User, now: datetime
) -> Investigation:
    """Hand the full report to the CDC."""
    if not report.strip() or not conclusion.strip():
        raise NotComplete(_("A report needs its text and a conclusion."))
    ledger.hand_over(passage=investigation.passage, to="submitted", by=by, now=now)
    _store(investigation, {"report": report, "conclusion": conclusion})
    return investigation


@transaction.atomic
def accept(
    *, investigation: Investigation, by: User, now: datetime, note: str = ""
) -> Investigation:
    """The CDC holds the report to be complete."""
    return _pass_on(investigation, "accepted", by=by, now=now, note=note)


@transaction.atomic
def return_report(
    *, investigation: Investigation, reason: str, by: User, now: datetime
) -> Investigation:
    """The CDC sends the report back, and says what is missing."""
    if not reason.strip():
        raise NotComplete(_("Say what is missing, so that it can be mended."))
    return _pass_on(investigation, "core_known", by=by, now=now, note=reason)


@transaction.atomic
def unreachable(
    *, investigation: Investigation, by: User, now: datetime, note: str = ""
) -> Investigation:
    """The case cannot be reached: public security helps."""
    return _pass_on(investigation, "unreachable", by=by, now=now, note=note)


@transaction.atomic
def give_up(*, investigation: Investigation, reason: str, by: User, now: datetime) -> Investigation:
    """Nobody could reach the case, and nobody will go on trying."""
    if not reason.strip():
        raise NotComplete(_("Say what was tried: giving up on a case is reviewed."))
    return _pass_on(investigation, "abandoned", by=by, now=now, note=reason)


@transaction.atomic
def drop(*, investigation: Investigation, by: User, now: datetime, note: str = "") -> Investigation:
    """The case was discarded: there is nothing to find out any more.

    Raises
    ------
    NotComplete
        Where the case still stands.
    """
    passage = investigation.case.passage
    if passage is None or passage.stage != "discarded":
        raise NotComplete(
            _("The case stands. Discard the case, and its investigation ends with it.")
        )
    return _pass_on(investigation, "dropped", by=by, now=now, note=note)


@transaction.atomic
def follow_case(case: Case, *, by: User, now: datetime) -> None:
    """The case went to another area: its open investigation goes along. Called by the wiring."""
    found = Investigation.objects.select_related("passage").filter(case=case).first()
    if found and found.passage.closed_at is None and found.passage.area_id != case.area_id:
        ledger.move(passage=found.passage, area=case.area, by=by, now=now)


@transaction.atomic
def destroy_due(*, now: datetime) -> tuple[int, int]:
    """Delete stays and empty the texts whose day has come; how many stays and investigations.

    What is left says that there was an investigation and when, and nothing of where anybody was.
    A stay that was taken out goes as soon as it cannot be brought back any more.
    """
    today = timezone.localtime(now).date()
    due = Q(destroy_on__lte=today) | Q(removed_at__lte=now - BROUGHT_BACK_WITHIN)
    stays, _each = ItineraryStay.every.filter(due).delete()
    texts = Investigation.objects.filter(destroy_on__lte=today, destroyed_at=None)
    emptied = texts.update(
        symptoms=[],
        symptoms_note="",
        lives_in=None,
        source_note="",
        **dict.fromkeys(Investigation.TEXTS, Sealed("")),
        destroyed_at=now,
    )
    if stays or emptied:
        detail = {"stays": stays, "investigations": emptied}
        audit.record(
            verb="tracing.destroy", subject="investigations", by=None, now=now, detail=detail
        )
    return stays, emptied


def _write_facts(
    investigation: Investigation, facts: CoreFacts, *, by: User, now: datetime
) -> Investigation:
    own = {name: getattr(facts, name) for name in _OWN}
    changed = [name for name, value in own.items() if value != getattr(investigation, name)]
    _store(investigation, own)
    cases.update_facts(case=investigation.case, changes=facts.of_the_case, by=by, now=now)
    tell("investigation.facts", investigation, by=by, now=now, fields=sorted(changed))
    return investigation


def _store(investigation: Investigation, values: Mapping[str, Any]) -> None:
    """Write what the desk typed, unless somebody else wrote since it looked."""
    seen = Investigation.objects.filter(pk=investigation.pk, version=investigation.version)
    columns = {
        name: investigation.sealed(name, value) if name in Investigation.TEXTS else value
        for name, value in values.items()
    }
    if seen.update(**columns, version=investigation.version + 1) != 1:
        raise Stale(
            _("Somebody else changed this investigation meanwhile. Your entries were not stored.")
        )
    for name, value in values.items():
        setattr(investigation, name, value)
    investigation.version += 1


def _pass_on(
    investigation: Investigation, to: str, *, by: User, now: datetime, note: str
) -> Investigation:
    ledger.hand_over(passage=investigation.passage, to=to, by=by, now=now, note=note)
    return investigation


def check_open(investigation: Investigation) -> None:
    """Refuse to change what has ended."""
    if investigation.passage.closed_at is not None:
        raise HasEnded(_("This investigation has ended; its record stays as it is."))


def tell(
    verb: str, investigation: Investigation, *, by: User, now: datetime, **detail: Any
) -> None:
    """Write an act on an investigation into the audit."""
    audit.record(
        verb=verb, subject=f"investigation:{investigation.pk}", by=by, now=now, detail=detail
    )
