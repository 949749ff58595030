"""Opening a sheet as a profile says, and finding the profile that fits a file nobody said it of."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import BinaryIO

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from tongchou.intake.fields import NEEDED, Kind
from tongchou.intake.layout import Profile, Sheet
from tongchou.intake.words import plain
from tongchou.kit import tables
from tongchou.kit.tables import Layout, Table, Unreadable


class BadSheet(Exception):
    """The file is no sheet of this profile. The message says what is missing and what is there."""


@dataclass(frozen=True)
class Match:
    """How well a file fits a sheet of a profile."""

    profile: Profile
    sheet: Sheet
    share: float


class File:
    """A file that is looked at in several ways before its rows are taken; opening one is dear."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._headers: dict[Layout, list[str] | Unreadable] = {}

    @cached_property
    def worksheets(self) -> frozenset[str]:
        self.file.seek(0)
        return frozenset(plain(name) for name in tables.worksheets(self.file))

    def table(self, layout: Layout) -> Table:
        self.file.seek(0)
        return tables.read(self.file, layout)

    def header(self, layout: Layout) -> list[str]:
        if layout not in self._headers:
            try:
                self._headers[layout] = self.table(layout).header
            except Unreadable as error:
                self._headers[layout] = error
        found = self._headers[layout]
        if isinstance(found, Unreadable):
            raise found
        return found

    def layout(self, sheet: Sheet) -> tuple[Layout, float]:
        """The height of header that fits best, and how well."""
        found: list[tuple[float, Layout]] = []
        fault: Unreadable | None = None
        for height in sheet.header_rows:
            layout = self._layout(sheet, height)
            try:
                header = self.header(layout)
            except Unreadable as error:
                fault = fault or error
                continue
            found.append((fit(sheet, header), layout))
        if not found:
            assert fault is not None
            raise fault
        share, layout = max(found, key=lambda pair: pair[0])
        return layout, share

    def _layout(self, sheet: Sheet, height: int) -> Layout:
        # A workbook saved under other names is read from its first sheet.
        named = self.worksheets & {plain(name) for name in sheet.worksheets}
        return Layout(
            header_rows=height,
            comment=sheet.comment,
            encoding=sheet.encoding,
            worksheets=sheet.worksheets if named else (),
        )


def opened(file: File, sheet: Sheet) -> Table:
    """The table of this sheet; of the header heights it may have, the one that fits.

    Raises
    ------
    Unreadable
        Where the file is no sheet at all.
    BadSheet
        Where none of its columns are those of the profile.
    """
    layout, share = file.layout(sheet)
    if share == 0:
        raise BadSheet(_strange(sheet, file.header(layout)))
    return file.table(layout)


def find(file: File, profiles: Iterable[Profile]) -> list[Match]:
    """Every sheet of every profile that fits the file, best first."""
    found = []
    for profile in profiles:
        for sheet in profile.sheets.values():
            try:
                layout, share = file.layout(sheet)
            except Unreadable:
                continue
            if share and not missing(sheet, file.header(layout)):
                found.append(Match(profile, sheet, share))
    return sorted(found, key=lambda match: -match.share)


def kind_of(file: File, profile: Profile, kinds: Iterable[Kind]) -> Kind:
    """Which of the profile's sheets this file is.

    Raises
    ------
    BadSheet, Unreadable
        Where it is none of them.
    """
    wanted = [kind for kind in kinds if kind in profile.sheets]
    if not wanted:
        raise BadSheet(_("The profile %(name)s has no such sheet.") % {"name": profile.id})
    fits = []
    fault: Unreadable | None = None
    for kind in wanted:
        try:
            layout, share = file.layout(profile.sheets[kind])
        except Unreadable as error:  # a worksheet of another name may be empty
            fault = error
            continue
        whole = not missing(profile.sheets[kind], file.header(layout))
        fits.append((share + whole, kind, layout))
    if not fits:
        assert fault is not None
        raise fault
    share, kind, layout = max(fits, key=lambda fit: fit[0])
    if share == 0:
        raise BadSheet(_strange(profile.sheets[kind], file.header(layout)))
    return kind


def fit(sheet: Sheet, header: Iterable[str]) -> float:
    """Which part of the sheet's fields the file has; of equal ones, who reads more of it."""
    there = {plain(name) for name in header} - {""}
    found = sum(any(plain(c) in there for c in s.columns) for s in sheet.columns.values())
    return found / len(sheet.columns) + len(there & sheet.used) / max(len(there), 1) / 2 * bool(
        found
    )


def missing(sheet: Sheet, header: Iterable[str]) -> list[str]:
    """Columns without which no row of the file could be stored."""
    there = {plain(name) for name in header}
    lacking = []
    for name in dict.fromkeys((*sheet.required, *NEEDED[sheet.kind])):
        source = sheet.columns.get(name)
        if name in sheet.defaults:
            continue
        if source is None or not any(plain(column) in there for column in source.columns):
            lacking.append(sheet.column_of(name))
    if not sheet.numberless and not any(plain(c) in there for c in sheet.key.columns):
        lacking.append(sheet.key.columns[0])
    return list(dict.fromkeys(lacking))


def complaint(sheet: Sheet, header: Iterable[str], lacking: Iterable[str]) -> str:
    """A missing column, and which column of the file it may be under another name."""
    header = [name for name in header if name.strip()]
    lines = []
    for name in lacking:
        near = get_close_matches(name, header, n=1)
        said = _("The column “%(name)s” is missing.") % {"name": name}
        if near:
            said += " " + _("Is it “%(near)s”?") % {"near": near[0]}
        lines.append(said)
    lines.append(_("The file has: %(columns)s.") % {"columns": ", ".join(header)})
    return " ".join(lines)


def said(error: Unreadable) -> str:
    """Why a file cannot be read, in the language of the moment."""
    words = str(error)
    if error.line is None:
        return gettext(words)
    where = f"line {error.line}: "
    line = _("line %(line)s") % {"line": error.line}
    return f"{line}: {gettext(words.removeprefix(where))}"


# What `kit.tables` says; it knows no languages.
_SAID = (
    gettext_noop("the file is empty"),
    gettext_noop(
        "an old Excel file (.xls), or one with a password: save it as .xlsx without a password"
    ),
    gettext_noop("there is no header row that names the columns"),
    gettext_noop("holds a NUL byte: this is no text file"),
    gettext_noop("a zip file, but no Excel workbook (.xlsx): unpack it first"),
    gettext_noop("the workbook unpacks to more than 2 GB: split it, or save it as CSV"),
    gettext_noop("the workbook has no visible worksheet"),
    gettext_noop('a quotation mark (") is opened here and never closed'),
    gettext_noop('a quotation mark (") inside a cell must be doubled ("")'),
)


def _strange(sheet: Sheet, header: list[str]) -> str:
    wanted = [source.columns[0] for source in sheet.columns.values()]
    return _(
        "None of its columns are those of this profile. "
        "It has %(columns)s; the profile reads %(wanted)s."
    ) % {"columns": ", ".join(header) or "—", "wanted": ", ".join(wanted)}
