"""Cases and contacts for `trace chains`, from lists as people keep them; refusals have a line.

Columns are found by any of their usual names; dates may be written in any certain way.
"""

import math
import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from tongchou.kit.dates import NotADate, parse_date
from tongchou.kit.tables import Row, Table, Unreadable, read
from tongchou.site.cli import Wrong

#: Names of a column, in lower case without blanks and marks; the first that is there is taken.
CASES: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("id", "caseid", "case", "casenumber", "caseno", "number", "person", "personid"),
        *("pid", "病例编号", "编号", "病例", "姓名编号", "index"),
    ),
    "onset": (
        *("onset", "dtonset", "dateonset", "onsetdate", "dateofonset", "onseton", "donset"),
        *("symptomonset", "dateofsymptomonset", "onsettime", "发病日期", "发病时间", "发病"),
    ),
    "reported": (
        *("reported", "dtreport", "datereport", "reportdate", "dateofreport", "reportedon"),
        *("datereported", "report", "dtdiag", "报告日期", "报告时间", "确诊日期"),
    ),
}
CONTACTS: Mapping[str, tuple[str, ...]] = {
    "from": (
        *("from", "infector", "infectorid", "source", "sourceid", "sourcecase", "sourcecaseid"),
        *("fromid", "casea", "persona", "a", "id1", "person1", "传染源", "感染来源"),
        *("case", "caseid", "病例", "病例编号", "person"),
    ),
    "to": (
        *("to", "infectee", "infecteeid", "infected", "target", "toid", "contact", "contactid"),
        *("caseb", "personb", "b", "id2", "person2", "密接", "密切接触者", "被感染者"),
        *("person", "case", "caseid", "病例", "病例编号"),
    ),
    "minutes": ("minutes", "totalminutes", "durationminutes", "minutestotal", "分钟", "时长分钟"),
    "weight": ("weight", "hazard", "exposure weight", "权重"),
    "first": ("first", "firston", "firstcontact", "datefirst", "firstdate", "首次接触"),
    "last": ("last", "laston", "lastcontact", "datelast", "lastdate", "dateoflastcontact"),
}
_DAY_ZERO = date(2000, 1, 1)
_DAY_NUMBER = re.compile(r"-?\d{1,4}(\.\d+)?")
_TWO_NUMBERS = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}")


@dataclass(slots=True)
class Refusals:
    """Rows that were not taken, with line and reason."""

    name: str
    rows: list[str] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        self.rows.append(f"{self.name}:{line} {reason}")

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Cases:
    """Cases that were read: ids, the days they fell ill, and what became of the other rows."""

    ids: list[str]
    onset: list[date]
    n_read: int
    refused: Refusals
    n_by_report: int = 0
    days_before_report: int = 0

    @property
    def index(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.ids)}


@dataclass(slots=True)
class Contacts:
    """Pairs between cases by index, and those in which one is no case.

    `weight` is None where the list says nothing of time or weight; `minutes` tells which it was.
    """

    source: list[int]
    target: list[int]
    amount: list[float]
    unit: str
    n_read: int
    refused: Refusals
    ruled_out: int = 0
    strangers: dict[str, list[int]] = field(default_factory=dict)
    n_strangers: int = 0


def read_cases(path: Path, columns: Mapping[str, str], day_first: bool | None) -> Cases:
    """Every row becomes a case or a refusal.

    A case without onset is given one before its report, by the median delay of those that have
    both; where no case has an onset, reports stand for onsets.
    """
    with path.open("rb") as file:
        table = _open(path, file)
        names = find(table.names, CASES, columns, path.name, needed=("id",))
        if "onset" not in names and "reported" not in names:
            raise Wrong(_missing(path.name, "onset", CASES, table.names))
        rows = [(line, cells) for line, cells in table.rows()]
    refused = Refusals(path.name)
    days = {
        key: _Days((cells[names[key]] for _, cells in rows), day_first)
        for key in ("onset", "reported")
        if key in names
    }
    seen: dict[str, int] = {}
    kept: list[tuple[str, date | None, date | None, int]] = []
    for line, cells in rows:
        key = clean(cells[names["id"]])
        if not key:
            refused.add(line, f"{names['id']}: there is no number")
        elif key in seen:
            refused.add(line, f"{key} stands in line {seen[key]} already")
        else:
            try:
                found = {name: reader.read(cells[names[name]]) for name, reader in days.items()}
            except NotADate as bad:
                refused.add(line, f"{key}: {bad}")
                continue
            seen[key] = line
            kept.append((key, found.get("onset"), found.get("reported"), line))
    return _dated(kept, len(rows), refused)


def _dated(
    kept: Sequence[tuple[str, date | None, date | None, int]], n_read: int, refused: Refusals
) -> Cases:
    both = [(r - o).days for _, o, r, _ in kept if o is not None and r is not None]
    usual = round(statistics.median(both)) if both else 0
    cases = Cases([], [], n_read, refused, 0, usual)
    if not both and any(onset for _, onset, _, _ in kept):
        usual = -1  # some have an onset and nobody both: nothing tells the delay
    for key, onset, reported, line in kept:
        if onset is None and reported is not None and usual >= 0:
            onset = reported - timedelta(days=usual)
            cases.n_by_report += 1
        if onset is None:
            refused.add(line, f"{key}: there is no date of onset to begin with")
            continue
        cases.ids.append(key)
        cases.onset.append(onset)
    return cases


