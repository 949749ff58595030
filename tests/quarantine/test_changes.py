"""Nobody changes an end alone: a reason from the list, a clause, and a second person."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from tongchou.ledger.errors import TakesTwo
from tongchou.ledger.models import Gap
from tongchou.ledger.sweeping import sweep
from tongchou.quarantine import actions
from tongchou.quarantine.errors import NeedsReason, QuarantineError, RedLine
from tongchou.quarantine.models import OrderChange

pytestmark = pytest.mark.django_db

CLAUSE = "防控方案 附件 5"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def hold(order: Any, city: Any, **facts: Any) -> OrderChange:
    wanted = {
        "to_at": order.to_at + timedelta(days=2),
        "reason": "result",
        "clause": CLAUSE,
        "by": city.hua,
        "now": city.at(days=9),
    }
    return actions.propose_change(order=order, **(wanted | facts))


def test_a_proposal_changes_nothing_until_somebody_else_signs(city: Any, received: Any) -> None:
    order, end = received.order, received.order.to_at
    change = hold(order, city)
    order.refresh_from_db()
    assert order.to_at == end
    with pytest.raises(TakesTwo):
        actions.confirm_change(change=change, by=city.hua, now=city.at(days=9))
    actions.confirm_change(change=change, by=city.qian, now=city.at(days=9))
    order.refresh_from_db()
    assert (order.to_at, order.by_hand) == (end + timedelta(days=2), True)


def test_the_database_itself_wants_two_people(city: Any, received: Any) -> None:
    change = hold(received.order, city)
    for signer in (city.hua.pk, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderChange.objects.filter(pk=change.pk).update(
                applied_at=city.at(), confirmed_by=signer
            )


def test_holding_people_at_will_crosses_a_red_line(city: Any, received: Any) -> None:
    with pytest.raises(RedLine, match="九不准 5"):
        hold(received.order, city, reason="family")


def test_where_no_red_line_is_drawn_the_list_of_reasons_still_is(
    city: Any, received: Any, settings: Any
) -> None:
    settings.TONGCHOU_PLAYBOOK = "who-generic"
    with pytest.raises(NeedsReason, match="doubtful"):
        hold(received.order, city, reason="family")


def test_a_change_by_hand_names_its_clause(city: Any, received: Any) -> None:
    with pytest.raises(NeedsReason, match="clause"):
        hold(received.order, city, clause=" ")


def test_back_to_the_playbook_one_person_is_enough(city: Any, received: Any) -> None:
    order, end = received.order, received.order.to_at
    actions.confirm_change(change=hold(order, city), by=city.qian, now=city.at(days=9))
    order.refresh_from_db()
    actions.shorten(
        order=order, to_at=end, reason="result", clause="", by=city.hua, now=city.at(days=9)
    )
    order.refresh_from_db()
    assert (order.to_at, order.by_hand) == (end, False)


def test_an_extension_moves_the_clock_and_closes_the_gap_that_is_no_longer_due(
    city: Any, received: Any
) -> None:
    actions.move_home(stay=received, by=city.chen, now=city.at(days=7))
    late = received.order.to_at + timedelta(hours=13)
    sweep(now=late)
    change = hold(received.order, city, now=late)
    actions.confirm_change(change=change, by=city.qian, now=late)
    assert Gap.objects.get(handoff__stage="at_home").reason == Gap.Reason.ORDER
    leg = received.passage.handoffs.get(done_at=None)
    assert leg.timed_from == change.to_at


def test_one_proposal_at_a_time(city: Any, received: Any) -> None:
    hold(received.order, city)
    with pytest.raises(QuarantineError, match="waits"):
        hold(received.order, city)


def test_a_refused_proposal_makes_room_for_another(city: Any, received: Any) -> None:
    actions.refuse_change(change=hold(received.order, city), by=city.qian, now=city.at(days=9))
    assert hold(received.order, city).applied_at is None


def test_of_two_who_sign_at_once_one_is_told(city: Any, received: Any) -> None:
    change = hold(received.order, city)
    stale = OrderChange.objects.get(pk=change.pk)
    actions.confirm_change(change=change, by=city.qian, now=city.at(days=9))
    with pytest.raises(QuarantineError, match="already"):
        actions.refuse_change(change=stale, by=city.wu, now=city.at(days=9))


def test_a_release_out_of_turn_waits_for_the_second_person_too(city: Any, received: Any) -> None:
    change = actions.propose_release(
        order=received.order, reason="health", clause=CLAUSE, by=city.hua, now=city.at(days=2)
    )
    assert received.passage.stage == "in_facility"
    actions.confirm_change(change=change, by=city.qian, now=city.at(days=2, hours=1))
    received.passage.refresh_from_db()
    assert received.passage.stage == "released"
    assert received.order.changes.count() == 1


def test_an_ended_stay_has_nothing_to_extend(city: Any, received: Any) -> None:
    actions.release(
        stay=received, by=city.hua, second=city.qian, reason="appeal", now=city.at(days=1)
    )
    with pytest.raises(QuarantineError, match="ended"):
        hold(received.order, city)
