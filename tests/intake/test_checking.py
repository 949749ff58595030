"""Each fault of a row is told with its line, its column, its reason and how to mend it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from tests.intake.conftest import mers
from tongchou.cases.models import Case
from tongchou.intake import queries
from tongchou.intake.models import Import

pytestmark = pytest.mark.django_db

Bring = Callable[..., Import]
PLAIN = "编号,性别,年龄,病例分类,发病日期,报告日期,暴露开始,暴露结束,职业,身份证号,电话,姓名\n"


def refusals(of: Import) -> list[tuple[int, str]]:
    return [(row.refusal.number, row.reasons) for row in queries.refused(of)]


def remarks(of: Import) -> list[str]:
    return [r.code for r in queries.remarks(of)]


def refused(bring: Bring, row: str) -> str:
    """Why a row of the template is refused."""
    of = bring(PLAIN + row + "\n", "template")
    assert of.n_refused == 1
    return refusals(of)[0][1]


def test_a_refusal_names_line_column_reason_and_mend(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,,,,Alive,,", "SK_2,x,M,,2015-05-19,,,,Alive,,"))
    assert refusals(of) == [(3, "age: “x” is not a number. Write digits only.")]


def test_all_faults_of_a_row_are_told_at_once(bring: Bring) -> None:
    of = bring(mers("SK_1,x,Q,,,,,,Alive,,"))
    [(_line, said)] = refusals(of)
    assert "age:" in said and "sex:" in said and "dt_report:" in said


def test_the_reader_s_language_decides_when_it_is_read(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,,,,,Alive,,"))
    with translation.override("zh-hans"):
        [(_line, said)] = refusals(of)
    assert "请填写" in said


def test_an_unknown_word_names_the_nearest(bring: Bring) -> None:
    assert "Did you mean “确诊病例”?" in refused(bring, "B-1,,,确诊病人,,2022-07-01,,,,,,")


def test_a_day_that_has_not_come_is_refused(bring: Bring) -> None:
    assert "2022-07-05 has not come yet." in refused(bring, "B-1,,,确诊,,2022-07-05,,,,,,")


def test_a_day_without_a_year_asks_for_it(bring: Bring) -> None:
    said = refused(bring, "B-1,,,确诊,6月27日,2022-07-01,,,,,,")
    assert "“6月27日” is a day without a year." in said and "such as 2022-06-27" in said


def test_an_ambiguous_day_is_not_guessed(bring: Bring) -> None:
    assert "is not a date as this list writes them" in refused(
        bring, "B-1,,,确诊,03/04/2022,2022-07-01,,,,,,"
    )


def test_a_day_in_another_order_is_recognised_and_refused(bring: Bring) -> None:
    head = "epidNumber,disease,person.firstName,reportDate\n"
    of = bring(head + "E-1,EVD,One,20.11.2018\n", "sormas-case")
    assert "If it means 2018-11-20" in refusals(of)[0][1]


def test_an_excel_serial_is_read_with_a_remark(bring: Bring) -> None:
    of = bring(PLAIN + "B-1,,,确诊,44739,2022-07-01,,,,,,\n", "template")
    assert str(Case.objects.get().onset_on) == "2022-06-27"
    assert remarks(of) == ["serial_date"]


def test_an_impossible_order_is_kept_with_a_remark(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,2015-05-25,2015-05-19,,,,Alive,,"))
    assert of.reconciled == "1 read = 1 stored + 0 refused"
    assert [str(p) for p in queries.remarks_of(Case.objects.get())] == [
        "dt_onset: The illness began after it was reported. "
        "Mend the onset, or report the case as asymptomatic and correct it later."
    ]


def test_an_exposure_that_ends_before_it_begins_cannot_be_stored(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,2015-05-10,2015-05-01,,Alive,,"))
    assert "The exposure ends before it begins." in refusals(of)[0][1]


def test_an_age_that_does_not_fit_the_document_is_a_remark(bring: Bring) -> None:
    of = bring(PLAIN + "B-1,,50,确诊,,2022-07-01,,,,11010519491231002X,,张三\n", "template")
    assert remarks(of) == ["age_and_birth"]


def test_an_age_beyond_all_people_is_refused(bring: Bring) -> None:
    assert "168 lies outside 0 to 130." in refused(bring, "B-1,,168,确诊,,2022-07-01,,,,,,")


def test_months_of_age_become_years(bring: Bring) -> None:
    head = "epidNumber,disease,person.firstName,reportDate,person.approximateAge,"
    head += "person.approximateAgeType\n"
    bring(head + "E-1,EVD,One,11/20/2018,18,MONTHS\n", "sormas-case")
    assert Case.objects.get().age == 1


def test_a_wrong_document_number_is_refused_and_masked(bring: Bring) -> None:
    said = refused(bring, "B-1,,,确诊,,2022-07-01,,,,110105194912310021,,张三")
    assert "check digit" in said and "110105" not in said


def test_a_number_of_a_person_in_another_column_is_refused(bring: Bring) -> None:
    said = refused(bring, "B-1,,,确诊,,2022-07-01,,,司机 13800001234,,,")
    assert "Move it to its own column" in said and "1380" not in said


def test_a_text_that_would_be_cut_is_refused(bring: Bring) -> None:
    said = refused(bring, f"B-1,,,确诊,,2022-07-01,,,{'很' * 81},,,")
    assert "This text has 81 characters; 80 can be kept." in said


def test_a_number_twice_in_the_file_keeps_the_first(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,,,,Alive,,", "SK_1,70,M,,2015-05-19,,,,Alive,,"))
    assert refusals(of)[0][0] == 3
    assert "stands in line 2 already" in refusals(of)[0][1]
    assert Case.objects.get().age == 68


def test_a_row_with_too_many_cells_is_refused_whole(bring: Bring) -> None:
    of = bring(mers("SK_1,68,M,,2015-05-19,,,,Alive,,Hospital, Seoul"))
    assert "12 cells, the header has 11" in refusals(of)[0][1]


def test_what_programs_write_for_nothing_is_nothing(bring: Bring) -> None:
    bring(mers("SK_1,NA,M,N/A,2015-05-19,,,,Alive,,"))
    case = Case.objects.get()
    assert (case.age, case.onset_on) == (None, None)


def test_a_row_without_a_number_is_known_again_by_what_it_says(bring: Bring) -> None:
    text = "姓名,病例分类,报告日期\n张三,确诊,2022-07-01\n李四,确诊,2022-07-01\n"
    assert bring(text, "template").n_new == 2
    again = bring(text, "template")
    assert (again.n_new, again.n_unchanged) == (0, 2)
    assert all(number.startswith("~") for number in Case.objects.values_list("number", flat=True))


def test_the_words_of_a_profile_go_before_ours(bring: Bring) -> None:
    # SORMAS says "ALIVE" of everybody who has not died; our "alive" ends a case.
    head = "epidNumber,disease,person.firstName,reportDate,person.presentCondition\n"
    bring(head + "E-1,EVD,One,11/20/2018,ALIVE\n", "sormas-case")
    assert Case.objects.get().outcome == ""


def test_the_file_s_own_heading_is_named(bring: Bring) -> None:
    assert refused(bring, "B-1,,,确诊,,2022-07-01,,,,1,,张三").startswith("身份证号: ")


def test_the_words_of_the_list_are_offered_before_ours(bring: Bring) -> None:
    assert "female, male" not in refused(bring, "B-1,Q,,确诊,,2022-07-01,,,,,,")


def test_a_death_without_a_day_is_kept_with_a_remark(bring: Bring) -> None:
    assert remarks(bring(mers("SK_1,68,M,,2015-05-19,,,,Dead,,"))) == ["died_undated"]


def test_a_year_can_be_given_by_the_profile(bring: Bring, settings: Any, tmp_path: Any) -> None:
    settings.TONGCHOU_DATA = tmp_path
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ours.toml").write_text(OURS, encoding="utf-8")
    of = bring("no,day\n1,6月27日\n", "ours")
    assert str(Case.objects.get().reported_on) == "2015-06-27"
    assert remarks(of) == ["year_filled"]


OURS = """
title = { en = "Ours", zh = "本地" }
area = { code = "X", name = "X" }
[case]
key = "no"
year = 2015
columns = { number = "no", reported_on = "day" }
defaults = { disease = "mers", classification = "confirmed", outcome = "alive" }
"""
