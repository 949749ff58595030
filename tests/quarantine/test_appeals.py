"""The person can say no, and somebody who had no hand in the order answers, in time."""

from typing import Any

import pytest
from django.utils import translation

from tongchou.ledger.errors import TakesTwo
from tongchou.quarantine import actions
from tongchou.quarantine.errors import QuarantineError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def complaint(city: Any, received: Any) -> Any:
    return actions.appeal(
        order=received.order, text="我那天不在那里", by=None, now=city.at(hours=4)
    )


def test_an_appeal_has_a_deadline(city: Any, complaint: Any) -> None:
    assert complaint.due_at == city.at(days=2, hours=4)


def test_whoever_issued_the_order_does_not_decide(city: Any, complaint: Any) -> None:
    with pytest.raises(TakesTwo):
        actions.decide_appeal(
            appeal=complaint, decision="upheld", answer="是", by=city.qian, now=city.at(hours=5)
        )


def test_whoever_wrote_it_down_does_not_decide(city: Any, received: Any) -> None:
    written = actions.appeal(order=received.order, text="不服", by=city.chen, now=city.at(hours=4))
    with pytest.raises(TakesTwo):
        actions.decide_appeal(
            appeal=written, decision="rejected", answer="否", by=city.chen, now=city.at(hours=5)
        )


def test_an_answer_gives_its_reasons(city: Any, complaint: Any) -> None:
    with pytest.raises(QuarantineError, match="reasons"):
        actions.decide_appeal(
            appeal=complaint, decision="rejected", answer=" ", by=city.gao, now=city.at(hours=5)
        )


def test_an_appeal_is_decided_once(city: Any, complaint: Any) -> None:
    facts = {"answer": "经核实，未接触", "by": city.gao, "now": city.at(hours=5)}
    actions.decide_appeal(appeal=complaint, decision="upheld", **facts)
    with pytest.raises(QuarantineError, match="already"):
        actions.decide_appeal(appeal=complaint, decision="rejected", **facts)


def test_an_upheld_appeal_is_a_reason_to_end_the_order(
    city: Any, received: Any, complaint: Any
) -> None:
    actions.decide_appeal(
        appeal=complaint, decision="upheld", answer="属实", by=city.gao, now=city.at(hours=5)
    )
    actions.release(
        stay=received, by=city.hua, second=city.gao, reason="appeal", now=city.at(hours=6)
    )
    assert received.order.changes.get().reason == "appeal"


def test_one_appeal_waits_at_a_time(city: Any, complaint: Any) -> None:
    with pytest.raises(QuarantineError, match="waiting"):
        actions.appeal(order=complaint.order, text="again", by=None, now=city.at(hours=5))
