"""One open contact per person, however many cases name them and however often."""

from datetime import date

import pytest

from tests.tracing.conftest import SUN
from tongchou.cases.models import Contact, Exposure
from tongchou.ledger.models import Passage
from tongchou.people import actions as people
from tongchou.people.errors import BadDocument
from tongchou.people.models import Person
from tongchou.tracing import actions, changes
from tongchou.tracing.actions import Met
from tongchou.tracing.errors import NotComplete


def test_listing_starts_the_clock_of_the_tracers(city, sun):
    leg = sun.passage.handoffs.get()
    assert (leg.stage, leg.owner, leg.opened_at) == ("listed", "tracer", city.at(hours=2))


def test_a_contact_is_caused_by_the_case_it_met(li, sun):
    assert sun.passage.caused_by == li.passage


def test_the_title_of_a_contact_names_nobody(sun):
    assert sun.passage.title == f"{sun.number} · {sun.person}"


def test_the_meeting_is_written_down(li, sun):
    met = sun.exposures.get()
    assert (met.case, met.way, met.last_on) == (li, "meal", date(2022, 6, 29))


def test_whom_they_met_must_be_said(listing):
    with pytest.raises(NotComplete):
        listing(name="孙", case=None)


def test_a_secondary_contact_met_a_close_contact(listing, sun):
    other = listing(name="周", tier="secondary", case=None, through=sun).contact
    assert (other.exposures.get().through, other.passage.caused_by) == (sun, sun.passage)


def test_listing_the_same_line_again_changes_nothing(listing, sun):
    again = listing(name="孙", document=SUN, phone="13800001234")
    assert again.unchanged
    assert (Contact.objects.count(), Exposure.objects.count()) == (1, 1)


def test_two_cases_that_name_one_person_add_two_exposures_to_one_contact(listing, case_of, sun):
    other = case_of()
    again = listing(name="孙", document=SUN, case=other)
    assert (again.contact, again.met_anew) == (sun, True)
    assert sun.exposures.count() == 2


def test_the_open_passage_is_used_again(listing, case_of, sun):
    listing(name="孙", document=SUN, case=case_of())
    assert Passage.objects.filter(loop="contact").count() == 1


def test_a_later_last_contact_is_taken_over(listing, sun):
    listing(name="孙", document=SUN, last_on=date(2022, 6, 30))
    assert sun.exposures.get().last_on == date(2022, 6, 30)


def test_an_earlier_first_contact_is_taken_over(listing, sun):
    listing(name="孙", document=SUN, first_on=date(2022, 6, 20))
    assert sun.exposures.get().first_on == date(2022, 6, 20)


def test_an_earlier_last_contact_is_not(listing, sun):
    listing(name="孙", document=SUN, last_on=date(2022, 6, 20))
    assert sun.exposures.get().last_on == date(2022, 6, 29)


def test_a_secondary_contact_who_is_close_to_another_case_becomes_close(listing, case_of):
    first = listing(name="孙", document=SUN, tier="secondary")
    again = listing(name="孙", document=SUN, case=case_of())
    first.contact.refresh_from_db()
    assert (again.upgraded, first.contact.tier) == (True, "close")


def test_a_close_contact_never_becomes_secondary_by_being_listed_again(listing, case_of, sun):
    listing(name="孙", document=SUN, tier="secondary", case=case_of())
    sun.refresh_from_db()
    assert sun.tier == "close"


def test_an_upgrade_is_told_to_whoever_planned_the_order(listing, case_of):
    heard = []

    def hear(contact, *, by, now):
        heard.append(contact.tier)

    listing(name="孙", document=SUN, tier="secondary")
    changes.on_change(hear)
    try:
        listing(name="孙", document=SUN, case=case_of())
    finally:
        changes.forget(hear)
    assert heard == ["close"]


def test_a_general_contact_is_kept_for_the_record_only(listing):
    done = listing(name="钱", tier="general")
    assert (done.managed, done.contact.passage) == (False, None)


