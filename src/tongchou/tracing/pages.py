"""What the pages of the tracing desk show, read once and handed to the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongchou.cases.models import Case, Contact
from tongchou.ledger import queries as ledger
from tongchou.ledger.models import Handoff, Passage
from tongchou.ledger.registry import stage_label
from tongchou.ledger.turns import page_of
from tongchou.shell import paging
from tongchou.staff.queries import Scope
from tongchou.staff.roles import Role
from tongchou.tracing import checks, queries
from tongchou.tracing.loops import CONTACT
from tongchou.tracing.models import Investigation

TIER_TONES = {"close": "bad", "secondary": "warn", "general": "quiet"}


def cut(scope: Scope, wanted: queries.Wanted, *, query: Any, now: datetime) -> paging.Page[Any]:
    """One page of the list, in the order that the reader asked for."""
    sort = query.get("sort", "")
    if sort in queries.BY_DEADLINE:
        legs = queries.by_deadline(scope, wanted, now=now)
        return paging.keyset(legs, order=queries.BY_DEADLINE[sort], query=query)
    order = queries.ORDERS.get(sort, queries.ORDERS["-listed"])
    return paging.keyset(queries.listed(scope, wanted, now=now), order=order, query=query)


@dataclass(frozen=True)
class Row:
    """One contact of a list, with what the checks find in it."""

    contact: Any
    tone: str
    stage: Any
    owner: Any
    due_at: datetime | None
    findings: list[checks.Finding]

    @property
    def met(self) -> list[Any]:
        return list(self.contact.exposures.all())


def rows(contacts: Sequence[Contact], *, now: datetime) -> list[Row]:
    """Lines for listed contacts; the same number of queries however many there are."""
    around = queries.circumstances(now)
    legs = _open_legs(contacts)
    return [
        _row(contact, legs.get(contact.passage_id or 0), checks.run(line, around))
        for contact, line in zip(contacts, queries.lines(contacts), strict=True)
    ]


def _open_legs(contacts: Sequence[Contact]) -> dict[int, Handoff]:
    passages = [c.passage_id for c in contacts if c.passage_id]
    legs = Handoff.objects.filter(passage_id__in=passages, done_at=None).select_related("unit")
    return {leg.passage_id: leg for leg in legs}


def _row(contact: Contact, leg: Handoff | None, findings: list[checks.Finding]) -> Row:
    passage = contact.passage
    return Row(
        contact,
        TIER_TONES.get(contact.tier, "quiet"),
        stage_label(passage.loop, passage.stage) if passage else "",
        (leg.unit or Role(leg.owner).label) if leg else "",
        leg.due_at if leg else None,
        findings,
    )


@dataclass(frozen=True)
class StageFigure:
    """One figure of the desk: contacts at a stage, and how many of them are late."""

    stage: str
    label: Any
    n: int
    late: int


def figures(scope: Scope, *, now: datetime) -> list[StageFigure]:
    """Open contacts by stage, in the order of the loop."""
    found = queries.by_stage(scope, now=now)
    return [
        StageFigure(
            row.stage,
            stage_label("contact", row.stage),
            found.counts.get(row.stage, 0),
            found.late.get(row.stage, 0),
        )
        for row in CONTACT
    ]


@dataclass(frozen=True)
class Check:
    """One list check on its page: how many lines fail it."""

    code: str
    label: Any
    n: int


def check_counts(found: queries.Checked) -> list[Check]:
    """Every check with its count, the fullest first."""
    counted = [Check(code, label, found.counts[code]) for code, (label, _run) in
               checks.CHECKS.items()]  # fmt: skip
    return sorted(counted, key=lambda check: -check.n)


def investigation_of(case: Case) -> Investigation | None:
    """The investigation of a case, if one was opened."""
    found = Investigation.objects.select_related("passage", "lead", "lives_in", "case__area")
    return found.filter(case=case).first()


@dataclass(frozen=True)
class Hands:
    """Whose hands a person is in, and the page where that is acted on."""

    passage: Passage
    stage: Any
    url: str


def hands(contact: Contact) -> Hands | None:
    """Who holds the contact now: a quarantine stay, a hospital, or nobody."""
    holder = ledger.holder(contact.person_id)
    if holder is None:
        return None
    return Hands(holder, stage_label(holder.loop, holder.stage), page_of(holder.loop, holder.pk))
