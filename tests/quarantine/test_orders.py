"""An order says why, by which clause and until when; the days come from the playbook."""

from datetime import date
from typing import Any

import pytest

from tongchou.ledger.errors import HeldElsewhere
from tongchou.quarantine import actions, queries
from tongchou.quarantine.models import ChangeReason, DueTest, Order

pytestmark = pytest.mark.django_db


def test_a_close_contact_is_ordered_as_the_playbook_says(city: Any, stay: Any) -> None:
    order = stay().order
    assert order.segments == [
        ["facility", 7, "quarantine"],
        ["home", 3, "monitoring"],
    ]  # 第九版: 7 + 3
    assert queries.ends_in_words(order) == "2022-07-10 24:00"  # ten days after 30 June
    assert order.facility_ends_at == city.at(days=6, hours=16)  # 7 July, 24:00


def test_an_order_names_playbook_clause_and_what_it_costs(stay: Any) -> None:
    order = stay().order
    assert (order.playbook, order.rule) == ("cn-2022-06", "contact.close")
    assert "第九版" in order.clause
    assert order.n_days == 10  # 1 to 10 July


def test_the_tests_fall_on_the_days_of_the_playbook(stay: Any) -> None:
    days = list(stay().order.tests.values_list("day", "due_on"))
    assert days[:3] == [(1, date(2022, 7, 1)), (2, date(2022, 7, 2)), (3, date(2022, 7, 3))]
    assert days[-1] == (10, date(2022, 7, 10))


def test_tests_of_days_gone_by_are_made_up_for_in_one(city: Any, contact: Any) -> None:
    late = contact(exposed_on=date(2022, 6, 26))
    stay = actions.order_for_contact(contact=late, by=None, now=city.at())
    days = list(stay.order.tests.values_list("day", "due_on"))
    assert days == [(5, date(2022, 7, 1)), (7, date(2022, 7, 3)), (10, date(2022, 7, 6))]


def test_days_of_monitoring_are_told_from_days_of_quarantine(stay: Any) -> None:
    assert stay().order.watched_only_from == date(2022, 7, 8)
    assert stay(tier="secondary").order.watched_only_from is None


def test_secondary_contacts_stay_at_home_under_the_ninth_edition(stay: Any) -> None:
    order = stay(tier="secondary").order
    assert (order.segments, order.home_from_at) == ([["home", 7, "quarantine"]], None)


def test_nobody_is_ordered_whom_the_playbook_does_not_manage(city: Any, contact: Any) -> None:
    assert (
        actions.order_for_contact(contact=contact(tier="general"), by=None, now=city.at()) is None
    )
    assert not Order.objects.exists()


def test_nobody_is_ordered_when_the_days_are_over(city: Any, contact: Any) -> None:
    long_ago = contact(exposed_on=date(2022, 6, 20))
    assert actions.order_for_contact(contact=long_ago, by=None, now=city.at()) is None


def test_from_the_first_second_somebody_holds_the_person(city: Any, stay: Any) -> None:
    passage = stay().passage
    assert (passage.stage, passage.holds) == ("awaiting_transfer", True)
    assert passage.handoffs.get().unit.name == "转运专班"


def test_a_second_exposure_extends_the_one_order(city: Any, stay: Any, contact: Any) -> None:
    first = stay()
    again = contact(exposed_on=date(2022, 7, 2), who=first.order.person)
    actions.order_for_contact(contact=again, by=city.wu, now=city.at(days=2))
    order = Order.objects.get()
    assert queries.ends_in_words(order) == "2022-07-12 24:00"
    assert order.contacts.count() == 2
    assert order.changes.get().reason == ChangeReason.NEW_EXPOSURE


def test_an_earlier_second_exposure_changes_nothing(city: Any, stay: Any, contact: Any) -> None:
    first = stay()
    again = contact(exposed_on=date(2022, 6, 28), who=first.order.person)
    actions.order_for_contact(contact=again, by=city.wu, now=city.at(hours=1))
    assert queries.ends_in_words(Order.objects.get()) == "2022-07-10 24:00"


def test_a_corrected_exposure_moves_the_end_and_the_tests(city: Any, stay: Any) -> None:
    order = stay().order
    order.contacts.get().exposures.update(last_on=date(2022, 7, 1))
    actions.follow_exposures(order=order, by=city.wu, now=city.at(hours=3))
    assert queries.ends_in_words(order) == "2022-07-11 24:00"
    due = DueTest.objects.filter(dropped_at=None).values_list("due_on", flat=True)
    assert list(due)[-1] == date(2022, 7, 11)


def test_a_test_that_was_taken_is_not_asked_for_again(city: Any, received: Any) -> None:
    order = received.order
    actions.record_test(
        test=order.tests.first(), result="negative", by=city.hua, now=city.at(hours=3)
    )
    order.contacts.get().exposures.update(last_on=date(2022, 7, 1))
    actions.follow_exposures(order=order, by=city.wu, now=city.at(hours=4))
    first_day = order.tests.filter(due_on=date(2022, 7, 1))
    assert [t.result for t in first_day] == ["negative"]


def test_somebody_in_hospital_cannot_be_ordered_elsewhere(city: Any, contact: Any) -> None:
    from tongchou.cases.loops import CASE_REPORT
    from tongchou.ledger import actions as ledger

    patient = contact()
    passage = ledger.start(
        loop=CASE_REPORT, area=city.community, title="C-9", by=city.qian, now=city.at(),
        person_key=patient.person.key,
    )  # fmt: skip
    for to in ("verified", "admitted"):
        ledger.hand_over(passage=passage, to=to, by=city.qian, now=city.at(hours=1))
    with pytest.raises(HeldElsewhere):
        actions.order_for_contact(contact=patient, by=city.wu, now=city.at(hours=2))
