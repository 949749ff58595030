"""Drafting an order. Every change makes a new version, and a version that was checked is checked
again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.orders.actions.common import check_lives, need, number, placed, plain
from tongchou.orders.errors import NotNow
from tongchou.orders.models import Decision, Measure, Order, Receipt
from tongchou.records import audit
from tongchou.staff.models import Unit, User


@transaction.atomic
def draft(
    *,
    kind: str,
    title: str,
    unit: Unit,
    by: User,
    now: datetime,
    area: Area | None = None,
    text: str = "",
    appeal: str = "",
    reference: str = "",
    decision: Decision | None = None,
    units: Iterable[Unit] = (),
) -> Order:
    """Begin an order; its measures are added one by one, and checked before it goes out."""
    area = area or unit.area
    check_lives(area)
    need({"title": title}, [("title", _("the title"))])
    plain(title, text, appeal, reference)
    order = Order.objects.create(
        number=number("O", area),
        kind=kind,
        title=title.strip()[:120],
        text=text.strip(),
        unit=unit,
        area=area,
        area_path=area.path,
        appeal=appeal.strip()[:120],
        reference=reference.strip()[:60],
        decision=decision,
        drafted_by=by,
        drafted_at=now,
    )
    Receipt.objects.bulk_create(Receipt(order=order, unit=each) for each in set(units))
    _audit("order.draft", order, by=by, now=now)
    return order


@transaction.atomic
def change(*, order: Order, by: User, now: datetime, **facts: Any) -> Order:
    """Change what a draft says beside its measures; `units` are those it goes to."""
    units = facts.pop("units", None)
    plain(*facts.values())
    touch(order, **placed(facts))
    if units is not None:
        wanted = {unit.pk for unit in units}
        order.receipts.exclude(unit_id__in=wanted).delete()
        there = set(order.receipts.values_list("unit_id", flat=True))
        Receipt.objects.bulk_create(
            Receipt(order=order, unit_id=unit) for unit in sorted(wanted - there)
        )
    _audit("order.change", order, by=by, now=now, fields=sorted(facts))
    return order


@transaction.atomic
def add_measure(*, order: Order, by: User, now: datetime, **facts: Any) -> Measure:
    """Add a measure to a draft."""
    plain(*facts.values())
    touch(order)
    last = order.measures.aggregate(n=Max("number"))["n"] or 0
    measure = Measure.objects.create(order=order, number=last + 1, **_where(facts))
    _audit("order.add_measure", order, by=by, now=now, measure=measure.number, kind=measure.kind)
    return measure


@transaction.atomic
def change_measure(*, measure: Measure, by: User, now: datetime, **facts: Any) -> Measure:
    """Change a measure of a draft."""
    plain(*facts.values())
    touch(measure.order)
    for name, value in _where(facts).items():
        setattr(measure, name, value)
    measure.save()
    _audit("order.change_measure", measure.order, by=by, now=now, measure=measure.number)
    return measure


@transaction.atomic
def drop_measure(*, measure: Measure, by: User, now: datetime) -> None:
    """Take a measure out of a draft. The others keep their numbers."""
    touch(measure.order)
    n = measure.number
    measure.delete()
    _audit("order.drop_measure", measure.order, by=by, now=now, measure=n)


@transaction.atomic
def drop(*, order: Order, by: User, now: datetime) -> Order:
    """Throw a draft away; it stays in the list of those thrown away."""
    touch(order, dropped_at=now)
    _audit("order.drop", order, by=by, now=now)
    return order


def touch(order: Order, **facts: Any) -> None:
    """Write to a draft: it is a new version, which nobody has checked.

    Raises
    ------
    NotNow
        Where it was issued or thrown away.
    """
    drafts = Order.objects.filter(pk=order.pk, issued_at=None, dropped_at=None)
    if drafts.update(version=F("version") + 1, checked_by=None, checked_at=None, **facts) != 1:
        raise NotNow(_("It has been issued or thrown away; nothing of it changes any more."))
    order.refresh_from_db()


def _where(facts: dict[str, Any]) -> dict[str, Any]:
    if area := facts.get("area"):
        check_lives(area)
        facts = facts | {"area_path": area.path}
    return facts


def _audit(verb: str, order: Order, *, by: User, now: datetime, **detail: Any) -> None:
    detail |= {"number": order.number, "version": order.version}
    audit.record(verb=verb, subject=f"order:{order.pk}", by=by, now=now, detail=detail)
