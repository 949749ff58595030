"""Adopting a playbook (预案): proposed by one, adopted by another; open deadlines follow."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou import playbook as playbooks
from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.errors import LedgerError, TakesTwo
from tongchou.ledger.models import Adoption, Gap
from tongchou.ledger.retiming import Retimed, retime
from tongchou.loops import Tempo
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def propose(*, text: str, reason: str, by: User, now: datetime) -> Adoption:
    """Put a playbook forward. It is parsed and checked first, so a broken one never gets here."""
    parsed = playbooks.parse(text)
    adoption = Adoption.objects.create(
        playbook=parsed.id,
        digest=parsed.digest,
        # Complete: what it extends may read differently after an upgrade, this may not.
        text=parsed.text,
        reason=reason,
        proposed_by=by,
        proposed_at=whole_second(now),
    )
    _audit("playbook.propose", adoption, by=by, now=now, reason=reason)
    return adoption


@transaction.atomic
def adopt(*, adoption: Adoption, by: User, now: datetime) -> Retimed:
    """Put a proposed playbook in force; every open leg takes its new deadline.

    Raises
    ------
    TakesTwo
        Where the adopter is the proposer.
    LedgerError
        Where it was adopted or withdrawn already.
    """
    now = whole_second(now)
    if adoption.proposed_by_id == by.pk:
        raise TakesTwo(_("You proposed this playbook; somebody else has to adopt it."))
    policy.turning()
    changed = Adoption.objects.filter(pk=adoption.pk, adopted_at=None, withdrawn_at=None).update(
        adopted_at=now, adopted_by=by
    )
    if changed != 1:
        raise LedgerError(_("This proposal was adopted or withdrawn already."))
    adoption.refresh_from_db()
    parsed = playbooks.parse(adoption.text)
    moved = [
        retime(
            area_path="",
            tempo=t,
            playbook=parsed,
            reason=Gap.Reason.PLAYBOOK,
            now=now,
            only_at_tempo=True,
        )
        for t in Tempo
    ]
    total = Retimed(sum(m.n_legs for m in moved), sum(m.n_gaps_closed for m in moved))
    _audit(
        "playbook.adopt",
        adoption,
        by=by,
        now=now,
        legs=total.n_legs,
        gaps=total.n_gaps_closed,
    )
    return total


@transaction.atomic
def withdraw(*, adoption: Adoption, by: User, now: datetime) -> None:
    """Take a proposal back before it is adopted."""
    changed = Adoption.objects.filter(pk=adoption.pk, adopted_at=None, withdrawn_at=None).update(
        withdrawn_at=whole_second(now)
    )
    if changed != 1:
        raise LedgerError(_("This proposal was adopted or withdrawn already."))
    _audit("playbook.withdraw", adoption, by=by, now=now)


def _audit(verb: str, adoption: Adoption, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        subject=f"adoption:{adoption.pk}",
        by=by,
        now=now,
        detail={"playbook": adoption.playbook, "digest": adoption.digest, **detail},
    )