def test_a_contact_for_the_record_listed_again_stays_one(listing):
    first = listing(name="钱", phone="13800005678", tier="general")
    again = listing(name="钱", phone="13800005678", tier="general")
    assert (again.contact, again.unchanged) == (first.contact, True)


def test_a_contact_for_the_record_who_turns_out_close_goes_its_way_from_then(city, listing):
    listing(name="钱", phone="13800005678", tier="general")
    now = city.at(hours=9)
    done = listing(name="钱", phone="13800005678", tier="close", now=now)
    assert done.contact.passage.handoffs.get().timed_from == now


def test_who_is_a_case_already_is_listed_for_the_chain_only(city, listing, case_of):
    person = people.register(
        name="孙", document=SUN, area=city.community, by=city.wu, now=city.at()
    )
    other = case_of(person=person.person)
    done = listing(name="孙", document=SUN)
    assert (done.contact.became_case, done.contact.passage) == (other, None)
    assert listing(name="孙", document=SUN).unchanged


def test_a_released_contact_told_of_again_is_not_quarantined_again(city, listing, sun):
    actions.dismiss(contact=sun, reason="wrong table", by=city.wu, now=city.at(hours=3))
    again = listing(name="孙", document=SUN, now=city.at(hours=4))
    assert again.unchanged
    assert not Passage.objects.filter(loop="contact", closed_at=None).exists()


def test_a_released_contact_who_meets_a_case_again_is_a_new_contact(city, listing, sun):
    actions.dismiss(contact=sun, reason="wrong table", by=city.wu, now=city.at(hours=3))
    again = listing(name="孙", document=SUN, last_on=date(2022, 7, 1), now=city.at(hours=4))
    assert (again.is_new, again.contact.person) == (True, sun.person)


def test_merged_people_are_one_contact(city, listing, case_of):
    one = listing(name="孙", document=SUN).contact
    two = listing(name="孙", phone="13900001111", case=case_of()).contact
    assert one.person != two.person
    Person.objects.filter(pk=two.person_id).update(merged_into=one.person)
    actions.dismiss(contact=two, reason="double", by=city.wu, now=city.at(hours=3))
    assert listing(name="孙", phone="13900001111", case=case_of()).contact == one


def test_a_wrong_document_number_is_refused_and_nobody_is_listed(listing):
    with pytest.raises(BadDocument):
        listing(name="孙", document="110105194912310021")
    assert not Contact.objects.exists()


def test_many_are_listed_at_once(city, entry):
    lines = [entry(name=f"甲{n}", phone=f"1380000{n:04d}") for n in range(20)]
    done = actions.list_many(entries=lines, by=city.wu, now=city.at(hours=2))
    assert (done.n_new, done.n_joined, done.n_unchanged) == (20, 0, 0)


def test_every_line_of_a_list_is_counted_once(city, entry, listing, case_of, sun):
    lines = [
        entry(name="孙", document=SUN),
        entry(name="孙", document=SUN, case=case_of()),
        entry(name="周", phone="13800009999"),
    ]
    done = actions.list_many(entries=lines, by=city.wu, now=city.at(hours=3))
    assert (done.n_new, done.n_joined, done.n_unchanged) == (1, 1, 1)


def test_one_person_twice_in_a_list_is_one_contact(city, entry):
    lines = [entry(name="孙", document=SUN), entry(name="孙", document=SUN, way="living")]
    actions.list_many(entries=lines, by=city.wu, now=city.at(hours=2))
    assert (Contact.objects.count(), Exposure.objects.count()) == (1, 2)


def test_a_list_with_a_refused_line_leaves_nothing_behind(city, entry):
    lines = [entry(name="孙", document=SUN), entry(name="周", case=None)]
    with pytest.raises(NotComplete):
        actions.list_many(entries=lines, by=city.wu, now=city.at(hours=2))
    assert not Contact.objects.exists()


def test_a_meeting_knows_all_its_columns():
    assert set(Met.__dataclass_fields__) <= {f.name for f in Exposure._meta.get_fields()}
