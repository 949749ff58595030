"""The plain template, written from its profile: headings, hints, drop-downs, an example."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tongchou.intake.fields import FIELDS, Field, Kind, Type
from tongchou.intake.layout import Sheet
from tongchou.intake.profiles import load

NAME = "template"
_ROWS = 2000  # how far down the drop-downs reach
_HEAD = PatternFill("solid", fgColor="FFDCE6F1")
_EXAMPLES = {
    Kind.CASE: (
        {
            "number": "B-001",
            "name": "张某",
            "sex": "male",
            "age": "46",
            "classification": "confirmed",
            "severity": "mild",
            "found_by": "community",
            "onset_on": "2022-06-27",
            "sampled_on": "2022-06-28",
            "diagnosed_on": "2022-06-29",
            "reported_on": "2022-06-29",
            "hospital": "市第一医院",
        },
    ),
    Kind.CONTACT: (
        {
            "number": "M-001",
            "case": "B-001",
            "name": "李某",
            "sex": "female",
            "age": "43",
            "tier": "close",
            "way": "living",
            "place_kind": "home",
            "first_on": "2022-06-25",
            "last_on": "2022-06-29",
            "listed_on": "2022-06-29",
            "status": "open",
        },
    ),
}


def as_xlsx() -> bytes:
    """The template as a workbook: cases, contacts, and an example of both."""
    profile, book = load(NAME), Workbook()
    del book[book.sheetnames[0]]
    for kind, sheet in profile.sheets.items():
        page = book.create_sheet(sheet.worksheets[0])
        _head(page, kind, sheet)
        _choices(page, kind, sheet)
    for kind, sheet in profile.sheets.items():
        page = book.create_sheet(f"示例 Example {sheet.worksheets[1]}")
        _head(page, kind, sheet)
        for said in _EXAMPLES[kind]:
            page.append([_example(sheet, name, said.get(name, "")) for name in sheet.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(kind: Kind) -> bytes:
    """One sheet of the template as text that Excel opens in Chinese."""
    sheet = load(NAME).sheets[kind]
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(_headings(sheet))
    rows.writerow(_hints(kind, sheet))
    return out.getvalue().encode("utf-8-sig")


def _headings(sheet: Sheet) -> list[str]:
    return [source.columns[0] for source in sheet.columns.values()]


def _hints(kind: Kind, sheet: Sheet) -> list[str]:
    hints = [_hint(FIELDS[kind][name], name in sheet.required) for name in sheet.columns]
    # The whole row is skipped when it comes back, because it begins so.
    return [f"{sheet.comment} hint: {hints[0]}", *hints[1:]]


def _hint(field: Field, required: bool) -> str:
    parts = ["必填 required"] if required else []
    match field.type:
        case Type.DATE:
            parts.append(f"日期 date: {date(2022, 7, 1)}")
        case Type.CHOICE:
            parts.append("选一项 choose")
        case Type.AREA:
            parts.append("代码或名称 code or name")
        case Type.WHOLE:
            parts.append("数字 digits")
        case Type.REFERENCE:
            parts.append("对应编号 its number")
        case Type.IDENTITY:
            parts.append("加密保存 kept sealed")
    return "; ".join(parts)


def _head(page: Worksheet, kind: Kind, sheet: Sheet) -> None:
    page.append(_headings(sheet))
    page.append(_hints(kind, sheet))
    for number, name in enumerate(sheet.columns, 1):
        head, hint = page.cell(1, number), page.cell(2, number)
        head.font = Font(bold=True)
        head.fill = _HEAD
        hint.font = Font(italic=True, color="FF666666")
        hint.alignment = Alignment(wrap_text=True, vertical="top")
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 22 if name in ("document", "address") else 16
        if FIELDS[kind][name].type in (Type.IDENTITY, Type.TEXT):
            # As text, or Excel rounds an ID number to fifteen digits.
            page.column_dimensions[letter].number_format = "@"
    page.freeze_panes = "B3"


def _choices(page: Worksheet, kind: Kind, sheet: Sheet) -> None:
    for number, name in enumerate(sheet.columns, 1):
        if FIELDS[kind][name].type is not Type.CHOICE:
            continue
        listed = ",".join(_words(sheet, name))
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        choice.errorTitle, choice.error = "统筹 Tongchou", "请从列表中选择 Choose from the list"
        page.add_data_validation(choice)
        letter = get_column_letter(number)
        choice.add(f"{letter}3:{letter}{_ROWS}")


def _words(sheet: Sheet, name: str) -> Iterable[str]:
    """The first word of each of our codes, in the order of the profile."""
    first: dict[str, str] = {}
    for theirs, ours in sheet.values[name].items():
        first.setdefault(ours, theirs)
    return first.values()


def _example(sheet: Sheet, name: str, code: str) -> str:
    for theirs, ours in sheet.values.get(name, {}).items():
        if ours == code and code:
            return theirs
    return code
