"""A table that somebody pastes into a page: its heads, its rows, and what becomes of each.

Nothing is stored while it is read. Every row ends as one to store or as one refused with its line
and reasons; rows read = to store + refused. What the cells mean is the business of each room.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.kit import tables
from tongchou.kit.dates import NotADate, parse_date
from tongchou.people.models import Sex

__all__ = [
    "MOST_ROWS",
    "SEXES",
    "Columns",
    "Line",
    "Preview",
    "chained",
    "day",
    "fill",
    "judge",
    "named",
    "plain",
    "sent",
]

#: A longer list is an import, with its own page, its own profile and a refusals file.
MOST_ROWS = 500
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
_YEAR = re.compile(r"\d{4}")
T = TypeVar("T")


@dataclass(frozen=True)
class Columns:
    """The columns of a template in their order, each with the heads it goes by."""

    words: Mapping[str, tuple[str, ...]]

    def head(self, name: str) -> str:
        """The head of a column in the reader's language: the first of its names that fits."""
        chinese = (get_language() or "").startswith("zh")
        return next(word for word in self.words[name] if word.isascii() != chinese)

    def template(self) -> list[str]:
        """The heads of an empty table that is filled in and pasted back."""
        return [self.head(name) for name in self.words]


@dataclass
class Line(Generic[T]):
    """One row of the table, and what is to be stored of it. Refused where that is nothing."""

    number: int
    cells: dict[str, str]
    reasons: list[str] = field(default_factory=list)
    made: T | None = None
    #: What is stored but should be mended; each with what it says and how.
    findings: list[Any] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return self.made is None


@dataclass
class Preview(Generic[T]):
    """A table that was read. `unknown` are columns nobody knows; they are not stored."""

    known: Columns
    columns: list[str]
    lines: list[Line[T]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def heads(self) -> list[str]:
        """The columns as the reader calls them."""
        return [self.known.head(name) for name in self.columns]

    @property
    def made(self) -> list[T]:
        return [line.made for line in self.lines if line.made is not None]

    @property
    def n_refused(self) -> int:
        return sum(line.refused for line in self.lines)

    @property
    def n_to_mend(self) -> int:
        return sum(bool(line.findings) for line in self.lines if not line.refused)


def named(header: Sequence[str], known: Columns) -> list[str]:
    """What each column is; a head that nobody knows stays as it was written."""
    names = {plain(word): name for name, words in known.words.items() for word in words}
    return [names.get(plain(cell), "") or cell for cell in header]


def fill(
    columns: Sequence[str],
    body: Iterable[tables.Row],
    known: Columns,
    judge_line: Callable[[Line[T]], None],
    *,
    too_many: str,
) -> Preview[T]:
    """Read the rows one by one, each judged as it comes.

    Raises
    ------
    kit.tables.Unreadable
        With the words of `too_many` where there are more rows than are taken here.
    """
    preview: Preview[T] = Preview(known, [c for c in columns if c in known.words])
    preview.unknown = [c for c in columns if c and c not in known.words]
    for row in body:
        if len(preview.lines) >= MOST_ROWS:
            raise tables.Unreadable(too_many % {"n": MOST_ROWS})
        cells = dict(zip(columns, (cell.strip() for cell in row.cells), strict=False))
        line: Line[T] = Line(row.line, {name: cells.get(name, "") for name in preview.columns})
        judge_line(line)
        preview.lines.append(line)
    return preview


def judge(line: Line[T], form: BaseForm, data: Mapping[str, Any]) -> bool:
    """Whether the row can be stored; where not, its form's errors join the reasons of the line."""
    if not line.reasons and form.is_valid():
        return True
    for name, errors in form.errors.items():
        if name in data and line.reasons and not data[name]:
            continue  # the cell itself was refused already
        label = form.fields[name].label if name in form.fields else ""
        line.reasons += [f"{label}: {error}" if label else str(error) for error in errors]
    return False


def day(line: Line[T], name: str, known: Columns, *, year: int) -> str:
    """A cell as a date; one that nobody can read goes to the line's reasons."""
    text = line.cells.get(name, "")
    if not text:
        return ""
    try:
        try:
            return parse_date(text, default_year=year).isoformat()
        except NotADate as error:
            if error.reason != "ambiguous" or _YEAR.search(text):
                raise
            # Without a year nobody here writes the day first: 7.1 is the first of July.
            return parse_date(text, default_year=year, day_first=False).isoformat()
    except NotADate as error:
        line.reasons.append(f"{known.head(name)}: {_no_date(error)}")
        return ""


def _no_date(error: NotADate) -> str:
    said = {"text": error.text, "example": "2022-07-05"}
    if error.reason == "ambiguous":
        return _("“%(text)s” could be two days; write it like %(example)s.") % said
    if error.reason == "no_such_day":
        return _("there is no day “%(text)s” in the calendar; write one like %(example)s.") % said
    return _("“%(text)s” is no date; write it like %(example)s.") % said


def plain(text: str) -> str:
    """A head or a word without brackets, case and spare blanks."""
    return " ".join(text.replace("（", "(").split("(")[0].split()).casefold()


def chained(first: tables.Row, rest: Iterator[tables.Row]) -> Iterator[tables.Row]:
    """The rows of a table whose first line is no head."""
    yield first
    yield from rest


def sent(request: HttpRequest, kind: type[Form]) -> tuple[bytes | None, Form]:
    """The table as bytes: pasted, from a file, or what the preview sent along.

    `kind` is a form with the fields `table` and `file`.
    """
    if again := request.POST.get("source", ""):
        try:
            return base64.b64decode(again, validate=True), kind()
        except (binascii.Error, ValueError):
            pass
    form = kind(request.POST, request.FILES)
    if not form.is_valid():
        return None, form
    file = form.cleaned_data["file"]
    return file.read() if file else form.cleaned_data["table"].encode(), form
