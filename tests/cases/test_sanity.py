"""Dates that cannot be true are named at their field, with the way to mend them."""

from datetime import date

import pytest

from tongchou.cases.sanity import Dates, faults, names_somebody

TODAY = date(2022, 7, 10)


def fields(**stated):
    return [(f.field, f.hard) for f in faults(Dates(**stated), today=TODAY)]


def test_dates_in_their_order_have_no_fault():
    stated = Dates(
        onset_on=date(2022, 7, 3),
        sampled_on=date(2022, 7, 4),
        diagnosed_on=date(2022, 7, 5),
        reported_on=date(2022, 7, 5),
        exposed_from=date(2022, 6, 28),
        exposed_to=date(2022, 6, 30),
        admitted_on=date(2022, 7, 6),
        outcome_on=date(2022, 7, 9),
        age=44,
        birth_year=1978,
    )
    assert faults(stated, today=TODAY) == []


@pytest.mark.parametrize("field", ["onset_on", "sampled_on", "reported_on", "exposed_from"])
def test_a_day_to_come_is_refused(field):
    assert (field, True) in fields(**{field: date(2022, 7, 11)})


def test_onset_after_the_report_is_refused():
    assert fields(onset_on=date(2022, 7, 6), reported_on=date(2022, 7, 5)) == [("onset_on", True)]


def test_onset_after_the_report_of_an_asymptomatic_case_only_asks():
    stated = {"onset_on": date(2022, 7, 6), "reported_on": date(2022, 7, 5)}
    assert fields(**stated, asymptomatic=True) == [("onset_on", False)]


def test_onset_in_another_year_asks():
    assert fields(onset_on=date(2021, 7, 4), reported_on=date(2022, 7, 5)) == [("onset_on", False)]


def test_a_sample_long_before_onset_asks():
    stated = {"sampled_on": date(2022, 6, 18), "onset_on": date(2022, 7, 3)}
    assert fields(**stated) == [("sampled_on", False)]


def test_how_long_before_stands_in_the_playbook():
    stated = Dates(sampled_on=date(2022, 6, 18), onset_on=date(2022, 7, 3))
    assert faults(stated, today=TODAY, longest_incubation=21) == []


def test_an_exposure_that_ends_before_it_begins_is_refused():
    stated = {"exposed_from": date(2022, 7, 3), "exposed_to": date(2022, 7, 1)}
    assert fields(**stated) == [("exposed_to", True)]


def test_an_exposure_after_the_diagnosis_is_refused():
    stated = {"exposed_to": date(2022, 7, 6), "diagnosed_on": date(2022, 7, 5)}
    assert fields(**stated) == [("exposed_to", True)]


def test_an_exposure_after_onset_is_refused():
    stated = {"exposed_from": date(2022, 7, 4), "onset_on": date(2022, 7, 3)}
    assert fields(**stated) == [("exposed_from", True)]


def test_an_exposure_beyond_the_incubation_asks():
    stated = {"exposed_to": date(2022, 6, 10), "onset_on": date(2022, 7, 3)}
    assert fields(**stated) == [("exposed_to", False)]


def test_a_diagnosis_older_than_the_sample_asks():
    stated = {"diagnosed_on": date(2022, 7, 3), "sampled_on": date(2022, 7, 4)}
    assert fields(**stated) == [("diagnosed_on", False)]


def test_an_outcome_before_the_illness_is_refused():
    stated = {"outcome_on": date(2022, 7, 2), "onset_on": date(2022, 7, 3)}
    assert fields(**stated) == [("outcome_on", True)]


def test_an_outcome_before_the_admission_is_refused():
    stated = {"outcome_on": date(2022, 7, 2), "admitted_on": date(2022, 7, 3)}
    assert fields(**stated) == [("outcome_on", True)]


def test_an_age_that_does_not_fit_the_year_of_birth_is_refused():
    stated = {"age": 44, "birth_year": 1987, "reported_on": date(2022, 7, 5)}
    assert fields(**stated) == [("age", True)]


def test_an_age_may_be_a_year_off():
    assert fields(age=44, birth_year=1977, reported_on=date(2022, 7, 5)) == []


def test_every_fault_says_how_to_mend_it():
    stated = Dates(onset_on=date(2022, 7, 6), reported_on=date(2022, 7, 5))
    (fault,) = faults(stated, today=TODAY)
    assert str(fault.mend) and str(fault.mend) in str(fault)


@pytest.mark.parametrize("text", ["ring 13800001234", "证件 11010519491231002X。"])
def test_a_number_in_a_free_text_is_found(text):
    assert names_somebody(text)


def test_a_plain_text_passes():
    assert names_somebody("flat 1203, bus 138, from 8:00 to 10:30") is None
