"""Reads of orders: whose one may see, their state at a moment, and what each page needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.orders import rights
from tongchou.orders.models import Order, Receipt
from tongchou.staff import reach
from tongchou.staff.queries import Scope

STATES = {
    "draft": pgettext_lazy("order", "draft"),
    "checked": pgettext_lazy("order", "checked, to be signed"),
    "coming": pgettext_lazy("order", "issued, begins later"),
    "in_force": pgettext_lazy("order", "in force"),
    "expired": pgettext_lazy("order", "its time is over"),
    "ended": pgettext_lazy("order", "lifted before its time"),
    "withdrawn": pgettext_lazy("order", "withdrawn"),
    "dropped": pgettext_lazy("order", "draft thrown away"),
}
TONES = {"draft": "quiet", "checked": "info", "in_force": "ok", "coming": "info"}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    search: str = ""
    area: Area | None = None
    state: str = ""
    measure: str = ""
    flagged: bool = False


def visible_to(scope: Scope) -> QuerySet[Order]:
    """Orders of one's areas, those one's units received, and those from above that bind them.

    Drafts only for whoever drafts or signs.
    """
    above = {code for path in scope.paths for code in path.strip("/").split("/")}
    received = Receipt.objects.filter(unit_id__in=scope.answers_for, passage__isnull=False)
    issued = Q(issued_at__isnull=False)
    mine = reach.of(scope)
    if not scope.roles & rights.SEE:
        mine &= issued
    bound = Q(area_id__in=above) | Q(area__successor_id__in=above)
    bound |= Q(pk__in=received.values("order_id"))
    return Order.objects.filter(mine | (issued & bound))


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Order]:
    found = dressed(visible_to(scope))
    if wanted.search:
        text = wanted.search.strip()
        found = found.filter(
            Q(number__icontains=text) | Q(reference__icontains=text) | Q(title__icontains=text)
            | Q(unit__name__icontains=text) | Q(measures__clause__icontains=text)
        ).distinct()  # fmt: skip
    if wanted.area:
        found = found.filter(reach.within(wanted.area))
    if wanted.measure:
        found = found.filter(measures__kind=wanted.measure).distinct()
    if wanted.flagged:
        found = found.filter(flags__at_issue=True).distinct()
    if wanted.state:
        return found.filter(at_state(wanted.state, now))
    return found.filter(dropped_at=None)


def dressed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with unit, area and ending, from when to when they hold, and how far received."""
    return orders.select_related("unit", "area__successor", "ending", "drafted_by").annotate(
        begins=Min("measures__from_at"),
        ends=Max("measures__until"),
        n_units=Count("receipts", distinct=True),
        n_received=Count(
            "receipts",
            filter=Q(receipts__passage__stage="acknowledged"),
            distinct=True,
        ),
    )


def at_state(state: str, now: datetime) -> Q:
    """The condition on a dressed order."""
    issued = Q(issued_at__isnull=False, ending=None)
    known = {
        "draft": Q(issued_at=None, checked_at=None, dropped_at=None),
        "checked": Q(issued_at=None, checked_at__isnull=False, dropped_at=None),
        "coming": issued & Q(begins__gt=now),
        "in_force": issued & Q(begins__lte=now, ends__gt=now),
        "expired": issued & Q(ends__lte=now),
        "ended": Q(ending__sort="ended"),
        "withdrawn": Q(ending__sort="withdrawn"),
        "dropped": Q(dropped_at__isnull=False),
    }
    return known.get(state, Q(dropped_at=None))


def state(order: Any, now: datetime) -> str:
    """Where a dressed order stands at a moment; computed, never stored."""
    if order.dropped_at:
        return "dropped"
    if order.issued_at is None:
        return "checked" if order.checked_at else "draft"
    ending = getattr(order, "ending", None)
    if ending is not None:
        return str(ending.sort)
    if order.ends is not None and order.ends <= now:
        return "expired"
    return "coming" if order.begins is not None and order.begins > now else "in_force"


def unanswered(scope: Scope) -> QuerySet[Receipt]:
    """Receipts that wait for the reader's units, as recipient or as issuer."""
    return Receipt.objects.filter(
        passage__handoffs__done_at=None, passage__handoffs__unit_id__in=scope.answers_for
    ).select_related("order", "unit", "passage")
