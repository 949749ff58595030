"""A sheet of text from CSV, TSV or XLSX: header and rows, each row with its line in the file.

Every cell comes out as text exactly as it stands there; nothing is dropped, cut or guessed at. What
cannot be read stops with a sentence that says where and how to mend it. Rows stream: a million of
them take no more memory than one.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from tongchou.kit import encodings

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: Where a row has more cells than the header, `rows` keeps them under this name.
BEYOND = "(beyond the header)"
#: A zip of some kilobytes can unpack to terabytes.
MAX_UNPACKED = 2 << 30
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
#: Excel keeps 15 digits of a number: a longer document number in a number cell is already wrong.
_EXACT = 10**15


class Unreadable(ValueError):
    """The file cannot be read; the message says where (`line`, from 1) and how to mend it."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is laid out. What is empty is found out.

    Parameters
    ----------
    header_rows
        How many rows stand above the data; the last of them names the columns.
    comment
        A line that begins so is skipped, wherever it stands.
    worksheets
        Names of which the first that a workbook has is read; without any, its first visible sheet.
    """

    header_rows: int = 1
    comment: str = ""
    encoding: str = ""
    delimiter: str = ""
    worksheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is the line, or in a workbook the row, in which the row begins."""

    line: int
    cells: list[str]


@dataclass(slots=True)
class Table:
    """A sheet that was opened. Its rows can be taken once."""

    headers: list[list[str]]
    body: Iterator[Row]
    encoding: str
    encoding_reason: str
    delimiter: str = ""
    worksheet: str = ""

    @property
    def header(self) -> list[str]:
        """The names of the columns as they stand in the file, blanks around them removed."""
        return [name.strip() for name in self.headers[-1]] if self.headers else []

    @property
    def names(self) -> list[str]:
        """The same, each different: a second `name` is `name (2)`, a nameless one `column 3`."""
        names: list[str] = []
        for number, name in enumerate(self.header, 1):
            base = name or f"column {number}"
            count = 1
            while (free := base if count == 1 else f"{base} ({count})") in names:
                count += 1
            names.append(free)
        return names

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(line, cells by name of column). Cells that a short row lacks are empty."""
        names = self.names
        for row in self.body:
            named = dict(zip(names, [*row.cells, *[""] * len(names)], strict=False))
            beyond = [cell for cell in row.cells[len(names) :] if cell.strip()]
            if beyond:
                named[BEYOND] = " | ".join(beyond)
            yield row.line, named


def read(source: bytes | BinaryIO, layout: Layout | None = None) -> Table:
    """Open a sheet, whatever of the three kinds it is; its content decides, not its name."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    layout = layout or Layout()
    place = file.tell()
    head = file.read(4)
    file.seek(place)
    if not head:
        raise Unreadable("the file is empty")
    if head == _OLD_EXCEL:
        raise Unreadable(
            "an old Excel file (.xls), or one with a password: save it as .xlsx without a password"
        )
    table = _workbook(file, layout) if head == _ZIP else _text(file, layout)
    if len(table.headers) < layout.header_rows or not any(table.header):
        raise Unreadable("there is no header row that names the columns")
    return table


