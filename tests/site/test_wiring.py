"""The chains of the city: what one desk does moves the others, in the same act."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from tongchou.areas.models import Place
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact, FoundBy
from tongchou.ledger import queries as ledger
from tongchou.people.details import Details
from tongchou.quarantine import actions as quarantine
from tongchou.quarantine import queries as stays
from tongchou.quarantine.models import Order, Stay
from tongchou.site import wiring
from tongchou.tracing import actions as tracing
from tongchou.tracing.actions import Entry, Met
from tongchou.tracing.errors import NotComplete
from tongchou.tracing.models import Investigation

pytestmark = pytest.mark.django_db

MET_ON = date(2022, 6, 30)


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def report(city: Any, person: Any, **facts: Any) -> Case:
    wanted = {"disease": "covid19_omicron", "reported_on": date(2022, 7, 1)} | facts
    return cases.report(
        person=person, area=city.community, facts=Facts(**wanted), by=city.qian, now=city.at()
    )


@pytest.fixture
def li(city: Any, person: Any) -> Case:
    """The index case, verified in the first hour."""
    return cases.verify(case=report(city, person()), by=city.qian, now=city.at(hours=1))


@pytest.fixture
def sun(city: Any, li: Case) -> Contact:
    """Sun had dinner with Li; the community has just found them."""
    entry = Entry(
        details=Details(area=city.community),
        area=city.community,
        tier="close",
        met=Met(case=li, way="meal", last_on=MET_ON),
    )
    contact = tracing.list_contact(entry=entry, by=city.wu, now=city.at(hours=2)).contact
    tracing.notify(contact=contact, by=city.wu, now=city.at(hours=2))
    tracing.locate(contact=contact, by=city.chen, now=city.at(hours=3))
    return contact


@pytest.fixture
def hotel(city: Any) -> Place:
    return Place.objects.create(
        kind="quarantine_site", name="江滨隔离点", area=city.east, capacity=9
    )


@pytest.fixture
def in_hotel(city: Any, sun: Contact, hotel: Place) -> Stay:
    stay = Stay.objects.get(order__contacts=sun)
    return quarantine.receive(stay=stay, place=hotel, by=city.hua, now=city.at(hours=5))


def where(subject: Any) -> str:
    subject.passage.refresh_from_db()
    return str(subject.passage.stage)


def test_a_verified_case_is_with_the_tracers(li: Case) -> None:
    opened = Investigation.objects.get(case=li)
    assert (where(opened), opened.passage.caused_by) == ("opened", li.passage)


def test_core_facts_pass_the_case_on_to_the_transfer_team(city: Any, li: Case) -> None:
    facts = tracing.investigations.CoreFacts(lives_in=city.community, summary="在家")
    tracing.record_core_facts(
        investigation=Investigation.objects.get(case=li), facts=facts, by=city.wu,
        now=city.at(hours=3),
    )  # fmt: skip
    assert where(li) == "investigated"


def test_a_located_contact_is_ordered_into_quarantine(sun: Contact) -> None:
    stay = Stay.objects.get()
    assert list(stay.order.contacts.all()) == [sun]
    assert (where(stay), stay.passage.caused_by) == ("awaiting_transfer", sun.passage)


def test_the_contact_is_received_when_the_site_has_them(sun: Contact, in_hotel: Stay) -> None:
    assert where(sun) == "received"
    leg = sun.passage.handoffs.get(done_at=None)
    assert leg.timed_from == in_hotel.order.to_at


def test_nobody_is_received_on_paper(city: Any, sun: Contact) -> None:
    sun.passage.refresh_from_db()
    with pytest.raises(wiring.HeldByAStay, match="Check them in"):
        tracing.receive(contact=sun, by=city.hua, now=city.at(hours=5))
    assert where(sun) == "located"


def test_nobody_is_released_on_paper(city: Any, sun: Contact, in_hotel: Stay) -> None:
    sun.passage.refresh_from_db()
    with pytest.raises(wiring.HeldByAStay, match="Release the stay"):
        tracing.release(contact=sun, by=city.qian, now=city.at(days=11))
    assert where(sun) == "received"


def test_released_from_the_stay_is_released_from_the_list(
    city: Any, sun: Contact, in_hotel: Stay
) -> None:
    in_hotel.order.tests.update(result="negative", done_at=city.at(days=9), done_by=city.hua)
    quarantine.release(stay=in_hotel, by=city.hua, now=city.at(days=11))
    assert where(sun) == "released"


def test_a_positive_in_quarantine_is_reported_as_a_case(city: Any, in_hotel: Stay) -> None:
    test = in_hotel.order.tests.first()
    quarantine.record_test(test=test, result="positive", by=city.hua, now=city.at(hours=6))
    case = Case.objects.get(person=in_hotel.order.person)
    assert (case.found_by, case.disease) == (FoundBy.QUARANTINE, "covid19_omicron")
    assert (where(case), case.passage.caused_by) == ("reported", in_hotel.passage)
    assert where(in_hotel) == "ill"


def test_falling_ill_twice_reports_once(city: Any, in_hotel: Stay) -> None:
    quarantine.mark_ill(stay=in_hotel, by=city.hua, now=city.at(hours=6))
    quarantine.return_from_ill(stay=in_hotel, by=city.lin, now=city.at(hours=7))
    quarantine.mark_ill(stay=in_hotel, by=city.hua, now=city.at(hours=8))
    assert Case.objects.filter(person=in_hotel.order.person).count() == 1


def test_admission_takes_the_person_over_in_one_act(
    city: Any, sun: Contact, in_hotel: Stay
) -> None:
    quarantine.mark_ill(stay=in_hotel, by=city.hua, now=city.at(hours=6))
    case = Case.objects.get(person=in_hotel.order.person)
    cases.verify(case=case, by=city.qian, now=city.at(hours=7))
    cases.admit(case=case, by=city.lin, now=city.at(hours=8))
    assert where(in_hotel) == "admitted"
    assert in_hotel.passage.closed_at == city.at(hours=8)
    assert ledger.holder(sun.person_id) == case.passage
    sun.refresh_from_db()
    assert (where(sun), sun.became_case) == ("ill", case)


def test_a_case_reported_outside_makes_the_stay_ill_so_that_the_hospital_may_take_over(
    city: Any, in_hotel: Stay
) -> None:
    case = report(city, in_hotel.order.person)
    cases.verify(case=case, by=city.qian, now=city.at(hours=7))
    assert where(in_hotel) == "ill"
    cases.admit(case=case, by=city.lin, now=city.at(hours=8))
    assert where(in_hotel) == "admitted"


def test_whoever_falls_ill_before_the_bus_comes_goes_to_hospital_all_the_same(
    city: Any, sun: Contact
) -> None:
    case = report(city, sun.person)
    cases.verify(case=case, by=city.qian, now=city.at(hours=4))
    cases.admit(case=case, by=city.lin, now=city.at(hours=5))
    assert where(Stay.objects.get()) == "admitted"
    assert where(sun) == "ill"


def test_a_discarded_case_returns_the_stay_to_where_it_was(
    city: Any, sun: Contact, in_hotel: Stay
) -> None:
    quarantine.mark_ill(stay=in_hotel, by=city.hua, now=city.at(hours=6))
    case = Case.objects.get(person=in_hotel.order.person)
    cases.verify(case=case, by=city.qian, now=city.at(hours=7))
    cases.discard(case=case, reason="两次阴性", by=city.qian, now=city.at(hours=9))
    assert (where(in_hotel), where(sun)) == ("in_facility", "received")


def test_the_investigation_of_a_discarded_case_ends_with_it(city: Any, person: Any) -> None:
    case = report(city, person())
    cases.verify(case=case, by=city.qian, now=city.at(hours=1))
    cases.discard(case=case, reason="两次阴性", by=city.qian, now=city.at(hours=2))
    assert where(Investigation.objects.get(case=case)) == "dropped"


def test_an_investigation_is_not_dropped_while_its_case_stands(city: Any, li: Case) -> None:
    found = Investigation.objects.get(case=li)
    with pytest.raises(NotComplete, match="Discard the case"):
        tracing.drop(investigation=found, by=city.wu, now=city.at(hours=3))


def test_stays_that_only_a_discarded_case_called_for_are_proposed_for_release(
    city: Any, li: Case, in_hotel: Stay
) -> None:
    from tongchou.staff.queries import scope_of

    scope = scope_of(city.qian, now=city.at())
    assert not stays.groundless(scope)
    cases.discard(case=li, reason="误报", by=city.qian, now=city.at(hours=6))
    assert list(stays.groundless(scope)) == [in_hotel]
    assert where(in_hotel) == "in_facility"  # proposed; people release people


def test_death_before_admission_ends_the_stay_too(city: Any, in_hotel: Stay) -> None:
    quarantine.mark_ill(stay=in_hotel, by=city.hua, now=city.at(hours=6))
    case = Case.objects.get(person=in_hotel.order.person)
    cases.verify(case=case, by=city.qian, now=city.at(hours=7))
    cases.investigated(case=case, by=city.wu, now=city.at(hours=8))
    cases.die(case=case, by=city.lin, now=city.at(hours=9))
    assert where(in_hotel) == "died"
    assert not ledger.open_custody()


def test_not_there_when_the_bus_comes_cancels_the_stay(city: Any, sun: Contact) -> None:
    sun.passage.refresh_from_db()
    tracing.not_found(contact=sun, by=city.zhao, now=city.at(hours=5))
    assert where(Stay.objects.get()) == "cancelled"
    tracing.locate(contact=sun, by=city.peng, now=city.at(hours=9))
    assert Stay.objects.filter(passage__closed_at=None).count() == 1


def test_located_when_the_days_are_over_is_dismissed(city: Any, li: Case) -> None:
    entry = Entry(
        details=Details(area=city.community), area=city.community, tier="close",
        met=Met(case=li, way="meal", last_on=date(2022, 6, 10)),
    )  # fmt: skip
    contact = tracing.list_contact(entry=entry, by=city.wu, now=city.at(hours=2)).contact
    tracing.notify(contact=contact, by=city.wu, now=city.at(hours=2))
    tracing.locate(contact=contact, by=city.chen, now=city.at(hours=3))
    assert where(contact) == "dismissed"
    assert not Order.objects.exists()


def test_a_later_exposure_moves_the_order(
    city: Any, li: Case, sun: Contact, in_hotel: Stay
) -> None:
    sun.exposures.update(last_on=date(2022, 7, 1))
    wiring.follow_the_contact(sun, by=city.wu, now=city.at(hours=7))
    in_hotel.order.refresh_from_db()
    assert stays.ends_in_words(in_hotel.order) == "2022-07-11 24:00"
    assert sun.passage.handoffs.get(done_at=None).timed_from == in_hotel.order.to_at


def test_another_tier_makes_another_order(city: Any, sun: Contact, in_hotel: Stay) -> None:
    sun.refresh_from_db()
    tracing.set_tier(contact=sun, tier="secondary", by=city.wu, now=city.at(hours=7))
    in_hotel.order.refresh_from_db()
    assert in_hotel.order.rule == "contact.secondary"
    assert stays.ends_in_words(in_hotel.order) == "2022-07-07 24:00"


def test_every_chain_says_in_words_what_it_does() -> None:
    assert all(chain.words.endswith(".") for chain in wiring.CHAINS)
    assert wiring.as_table().count("\n") == len(wiring.CHAINS) + 1
