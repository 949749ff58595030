"""Changing an end by hand: outside the playbook it takes two people, a reason and a clause."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.errors import TakesTwo
from tongchou.quarantine.actions import ends
from tongchou.quarantine.actions.stays import give_up, release
from tongchou.quarantine.errors import NeedsReason, QuarantineError, RedLine
from tongchou.quarantine.models import ChangeKind, ChangeReason, Order, OrderChange
from tongchou.quarantine.plan import draw
from tongchou.staff.models import User


def extend(
    *,
    order: Order,
    to_at: datetime,
    reason: str,
    clause: str,
    by: User,
    now: datetime,
    second: User | None = None,
    note: str = "",
) -> OrderChange:
    """Hold somebody longer; see `change_end`."""
    if to_at <= order.to_at:
        raise QuarantineError(
            _("The new end lies before the old one; that would shorten the order.")
        )
    return change_end(
        order=order,
        to_at=to_at,
        reason=reason,
        clause=clause,
        by=by,
        now=now,
        second=second,
        note=note,
    )


def shorten(
    *,
    order: Order,
    to_at: datetime,
    reason: str,
    clause: str,
    by: User,
    now: datetime,
    second: User | None = None,
    note: str = "",
) -> OrderChange:
    """Let the order end earlier; see `change_end`."""
    if to_at >= order.to_at:
        raise QuarantineError(_("The new end lies after the old one; that would extend the order."))
    return change_end(
        order=order,
        to_at=to_at,
        reason=reason,
        clause=clause,
        by=by,
        now=now,
        second=second,
        note=note,
    )


@transaction.atomic
def change_end(
    *,
    order: Order,
    to_at: datetime,
    reason: str,
    clause: str,
    by: User,
    now: datetime,
    second: User | None = None,
    note: str = "",
) -> OrderChange:
    """Move the end of an order at once, with the second person at hand.

    Back to where the playbook has it, one person is enough.

    Raises
    ------
    TakesTwo
        Where the new end is not the playbook's and nobody else signs.
    NeedsReason
        Where the reason is not on the list for this direction, or no clause is named.
    RedLine
        Where the playbook forbids to hold people longer at will and the reason is not medical.
    """
    change = _draft(order, to_at, reason=reason, clause=clause, by=by, now=now, note=note)
    if change.by_hand and second in (None, by):
        raise TakesTwo(_("Outside the playbook two people must sign: name the second."))
    change.save()
    return _apply(change, by=second if change.by_hand else None, now=now)


@transaction.atomic
def propose_change(
    *,
    order: Order,
    to_at: datetime,
    reason: str,
    clause: str,
    by: User,
    now: datetime,
    note: str = "",
) -> OrderChange:
    """Ask for another end. It waits for a second person, unless it goes back to the playbook's."""
    _none_waiting(order)
    change = _draft(order, to_at, reason=reason, clause=clause, by=by, now=now, note=note)
    change.save()
    ends.tell("quarantine.propose", order, by=by, now=now, wanted=to_at.isoformat(), reason=reason)
    return change if change.by_hand else _apply(change, by=None, now=now)


@transaction.atomic
def propose_release(
    *, order: Order, reason: str, clause: str, by: User, now: datetime, note: str = ""
) -> OrderChange:
    """Ask to release somebody before the end or without a test; a second person does it."""
    _none_waiting(order)
    if reason not in {str(r) for r in ChangeReason.to_release()} or not clause.strip():
        raise NeedsReason(_("Choose a reason from the list and name the clause it stands on."))
    change = OrderChange.objects.create(
        order=order,
        kind=ChangeKind.RELEASED,
        reason=reason,
        clause=clause,
        note=note[:200],
        by_hand=True,
        from_at=order.to_at,
        to_at=whole_second(now),
        proposed_by=by,
        proposed_at=now,
    )
    ends.tell("quarantine.propose", order, by=by, now=now, wanted="release", reason=reason)
    return change


@transaction.atomic
def propose_giving_up(*, order: Order, by: User, now: datetime, note: str) -> OrderChange:
    """Ask to stop looking for somebody absent; a second person decides."""
    _none_waiting(order)
    if not note.strip():
        raise NeedsReason(_("Say where and how they were looked for."))
    change = OrderChange.objects.create(
        order=order,
        kind=ChangeKind.ABANDONED,
        reason=ChangeReason.SEARCHED,
        clause=order.clause,
        note=note[:200],
        by_hand=True,
        from_at=order.to_at,
        to_at=whole_second(now),
        proposed_by=by,
        proposed_at=now,
    )
    ends.tell("quarantine.propose", order, by=by, now=now, wanted="give up")
    return change


