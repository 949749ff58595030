"""What people say against an order. Whoever issued or wrote it down does not decide it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.ledger.actions import whole_second
from tongchou.ledger.errors import TakesTwo
from tongchou.quarantine import queries
from tongchou.quarantine.actions import ends
from tongchou.quarantine.errors import QuarantineError
from tongchou.quarantine.models import Appeal, AppealDecision, Order
from tongchou.staff.models import User


@transaction.atomic
def appeal(*, order: Order, text: str, by: User | None, now: datetime) -> Appeal:
    """Write down what the person says; the answer has a deadline. `by` is empty for themselves."""
    if not text.strip():
        raise QuarantineError(_("Write what is wrong with the order."))
    if order.appeals.filter(decided_at=None).exists():
        raise QuarantineError(_("An appeal against this order is waiting for its answer already."))
    now = whole_second(now)
    made = Appeal.objects.create(
        order=order,
        text=text.strip()[:2000],
        made_at=now,
        made_by=by,
        due_at=now + queries.appeal_within(now),
    )
    ends.tell("quarantine.appeal", order, by=by, now=now, appeal=made.pk)
    return made


@transaction.atomic
def decide_appeal(*, appeal: Appeal, decision: str, answer: str, by: User, now: datetime) -> Appeal:
    """Answer an appeal, in words the person can read. Upheld, it is a reason for a change."""
    if by.pk in (appeal.made_by_id, appeal.order.issued_by_id):
        raise TakesTwo(_("You issued the order or wrote this down; somebody else decides it."))
    if decision not in AppealDecision.values or not answer.strip():
        raise QuarantineError(_("An appeal is answered with a decision and the reasons for it."))
    changed = Appeal.objects.filter(pk=appeal.pk, decided_at=None).update(
        decided_at=whole_second(now),
        decided_by=by,
        decision=decision,
        answer=answer.strip()[:2000],
    )
    if changed != 1:
        raise QuarantineError(_("Somebody else has decided this already."))
    appeal.refresh_from_db()
    ends.tell(
        "quarantine.decide_appeal",
        appeal.order,
        by=by,
        now=now,
        appeal=appeal.pk,
        decision=decision,
    )
    return appeal
