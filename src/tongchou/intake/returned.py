"""Refused rows as the sheet they came from: the same columns in the same order, and one more that
says why. Whoever mends it hands it in again under the same profile.
"""

import csv
import io
import re
from collections.abc import Iterator

from tongchou.intake import queries
from tongchou.intake.checking import REASON
from tongchou.intake.models import Import
from tongchou.shell.export import DANGEROUS

_NUMBER = re.compile(r"[+-]?\d[\d .]*")


def as_csv(of: Import, *, language: str) -> bytes:
    """As text; with the mark of UTF-8, so that Excel shows Chinese."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(map(_harmless, _rows(of, language)))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(of: Import, *, language: str) -> bytes:
    """As a workbook; every cell is text, so that no number loses digits and no formula runs."""
    from openpyxl import Workbook  # a third of the time until the first page
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet(of.worksheet or None)
    for row in _rows(of, language):
        cells = []
        for value in row:
            cell = WriteOnlyCell(page, value)
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(of: Import, language: str) -> Iterator[list[str]]:
    title = REASON["zh" if language.startswith("zh") else "en"]
    width = max((len(row) for row in of.header), default=0)
    for number, names in enumerate(of.header, 1):
        last = number == len(of.header)
        yield [*_wide(names, width), title if last else ""]
    for row in queries.refused(of):
        yield [*_wide(row.cells, width), row.reasons]


def _harmless(row: list[str]) -> list[str]:
    """A cell that a spreadsheet would run gets an apostrophe, which `checking` takes off again."""
    return [f"'{c}" if c.startswith(DANGEROUS) and not _NUMBER.fullmatch(c) else c for c in row]


def _wide(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