def read_contacts(
    path: Path,
    cases: Cases,
    columns: Mapping[str, str],
    day_first: bool | None,
    *,
    infectious_before: int | None = None,
) -> Contacts:
    """Every row becomes a pair of cases, a pair with somebody who is no case, or a refusal."""
    index = cases.index
    with path.open("rb") as file:
        table = _open(path, file)
        names = find(table.names, CONTACTS, columns, path.name, needed=("from", "to"))
        unit = next((name for name in ("weight", "minutes") if name in names), "")
        at = {key: table.names.index(column) for key, column in names.items()}
        width = max(at.values()) + 1
        dated: list[str] = [key for key in ("first", "last") if key in at]
        rows: Iterable[Row] = table.body
        if dated:
            rows = list(rows)
        days = {
            key: _Days((row.cells[at[key]] for row in rows if len(row.cells) >= width), day_first)
            for key in dated
        }
        found = Contacts([], [], [], unit, 0, Refusals(path.name))
        strangers: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            found.n_read += 1
            cells = row.cells if len(row.cells) >= width else [*row.cells, *[""] * width]
            one, other = clean(cells[at["from"]]), clean(cells[at["to"]])
            if not one or not other:
                found.refused.add(row.line, "one of the two has no number")
                continue
            if one == other:
                found.refused.add(row.line, f"{one} is paired with itself")
                continue
            try:
                amount = _amount(cells[at[unit]], names[unit]) if unit else 1.0
                when = {key: reader.read(cells[at[key]]) for key, reader in days.items()}
            except ValueError as bad:
                found.refused.add(row.line, str(bad))
                continue
            source, target = index.get(one), index.get(other)
            if source is None or target is None:
                found.n_strangers += 1
                if source is not None:
                    strangers[other].append(source)
                elif target is not None:
                    strangers[one].append(target)
                continue
            if when and _too_late(
                when, cases.onset[source], cases.onset[target], infectious_before
            ):
                found.ruled_out += 1
                amount = 0.0
            found.source.append(source)
            found.target.append(target)
            found.amount.append(amount)
    found.strangers = dict(strangers)
    return found


def find(
    header: Sequence[str],
    known: Mapping[str, tuple[str, ...]],
    chosen: Mapping[str, str],
    name: str,
    *,
    needed: Sequence[str],
) -> dict[str, str]:
    """Which column of the file is which; each column serves once, names given by hand first."""
    plain = {_plain(column): column for column in reversed(header)}
    found: dict[str, str] = {}
    for key in known:
        if key in chosen and chosen[key] not in header:
            raise Wrong(f"{name}: there is no column {chosen[key]!r}; {_list(header)}")
        names = [plain[word] for word in map(_plain, known[key]) if word in plain]
        names = [chosen[key]] if key in chosen else names
        free = [column for column in names if column not in found.values()]
        if free:
            found[key] = free[0]
    for key in needed:
        if key not in found:
            raise Wrong(_missing(name, key, known, header))
    return found


@lru_cache(maxsize=1 << 16)  # a list of contacts names everyone many times
def clean(text: str) -> str:
    """A number as it is compared: 7.0 of a spreadsheet is 7."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain[:-2] if re.fullmatch(r"\d+\.0", plain) else plain


class _Days:
    """A column of dates; one that can only be read one way tells how to read the others.

    Where every cell is a small number, the numbers are days of a calendar of their own.
    """

    def __init__(self, texts: Iterable[str], day_first: bool | None) -> None:
        self.day_first, self.numbers = day_first, True
        firsts, seconds = set(), set()
        for text in texts:
            said = text.strip()
            if self.numbers and said.casefold() not in _NOTHING:
                self.numbers = bool(_DAY_NUMBER.fullmatch(said))
            if two := _TWO_NUMBERS.match(said):
                firsts.add(int(two[1]) > 12)
                seconds.add(int(two[2]) > 12)
        if day_first is None and (True in firsts) != (True in seconds):
            self.day_first = True in firsts

    def read(self, cell: str) -> date | None:
        text = cell.strip()
        if text.casefold() in _NOTHING:
            return None
        if self.numbers:
            return _DAY_ZERO + timedelta(days=math.floor(float(text)))
        return parse_date(text, day_first=self.day_first)


_NOTHING = {"", "na", "n/a", "nan", "nat", "none", "null", "unknown", "-", "不详", "无"}


@lru_cache(maxsize=1 << 16)
def _amount(text: str, column: str) -> float:
    try:
        amount = float(unicodedata.normalize("NFKC", text).strip() or "0")
    except ValueError:
        raise ValueError(f"{column}: {text!r} is no number") from None
    if not 0 <= amount < float("inf"):
        raise ValueError(f"{column}: {text!r} must be zero or more")
    return amount


def _too_late(
    when: Mapping[str, date | None], source: date, target: date, infectious_before: int | None
) -> bool:
    """Whether they first met after the case was ill, or last met before the other infected."""
    first, last = when.get("first"), when.get("last")
    if first is not None and first > target:
        return True
    if last is None or infectious_before is None:
        return False
    return last < source - timedelta(days=infectious_before)


def _open(path: Path, file: BinaryIO) -> Table:
    try:
        return read(file)
    except Unreadable as bad:
        raise Wrong(f"{path.name}: {bad}") from bad


def _plain(column: str) -> str:
    folded = unicodedata.normalize("NFKC", column).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _missing(
    name: str, key: str, known: Mapping[str, tuple[str, ...]], header: Sequence[str]
) -> str:
    usual = ", ".join(known[key][:4])
    return f"{name}: no column for {key} ({usual} …); {_list(header)}; say --column {key}=NAME"


def _list(header: Sequence[str]) -> str:
    return "it has " + ", ".join(header)