@transaction.atomic
def confirm_change(*, change: OrderChange, by: User, now: datetime) -> OrderChange:
    """Sign what somebody else proposed, and do it."""
    if change.proposed_by_id == by.pk:
        raise TakesTwo(_("You proposed this yourself; somebody else has to sign it."))
    policy.steady(change.order.person_id)
    if change.kind == ChangeKind.RELEASED:
        _take(change, applied_at=whole_second(now), confirmed_by=by)
        release(stay=change.order.stay, by=by, now=now, signed=change, note=change.note)
        return change
    if change.kind == ChangeKind.ABANDONED:
        _take(change, applied_at=whole_second(now), confirmed_by=by)
        assert change.proposed_by is not None  # by the constraint that takes two
        give_up(stay=change.order.stay, by=by, second=change.proposed_by, now=now, note=change.note)
        return change
    return _apply(change, by=by, now=now)


@transaction.atomic
def refuse_change(*, change: OrderChange, by: User, now: datetime) -> None:
    """Turn a proposal down, or take one's own back."""
    _take(change, refused_at=whole_second(now))
    ends.tell("quarantine.refuse_change", change.order, by=by, now=now, change=change.pk)


def _draft(
    order: Order, to_at: datetime, *, reason: str, clause: str, by: User, now: datetime, note: str
) -> OrderChange:
    to_at, now = whole_second(to_at), whole_second(now)
    if order.stay.passage.closed_at is not None:
        raise QuarantineError(_("This stay has ended; its order cannot be changed any more."))
    if to_at == order.to_at:
        raise QuarantineError(_("The order ends then already."))
    longer = to_at > order.to_at
    by_playbook = to_at == _playbook_end(order, now)
    if not by_playbook:
        _check_reason(order, reason, clause, longer=longer, now=now)
    elif reason not in ChangeReason.values:
        raise NeedsReason(_("Choose a reason from the list."))
    return OrderChange(
        order=order,
        kind=ChangeKind.EXTENDED if longer else ChangeKind.SHORTENED,
        reason=reason,
        clause=clause.strip() or order.clause,
        note=note[:200],
        by_hand=not by_playbook,
        from_at=order.to_at,
        to_at=to_at,
        proposed_by=by,
        proposed_at=now,
    )


def _check_reason(order: Order, reason: str, clause: str, *, longer: bool, now: datetime) -> None:
    allowed = ChangeReason.to_extend() if longer else ChangeReason.to_shorten()
    if longer and reason not in allowed:
        for line in policy.in_force(now).red_lines:
            if line.code == "longer_isolation":
                raise RedLine(
                    _("%(clause)s: %(rule)s. Only a doubtful result or symptoms may.")
                    % {"clause": line.clause or line.code, "rule": line.of(get_language() or "zh")}
                )
    if reason not in allowed:
        raise NeedsReason(
            _("For this, choose one of: %(reasons)s.")
            % {"reasons": ", ".join(str(r.label) for r in allowed)}
        )
    if not clause.strip():
        raise NeedsReason(_("Name the clause this stands on; the person has a right to read it."))


def _playbook_end(order: Order, now: datetime) -> datetime | None:
    plan = draw(policy.in_force(now), order.rule, order.last_exposure_on)
    return plan.to_at if plan else None


def _none_waiting(order: Order) -> None:
    if order.changes.filter(applied_at=None, refused_at=None).exists():
        raise QuarantineError(_("A change of this order waits for its second signature already."))


def _apply(change: OrderChange, *, by: User | None, now: datetime) -> OrderChange:
    now = whole_second(now)
    order = change.order
    policy.steady(order.person_id)
    _take(change, applied_at=now, confirmed_by=by)
    order.by_hand, order.to_at = change.by_hand, change.to_at
    if order.home_from_at and order.home_from_at > order.to_at:
        order.home_from_at = order.to_at
    order.save(update_fields=["by_hand", "to_at", "home_from_at"])
    ends.retime(order, now=now)
    ends.tell(
        f"quarantine.{change.kind}",
        order,
        by=by or change.proposed_by,
        now=now,
        reason=change.reason,
        by_hand=change.by_hand,
        change=change.pk,
    )
    return change


def _take(change: OrderChange, **fields: object) -> None:
    """Take a waiting change exactly once, whoever else reaches for it."""
    waiting = OrderChange.objects.filter(pk=change.pk, applied_at=None, refused_at=None)
    if waiting.update(**fields) != 1:
        raise QuarantineError(_("Somebody else has decided this already."))
    change.refresh_from_db()
