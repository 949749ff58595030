"""Refused rows come back as the sheet they were, with the reason beside each."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.intake.conftest import MERS, mers
from tongchou.cases.models import Case
from tongchou.intake import actions, returned, template
from tongchou.intake.fields import Kind
from tongchou.intake.models import Import
from tongchou.intake.profiles import load
from tongchou.kit import tables
from tongchou.kit.tables import Layout

pytestmark = pytest.mark.django_db

Bring = Callable[..., Import]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_columns_are_the_same_in_the_same_order(bring: Bring) -> None:
    of = bring(mers("SK_1,x,M,,2015-05-19,,,,Alive,,", "SK_2,68,M,,2015-05-19,,,,Alive,,"))
    header, row = rows(returned.as_csv(of, language="en"))
    assert header == [*MERS.strip().split(","), "Why refused (tongchou)"]
    assert row[:3] == ["SK_1", "x", "M"]
    assert row[-1] == "age: “x” is not a number. Write digits only."


def test_both_header_rows_come_back(bring: Bring) -> None:
    text = (
        "CaseData,Person,CaseData,CaseData\ndisease,person.firstName,epidNumber,reportDate\n"
        "EVD,One,E-1,31/12/2018\n"
    )
    of = bring(text, "sormas-case")
    found = rows(returned.as_csv(of, language="zh-hans"))
    assert found[0] == ["CaseData", "Person", "CaseData", "CaseData", ""]
    assert found[1][-1] == "拒收原因（统筹）"


def test_a_mended_sheet_is_taken(bring: Bring) -> None:
    of = bring(mers("SK_1,x,M,,2015-05-19,,,,Alive,,"))
    mended = returned.as_csv(of, language="en").replace(b"SK_1,x", b"SK_1,68")
    assert bring(mended).reconciled == "1 read = 1 stored + 0 refused"


def test_a_workbook_comes_back_as_text_cells(bring: Bring) -> None:
    of = bring(mers("SK_1,=1+1,M,,2015-05-19,,,,Alive,,"))
    page = load_workbook(io.BytesIO(returned.as_xlsx(of, language="en"))).active
    cell = page.cell(2, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    again = bring(returned.as_xlsx(of, language="en"))
    assert again.n_refused == 1


def test_an_accepted_offer_no_longer_comes_back(city: Any, bring: Bring) -> None:
    bring(mers("SK_1,68,M,2015-05-11,2015-05-19,,,,Alive,,"))
    of = bring(mers("SK_1,69,M,2015-05-11,2015-05-19,,,,Alive,,"))
    assert len(rows(returned.as_csv(of, language="en"))) == 2
    actions.accept(refusal=of.refusals.get(), by=city.qian, now=city.at(days=2))
    assert len(rows(returned.as_csv(of, language="en"))) == 1


# --- any table reconciles ------------------------------------------------------------------------

cell = st.one_of(
    st.sampled_from(["", "SK_1", "SK_2", "68", "M", "2015-05-19", "2015-06-31", "Alive", "5月1日"]),
    st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=8),
)


@settings(
    settings.get_profile("quick"), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=st.lists(st.lists(cell, min_size=1, max_size=13), max_size=12))
def test_any_table_reconciles_and_comes_back_whole(
    table: list[list[str]], bring: Bring, city: Any
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([MERS.strip().split(","), *table])
    with transaction.atomic():  # each table meets an empty store
        of = bring(out.getvalue())
        written = [row for row in table if any(c.strip() for c in row)]
        assert of.n_read == len(written) == of.n_stored + of.n_refused
        assert Case.objects.count() == of.n_new
        again = bring(out.getvalue())
        assert (again.n_new, again.reconciled) == (0, of.reconciled)
        assert len(rows(returned.as_csv(of, language="en"))) == of.n_refused + 1
        transaction.set_rollback(True)


# --- the template --------------------------------------------------------------------------------


def test_the_workbook_has_hints_choices_and_an_example() -> None:
    book = load_workbook(io.BytesIO(template.as_xlsx()))
    assert book.sheetnames[:2] == ["病例 Cases", "密接 Contacts"]
    page = book["病例 Cases"]
    assert page["A2"].value.startswith("# 提示")
    choices = [v for v in page.data_validations.dataValidation if "确诊 confirmed" in v.formula1]
    assert choices and all(len(v.formula1) <= 255 for v in page.data_validations.dataValidation)


@pytest.mark.parametrize("kind", [Kind.CASE, Kind.CONTACT])
def test_the_template_is_read_by_its_own_profile(kind: Kind) -> None:
    sheet = load("template").sheets[kind]
    layout = Layout(comment=sheet.comment)
    table = tables.read(template.as_csv(kind), layout)
    assert table.header == [source.columns[0] for source in sheet.columns.values()]
    assert list(table.body) == []


def test_the_example_can_be_imported(city: Any, bring: Bring) -> None:
    book = load_workbook(io.BytesIO(template.as_xlsx()))
    for name in book.sheetnames[:2]:
        del book[name]
    for page in book.worksheets:
        page.title = page.title.removeprefix("示例 Example ")
    out = io.BytesIO()
    book.save(out)
    for kind in (Kind.CASE, Kind.CONTACT):
        of = bring(out.getvalue(), "template", kind=kind)
        assert of.reconciled == "1 read = 1 stored + 0 refused"
    assert Case.objects.get().number == "B-001"


def test_the_empty_template_stores_nothing(bring: Bring) -> None:
    of = bring(template.as_xlsx(), "template", kind=Kind.CASE)
    assert of.reconciled == "0 read = 0 stored + 0 refused"
