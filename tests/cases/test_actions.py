"""Reporting, classifying, admitting, correcting, moving."""

from datetime import date

import pytest

from tongchou.cases import actions, moves
from tongchou.cases.errors import HasEnded, OpenCaseExists, Stale
from tongchou.cases.models import Case, Correction
from tongchou.ledger.errors import AlreadyHandedOver, WrongOutcome
from tongchou.records.models import AuditEvent


def test_a_report_starts_the_clock_of_the_cdc(city, li):
    leg = li.passage.handoffs.get()
    assert (leg.stage, leg.owner, leg.opened_at) == ("reported", "cdc", city.at())


def test_a_report_writes_the_first_row_of_the_classification_history(li):
    assert [c.classification for c in li.classifications.all()] == ["confirmed"]


def test_the_title_of_a_case_is_its_number_and_a_pseudonym(li):
    assert li.passage.title == f"{li.number} · {li.person}"


def test_numbers_count_up_by_themselves(reported):
    assert reported().number != reported().number


def test_a_number_given_by_the_reporter_is_kept(reported):
    assert reported(number="SK_1").number == "SK_1"


def test_a_report_remembers_what_caused_it(reported, li):
    assert reported(caused_by=li.passage).passage.caused_by == li.passage


def test_a_person_has_one_open_case_of_a_disease(reported, li):
    with pytest.raises(OpenCaseExists, match=li.number):
        reported(person=li.person)


def test_a_person_may_have_cases_of_two_diseases(reported, li):
    assert reported(person=li.person, disease="influenza").pk


def test_verifying_starts_the_clock_of_the_tracers(city, li):
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    assert li.passage.handoffs.get(done_at=None).owner == "tracer"


def test_verifying_may_classify_anew(city, reported):
    case = reported(classification="suspected")
    actions.verify(
        case=case,
        by=city.qian,
        now=city.at(hours=1),
        classification="confirmed",
        diagnosed_on=date(2022, 7, 1),
    )
    case.refresh_from_db()
    assert (case.classification, case.diagnosed_on) == ("confirmed", date(2022, 7, 1))
    assert case.classifications.count() == 2


def test_a_case_is_discarded_with_its_reason(city, li):
    actions.discard(case=li, reason="second test negative", by=city.qian, now=city.at(hours=1))
    li.refresh_from_db()
    assert (li.classification, li.outcome, li.passage.closed_at) == (
        "discarded",
        "discarded",
        city.at(hours=1),
    )
    assert li.classifications.last().reason == "second test negative"


def test_a_patient_in_hospital_cannot_be_discarded(city, admitted):
    with pytest.raises(WrongOutcome):
        actions.discard(case=admitted, reason="?", by=city.qian, now=city.at(hours=9))
    admitted.refresh_from_db()
    assert admitted.outcome == ""


def test_a_discarded_person_can_be_reported_again(city, reported, li):
    actions.discard(case=li, reason="negative", by=city.qian, now=city.at(hours=1))
    assert reported(person=li.person, now=city.at(hours=2)).pk != li.pk


def test_admission_is_dated_and_held_by_the_hospital(admitted):
    admitted.refresh_from_db()
    assert (admitted.admitted_on, admitted.hospital, admitted.passage.holds) == (
        date(2022, 7, 1),
        "市第一医院",
        True,
    )


def test_admission_may_set_the_severity(city, li):
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    actions.admit(case=li, by=city.lin, now=city.at(hours=2), severity="mild")
    li.refresh_from_db()
    assert li.severity == "mild"


def test_recovery_sets_outcome_and_date(city, admitted):
    actions.recover(case=admitted, by=city.lin, now=city.at(days=9))
    admitted.refresh_from_db()
    assert (admitted.outcome, admitted.outcome_on) == ("recovered", date(2022, 7, 10))


def test_a_recovered_patient_who_falls_ill_again_is_open_again(city, admitted):
    actions.recover(case=admitted, by=city.lin, now=city.at(days=9))
    actions.admit(case=admitted, by=city.lin, now=city.at(days=11))
    admitted.refresh_from_db()
    assert (admitted.outcome, admitted.outcome_on) == ("", None)


def test_a_second_case_keeps_the_first_from_being_opened_again(city, reported, admitted):
    actions.recover(case=admitted, by=city.lin, now=city.at(days=9))
    reported(person=admitted.person, now=city.at(days=10))
    with pytest.raises(OpenCaseExists):
        actions.admit(case=admitted, by=city.lin, now=city.at(days=11))
    assert Case.objects.get(pk=admitted.pk).passage.stage == "recovered"


def test_death_ends_the_case(city, admitted):
    actions.die(case=admitted, by=city.lin, now=city.at(days=3), on=date(2022, 7, 3))
    admitted.refresh_from_db()
    assert (admitted.outcome, admitted.outcome_on) == ("died", date(2022, 7, 3))
    assert admitted.passage.closed_at is not None


