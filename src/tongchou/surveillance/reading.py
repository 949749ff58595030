"""The rows of a file of counts: a draft each, or a refusal with the line, the cell and the mend.

Nothing here asks the database about a row; the places and rules it stands on are handed in.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import BinaryIO, Protocol

from tongchou.intake.words import plain
from tongchou.kit import tables
from tongchou.kit.dates import NotADate, parse_date
from tongchou.surveillance.errors import SurveillanceError
from tongchou.surveillance.layout import AreaColumns, CountProfile, Names, SiteColumns
from tongchou.surveillance.problems import Problem
from tongchou.surveillance.rules import Rule
from tongchou.surveillance.weeks import first_day

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_DAY_FIRST = {"ymd": None, "mdy": False, "dmy": True}
Number = int | Decimal


class BadFile(SurveillanceError):
    """The file is no sheet of this profile; the message says what is missing and what is there."""


@dataclass(slots=True)
class Draft:
    """One row on its way to the store. `counts` is empty where it says that nothing was reported;
    `silent` names the channels it says that of."""

    line: int
    cells: list[str]
    site: str
    day: date
    counts: dict[str, tuple[Number, Number | None]]
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not stored, with the first thing that is wrong with it."""

    line: int
    cells: list[str]
    problem: Problem


@dataclass(slots=True)
class Reading:
    """Every row of a file: a draft or a refusal. `remarks` has the lines of each odd thing."""

    header: list[str]
    left_out: list[str]
    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    remarks: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = field(default_factory=dict)

    @property
    def n_read(self) -> int:
        return len(self.drafts) + len(self.refused)

    def remark(self, line: int, what: str, params: Mapping[str, str] | None = None) -> None:
        key = (what, tuple(sorted((params or {}).items())))
        self.remarks.setdefault(key, []).append(line)


class Places(Protocol):
    """Finds where a row was counted: the site's code and a remark, or what is wrong."""

    def find(
        self, cell: Callable[[Names], str]
    ) -> tuple[str, tuple[str, Mapping[str, str]] | None] | Problem: ...


