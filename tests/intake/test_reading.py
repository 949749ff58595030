"""Whatever the encoding, the comments and the height of the header: the same rows."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from tongchou.cases.models import Case
from tongchou.intake import actions
from tongchou.intake.errors import IntakeError
from tongchou.intake.fields import Kind
from tongchou.intake.models import Import, State
from tongchou.intake.profiles import every, load
from tongchou.intake.reading import BadSheet, File, find, kind_of, opened, said
from tongchou.kit.tables import Unreadable
from tongchou.people.models import Identity

Bring = Callable[..., Import]
CHINESE = "编号,姓名,病例分类,报告日期\nB-1,张三丰,确诊,2022-07-01\nB-2,李时珍,疑似,2022-07-01\n"


def names() -> list[str]:
    return sorted(identity.name for identity in Identity.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_every_encoding(bring: Bring, encoding: str) -> None:
    of = bring(CHINESE.encode(encoding), "template")
    assert of.reconciled == "2 read = 2 stored + 0 refused"
    assert names() == ["张三丰", "李时珍"]


@pytest.mark.django_db
def test_western_letters_are_read_in_latin_1(bring: Bring) -> None:
    head = "epidNumber,disease,person.firstName,person.lastName,reportDate\n"
    text = head + "E-1,EVD,Günther,Heinze,03/11/2020\nE-2,EVD,Jürgen,Meyer,03/12/2020\n"
    bring(text.encode("latin-1"), "sormas-case")
    assert names() == ["Günther Heinze", "Jürgen Meyer"]


@pytest.mark.django_db
def test_two_header_rows_and_comments_anywhere(bring: Bring) -> None:
    text = (
        "## a comment, with a comma\nCaseData,Person,Person,CaseData,CaseData\n## another\n"
        "disease,person.firstName,person.lastName,epidNumber,reportDate\n"
        "EVD,One,Test,E-1,11/20/2018\n## between\nEVD,Two,Test,E-2,11-21-2018\n## at the end\n"
    )
    of = bring(text, "sormas-case")
    assert of.reconciled == "2 read = 2 stored + 0 refused"
    assert [line.number for line in of.lines.order_by("id")] == [5, 7]


@pytest.mark.django_db
def test_one_header_row_of_the_same_source_is_read_as_well(bring: Bring) -> None:
    text = "disease,person.firstName,epidNumber,reportDate\nEVD,One,E-1,11/20/2018\n"
    assert bring(text, "sormas-case").n_new == 1


@pytest.mark.django_db
def test_a_workbook_is_read_from_the_sheet_of_its_name(bring: Bring) -> None:
    book = Workbook()
    book.active.title = "说明"
    page = book.create_sheet("病例 Cases")
    page.append(["编号", "病例分类", "报告日期"])
    page.append(["B-1", "确诊", "2022-07-01"])
    out = io.BytesIO()
    book.save(out)
    assert bring(out.getvalue(), "template").n_new == 1


def sheet(text: str) -> File:
    return File(io.BytesIO(text.encode()))


def test_the_header_tells_which_profile_fits() -> None:
    found = find(sheet("id,age,sex,loc_hosp,dt_onset,dt_report,outcome\n"), every())
    assert (found[0].profile.id, found[0].sheet.kind) == ("mers-korea", Kind.CASE)


def test_the_template_is_found_by_its_headings() -> None:
    assert find(sheet("编号,病例分类,报告日期\n"), every())[0].profile.id == "template"


def test_nothing_fits_a_stranger() -> None:
    assert find(sheet("a,b,c\n1,2,3\n"), every()) == []


def test_a_sheet_of_the_profile_is_told_from_its_others() -> None:
    follow_ups = sheet("uuid,contact_id,contact_uuid,followup_status,date_of_followup,address\n")
    assert kind_of(follow_ups, load("godata"), Kind) is Kind.FOLLOW_UP


def test_a_stranger_is_refused_with_what_it_has() -> None:
    with pytest.raises(BadSheet, match="It has a, b; the profile reads id, age"):
        opened(sheet("a,b\n"), load("mers-korea").sheets[Kind.CASE])


def test_why_a_file_cannot_be_read_is_said_in_both_languages() -> None:
    with pytest.raises(Unreadable) as empty:
        opened(File(io.BytesIO(b"")), load("mers-korea").sheets[Kind.CASE])
    broken = Unreadable('a quotation mark (") is opened here and never closed', line=3)
    with translation.override("zh-hans"):
        assert said(empty.value) == "文件为空"
        assert said(broken) == '第 3 行: 此处的引号（"）没有闭合'


def test_a_profile_without_such_a_sheet_says_so() -> None:
    with pytest.raises(BadSheet, match="sormas-case has no such sheet"):
        kind_of(sheet("a,b\n"), load("sormas-case"), [Kind.CONTACT])


def test_an_empty_file_is_no_sheet_of_any_kind() -> None:
    with pytest.raises(Unreadable, match="empty"):
        kind_of(sheet(""), load("godata"), Kind)


@pytest.mark.django_db
def test_a_missing_column_names_the_one_it_may_be(city: Any, receive: Bring) -> None:
    of = receive("id,age,dt_reports\nSK_1,68,2015-05-19\n", kind=Kind.CASE)
    with pytest.raises(IntakeError, match="“dt_report” is missing. Is it “dt_reports”"):
        actions.run(of=of, now=city.at(days=1))
    of.refresh_from_db()
    assert of.state == State.FAILED and "dt_report" in of.fault


@pytest.mark.django_db
def test_a_file_cut_off_within_quotes_stores_nothing(city: Any, receive: Bring) -> None:
    of = receive('id,age,dt_report\nSK_1,68,2015-05-19\nSK_2,"6', kind=Kind.CASE)
    with pytest.raises(IntakeError, match="line 3"):
        actions.run(of=of, now=city.at(days=1))
    assert Case.objects.count() == 0