def worksheets(source: bytes | BinaryIO) -> list[str]:
    """The names of a workbook's visible worksheets; none where the file is no workbook."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    place = file.tell()
    try:
        if file.read(4) != _ZIP:
            return []
        from openpyxl import load_workbook

        file.seek(place)
        book = load_workbook(file, read_only=True)
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except (zipfile.BadZipFile, KeyError, OSError):
        return []  # `read` says what is wrong with it
    finally:
        file.seek(place)


# --- text --------------------------------------------------------------------------------------


def _text(file: BinaryIO, layout: Layout) -> Table:
    try:
        found = encodings.chosen(layout.encoding) if layout.encoding else encodings.detect(file)
    except encodings.UnknownEncoding as error:
        raise Unreadable(str(error)) from error
    text = io.TextIOWrapper(file, encoding=found.name, errors="strict", newline="")
    lines = _Lines(text, layout.comment, found.name)
    delimiter = layout.delimiter or _delimiter(lines.peek())
    records = _records(lines, csv.reader(lines, delimiter=delimiter, strict=True))
    headers = [row.cells for row in _first(records, layout.header_rows)]
    return Table(headers, records, found.name, found.reason, delimiter)


class _Lines:
    """The lines of a text; skips comments, but not inside a cell that spans several lines."""

    def __init__(self, text: io.TextIOWrapper, comment: str, codec: str) -> None:
        self.text, self.comment, self.codec = text, comment, codec
        self.number = 0
        self.begin = 0
        self.fresh = True
        self.waiting: str | None = None

    def __del__(self) -> None:
        with suppress(ValueError):  # else the wrapper would close a file that is not ours
            self.text.detach()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while True:
            line = self._take()
            if not self.fresh:
                return line
            if self.comment and line.lstrip(' "\t').startswith(self.comment):
                continue
            self.fresh, self.begin = False, self.number
            return line

    def _take(self) -> str:
        line, self.waiting = self.waiting, None
        if line is None:
            try:
                line = next(self.text)
            except UnicodeDecodeError as error:
                # decoded in blocks: the lines of this block before the fault were not given yet
                before = error.object[: error.start].count(b"\n")
                bad = error.object[error.start : error.start + 1].hex().upper()
                raise Unreadable(
                    f"byte {bad} is not {self.codec.removesuffix('-sig')}: choose the right "
                    "encoding, or save the file as UTF-8",
                    line=self.number + 1 + before,
                ) from error
            self.number += 1
            if "\x00" in line:
                raise Unreadable("holds a NUL byte: this is no text file", line=self.number)
        return line

    def peek(self) -> str:
        """The first line that is no comment and not blank, to be given again."""
        for line in self:
            if line.strip():
                self.waiting, self.fresh = line, True
                return line
        raise Unreadable("there is no header row that names the columns")


def _records(lines: _Lines, reader: Any) -> Iterator[Row]:
    while True:
        lines.fresh = True
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(_mend(str(error)), line=lines.begin) from error
        if any(cell.strip() for cell in cells):
            yield Row(lines.begin, cells)


def _mend(error: str) -> str:
    if "unexpected end" in error or "field larger" in error:
        return 'a quotation mark (") is opened here and never closed'
    if "expected after" in error:
        return 'a quotation mark (") inside a cell must be doubled ("")'
    return error


def _delimiter(line: str) -> str:
    """The separator the header has most of; a list of one column has none."""
    bare = "".join(line.split('"')[::2])
    best = max(DELIMITERS, key=bare.count)
    return best if bare.count(best) else ","


# --- workbooks ---------------------------------------------------------------------------------


def _workbook(file: BinaryIO, layout: Layout) -> Table:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
        if not any(entry.filename.startswith("xl/") for entry in entries):
            raise Unreadable("a zip file, but no Excel workbook (.xlsx): unpack it first")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Unreadable("the workbook unpacks to more than 2 GB: split it, or save it as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that hold no data
            book = load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise Unreadable(f"the workbook is damaged ({error}): save it again") from error
    sheet = _sheet(book, layout.worksheets)
    sheet.reset_dimensions()  # what the file says of its size is often wrong and would cut rows off
    records = _filled(sheet, layout.comment)
    headers = [row.cells for row in _first(records, layout.header_rows)]
    width = max((len(_trimmed(cells)) for cells in headers), default=0)
    body = (Row(row.line, _trimmed(row.cells, width)) for row in records)
    return Table([cells[:width] for cells in headers], body, "xlsx", "a workbook", "", sheet.title)


def _sheet(book: Any, wanted: Sequence[str]) -> Any:
    by_name = {name.strip().casefold(): name for name in book.sheetnames}
    for name in wanted:
        if (found := by_name.get(name.strip().casefold())) is not None:
            return book[found]
    if wanted:
        raise Unreadable(
            f"no worksheet {' or '.join(wanted)}; this workbook has {', '.join(book.sheetnames)}"
        )
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Unreadable("the workbook has no visible worksheet")
    return visible[0]


def _filled(sheet: Any, comment: str) -> Iterator[Row]:
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [as_text(value) for value in values]
        first = next((cell for cell in cells if cell.strip()), "")
        if first and not (comment and first.lstrip().startswith(comment)):
            yield Row(number, cells)


def as_text(value: Any) -> str:
    """A cell of a workbook as a person would type it; dates as 2020-01-21."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if abs(value) >= _EXACT:
            return f"{value:.14E}"  # as Excel shows it, so that nobody takes it for the number
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            whole = value.time() == time() and value.tzinfo is None
            return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
    return str(value)


def _trimmed(cells: list[str], width: int = 0) -> list[str]:
    """Without the empty cells at the end, of which a formatted sheet has thousands."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _first(records: Iterable[Row], count: int) -> list[Row]:
    return list(islice(records, count))