class Reader:
    """Reads one file as its profile says."""

    def __init__(
        self,
        profile: CountProfile,
        *,
        places: Places,
        rules: Mapping[str, Rule],
        words: Mapping[str, str],
        today: date,
    ) -> None:
        self.profile, self.places, self.rules = profile, places, rules
        self.words = words  # what a row may call a channel, in `plain` form, to its short name
        self.today = today
        self.columns: dict[str, int] = {}
        self._places: dict[Names, list[int]] = {}

    def read(
        self, file: BinaryIO, *, progress: Callable[[int], None] = lambda n_rows: None
    ) -> Reading:
        table = open_table(file, self.profile)
        names = table.header
        self.columns = {plain(name): n for n, name in reversed(list(enumerate(names)))}
        self._places = {}
        known = self.profile.used | self.profile.ignored | REASON_COLUMNS
        reading = Reading(
            header=names,
            left_out=[name for name in names if name and plain(name) not in known],
        )
        seen: dict[tuple[str, str, date], Draft] = {}
        for number, row in enumerate(table.body, 1):
            self._take(row.line, row.cells, reading, seen)
            if number % 5000 == 0:
                progress(number)
        return reading

    def _take(
        self,
        line: int,
        cells: list[str],
        reading: Reading,
        seen: dict[tuple[str, str, date], Draft],
    ) -> None:
        outcome = self._draft(line, cells, reading)
        if isinstance(outcome, Draft):
            outcome = self._once(outcome, reading, seen)
        if isinstance(outcome, Draft):
            reading.drafts.append(outcome)
        else:
            reading.refused.append(Refused(line, cells, outcome))

    def _draft(self, line: int, cells: list[str], reading: Reading) -> Draft | Problem:
        if len(cells) > len(reading.header) and any(
            c.strip() for c in cells[len(reading.header) :]
        ):
            said = {"n": len(cells), "columns": len(reading.header)}
            return Problem("cells", params=said)

        def cell(names: Names) -> str:
            for place in self._at(names):
                if place < len(cells) and (text := cells[place].strip()):
                    return text
            return ""

        day = self._day(cell)
        if isinstance(day, Problem):
            return day
        found = self.places.find(cell)
        if isinstance(found, Problem):
            return replace(found, column=self._as_written(found.column))
        site, odd = found
        counts: dict[str, tuple[Number, Number | None]] = {}
        silent: list[str] = []
        for slug, value, out_of in self._counted(cell):
            if isinstance(slug, Problem):
                return slug
            read = self._count(slug, value, out_of, cell, day)
            if isinstance(read, Problem):
                return read
            if read is None:
                silent.append(slug)
            else:
                counts[slug] = read
        if odd:
            reading.remark(line, *odd)
        if not counts:
            reading.remark(line, "nothing_reported")
        return Draft(line, cells, site, day, counts, tuple(silent))

    def _day(self, cell: Callable[[Names], str]) -> date | Problem:
        when = self.profile.when
        if when.day:
            text = cell(when.day)
            try:
                day = _parsed(text, when.order)
            except NotADate:
                return Problem("no_day", self._named(when.day), {"value": text})
        else:
            year, week = cell(when.year), cell(when.week)
            try:
                day = first_day(int(float(year)), int(float(week)), when.weeks)
            except (ValueError, OverflowError):
                said = {"value": week, "year": year}
                return Problem("no_week", self._named(when.week), said)
        if day > self.today:
            return Problem("ahead", self._named(when.day or when.week), {"value": str(day)})
        return day

    def _counted(
        self, cell: Callable[[Names], str]
    ) -> Iterator[tuple[str | Problem, Names, Names]]:
        long = self.profile.long
        if long is None:
            for one in self.profile.counts:
                yield one.channel, one.value, one.denominator
            return
        text = cell(long.channel)
        slug = long.words.get(plain(text)) or self.words.get(plain(text))
        if slug is None:
            said = {"value": text, "known": ", ".join(sorted(set(self.words.values())))}
            yield Problem("unknown_channel", self._named(long.channel), said), (), ()
        else:
            yield slug, long.value, long.denominator

    def _count(
        self, slug: str, value: Names, out_of: Names, cell: Callable[[Names], str], day: date
    ) -> tuple[Number, Number | None] | Problem | None:
        text = cell(value)
        if plain(text) in self.profile.missing:
            return None
        number = self._number(text, value)
        if isinstance(number, Problem):
            return number
        total: Number | None = None
        if out_of and plain(cell(out_of)) not in self.profile.missing:
            read = self._number(cell(out_of), out_of)
            if isinstance(read, Problem):
                return read
            total = read
        fault = self.rules[slug].fault(day, number, total, today=self.today)
        if fault is not None:
            return Problem(fault.code, self._named(value), fault.params)
        return number, total

    def _number(self, text: str, names: Names) -> Number | Problem:
        number = number_of(text)
        if number is None:
            return Problem("no_number", self._named(names), {"value": text})
        return number

    def _named(self, names: Names) -> str:
        """What this file calls a column."""
        return next((name for name in names if plain(name) in self.columns), names[0])

    def _at(self, names: Names) -> list[int]:
        """Where the columns of these names stand; found once for each file."""
        found = self._places.get(names)
        if found is None:
            there = (self.columns.get(plain(name)) for name in names)
            found = self._places[names] = [place for place in there if place is not None]
        return found

    def _as_written(self, column: str) -> str:
        """The file's own name of the column that a place is named by."""
        of = self.profile.areas or self.profile.sites
        groups = _groups(of) if of else ()
        return next((self._named(names) for names in groups if column in names), column)

    def _once(
        self, draft: Draft, reading: Reading, seen: dict[tuple[str, str, date], Draft]
    ) -> Draft | Problem:
        """The same site, channel and day may come once, or again if it says the same."""
        for slug in (*draft.counts, *draft.silent):
            first = seen.setdefault((draft.site, slug, draft.day), draft)
            if first is draft:
                continue
            if first.counts.get(slug) != draft.counts.get(slug):
                said = first.counts.get(slug)
                shown = "–" if said is None else str(said[0])
                return Problem("twice", params={"first": first.line, "said": shown})
            reading.remark(draft.line, "again", {"first": str(first.line)})
            draft.counts.pop(slug, None)
        return draft


#: What the column of reasons is called, so that a mended sheet can come back with it.
REASON = {"en": "Why refused (tongchou)", "zh": "拒收原因（统筹）"}
REASON_COLUMNS = frozenset(map(plain, REASON.values()))


def open_table(file: BinaryIO, profile: CountProfile) -> tables.Table:
    """The sheet of a file, under the height of header at which its columns are found."""
    header: Sequence[str] = ()
    for height in profile.header_rows:
        file.seek(0)
        named = profile.worksheets if _has(file, profile.worksheets) else ()
        table = tables.read(
            file, tables.Layout(header_rows=height, comment=profile.comment, worksheets=named)
        )
        there = {plain(name) for name in table.header}
        if all(any(plain(name) in there for name in names) for names in profile.needed):
            return table
        header = header or table.header
    there = {plain(name) for name in header}
    lacking = [names[0] for names in profile.needed if not there & set(map(plain, names))]
    raise BadFile(
        f"no column {', '.join(lacking)}; the file has {', '.join(header[:20])}. "
        f"Is it a file of the profile {profile.id}?"
    )


def _has(file: BinaryIO, worksheets: Names) -> bool:
    there = {plain(name) for name in tables.worksheets(file)}
    return bool(there & set(map(plain, worksheets)))


def _groups(columns: AreaColumns | SiteColumns) -> list[Names]:
    """Every group of names that these columns go by."""
    values = (getattr(columns, each.name) for each in fields(columns))
    return [value for value in values if isinstance(value, tuple)]


@lru_cache(maxsize=16384)
def _parsed(text: str, order: str) -> date:
    return parse_date(text, day_first=_DAY_FIRST[order])


@lru_cache(maxsize=65536)
def number_of(text: str) -> Number | None:
    """A count as files write it, `1,234` and `12.0` too; None where it is none."""
    if text.isascii() and text.isdigit():
        return int(text)
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else number
