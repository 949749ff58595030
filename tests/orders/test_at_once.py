"""Two people at the same paper in the same second, on a database that commits."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.orders.conftest import post, unit_of
from tests.orders.test_duty import FIRST
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Handoff, Passage
from tongchou.orders.actions import decisions, duty, handing, issuing
from tongchou.orders.actions.duty import Team
from tongchou.orders.models import Consent, Decision, HandOver, Order, Shift

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[LedgerError]:
    """Run the acts in threads that begin together; the refusals that people would read."""
    gate, refused, broken = Barrier(len(acts)), [], []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except LedgerError as refusal:
            refused.append(refusal)
        except Exception as fault:
            broken.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken, broken
    return refused


def work(city):
    return ("at_work", ["workers_supply"], city.city, {})


def shut(city):
    return ("stay_home", ["residents"], city.community, {})


def checked(city, order):
    issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
    return Order.objects.get(pk=order.pk)


def test_an_order_that_two_sign_at_once_goes_out_once(city, trade, ordered):
    order = checked(city, ordered(trade, work(city)))
    refused = at_once(
        *(
            lambda by=by: issuing.issue(
                order=Order.objects.get(pk=order.pk), version=order.version, by=by, now=city.at()
            )
            for by in (city.mayor, city.gao)
        )
    )
    assert len(refused) == 1
    assert Handoff.objects.filter(loop="order_receipt").count() == 1


def test_of_two_orders_that_strand_somebody_only_one_goes_out_unflagged(
    city, trade, traffic, ordered
):
    """Neither was flagged when it was checked; the later signature sees the earlier order."""
    both = [checked(city, ordered(trade, work(city))), checked(city, ordered(traffic, shut(city)))]
    refused = at_once(
        *(
            lambda order=order: issuing.issue(
                order=order, version=order.version, by=city.mayor, now=city.at()
            )
            for order in both
        )
    )
    assert len(refused) == 1
    assert Order.objects.filter(issued_at__isnull=False).count() == 1


def test_a_second_signature_is_one_persons(city, trade, traffic, issued, ordered):
    issued(trade, work(city))
    order = checked(city, ordered(traffic, shut(city)))
    consent = issuing.ask_consent(order=order, reason="先封后接", by=city.gao, now=city.at())
    refused = at_once(
        *(
            lambda by=by: issuing.sign_consent(
                consent=Consent.objects.get(pk=consent.pk), by=by, now=city.at()
            )
            for by in (city.mayor, city.duty_city)
        )
    )
    assert len(refused) == 1


def test_a_question_that_two_decide_at_once_is_decided_once(city, question, verdict):
    refused = at_once(
        *(
            lambda n=n: decisions.decide(
                decision=Decision.objects.get(pk=question.pk), verdict=verdict(chosen=n),
                by=city.duty_city, now=city.at(),
            )
            for n in (1, 2)
        )
    )  # fmt: skip
    assert len(refused) == 1
    assert Passage.objects.filter(loop="decision").count() == 1


def test_a_decision_that_two_renew_at_once_is_renewed_once(city, decision, verdict):
    refused = at_once(
        *(
            lambda: decisions.renew(
                decision=Decision.objects.get(pk=decision.pk), verdict=verdict(),
                by=city.duty_city, now=city.at(hours=1),
            )
            for _ in range(2)
        )
    )  # fmt: skip
    assert len(refused) == 1
    assert Decision.objects.count() == 2


@pytest.fixture
def shift(city):
    unit = unit_of(city.duty_east)
    pair = [post(name, "duty_officer", unit) for name in ("值班甲", "值班乙", "值班丙")]
    roster = duty.open_roster(unit=unit, hours=["08:00", "20:00"], from_on=FIRST,
                              by=city.duty_east, now=city.at())  # fmt: skip
    duty.fill(roster=roster, first=FIRST, last=FIRST, teams=[Team(pair[0]), Team(*_both(pair))],
              by=city.duty_east, now=city.at())  # fmt: skip
    duty.begin_due(now=city.at())
    return roster.shifts.order_by("starts_at").first()


def _both(pair):
    return pair[1], (pair[2],)


def test_two_who_take_over_at_once_sign_one_hand_over(city, shift):
    later = shift.roster.shifts.order_by("starts_at").last()
    refused = at_once(
        *(
            lambda by=by: handing.take_over(
                shift=Shift.objects.get(pk=shift.pk), by=by, now=city.at(hours=12)
            )
            for by in (later.leader, later.staff.get())
        )
    )
    assert len(refused) == 1
    assert HandOver.objects.exclude(signed_at=None).count() == 1


def test_two_workers_begin_a_shift_once(city, shift):
    at_once(*(lambda: duty.begin_due(now=city.at(hours=12)) for _ in range(2)))
    assert Passage.objects.filter(loop="shift").count() == 2  # the first shift, and this one once


def test_two_desks_that_fill_the_same_days_make_one_roster(city, shift):
    roster = shift.roster
    days = FIRST.replace(day=3), FIRST.replace(day=9)
    at_once(
        *(
            lambda leader=leader: duty.fill(
                roster=roster, first=days[0], last=days[1], teams=[Team(leader)],
                by=city.duty_east, now=city.at(),
            )
            for leader in (city.duty_east, shift.leader)
        )
    )  # fmt: skip
    assert roster.shifts.count() == 2 + 14
