"""Core facts, itinerary, report; and what is destroyed when its day comes."""

from datetime import date

import pytest

from tongchou.cases.models import Case
from tongchou.ledger.errors import AlreadyHandedOver, WrongOutcome
from tongchou.tracing import actions
from tongchou.tracing.actions.investigations import CoreFacts
from tongchou.tracing.errors import HasEnded, NotComplete, Stale
from tongchou.tracing.models import Investigation, ItineraryStay


@pytest.fixture
def facts(city):
    return CoreFacts(lives_in=city.community, summary="Worked at the fish market every day.")


@pytest.fixture
def known(city, investigation, facts):
    return actions.record_core_facts(
        investigation=investigation, facts=facts, by=city.wu, now=city.at(hours=3)
    )


@pytest.fixture
def submitted(city, known):
    return actions.submit_report(
        investigation=known,
        report="All of it.",
        conclusion="Infected at the market.",
        by=city.wu,
        now=city.at(hours=20),
    )


def stay(city, **facts):
    defaults = {"place_name": "fish market", "from_at": city.at(), "to_at": city.at(hours=2)}
    return defaults | facts


def test_a_verified_case_goes_to_the_tracers(city, li, investigation):
    leg = investigation.passage.handoffs.get()
    assert (leg.stage, leg.owner, investigation.passage.caused_by) == (
        "opened",
        "tracer",
        li.passage,
    )


def test_a_case_is_investigated_once(city, li, investigation):
    again = actions.open_investigation(li.passage, by=city.qian, now=city.at(hours=2))
    assert again == investigation


def test_core_facts_need_the_last_fourteen_days(city, investigation):
    with pytest.raises(NotComplete):
        actions.record_core_facts(
            investigation=investigation,
            facts=CoreFacts(lives_in=city.community, summary=" "),
            by=city.wu,
            now=city.at(hours=3),
        )


def test_core_facts_make_the_report_due(city, known):
    leg = known.passage.handoffs.get(done_at=None)
    assert (leg.stage, leg.owner) == ("core_known", "tracer")


def test_who_records_the_core_facts_leads_from_then(city, known):
    known.refresh_from_db()
    assert known.lead == city.wu


def test_the_onset_is_stored_on_the_case_and_nowhere_else(city, investigation):
    facts = CoreFacts(
        lives_in=city.community, summary="…", of_the_case={"onset_on": date(2022, 6, 27)}
    )
    actions.record_core_facts(
        investigation=investigation, facts=facts, by=city.wu, now=city.at(hours=3)
    )
    assert Case.objects.get(pk=investigation.case_id).onset_on == date(2022, 6, 27)


def test_of_two_investigators_the_second_is_told(city, investigation, facts):
    other = Investigation.objects.select_related("passage", "case").get(pk=investigation.pk)
    actions.record_core_facts(
        investigation=investigation, facts=facts, by=city.wu, now=city.at(hours=3)
    )
    with pytest.raises((AlreadyHandedOver, Stale)):
        actions.record_core_facts(
            investigation=other, facts=facts, by=city.qian, now=city.at(hours=3)
        )


def test_of_two_who_take_the_lead_one_gets_it(city, investigation):
    other = Investigation.objects.get(pk=investigation.pk)
    actions.take_lead(investigation=investigation, by=city.wu, now=city.at(hours=2))
    with pytest.raises(Stale):
        actions.take_lead(investigation=other, by=city.qian, now=city.at(hours=2))


def test_facts_are_corrected_until_the_report_is_accepted(city, submitted, facts):
    actions.amend(investigation=submitted, facts=facts, by=city.wu, now=city.at(hours=21))
    actions.accept(investigation=submitted, by=city.qian, now=city.at(hours=22))
    with pytest.raises(HasEnded):
        actions.amend(investigation=submitted, facts=facts, by=city.wu, now=city.at(hours=23))


def test_an_older_page_does_not_overwrite_newer_facts(city, known, facts):
    other = Investigation.objects.select_related("passage", "case").get(pk=known.pk)
    actions.amend(investigation=known, facts=facts, by=city.wu, now=city.at(hours=4))
    with pytest.raises(Stale):
        actions.amend(investigation=other, facts=facts, by=city.qian, now=city.at(hours=4))


