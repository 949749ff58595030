"""When the playbook or the exposure changes, every order follows; the preview says who, tonight."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongchou import playbook as playbooks
from tongchou.ledger import adoption
from tongchou.quarantine import actions, queries
from tongchou.quarantine.models import ChangeReason, DueTest, Order, OrderChange, Stay

pytestmark = pytest.mark.django_db

NINTH, TWENTY, EIGHTH = (playbooks.load(n) for n in ("cn-2022-06", "cn-2022-11", "cn-2021-05"))


def adopt(playbook: Any, city: Any, *, now: Any) -> None:
    proposal = adoption.propose(text=playbook.text, reason="复盘", by=city.mayor, now=now)
    adoption.adopt(adoption=proposal, by=city.gao, now=now)
    actions.replan(playbook=playbook, by=city.gao, now=now)


def ends(order: Order) -> str:
    order.refresh_from_db()
    return queries.ends_in_words(order)


def test_the_twenty_measures_send_home_after_five_days_and_release_after_eight(
    city: Any, received: Any
) -> None:
    adopt(TWENTY, city, now=city.at(days=2))
    order = received.order
    assert ends(order) == "2022-07-08 24:00"
    assert order.home_from_at == city.at(days=4, hours=16)
    assert order.playbook == "cn-2022-11"
    assert "二十条" in order.clause


def test_the_open_leg_takes_the_new_end(city: Any, received: Any) -> None:
    adopt(TWENTY, city, now=city.at(days=2))
    leg = received.passage.handoffs.get(done_at=None)
    assert leg.timed_from == city.at(days=4, hours=16)
    assert leg.due_at == city.at(days=4, hours=16 + 12)


def test_so_does_the_contact_that_waits_for_the_release(city: Any, received: Any) -> None:
    from tongchou.ledger.models import Handoff, Passage

    contact = received.order.contacts.get()
    contact.passage = Passage.objects.create(
        loop="contact", stage="received", title="K", area=city.community,
        area_path=city.community.path, opened_at=city.at(),
    )  # fmt: skip
    contact.save()
    Handoff.objects.create(
        passage=contact.passage, number=1, loop="contact", stage="received", owner="cdc",
        area_path=city.community.path, opened_at=city.at(), timed_from=city.at(),
        due_at=city.at(hours=12), playbook="cn-2022-06",
    )  # fmt: skip
    actions.replan(playbook=NINTH, by=None, now=city.at(days=1))
    adopt(TWENTY, city, now=city.at(days=2))
    assert contact.passage.handoffs.get().timed_from == city.at(days=7, hours=16)


def test_tests_move_to_the_days_of_the_new_playbook(city: Any, received: Any) -> None:
    adopt(TWENTY, city, now=city.at(days=3))  # 4 July
    due = DueTest.objects.filter(dropped_at=None, due_on__gte=date(2022, 7, 4))
    days = [d.day for d in due.values_list("due_on", flat=True)]
    assert days == [4, 5, 6, 8]  # what was missed is made up for today


def test_every_moved_end_leaves_an_entry(city: Any, received: Any) -> None:
    adopt(TWENTY, city, now=city.at(days=2))
    change = received.order.changes.get()
    assert (change.reason, change.kind, change.by_hand) == ("playbook", "shortened", False)
    assert change.from_at - change.to_at == timedelta(days=2)


def test_a_second_replan_changes_nothing(city: Any, received: Any) -> None:
    adopt(TWENTY, city, now=city.at(days=2))
    again = actions.replan(playbook=TWENTY, by=None, now=city.at(days=2, hours=1))
    assert again == actions.Replanned()
    assert OrderChange.objects.count() == 1


def test_an_order_that_a_new_playbook_has_outlived_ends_now_and_not_yesterday(
    city: Any, stay: Any
) -> None:
    order = stay().order
    adopt(TWENTY, city, now=city.at(days=8, hours=4))  # 9 July: eight days were over on the 8th
    order.refresh_from_db()
    assert order.to_at == city.at(days=8, hours=4)
    assert actions.replan(playbook=TWENTY, by=None, now=city.at(days=9)) == actions.Replanned()


def test_secondary_contacts_are_due_for_release_the_hour_the_playbook_drops_them(
    city: Any, stay: Any
) -> None:
    order = stay(tier="secondary").order
    adopt(TWENTY, city, now=city.at(days=2))
    order.refresh_from_db()
    assert order.to_at == city.at(days=2)
    assert order.stay.passage.closed_at is None  # people release people


def test_a_stricter_playbook_holds_longer(city: Any, received: Any) -> None:
    adopt(EIGHTH, city, now=city.at(days=2))
    assert ends(received.order) == "2022-07-21 24:00"  # 14 + 7


def test_an_end_set_by_hand_stays_where_two_people_put_it(city: Any, received: Any) -> None:
    order = received.order
    to_at = order.to_at + timedelta(days=1)
    actions.extend(
        order=order, to_at=to_at, reason="result", clause="附件 5", by=city.hua, second=city.qian,
        now=city.at(days=1),
    )  # fmt: skip
    adopt(TWENTY, city, now=city.at(days=2))
    order.refresh_from_db()
    assert order.to_at == to_at


def test_a_later_exposure_moves_the_order_at_the_next_replan(city: Any, received: Any) -> None:
    received.order.contacts.get().exposures.update(last_on=date(2022, 7, 2))
    done = actions.replan(playbook=NINTH, by=None, now=city.at(days=2))
    assert (done.n_exposures, done.n_extended) == (1, 1)
    assert ends(received.order) == "2022-07-12 24:00"
    assert received.order.changes.get().reason == ChangeReason.EXPOSURE


def test_a_stay_that_has_ended_is_left_alone(city: Any, received: Any) -> None:
    actions.release(
        stay=received, by=city.hua, second=city.qian, reason="health", now=city.at(days=1)
    )
    before = ends(received.order)
    adopt(EIGHTH, city, now=city.at(days=2))
    assert ends(received.order) == before


def test_many_orders_move_in_as_few_statements_as_one(city: Any, stay: Any) -> None:
    """Whatever the database needs for one order, seven of the same plan need no more."""
    stay()
    with CaptureQueriesContext(connection) as of_one:
        actions.replan(playbook=TWENTY, by=None, now=city.at(days=2))
    actions.replan(playbook=NINTH, by=None, now=city.at(days=2))
    for _ in range(6):
        stay()
    with CaptureQueriesContext(connection) as of_many:
        done = actions.replan(playbook=TWENTY, by=None, now=city.at(days=2))
    assert done.n_shortened == 7
    assert len(of_many) <= len(of_one)


# --- tonight ---------------------------------------------------------------------------------


def test_the_preview_names_who_is_released_tonight(city: Any, stay: Any) -> None:
    soon, later = stay(), stay(exposed_on=date(2022, 7, 1))
    seen = queries.tonight(NINTH, TWENTY, city.at(days=7))  # 8 July
    assert [row.stay_id for row in seen.released] == [soon.pk]
    assert [row.stay_id for row in seen.shortened] == [later.pk]
    assert seen.released[0].before - seen.released[0].after == timedelta(days=2)


def test_the_preview_of_the_way_back_names_who_is_held_longer(city: Any, stay: Any) -> None:
    held = stay()
    seen = queries.tonight(TWENTY, NINTH, city.at(days=2))
    assert [row.stay_id for row in seen.held_longer] == [held.pk]
    assert seen.days_given_back == -2


def test_the_preview_names_whose_tests_move(city: Any, stay: Any) -> None:
    moved = stay()
    ((row),) = queries.tonight(NINTH, TWENTY, city.at(days=3)).tests_moved
    assert row.stay_id == moved.pk
    assert [d.day for d in row.before] == [5, 7, 10]
    assert [d.day for d in row.after] == [5, 6, 8]


def test_the_preview_names_who_goes_home_tonight(city: Any, received: Any) -> None:
    seen = queries.tonight(NINTH, TWENTY, city.at(days=4))  # 5 July: five days are over tonight
    assert [row.stay_id for row in seen.sent_home] == [received.pk]


def test_secondary_contacts_are_released_tonight_by_the_twenty_measures(
    city: Any, stay: Any
) -> None:
    stay(tier="secondary")
    seen = queries.tonight(NINTH, TWENTY, city.at(days=2))
    assert len(seen.released) == 1
    assert not seen.tests_moved


def test_the_preview_says_what_the_adoption_then_does(city: Any, stay: Any) -> None:
    for day in range(24, 31):
        stay(exposed_on=date(2022, 6, day))
    now = city.at(days=3)
    seen = queries.tonight(NINTH, TWENTY, now)
    adopt(TWENTY, city, now=now)
    promised = {r.stay_id: r.after for r in (*seen.released, *seen.shortened, *seen.held_longer)}
    done = dict(Stay.objects.filter(pk__in=promised).values_list("pk", "order__to_at"))
    assert done == {pk: timezone.localtime(at) for pk, at in promised.items()}


def test_the_preview_can_be_of_one_district(city: Any, stay: Any) -> None:
    stay()
    assert queries.tonight(NINTH, TWENTY, city.at(days=7), path=city.east.path).released
    assert not queries.tonight(NINTH, TWENTY, city.at(days=7), path=city.west.path).released
