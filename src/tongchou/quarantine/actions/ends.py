"""Moving the end of one order, and what hangs on it: its tests and the clocks of open legs."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from tongchou.ledger.actions import whole_second
from tongchou.ledger.models import Handoff
from tongchou.ledger.retiming import retime_leg
from tongchou.quarantine.loops import UNTIL_THE_END
from tongchou.quarantine.models import ChangeKind, ChangeReason, DueTest, Order, OrderChange
from tongchou.quarantine.plan import Plan, local_day, still_to_test
from tongchou.records import audit
from tongchou.staff.models import User


def end_under(plan: Plan | None, end: datetime, now: datetime) -> datetime:
    """Where an order that ends at `end` ends under another plan.

    Never in the past: an order that a new rule has outlived ends now, and who is released was
    not held too long by a rule that did not exist yet.
    """
    wanted = plan.to_at if plan else now
    if wanted > now:
        return wanted
    return min(end, now)


def follow_plan(
    order: Order,
    plan: Plan | None,
    *,
    reason: ChangeReason,
    last_exposure_on: date,
    by: User | None,
    now: datetime,
) -> None:
    """Bring an order, its tests and its legs into line with what the playbook asks."""
    now = whole_second(now)
    before = order.to_at
    order.last_exposure_on = last_exposure_on
    order.to_at = end_under(plan, before, now)
    if plan:
        order.rule, order.playbook, order.clause = plan.rule, plan.playbook, plan.clause
        order.segments = [list(s) for s in plan.segments]
        order.home_from_at = plan.home_from_at
    if order.home_from_at and order.home_from_at > order.to_at:
        order.home_from_at = order.to_at
    order.save()
    if order.to_at != before:
        note_change(order, before=before, reason=reason, clause=order.clause, by=by, now=now)
    set_tests(order, plan, now=now)
    retime(order, now=now)


def note_change(
    order: Order,
    *,
    before: datetime,
    reason: ChangeReason,
    clause: str,
    by: User | None,
    now: datetime,
) -> OrderChange:
    """The entry for an end that moved by rule, which needs nobody's second hand."""
    longer = order.to_at > before
    change = OrderChange.objects.create(
        order=order,
        kind=ChangeKind.EXTENDED if longer else ChangeKind.SHORTENED,
        reason=reason,
        clause=clause,
        from_at=before,
        to_at=order.to_at,
        proposed_by=by,
        proposed_at=now,
        applied_at=now,
    )
    tell(f"quarantine.{change.kind}", order, by=by, now=now, reason=str(reason))
    return change


def set_tests(order: Order, plan: Plan | None, *, now: datetime) -> None:
    """Let the tests that are still to be taken follow the plan; those taken stay as they are."""
    wanted = still_to_test(plan, local_day(now)) if plan else {}
    standing = DueTest.objects.filter(order=order, dropped_at=None)
    standing.filter(done_at=None, again=False).exclude(due_on__in=wanted).update(dropped_at=now)
    kept = set(standing.values_list("due_on", flat=True))
    DueTest.objects.bulk_create(
        DueTest(order=order, day=day, due_on=on) for on, day in wanted.items() if on not in kept
    )


def retime(order: Order, *, now: datetime) -> None:
    """Let the open legs that count from the order's end count from its new end."""
    legs = Handoff.objects.filter(
        Q(passage__stay__order=order, stage__in=UNTIL_THE_END)
        | Q(passage__contact__quarantine_orders=order, loop="contact", stage="received"),
        done_at=None,
    )
    for leg in legs.select_related("passage"):
        start = order.facility_ends_at if leg.stage == "in_facility" else order.to_at
        if leg.timed_from != start:
            retime_leg(leg=leg, timed_from=start, now=now)


def tell(verb: str, order: Order, *, by: User | None, now: datetime, **detail: object) -> None:
    """The audit event beside a change of an order; it names no person."""
    tell_many(verb, [(order, detail)], by=by, now=now)


def tell_many(
    verb: str, events: Iterable[tuple[Order, dict[str, object]]], *, by: User | None, now: datetime
) -> None:
    """`tell` for an act on many orders."""
    audit.record_many(
        verb=verb,
        by=by,
        now=now,
        events=(
            (f"order:{order.pk}", {"to_at": order.to_at.isoformat(), **detail})
            for order, detail in events
        ),
    )