def test_follow_up_closes_the_loop(city, admitted):
    actions.recover(case=admitted, by=city.lin, now=city.at(days=9))
    actions.follow_up(case=admitted, by=city.chen, now=city.at(days=16), note="well")
    assert admitted.passage.stage == "followed_up"


def test_of_two_desks_that_act_at_once_the_second_is_told(city, li):
    seen_by_the_other = Case.objects.select_related("passage").get(pk=li.pk)
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    with pytest.raises(AlreadyHandedOver):
        actions.discard(
            case=seen_by_the_other, reason="negative", by=city.qian, now=city.at(hours=1)
        )
    assert Case.objects.get(pk=li.pk).outcome == ""


def test_a_case_without_a_passage_cannot_be_handed_on(city, li):
    li.passage = None
    with pytest.raises(HasEnded):
        actions.verify(case=li, by=city.qian, now=city.at(hours=1))


def test_classifying_adds_a_row_with_reason_and_name(city, li):
    actions.classify(
        case=li, classification="probable", reason="no test yet", by=city.qian, now=city.at(hours=1)
    )
    row = li.classifications.last()
    assert (row.classification, row.reason, row.by) == ("probable", "no test yet", city.qian)


def test_classifying_as_before_changes_nothing(city, li):
    actions.classify(
        case=li, classification="confirmed", reason="", by=city.qian, now=city.at(hours=1)
    )
    assert li.classifications.count() == 1


def test_classifying_as_discarded_ends_the_loop(city, li):
    actions.classify(
        case=li, classification="discarded", reason="negative", by=city.qian, now=city.at(hours=1)
    )
    assert li.passage.stage == "discarded"


def test_a_discarded_case_is_not_classified_again(city, li):
    actions.discard(case=li, reason="negative", by=city.qian, now=city.at(hours=1))
    with pytest.raises(HasEnded):
        actions.classify(
            case=li, classification="confirmed", reason="", by=city.qian, now=city.at(hours=2)
        )


def test_two_desks_that_classify_at_once_do_not_undo_each_other(city, li):
    other = Case.objects.get(pk=li.pk)
    actions.classify(
        case=li, classification="probable", reason="", by=city.qian, now=city.at(hours=1)
    )
    with pytest.raises(Stale):
        actions.classify(
            case=other, classification="suspected", reason="", by=city.wu, now=city.at(hours=1)
        )


def test_a_correction_keeps_what_stood_there_before(city, li):
    actions.update_facts(
        case=li, changes={"onset_on": date(2022, 6, 28)}, by=city.wu, now=city.at(hours=1)
    )
    row = Correction.objects.get(case=li)
    assert (row.field, row.before, row.after) == ("onset_on", "2022-06-29", "2022-06-28")


def test_the_audit_of_a_correction_names_fields_and_no_values(city, li):
    actions.update_facts(case=li, changes={"occupation": "cook"}, by=city.wu, now=city.at(hours=1))
    event = AuditEvent.objects.get(verb="case.correct")
    assert "occupation" in event.detail
    assert "cook" not in event.detail


def test_a_correction_of_nothing_leaves_no_trace(city, li):
    actions.update_facts(
        case=li, changes={"onset_on": li.onset_on}, by=city.wu, now=city.at(hours=1)
    )
    assert not Correction.objects.exists()


def test_a_stale_correction_is_refused_whole(city, li):
    other = Case.objects.get(pk=li.pk)
    actions.update_facts(case=li, changes={"age": 44}, by=city.wu, now=city.at(hours=1))
    with pytest.raises(Stale):
        actions.update_facts(case=other, changes={"age": 54}, by=city.lin, now=city.at(hours=1))
    li.refresh_from_db()
    assert li.age == 44


def test_what_is_not_a_fact_cannot_be_corrected(city, li):
    actions.update_facts(case=li, changes={"number": "X"}, by=city.wu, now=city.at(hours=1))
    li.refresh_from_db()
    assert li.number != "X"


def test_a_moved_case_belongs_to_the_other_area(city, li):
    actions.move(case=li, area=city.west, by=city.qian, now=city.at(hours=1))
    li.refresh_from_db()
    assert (li.area, li.area_path, li.passage.area) == (city.west, city.west.path, city.west)


def test_who_follows_cases_is_told_of_a_move(city, li):
    told = []

    def follow(case, *, by, now):
        told.append((case.number, by.username))

    moves.on_move(follow)
    try:
        actions.move(case=li, area=city.west, by=city.qian, now=city.at(hours=1))
    finally:
        moves.forget(follow)
    assert told == [(li.number, "qian")]
