"""Bringing every open order into line with the playbook and the exposures now known.

Set-based: orders of one rule and one last exposure share one plan, so a city of fifty thousand
moves in some dozens of statements. Done twice it changes nothing the second time.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.models import Handoff
from tongchou.ledger.reclocking import reclock
from tongchou.playbook import Playbook
from tongchou.quarantine import queries
from tongchou.quarantine.actions.ends import end_under
from tongchou.quarantine.loops import QUARANTINE_STAY
from tongchou.quarantine.models import (
    ChangeKind,
    ChangeReason,
    DueTest,
    Order,
    OrderChange,
    Stay,
)
from tongchou.quarantine.plan import Plan, draw, local_day, still_to_test
from tongchou.records import audit
from tongchou.records.bulk import bulk_load
from tongchou.staff.models import User


@dataclass(frozen=True)
class Replanned:
    """How many orders got another last exposure, another end, and how many tests moved."""

    n_exposures: int = 0
    n_extended: int = 0
    n_shortened: int = 0
    n_tests_added: int = 0
    n_tests_dropped: int = 0

    def __add__(self, other: "Replanned") -> "Replanned":
        return Replanned(
            self.n_exposures + other.n_exposures,
            self.n_extended + other.n_extended,
            self.n_shortened + other.n_shortened,
            self.n_tests_added + other.n_tests_added,
            self.n_tests_dropped + other.n_tests_dropped,
        )


@transaction.atomic
def replan(*, playbook: Playbook, by: User | None, now: datetime) -> Replanned:
    """Let every order that follows the playbook follow it again, with its tests and its clocks.

    Call it in the transaction that adopts a playbook, and whenever exposures may have changed.
    Nobody is released by it: an order that has ended stands on the desk as due.
    """
    now = whole_second(now)
    policy.turning()
    moved_on = _follow_exposures(by=by, now=now)
    total = Replanned(n_exposures=len(moved_on))
    for rule, last_on in queries.groups(queries.planned()):
        orders = _orders(rule, last_on)
        plan = draw(playbook, rule, last_on)
        total += _move_group(orders, plan, moved_on=moved_on, by=by, now=now)
    if total != Replanned():
        _set_clocks(now=now)
        audit.record(
            verb="quarantine.replan",
            subject="orders",
            by=by,
            now=now,
            detail={"playbook": playbook.id, **asdict(total)},
        )
    return total


def _orders(rule: str, last_on: date) -> QuerySet[Order]:
    return Order.objects.filter(
        rule=rule, last_exposure_on=last_on, by_hand=False, stay__passage__closed_at=None
    ).order_by()


def _follow_exposures(*, by: User | None, now: datetime) -> set[int]:
    """Write the last exposure now known onto the orders that still say another day."""
    newest = Max(
        Coalesce("contacts__exposures__last_on", "contacts__exposures__first_on"),
        # The tier that the order stands on; a contact of another tier has days of its own.
        filter=Q(rule=Concat(Value("contact."), F("contacts__tier"))),
    )
    stale = (
        Order.objects.filter(by_hand=False, stay__passage__closed_at=None)
        .order_by()
        .annotate(newest=newest)
        .exclude(newest=None)
        .exclude(newest=F("last_exposure_on"))
        .values_list("pk", "newest")
    )
    by_day: dict[date, list[int]] = {}
    for pk, day in stale:
        by_day.setdefault(day, []).append(pk)
    for day, keys in by_day.items():
        Order.objects.filter(pk__in=keys).update(last_exposure_on=day)
    return {pk for keys in by_day.values() for pk in keys}


def _move_group(
    orders: QuerySet[Order],
    plan: Plan | None,
    *,
    moved_on: set[int],
    by: User | None,
    now: datetime,
) -> Replanned:
    """Move all orders of one plan: their entries, their tests, then the orders themselves."""
    dropped, added = _move_tests(orders, plan, now=now)
    wanted = plan.to_at if plan else now
    moving = orders.exclude(to_at=wanted) if wanted > now else orders.filter(to_at__gt=now)
    longer = shorter = 0
    entries = []
    for pk, end, clause in moving.values_list("pk", "to_at", "clause"):
        new = end_under(plan, end, now)
        longer, shorter = longer + (new > end), shorter + (new < end)
        kind = ChangeKind.EXTENDED if new > end else ChangeKind.SHORTENED
        why = ChangeReason.EXPOSURE if pk in moved_on else ChangeReason.PLAYBOOK
        clause = plan.clause if plan else clause
        entries.append(
            (
                pk,
                str(kind),
                str(why),
                clause,
                "",
                False,
                end,
                new,
                by and by.pk,
                now,
                None,
                now,
                None,
            )
        )
    bulk_load(OrderChange, _ENTRY, entries)
    orders.update(**_ends(plan, wanted, now), **_text(plan))
    return Replanned(0, longer, shorter, added, dropped)


def _ends(plan: Plan | None, wanted: datetime, now: datetime) -> dict[str, Any]:
    """The new ends of a group; those that the plan has outlived end now, as `end_under` says."""
    if plan and wanted > now:
        return {"to_at": wanted, "home_from_at": plan.home_from_at}
    return {
        name: Case(When(**{f"{name}__gt": now}, then=Value(now)), default=F(name))
        for name in ("to_at", "home_from_at")
    }


def _text(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    return {
        "playbook": plan.playbook,
        "clause": plan.clause,
        "segments": [list(segment) for segment in plan.segments],
    }


def _move_tests(orders: QuerySet[Order], plan: Plan | None, *, now: datetime) -> tuple[int, int]:
    """Drop the tests that are not asked for any more, add those that are; taken ones stay."""
    today = local_day(now)
    wanted = still_to_test(plan, today) if plan and plan.to_at > now else {}
    standing = DueTest.objects.filter(order__in=orders, dropped_at=None)
    # What is overdue stays due: a new plan must not make a missed test disappear.
    dropped = (
        standing.filter(done_at=None, again=False, due_on__gte=today)
        .exclude(due_on__in=wanted)
        .update(dropped_at=now)
    )
    added = 0
    for on, day in wanted.items():
        has_one = DueTest.objects.filter(order=OuterRef("pk"), due_on=on, dropped_at=None)
        lacking = orders.filter(~Exists(has_one)).values_list("pk", flat=True)
        added += bulk_load(DueTest, _TEST, _rows(lacking, day, on))
    return dropped, added


def _rows(orders: Iterable[int], day: int, on: date) -> list[tuple[int, int, date, bool, str]]:
    return [(pk, day, on, False, "") for pk in orders]


def _set_clocks(*, now: datetime) -> None:
    """Let the open legs that count from an order's end count from where it is now."""
    mine = Stay.objects.filter(passage=OuterRef("passage"))
    theirs = Order.objects.filter(
        contacts__passage=OuterRef("passage"), stay__passage__closed_at=None
    ).order_by()
    facility = mine.annotate(end=Coalesce("order__home_from_at", "order__to_at")).values("end")
    for loop, stage, end in (
        (QUARANTINE_STAY.name, "in_facility", facility),
        (QUARANTINE_STAY.name, "at_home", mine.values("order__to_at")),
        ("contact", "received", theirs.values("to_at")),
    ):
        legs = Handoff.objects.filter(loop=loop, stage=stage, done_at=None)
        if loop != "contact":
            legs = legs.filter(passage__stay__order__by_hand=False)
        reclock(legs=legs, timed_from=Subquery(end[:1]), now=now)


_TEST = ("order_id", "day", "due_on", "again", "result")
_ENTRY = (
    "order_id",
    "kind",
    "reason",
    "clause",
    "note",
    "by_hand",
    "from_at",
    "to_at",
    "proposed_by_id",
    "proposed_at",
    "confirmed_by_id",
    "applied_at",
    "refused_at",
)
