"""What is open in an area at a moment, laid out for whoever takes over a shift."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.ledger import queries as ledger
from tongchou.ledger import turns
from tongchou.lists.models import Task
from tongchou.orders.models import Decision, Order
from tongchou.orders.queries import claims
from tongchou.shell import navigation
from tongchou.staff import reach
from tongchou.surveillance.models import Signal

#: Named one by one; the rest are counted, and stand behind the link.
NAMED = 8
#: A decision that ends so soon is told to the next shift.
SOON = timedelta(hours=48)


@dataclass(frozen=True)
class Line:
    """One thing that is open: what it is called, where it is, and since when or until when."""

    title: str
    url: str
    at: str  # ISO; empty where it has no time


@dataclass(frozen=True)
class Part:
    """One kind of things that are open: how many in all, and the most urgent of them."""

    key: str
    n: int
    url: str
    lines: tuple[Line, ...] = field(default=())

    @property
    def label(self) -> Any:
        return LABELS[self.key]

    def facts(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Part":
        lines = tuple(Line(**line) for line in facts["lines"])
        return cls(facts["key"], facts["n"], facts["url"], lines)


LABELS = {
    "gaps": _("open gaps"),
    "late": _("hand-offs past their deadline"),
    "tasks": _("tasks that are late"),
    "signals": _("signals that are open"),
    "orders": _("orders in force"),
    "receipts": _("orders nobody has acknowledged yet"),
    "decisions": _("decisions that end within 48 hours"),
}


def open_now(area: Area, *, now: datetime) -> tuple[Part, ...]:
    """What the next shift takes over, each with its number as of `now`."""
    here, rows = area.path, reach.within(area)
    gaps = ledger.open_gaps(here)
    late = ledger.late(now=now, path=here).select_related("passage")
    tasks = Task.objects.filter(rows, passage__closed_at=None, due_at__lte=now)
    signals = Signal.objects.filter(rows, passage__closed_at=None).select_related("area", "passage")
    receipts = late.model.objects.filter(rows, done_at=None, loop="order_receipt").select_related(
        "passage"
    )
    return (
        _part("gaps", gaps, _gap, "command:gaps"),
        _part("late", late, _leg),
        _part("tasks", tasks.order_by("due_at", "id"), _task, "lists:tasks"),
        _part("signals", signals.order_by("-raised_at", "-id"), _signal, "surveillance:signals"),
        _part("orders", orders_in_force(here, now=now), _order, "orders:in_force"),
        _part("receipts", receipts.order_by("due_at", "id"), _leg, "orders:orders"),
        _part("decisions", ending_soon(area, now=now), _decision, "orders:decisions"),
    )


def orders_in_force(path: str, *, now: datetime) -> QuerySet[Order]:
    """The orders of which something holds now in an area, the newest first."""
    holding = claims.in_force([path], now=now).values("order_id")
    return Order.objects.filter(pk__in=holding).order_by("-issued_at", "-id")


def ending_soon(area: Area, *, now: datetime, within: timedelta = SOON) -> QuerySet[Decision]:
    """Decisions in force whose end is near or past: they must be decided again."""
    return Decision.objects.filter(
        reach.within(area), passage__closed_at=None, until__lte=now + within
    ).order_by("until", "id")


def _part(key: str, rows: QuerySet[Any], line: Callable[[Any], Line], page: str = "") -> Part:
    shown: Iterable[Any] = rows[:NAMED]
    url = navigation.address(page) if page else ""
    return Part(key, rows.count(), url, tuple(line(row) for row in shown))


def _gap(gap: Any) -> Line:
    passage = gap.handoff.passage
    return Line(passage.title, turns.page_of(gap.loop, passage.pk), gap.opened_at.isoformat())


def _leg(leg: Any) -> Line:
    url = turns.page_of(leg.loop, leg.passage_id)
    return Line(leg.passage.title, url, leg.due_at.isoformat())


def _task(task: Task) -> Line:
    url = turns.page_of("task", task.passage_id)
    return Line(f"{task.number} {task.goal}"[:120], url, task.due_at.isoformat())


def _signal(signal: Signal) -> Line:
    url = turns.page_of("signal", signal.passage_id)
    return Line(f"{signal.number} {signal.area}", url, signal.raised_at.isoformat())


def _order(order: Order) -> Line:
    at = order.issued_at.isoformat() if order.issued_at else ""
    return Line(str(order)[:120], reverse("orders:order", args=[order.pk]), at)


def _decision(decision: Decision) -> Line:
    at = decision.until.isoformat() if decision.until else ""
    return Line(str(decision)[:120], reverse("orders:decision", args=[decision.pk]), at)
