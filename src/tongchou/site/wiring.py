"""Which stage of one loop moves another: the city's chains, all of them, on one page.

A chain runs in the transaction of the act that sets it off, by the same hand, so that between two
custody loops giving and taking are one act. What is not in this table does not happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases import actions as cases
from tongchou.cases import moves, verdicts
from tongchou.cases.facts import Facts
from tongchou.cases.loops import CASE_REPORT
from tongchou.cases.models import Case, Classification, Contact, FoundBy, Outcome
from tongchou.ledger import policy, registry
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Passage
from tongchou.loops import Loop
from tongchou.people import queries as people
from tongchou.quarantine import actions as quarantine
from tongchou.quarantine import queries as stays
from tongchou.quarantine.loops import QUARANTINE_STAY, UNTIL_THE_END
from tongchou.quarantine.models import Stay
from tongchou.reviews.actions import opening as reviews
from tongchou.reviews.actions import steps as review_steps
from tongchou.staff.models import User
from tongchou.surveillance.actions import leads
from tongchou.surveillance.loops import LEADS, SIGNAL
from tongchou.surveillance.models import Lead, LeadKind, Signal
from tongchou.surveillance.queries import signals
from tongchou.tracing import actions as tracing
from tongchou.tracing import changes
from tongchou.tracing.actions import field
from tongchou.tracing.loops import CONTACT, INVESTIGATION
from tongchou.tracing.models import Investigation


class HeldByAStay(LedgerError):
    """A contact who is in quarantine is received and released there, and the list follows."""


# --- a case --------------------------------------------------------------------------------------


def open_investigation(passage: Passage, *, by: User | None, now: datetime) -> None:
    """The tracers get the case."""
    tracing.open_investigation(passage, by=by, now=now)


def make_the_stay_ill(passage: Passage, *, by: User, now: datetime) -> None:
    """Somebody in quarantine is a case: they wait for the hospital, which may take them over."""
    stay = stays.open_stay(passage.person_key)
    if stay is not None and stay.passage.stage != "ill":
        quarantine.mark_ill(stay=stay, by=by, now=now, note=passage.title)


def end_the_contact(passage: Passage, *, by: User, now: datetime) -> None:
    """Beyond doubt a case: as a contact they are done with, wherever on their way they were."""
    case = Case.objects.get(passage=passage)
    for contact in _contacts(passage.person_key):
        assert contact.passage is not None
        awaited = CONTACT.at(contact.passage.stage)
        if awaited is not None and "ill" in awaited.to:
            tracing.fell_ill(contact=contact, case=case, by=by, now=now)


def return_the_stay(passage: Passage, *, by: User, now: datetime) -> None:
    """Not the disease after all: the stay goes back to where it was. Nobody is released by it."""
    stay = stays.open_stay(passage.person_key)
    if stay is not None and stay.passage.stage == "ill":
        quarantine.return_from_ill(stay=stay, by=by, now=now, note=passage.title)


def end_the_stay_of_the_dead(passage: Passage, *, by: User, now: datetime) -> None:
    """Died before the hospital had them: the stay that waited for it ends."""
    stay = stays.open_stay(passage.person_key)
    if stay is not None and stay.passage.stage == "ill":
        quarantine.mark_dead(stay=stay, by=by, now=now, note=passage.title)


def drop_the_investigation(passage: Passage, *, by: User, now: datetime) -> None:
    """No case after all: the tracers need not go on."""
    found = Investigation.objects.select_related("case__passage", "passage").filter(
        case__passage=passage
    )
    for investigation in found.filter(passage__stage__in=("opened", "unreachable")):
        tracing.drop(investigation=investigation, by=by, now=now, note=passage.title)


# --- an investigation ----------------------------------------------------------------------------


def pass_the_case_on(passage: Passage, *, by: User, now: datetime) -> None:
    """The core facts are known: the case goes to the transfer team."""
    found = Investigation.objects.select_related("case__passage").get(passage=passage)
    if found.case.passage and found.case.passage.stage == "verified":
        cases.investigated(case=found.case, by=by, now=now)


# --- a contact -----------------------------------------------------------------------------------


def quarantine_the_contact(passage: Passage, *, by: User, now: datetime) -> None:
    """Found: ordered into quarantine; received at once where a stay holds them already.

    Where the playbook asks for no quarantine (any more), the contact is dismissed instead.
    """
    contact = Contact.objects.select_related("person", "area").get(passage=passage)
    contact.passage = passage
    stay = quarantine.order_for_contact(contact=contact, by=by, now=now)
    if stay is None:
        why = _("no quarantine by the playbook: the days are over, or there are none")
        tracing.dismiss(contact=contact, reason=why, by=by, now=now)
    elif stay.passage.stage in UNTIL_THE_END:
        tracing.receive(contact=contact, until=stay.order.to_at, by=by, now=now)


def cancel_the_stay(passage: Passage, *, by: User, now: datetime) -> None:
    """Not there when the bus came: the stay that never began is cancelled."""
    stay = _stay_of(passage)
    if stay is None or stay.passage.stage != "awaiting_transfer" or stay.received_at:
        return
    others = stay.order.contacts.filter(passage__closed_at=None).exclude(passage=passage)
    if not others.filter(passage__stage__in=("located", "received")).exists():
        quarantine.cancel(stay=stay, reason=passage.stage, by=by, now=now)


def must_be_held(passage: Passage, *, by: User, now: datetime) -> None:
    """ "Claimed" is not "controlled": nobody is received whom no stay holds."""
    stay = _stay_of(passage)
    if stay is None or stay.passage.stage == "awaiting_transfer":
        raise HeldByAStay(
            _("Check them in at the quarantine desk; the contact is then received by itself.")
        )


def must_not_be_held(passage: Passage, *, by: User, now: datetime) -> None:
    """Nobody is released on paper who is still in a room."""
    if _stay_of(passage) is not None:
        raise HeldByAStay(
            _("Release the stay at the quarantine desk; the contact is then released by itself.")
        )


# --- a stay --------------------------------------------------------------------------------------


def receive_the_contacts(passage: Passage, *, by: User, now: datetime) -> None:
    """The site or the community has the person: so the contact is received."""
    stay = Stay.objects.select_related("order").get(passage=passage)
    for contact in _on_their_way(stay, "located"):
        tracing.receive(contact=contact, until=stay.order.to_at, by=by, now=now)


def release_the_contacts(passage: Passage, *, by: User, now: datetime) -> None:
    """The stay is over and nothing came of it: so is the contact."""
    stay = Stay.objects.select_related("order").get(passage=passage)
    for contact in _on_their_way(stay, "received"):
        tracing.release(contact=contact, by=by, now=now)


def report_the_ill(passage: Passage, *, by: User, now: datetime) -> None:
    """Ill in quarantine: reported as a case, found where it does the least harm."""
    stay = Stay.objects.select_related("order__person", "order__area").get(passage=passage)
    disease = _disease(stay, now)
    known = Case.objects.filter(person_id__in=people.group(passage.person_key), disease=disease)
    if known.filter(outcome=Outcome.OPEN).exists():
        return
    cases.report(
        person=stay.order.person,
        area=stay.order.area,
        facts=Facts(
            disease=disease,
            reported_on=timezone.localtime(now).date(),
            classification=Classification.SUSPECTED,
            found_by=FoundBy.QUARANTINE,
        ),
        by=by,
        now=now,
        caused_by=passage,
    )


# --- a signal ------------------------------------------------------------------------------------


def look_on_the_spot(passage: Passage, *, by: User, now: datetime) -> None:
    """The signal is confirmed: the tracers look into its area, with what it said as the reason."""
    signal = Signal.objects.select_related("area").get(passage=passage)
    field.open_field(
        area=signal.area, reason=signals.sentence(signal), by=by, now=now, caused_by=passage
    )


def report_the_positive(passage: Passage, *, by: User, now: datetime) -> None:
    """A lead is positive by PCR: a case, reported where it was noted; or the one that is open."""
    lead = Lead.objects.select_related("person", "area").get(passage=passage)
    if lead.person is None:
        raise LedgerError(_("Whom this was about has been destroyed; report the case by itself."))
    disease = policy.in_force(now).main_disease or ""
    known = Case.objects.filter(person_id__in=people.group(lead.person.pk), disease=disease)
    case = known.filter(outcome=Outcome.OPEN).first()
    if case is None:
        facts = Facts(
            disease=disease,
            reported_on=timezone.localdate(now),
            found_by=FoundBy.SELF if lead.kind == LeadKind.FEVER else FoundBy.COMMUNITY,
            onset_on=lead.onset_on,
            sampled_on=lead.sampled_on,
        )
        case = cases.report(
            person=lead.person, area=lead.area, facts=facts, by=by, now=now, caused_by=passage
        )
    leads.became(lead=lead, case=case, by=by, now=now)


# --- what changes outside any stage --------------------------------------------------------------


def follow_the_contact(contact: Contact, *, by: User | None, now: datetime) -> None:
    """Another tier or a later exposure: the order and its end follow."""
    stay = stays.open_stay(contact.person_id)
    if stay is not None and stay.order.contacts.filter(pk=contact.pk).exists():
        quarantine.follow_exposures(order=stay.order, by=by, now=now)


def review_the_positive(case: Case, *, by: User | None, now: datetime) -> None:
    """A positive, whenever somebody holds it to be one: its review is opened. No case: dropped."""
    if case.classification == Classification.DISCARDED and by is not None:
        why = _("the case was discarded: there is nothing to review")
        review_steps.drop_of(case=case, by=by, now=now, note=why)
    else:
        reviews.open_review(case=case, by=by, now=now)


@dataclass(frozen=True)
class Chain:
    """One row: when a passage of `loop` enters `stage`, `then` is done."""

    loop: Loop
    stage: str
    then: Callable[..., object]

    @property
    def words(self) -> str:
        return " ".join((self.then.__doc__ or "").split("\n\n")[0].split())


CHAINS = (
    Chain(CASE_REPORT, "verified", open_investigation),
    Chain(CASE_REPORT, "verified", make_the_stay_ill),
    Chain(CASE_REPORT, "investigated", end_the_contact),
    Chain(CASE_REPORT, "admitted", end_the_contact),
    Chain(CASE_REPORT, "died", end_the_stay_of_the_dead),
    Chain(CASE_REPORT, "discarded", return_the_stay),
    Chain(CASE_REPORT, "discarded", drop_the_investigation),
    Chain(INVESTIGATION, "core_known", pass_the_case_on),
    Chain(CONTACT, "located", quarantine_the_contact),
    Chain(CONTACT, "received", must_be_held),
    Chain(CONTACT, "released", must_not_be_held),
    Chain(CONTACT, "not_found", cancel_the_stay),
    Chain(CONTACT, "elsewhere", cancel_the_stay),
    Chain(QUARANTINE_STAY, "in_facility", receive_the_contacts),
    Chain(QUARANTINE_STAY, "at_home", receive_the_contacts),
    Chain(QUARANTINE_STAY, "released", release_the_contacts),
    Chain(QUARANTINE_STAY, "ill", report_the_ill),
    Chain(SIGNAL, "confirmed", look_on_the_spot),
    *(Chain(loop, "positive", report_the_positive) for loop in LEADS.values()),
)


def connect() -> None:
    """Put every chain in force; twice is once."""
    for chain in CHAINS:
        registry.on_stage(chain.loop.name, chain.stage, chain.then)
    changes.on_change(follow_the_contact)
    moves.on_move(tracing.follow_case)
    moves.on_move(review_steps.follow)
    verdicts.on_verdict(review_the_positive)


def as_table() -> str:
    """The chains as Markdown, for the handbook."""
    head = "| when | enters | then |\n|---|---|---|\n"
    return head + "\n".join(f"| {c.loop.name} | {c.stage} | {c.words} |" for c in CHAINS)


def _contacts(person_key: str) -> list[Contact]:
    """The contacts of a person that are still on their way."""
    open_ones = Contact.objects.filter(
        person_id__in=people.group(person_key), passage__closed_at=None, passage__isnull=False
    )
    return list(open_ones.select_related("passage").order_by("pk"))


def _on_their_way(stay: Stay, stage: str) -> list[Contact]:
    waiting = stay.order.contacts.filter(passage__stage=stage, passage__closed_at=None)
    return list(waiting.select_related("passage").order_by("pk"))


def _stay_of(passage: Passage) -> Stay | None:
    """The open stay whose order covers this contact."""
    return (
        Stay.objects.filter(order__contacts__passage=passage, passage__closed_at=None)
        .select_related("passage", "order")
        .first()
    )


def _disease(stay: Stay, now: datetime) -> str:
    """What they were exposed to; the disease of the playbook in force where nobody knows."""
    met = stay.order.contacts.exclude(exposures__case=None).values_list(
        "exposures__case__disease", flat=True
    )
    return met.first() or policy.in_force(now).main_disease or ""