def test_a_report_needs_a_conclusion(city, known):
    with pytest.raises(NotComplete):
        actions.submit_report(
            investigation=known, report="…", conclusion="", by=city.wu, now=city.at(hours=9)
        )


def test_the_texts_of_an_investigation_are_sealed(submitted):
    (stored,) = Investigation.objects.values_list("summary", "report")
    assert all("market" not in text and "All" not in text for text in stored)
    assert Investigation.objects.get().report == "All of it."


def test_a_submitted_report_waits_for_the_cdc(submitted):
    assert submitted.passage.handoffs.get(done_at=None).owner == "cdc"


def test_an_accepted_report_ends_the_investigation(city, submitted):
    actions.accept(investigation=submitted, by=city.qian, now=city.at(hours=22))
    assert submitted.passage.closed_at == city.at(hours=22)


def test_a_returned_report_says_what_is_missing(city, submitted):
    with pytest.raises(NotComplete):
        actions.return_report(
            investigation=submitted, reason="", by=city.qian, now=city.at(hours=22)
        )
    actions.return_report(
        investigation=submitted, reason="bus lines", by=city.qian, now=city.at(hours=22)
    )
    assert submitted.passage.handoffs.get(stage="submitted").note == "bus lines"


def test_a_report_is_not_accepted_before_it_is_submitted(city, known):
    with pytest.raises(WrongOutcome):
        actions.accept(investigation=known, by=city.qian, now=city.at(hours=9))


def test_public_security_helps_with_a_case_nobody_reaches(city, investigation):
    actions.unreachable(investigation=investigation, by=city.wu, now=city.at(hours=3))
    assert investigation.passage.handoffs.get(done_at=None).owner == "public_security"


def test_giving_up_on_a_case_needs_a_reason(city, investigation):
    actions.unreachable(investigation=investigation, by=city.wu, now=city.at(hours=3))
    with pytest.raises(NotComplete):
        actions.give_up(investigation=investigation, reason="", by=city.peng, now=city.at(days=2))


def test_a_stay_carries_the_day_it_is_destroyed(city, investigation):
    written = actions.add_stay(
        investigation=investigation, stay=stay(city), by=city.wu, now=city.at(hours=3)
    )
    assert written.destroy_on > date(2022, 7, 1)


def test_a_wrong_stay_is_taken_out(city, investigation):
    written = actions.add_stay(
        investigation=investigation, stay=stay(city), by=city.wu, now=city.at(hours=3)
    )
    actions.remove_stay(stay=written, by=city.wu, now=city.at(hours=4))
    assert not ItineraryStay.objects.exists()


def test_the_itinerary_of_an_ended_investigation_stays_as_it_is(city, submitted):
    actions.accept(investigation=submitted, by=city.qian, now=city.at(hours=22))
    with pytest.raises(HasEnded):
        actions.add_stay(
            investigation=submitted, stay=stay(city), by=city.wu, now=city.at(hours=23)
        )


def test_the_investigation_follows_its_case_to_another_area(city, li, investigation):
    li.area = city.west
    actions.follow_case(li, by=city.qian, now=city.at(hours=2))
    investigation.passage.refresh_from_db()
    assert investigation.passage.area == city.west


def test_an_ended_investigation_follows_nobody(city, li, submitted):
    actions.accept(investigation=submitted, by=city.qian, now=city.at(hours=22))
    li.area = city.west
    actions.follow_case(li, by=city.qian, now=city.at(hours=23))
    submitted.passage.refresh_from_db()
    assert submitted.passage.area == city.community


def test_stays_are_deleted_when_their_day_comes(city, investigation):
    written = actions.add_stay(
        investigation=investigation, stay=stay(city), by=city.wu, now=city.at(hours=3)
    )
    kept = (written.destroy_on - date(2022, 7, 1)).days
    assert actions.destroy_due(now=city.at(days=kept - 1)) == (0, 0)
    assert actions.destroy_due(now=city.at(days=kept))[0] == 1


def test_the_texts_of_an_investigation_are_emptied_when_their_day_comes(city, submitted):
    days = (submitted.destroy_on - date(2022, 7, 1)).days
    actions.destroy_due(now=city.at(days=days))
    submitted.refresh_from_db()
    assert (submitted.report, submitted.summary, submitted.lives_in) == ("", "", None)
    assert actions.destroy_due(now=city.at(days=days)) == (0, 0)
