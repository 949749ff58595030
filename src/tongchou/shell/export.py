"""CSV and Excel for people who must go on in a spreadsheet: whole, flat in memory, harmless.

A cell that begins with = + - or @ is a formula to a spreadsheet, and names come from outside.
Recording who exported what and why is the desk's part (`records.audit`), before it answers.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What one sheet of Excel holds with its head; more is refused, never cut off.
XLSX_ROWS = 1_048_575


@dataclass(frozen=True)
class Wanted:
    """What the export button posts: the format, and the reason that goes into the audit."""

    format: str
    reason: str


def wanted(request: HttpRequest) -> Wanted:
    """Reads the export button's form; a format we do not write or a missing reason is refused."""
    kind = request.POST.get("format", "")
    reason = request.POST.get("reason", "").strip()
    if kind not in ("csv", "xlsx"):
        raise BadRequest("Ask for csv or xlsx.")
    if len(reason) < 4:
        raise BadRequest("An export needs a reason.")
    return Wanted(kind, reason[:200])


def plain(value: Any) -> Any:
    """A value as it stands in a file: local time without zone, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, (int, float, date)):
        return value
    return str(value)


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    value = plain(value)
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def file_name(stem: str, kind: str, *, now: datetime) -> str:
    """`contacts-20220403-1412.csv`: the time it was true at is in the name."""
    return f"{stem}-{timezone.localtime(now):%Y%m%d-%H%M}.{kind}"


def _disposition(name: str) -> str:
    ascii_name = name.encode("ascii", "ignore").decode().lstrip("-") or "export"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"


class _Echo:
    """A file that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_response(
    stem: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, now: datetime
) -> StreamingHttpResponse:
    """CSV in UTF-8 with the mark that makes Excel read it as such, sent line by line."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([str(c) for c in columns])
        for row in rows:
            yield writer.writerow([harmless(v) for v in row])

    name = file_name(stem, "csv", now=now)
    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": _disposition(name), "Cache-Control": "no-store"},
    )


def xlsx_response(
    stem: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, now: datetime
) -> FileResponse:
    """A workbook written row by row to a temporary file; text cells are text, never formulas."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(stem[:31])
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        made = WriteOnlyCell(sheet, value=None)
        value = plain(value)
        made.value = value
        if isinstance(value, str):
            made.data_type = "s"
        return made

    sheet.append([cell(str(c)) for c in columns])
    for count, row in enumerate(rows, start=1):
        if count > XLSX_ROWS:
            sheet.close()
            raise BadRequest("More rows than one Excel sheet holds: export CSV, or filter first.")
        sheet.append([cell(v) for v in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    book.save(file)
    file.seek(0)
    name = file_name(stem, "xlsx", now=now)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = _disposition(name)
    response["Cache-Control"] = "no-store"
    return response


def respond(
    want: Wanted,
    stem: str,
    columns: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    now: datetime,
) -> HttpResponseBase:
    """The file that was asked for."""
    if want.format == "csv":
        return csv_response(stem, columns, rows, now=now)
    return xlsx_response(stem, columns, rows, now=now)
