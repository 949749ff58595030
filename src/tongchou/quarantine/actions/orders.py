"""Issuing orders, and keeping them in step with what is known of the exposure."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from tongchou.areas.models import Area
from tongchou.cases.models import Contact
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.people import queries as people
from tongchou.people.models import Person
from tongchou.quarantine import queries
from tongchou.quarantine.actions import ends
from tongchou.quarantine.loops import QUARANTINE_STAY
from tongchou.quarantine.models import ChangeReason, DueTest, Order, OrderReason, Stay
from tongchou.quarantine.plan import Plan, draw, local_day, still_to_test
from tongchou.staff.models import User


@transaction.atomic
def order_for_contact(*, contact: Contact, by: User | None, now: datetime) -> Stay | None:
    """Quarantine a contact as the playbook in force asks; None where it asks nothing (any more).

    Somebody who is in quarantine already keeps the one order: it covers this exposure too, and
    is extended where this one was later.
    """
    last = queries.last_exposure(contact)
    return order_person(
        person=contact.person,
        rule=f"contact.{contact.tier}",
        last_exposure_on=last,
        area=contact.area,
        by=by,
        now=now,
        contacts=(contact,),
        caused_by=contact.passage,
    )


@transaction.atomic
def order_person(
    *,
    person: Person,
    rule: str,
    last_exposure_on: date,
    area: Area,
    by: User | None,
    now: datetime,
    contacts: Iterable[Contact] = (),
    caused_by: Passage | None = None,
) -> Stay | None:
    """Quarantine somebody by a rule of the playbook, such as `group.entrant`."""
    now = ledger.whole_second(now)
    policy.steady(people.canonical(person.key))
    plan = draw(policy.in_force(now), rule, last_exposure_on)
    standing = queries.open_order(person)
    if standing is not None:
        return _join(standing, plan, last_exposure_on, contacts=contacts, by=by, now=now)
    if plan is None or plan.to_at <= now:
        return None
    order = _issue(person, plan, last_exposure_on, area=area, by=by, now=now)
    order.contacts.set(contacts)
    passage = ledger.start(
        loop=QUARANTINE_STAY,
        area=area,
        title=str(person),
        by=by,
        now=now,
        person_key=people.canonical(person.key),
        caused_by=caused_by,
    )
    ends.tell("quarantine.order", order, by=by, now=now, rule=rule, clause=order.clause)
    return Stay.objects.create(order=order, passage=passage)


@transaction.atomic
def follow_exposures(*, order: Order, by: User | None, now: datetime) -> Order:
    """Bring an order into line with the tiers and last exposures now known, and the playbook.

    Of several contacts of one person the one that asks for the longest decides. An end that two
    people set by hand stays.
    """
    if order.by_hand:
        return order
    policy.steady(order.person_id)
    book = policy.in_force(now)
    asked = [
        (draw(book, f"contact.{contact.tier}", last), last)
        for contact in order.contacts.all()
        for last in (queries.last_exposure(contact),)
    ] or [(draw(book, order.rule, order.last_exposure_on), order.last_exposure_on)]
    plan, last = max(asked, key=lambda pair: (pair[0].to_at if pair[0] else now, pair[1]))
    ends.follow_plan(
        order, plan, reason=ChangeReason.EXPOSURE, last_exposure_on=last, by=by, now=now
    )
    return order


def _issue(
    person: Person,
    plan: Plan,
    last_exposure_on: date,
    *,
    area: Area,
    by: User | None,
    now: datetime,
) -> Order:
    section, _dot, name = plan.rule.partition(".")
    order = Order.objects.create(
        person=person,
        reason=name if section == "contact" else OrderReason.GROUP,
        rule=plan.rule,
        playbook=plan.playbook,
        clause=plan.clause,
        area=area,
        area_path=area.path,
        last_exposure_on=last_exposure_on,
        segments=[list(segment) for segment in plan.segments],
        from_on=local_day(now),
        home_from_at=plan.home_from_at,
        to_at=plan.to_at,
        issued_at=now,
        issued_by=by,
    )
    DueTest.objects.bulk_create(
        DueTest(order=order, day=day, due_on=on)
        for on, day in still_to_test(plan, local_day(now)).items()
    )
    return order


def _join(
    order: Order,
    plan: Plan | None,
    last_exposure_on: date,
    *,
    contacts: Iterable[Contact],
    by: User | None,
    now: datetime,
) -> Stay:
    order.contacts.add(*contacts)
    if plan is not None and plan.to_at > order.to_at:
        ends.follow_plan(
            order,
            plan,
            reason=ChangeReason.NEW_EXPOSURE,
            last_exposure_on=last_exposure_on,
            by=by,
            now=now,
        )
    return order.stay
