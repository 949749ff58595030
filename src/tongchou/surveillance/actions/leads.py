"""Leads on persons: noted once, followed up, settled, destroyed. A positive one becomes a case.

A purchase may be followed up only while the playbook says that there are cases in the district:
whoever buys something for a cough is nobody's business otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, Level, subtree
from tongchou.cases.actions import day
from tongchou.cases.models import Case, Classification
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.people import actions as people
from tongchou.people.details import Details
from tongchou.people.models import Person
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import User
from tongchou.surveillance.actions.signals import NotSaid
from tongchou.surveillance.loops import LEADS
from tongchou.surveillance.models import Lead, LeadKind, Site


class NotFollowedUp(LedgerError):
    """The playbook allows no such lead here and now."""


@dataclass(frozen=True)
class Noted:
    """One thing to note. `person` where the register knows them; `details` are not read then."""

    kind: str
    area: Area
    noted_on: date
    details: Details = field(default_factory=Details)
    person: Person | None = None
    site: Site | None = None
    medicine: str = ""
    symptoms: str = ""
    onset_on: date | None = None
    line: int = 0


@dataclass
class Entered:
    """What became of a list: every line is in exactly one of the two."""

    new: list[Lead] = field(default_factory=list)
    known: list[Lead] = field(default_factory=list)


def purchases_followed(area: Area, *, now: datetime) -> bool:
    """Whether the playbook in force has purchases in this area followed up: cases are near."""
    rule = policy.in_force(now).leads
    if rule is None:
        return False
    near = Case.objects.filter(
        subtree(_district(area), field="area_path"),
        reported_on__gt=day(now) - timedelta(days=rule.purchase_case_days),
    )
    return near.exclude(classification=Classification.DISCARDED).exists()


def _district(area: Area) -> str:
    """The path down to the district; the area itself where it is none or lies above."""
    above = Area.objects.filter(pk__in=area.codes, level__lte=Level.DISTRICT).order_by("-level")
    found = above.first()
    return found.path if found else area.path


@transaction.atomic
def note(*, noted: Noted, by: User, now: datetime) -> Lead:
    """Note one thing of one person; the same thing of the same day is not noted twice."""
    done = note_many(noted=[noted], by=by, now=now)
    return (done.new or done.known)[0]


@transaction.atomic
def note_many(*, noted: Iterable[Noted], by: User, now: datetime) -> Entered:
    """Note a list, all or nothing.

    Raises
    ------
    NotFollowedUp
        For purchases where the playbook has none followed up.
    """
    entries = list(noted)
    for area in {one.area for one in entries if one.kind == LeadKind.PURCHASE}:
        if not purchases_followed(area, now=now):
            raise NotFollowedUp(
                _("No purchases are followed up in %(area)s: there are no cases near.")
                % {"area": area}
            )
    persons = _persons(entries, by=by, now=now)
    known = {
        (lead.kind, lead.person_id, lead.noted_on): lead
        for lead in Lead.objects.filter(person_id__in={p.pk for p in persons})
    }
    done = Entered()
    for one, person in zip(entries, persons, strict=True):
        key = (one.kind, person.pk, one.noted_on)
        if key in known:
            done.known.append(known[key])
            continue
        known[key] = _note(one, person, by=by, now=now)
        done.new.append(known[key])
    return done


def _persons(entries: Sequence[Noted], *, by: User, now: datetime) -> list[Person]:
    told = [one.details for one in entries if one.person is None]
    made = iter(people.register_many(entries=told, by=by, now=now) if told else ())
    return [one.person or next(made).person for one in entries]


def _note(one: Noted, person: Person, *, by: User, now: datetime) -> Lead:
    (pk,) = reserve_ids(Lead, 1)
    purchase = one.kind == LeadKind.PURCHASE
    # What somebody bought leaves no trace on their own page: the passage has no key then.
    who = one.area.name if purchase else str(person)
    passage = ledger.start(
        loop=LEADS[one.kind],
        area=one.area,
        title=f"L-{pk:06d} · {who}",
        by=by,
        now=now,
        person_key="" if purchase else person.pk,
    )
    return Lead.objects.create(
        pk=pk,
        kind=one.kind,
        person=person,
        passage=passage,
        area=one.area,
        area_path=one.area.path,
        noted_on=one.noted_on,
        site=one.site,
        medicine=one.medicine if purchase else "",
        symptoms=one.symptoms[:120],
        onset_on=one.onset_on,
        noted_at=now,
        noted_by=by,
        destroy_on=_destroy_on(one, now),
    )


def _destroy_on(one: Noted, now: datetime) -> date:
    book = policy.in_force(now)
    if one.kind == LeadKind.PURCHASE and book.leads is not None:
        return one.noted_on + timedelta(days=book.leads.purchase_kept_days)
    return day(now) + timedelta(days=book.retention.personal_data_days)


@transaction.atomic
def sampled(*, lead: Lead, by: User, now: datetime, on: date | None = None, note: str = "") -> Lead:
    """A PCR specimen was taken; the CDC waits for the result."""
    _pass_on(lead, "sampled", by=by, now=now, note=note)
    return _set(lead, sampled_on=on or day(now))


@transaction.atomic
def settle(*, lead: Lead, to: str, by: User, now: datetime, note: str = "") -> Lead:
    """End the lead, or hand it on, without more to say: negative, well, cannot be reached."""
    return _pass_on(lead, to, by=by, now=now, note=note)


@transaction.atomic
def give_up(*, lead: Lead, to: str, reason: str, by: User, now: datetime) -> Lead:
    """End it with a reason: explained otherwise, not reached, given up."""
    if not reason.strip():
        raise NotSaid(_("Say why: a lead that ends without a sample is looked at again."))
    return _pass_on(lead, to, by=by, now=now, note=reason)


@transaction.atomic
def positive(*, lead: Lead, by: User, now: datetime, note: str = "") -> Lead:
    """The PCR is positive. The wiring reports the case."""
    _pass_on(lead, "positive", by=by, now=now, note=note)
    lead.refresh_from_db(fields=["case"])
    return lead


@transaction.atomic
def became(*, lead: Lead, case: Case, by: User | None, now: datetime) -> None:
    """Note which case the lead led to. Called by the wiring."""
    _set(lead, case=case)
    detail = {"case": case.number}
    audit.record(verb="lead.became", subject=f"lead:{lead.pk}", by=by, now=now, detail=detail)


@transaction.atomic
def destroy_due(*, now: datetime) -> int:
    """Forget whom and what leads were about whose day has come; how many."""
    due = Lead.objects.filter(destroy_on__lte=day(now), destroyed_at=None)
    gone = due.update(
        person=None, medicine="", site=None, symptoms="", onset_on=None, destroyed_at=now
    )
    if gone:
        detail = {"leads": gone}
        audit.record(verb="lead.destroy", subject="leads", by=None, now=now, detail=detail)
    return gone


def _pass_on(lead: Lead, to: str, *, by: User, now: datetime, note: str) -> Lead:
    ledger.hand_over(passage=lead.passage, to=to, by=by, now=now, note=note)
    return lead


def _set(lead: Lead, **values: Any) -> Lead:
    Lead.objects.filter(pk=lead.pk).update(**values)
    for name, value in values.items():
        setattr(lead, name, value)
    return lead
