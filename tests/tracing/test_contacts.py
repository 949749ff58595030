"""A contact is carried from hand to hand until somebody says where they ended."""

import pytest

from tongchou.cases.models import Contact
from tongchou.ledger.errors import AlreadyHandedOver, WrongOutcome
from tongchou.records.models import AuditEvent
from tongchou.tracing import actions, changes
from tongchou.tracing.errors import NoPassage, NotComplete, Stale


def stage(contact):
    return Contact.objects.get(pk=contact.pk).passage.stage


def test_who_is_told_waits_for_the_community(city, sun):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    assert sun.passage.handoffs.get(done_at=None).owner == "community"


def test_who_is_located_waits_for_the_transfer_team(city, sun):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    actions.locate(contact=sun, by=city.chen, now=city.at(hours=4))
    assert sun.passage.handoffs.get(done_at=None).owner == "transport"


def test_who_is_located_in_another_area_is_moved_there_first(city, sun):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    actions.locate(contact=sun, by=city.chen, now=city.at(hours=4), area=city.west)
    sun.refresh_from_db()
    assert (sun.area, sun.passage.area, sun.passage.stage) == (city.west, city.west, "located")


def test_the_release_is_due_when_the_order_ends(city, sun):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    actions.locate(contact=sun, by=city.chen, now=city.at(hours=4))
    actions.receive(contact=sun, by=city.hua, now=city.at(hours=6), until=city.at(days=10))
    assert sun.passage.handoffs.get(done_at=None).timed_from == city.at(days=10)


def test_a_release_ends_the_way_of_a_contact(city, sun):
    received(city, sun)
    actions.release(contact=sun, by=city.qian, now=city.at(days=10))
    assert sun.passage.closed_at == city.at(days=10)


def test_who_falls_ill_is_tied_to_the_case_they_became(city, sun, case_of):
    received(city, sun)
    case = case_of(person=sun.person)
    actions.fell_ill(contact=sun, by=city.qian, now=city.at(days=2), case=case)
    sun.refresh_from_db()
    assert (sun.became_case, sun.passage.stage) == (case, "ill")


def test_who_is_not_found_waits_for_public_security(city, sun):
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=3), note="no answer, 3 calls")
    assert sun.passage.handoffs.get(done_at=None).owner == "public_security"


def test_giving_up_needs_a_reason(city, sun):
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=3))
    with pytest.raises(NotComplete):
        actions.abandon(contact=sun, reason=" ", by=city.peng, now=city.at(days=3))


def test_giving_up_ends_the_way_with_its_reason(city, sun):
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=3))
    actions.abandon(contact=sun, reason="left the country", by=city.peng, now=city.at(days=3))
    assert sun.passage.handoffs.get(outcome="abandoned").note == "left the country"


def test_who_is_elsewhere_waits_for_the_assist_desk(city, sun):
    actions.elsewhere(contact=sun, destination="湖北省宜昌市", by=city.wu, now=city.at(hours=3))
    sun.refresh_from_db()
    assert sun.destination == "湖北省宜昌市"
    assert sun.passage.handoffs.get(done_at=None).owner == "assist"


def test_elsewhere_must_say_where(city, sun):
    with pytest.raises(NotComplete):
        actions.elsewhere(contact=sun, destination="", by=city.wu, now=city.at(hours=3))
    assert stage(sun) == "listed"


def test_only_the_other_city_takes_a_contact_off_the_list(city, sun):
    actions.elsewhere(contact=sun, destination="宜昌", by=city.wu, now=city.at(hours=3))
    actions.accepted_elsewhere(contact=sun, by=city.assist, now=city.at(hours=9))
    assert stage(sun) == "accepted_elsewhere"


def test_who_is_not_there_either_comes_back_on_the_list(city, sun):
    actions.elsewhere(contact=sun, destination="宜昌", by=city.wu, now=city.at(hours=3))
    actions.back(contact=sun, by=city.assist, now=city.at(hours=9))
    sun.refresh_from_db()
    assert (sun.destination, sun.passage.stage) == ("", "listed")


