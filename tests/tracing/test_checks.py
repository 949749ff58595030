"""The twelve list checks, one fact each way."""

from dataclasses import replace
from datetime import date

import pytest

from tongchou.areas.models import Level
from tongchou.tracing import checks
from tongchou.tracing.checks import CHECKS, Circumstances, Line, Meeting

AROUND = Circumstances(
    today=date(2022, 7, 3),
    n_days={"close": 10, "secondary": 7},
    look_back_days={"close": 2, "secondary": 2},
)
MEETING = Meeting(way="meal", last_on=date(2022, 7, 1), case_begins_on=date(2022, 7, 1))
GOOD = Line(
    tier="close",
    area_level=Level.COMMUNITY,
    has_phone=True,
    meetings=(MEETING,),
)


def codes(line):
    return [finding.code for finding in checks.run(line, AROUND)]


def met(**facts):
    return replace(GOOD, meetings=(replace(MEETING, **facts),))


def test_there_are_twelve():
    assert len(CHECKS) == 12


def test_a_good_line_passes():
    assert codes(GOOD) == []


def test_every_finding_carries_the_name_of_its_check():
    assert codes(replace(GOOD, area_level=Level.DISTRICT)) == ["street"]


@pytest.mark.parametrize("level", [None, Level.CITY, Level.DISTRICT])
def test_nobody_can_be_sent_to_a_district(level):
    assert "street" in codes(replace(GOOD, area_level=level))


def test_a_street_will_do():
    assert codes(replace(GOOD, area_level=Level.STREET)) == []


def test_a_close_contact_met_a_case():
    assert codes(met(case=False, through=True)) == ["source"]


def test_a_secondary_contact_met_a_close_contact():
    assert "source" in codes(replace(GOOD, tier="secondary"))


def test_a_secondary_contact_with_the_contact_between_passes():
    line = met(case=False, through=True, case_begins_on=None)
    assert codes(replace(line, tier="secondary")) == []


def test_other_needs_a_note():
    assert codes(met(way="other")) == ["way"]


def test_other_with_a_note_passes():
    assert codes(met(way="other", note="shared a lift")) == []


def test_quarantine_counts_from_the_last_contact():
    assert codes(met(last_on=None)) == ["last_day"]


def test_nobody_meets_tomorrow():
    assert codes(met(last_on=date(2022, 7, 4))) == ["day_to_come"]


def test_before_the_look_back_nobody_was_infectious():
    assert codes(met(last_on=date(2022, 6, 28))) == ["too_early"]


def test_two_days_before_onset_count():
    assert codes(met(last_on=date(2022, 6, 29))) == []


def test_one_meeting_in_time_is_enough():
    early = replace(MEETING, last_on=date(2022, 6, 1))
    assert codes(replace(GOOD, meetings=(early, MEETING))) == []


def test_an_isolated_case_meets_nobody():
    assert codes(met(last_on=date(2022, 7, 3), case_isolated_on=date(2022, 7, 2))) == [
        "after_isolation"
    ]


def test_who_nurses_an_isolated_case_does_meet_it():
    line = met(way="nursing", last_on=date(2022, 7, 3), case_isolated_on=date(2022, 7, 2))
    assert codes(line) == []


def test_who_has_neither_phone_nor_document_cannot_be_told():
    assert codes(replace(GOOD, has_phone=False)) == ["reachable"]


def test_a_document_number_is_enough_to_find_somebody():
    assert codes(replace(GOOD, has_phone=False, has_document=True)) == []


def test_a_release_after_the_last_day_is_too_late():
    line = replace(GOOD, stage="received", stay="in_facility", ends_on=date(2022, 7, 12))
    assert codes(line) == ["ends_late"]


def test_a_release_on_the_last_day_is_not():
    line = replace(GOOD, stage="received", stay="in_facility", ends_on=date(2022, 7, 11))
    assert codes(line) == []


def test_who_is_in_quarantine_is_held_by_somebody():
    assert codes(replace(GOOD, stage="received")) == ["nobody_holds"]


def test_who_waits_for_the_transfer_is_not_in_quarantine():
    line = replace(GOOD, stage="received", stay="awaiting_transfer")
    assert codes(line) == ["nobody_holds"]


def test_who_was_checked_in_does_not_wait():
    assert codes(replace(GOOD, stage="located", stay="in_facility")) == ["waits_though_in"]


def test_elsewhere_has_a_name():
    assert codes(replace(GOOD, stage="elsewhere")) == ["destination"]


def test_elsewhere_with_a_name_passes():
    assert codes(replace(GOOD, stage="elsewhere", destination="宜昌")) == []


@pytest.mark.parametrize("stage", ["released", "dismissed", "ill", "record"])
def test_who_is_done_with_has_nothing_to_mend(stage):
    assert codes(Line(tier="close", stage=stage)) == []


def test_every_finding_says_what_is_wrong_and_how_to_mend_it():
    bad = Line(tier="close", meetings=(Meeting(way="other"),))
    for finding in checks.run(bad, AROUND):
        assert str(finding.says) and str(finding.mend) and finding.field
