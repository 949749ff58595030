"""Files for spreadsheets: whole, harmless, named by their time."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory
from openpyxl import load_workbook

from tongchou.shell import export

NOW = datetime(2022, 4, 3, 6, 12, tzinfo=UTC)
COLUMNS = ("pseudonym", "note", "days", "seen_at", "released_on", "sure")
ROWS = [
    ("P-1", "同餐", 3, NOW, date(2022, 4, 10), True),
    ("P-2", '=HYPERLINK("http://x")', -1, None, None, False),
    ("P-3", "@cmd|calc", 2.5, None, None, None),
]


@pytest.fixture(autouse=True)
def in_china(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    if file := getattr(response, "file_to_stream", None):
        file.close()  # a server closes the response, which would take the database along here
    return content


def test_csv_opens_in_excel_and_stands_in_local_time() -> None:
    raw = body(export.csv_response("contacts", COLUMNS, ROWS, now=NOW))
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert lines[1] == ["P-1", "同餐", "3", "2022-04-03 14:12:00", "2022-04-10", "1"]
    assert len(lines) == 4


def test_a_formula_from_outside_is_disarmed_and_a_number_stays_one() -> None:
    raw = body(export.csv_response("contacts", COLUMNS, ROWS, now=NOW)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(raw)))
    assert lines[2][1].startswith("'=HYPERLINK") and lines[2][2] == "-1"
    assert lines[3][1] == "'@cmd|calc"


def test_a_workbook_keeps_types_and_never_a_formula() -> None:
    raw = body(export.xlsx_response("contacts", COLUMNS, ROWS, now=NOW))
    sheet = load_workbook(io.BytesIO(raw)).active
    assert sheet is not None
    first, second = list(sheet.iter_rows(min_row=2, max_row=3))
    assert first[3].value == datetime(2022, 4, 3, 14, 12)  # noqa: DTZ001  no zones in Excel
    assert (second[1].value, second[1].data_type) == ('=HYPERLINK("http://x")', "s")
    assert second[2].value == -1
    assert sheet.freeze_panes == "A2"


def test_a_sheet_too_long_is_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 2)
    with pytest.raises(BadRequest, match="export CSV, or filter first"):
        export.xlsx_response("contacts", COLUMNS, ROWS, now=NOW)


def test_the_file_is_named_by_the_time_it_was_true_at() -> None:
    response = export.csv_response("密接", COLUMNS, [], now=NOW)
    assert 'filename="20220403-1412.csv"' in response["Content-Disposition"]
    assert "%E5%AF%86%E6%8E%A5-20220403-1412.csv" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_form_chooses_the_format(kind: str) -> None:
    request = RequestFactory().post("/", {"format": kind, "reason": "daily report"})
    want = export.wanted(request)
    assert want.reason == "daily report"
    response = export.respond(want, "contacts", COLUMNS, ROWS, now=NOW)
    assert f".{kind}" in response["Content-Disposition"]
    body(response)


@pytest.mark.parametrize("sent", [{"format": "pdf", "reason": "x" * 9}, {"format": "csv"}])
def test_an_export_needs_a_format_and_a_reason(sent: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        export.wanted(RequestFactory().post("/", sent))