def test_dismissing_needs_a_reason(city, sun):
    with pytest.raises(NotComplete):
        actions.dismiss(contact=sun, reason="", by=city.wu, now=city.at(hours=3))


def test_who_met_nobody_is_dismissed(city, sun):
    actions.dismiss(contact=sun, reason="wrong table", by=city.wu, now=city.at(hours=3))
    assert stage(sun) == "dismissed"


def test_who_was_told_cannot_be_dismissed_any_more(city, sun):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    with pytest.raises(WrongOutcome):
        actions.dismiss(contact=sun, reason="?", by=city.wu, now=city.at(hours=4))


def test_of_two_desks_that_act_at_once_the_second_is_told(city, sun):
    seen_by_the_other = Contact.objects.select_related("passage").get(pk=sun.pk)
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    with pytest.raises(AlreadyHandedOver):
        actions.not_found(contact=seen_by_the_other, by=city.wu, now=city.at(hours=3))
    assert stage(sun) == "notified"


def test_the_destination_of_the_loser_is_not_stored(city, sun):
    seen_by_the_other = Contact.objects.select_related("passage").get(pk=sun.pk)
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    with pytest.raises(AlreadyHandedOver):
        actions.elsewhere(
            contact=seen_by_the_other, destination="宜昌", by=city.wu, now=city.at(hours=3)
        )
    sun.refresh_from_db()
    assert sun.destination == ""


def test_a_contact_for_the_record_has_nothing_to_hand_on(city, listing):
    contact = listing(name="钱", tier="general").contact
    with pytest.raises(NoPassage):
        actions.notify(contact=contact, by=city.wu, now=city.at(hours=3))


def test_a_moved_contact_belongs_to_the_other_area(city, sun):
    actions.move(contact=sun, area=city.west, by=city.wu, now=city.at(hours=3))
    sun.refresh_from_db()
    assert (sun.area_path, sun.passage.area_path) == (city.west.path, city.west.path)


def test_another_tier_is_told_to_whoever_planned_the_order(city, sun, told):
    actions.set_tier(contact=sun, tier="secondary", by=city.wu, now=city.at(hours=3))
    assert told == [(sun.number, "secondary")]


def test_the_same_tier_is_told_to_nobody(city, sun, told):
    actions.set_tier(contact=sun, tier="close", by=city.wu, now=city.at(hours=3))
    assert told == []


def test_two_desks_that_change_the_tier_at_once_do_not_undo_each_other(city, sun):
    other = Contact.objects.select_related("passage").get(pk=sun.pk)
    actions.set_tier(contact=sun, tier="secondary", by=city.wu, now=city.at(hours=3))
    with pytest.raises(Stale):
        actions.set_tier(contact=other, tier="general", by=city.wu, now=city.at(hours=3))


def test_a_contact_for_the_record_goes_its_way_once_the_tier_is_managed(city, listing):
    contact = listing(name="钱", tier="general").contact
    actions.set_tier(contact=contact, tier="close", by=city.wu, now=city.at(hours=5))
    leg = contact.passage.handoffs.get()
    assert (leg.stage, leg.timed_from) == ("listed", city.at(hours=5))


def test_a_change_of_tier_is_audited(city, sun):
    actions.set_tier(contact=sun, tier="secondary", by=city.wu, now=city.at(hours=3))
    event = AuditEvent.objects.get(verb="contact.tier")
    assert (event.actor, event.subject) == ("wu", f"contact:{sun.pk}")


def received(city, contact):
    actions.notify(contact=contact, by=city.wu, now=city.at(hours=3))
    actions.locate(contact=contact, by=city.chen, now=city.at(hours=4))
    actions.receive(contact=contact, by=city.hua, now=city.at(hours=6))


@pytest.fixture
def told():
    heard = []

    def hear(contact, *, by, now):
        heard.append((contact.number, contact.tier))

    changes.on_change(hear)
    yield heard
    changes.forget(hear)
