"""Published lists of divisions, read into entries: several layouts, told apart by their header.

A list that carries revisions (GB/T 2260 over the years) also says which codes have ended.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from tongchou.areas import codes
from tongchou.kit import tables

CODE = ("code", "adcode", "代码", "区划代码", "统计用区划代码")
NAME = ("name", "名称", "区划名称")
#: No area of the country has more; longitude and latitude in degrees.
LIMITS = {"longitude": 180, "latitude": 90, "population": 2_000_000_000, "households": 10**9}
COLUMNS = {
    "name_en": ("name_en", "english", "英文名称"),
    "longitude": ("longitude", "lon", "lng", "经度"),
    "latitude": ("latitude", "lat", "纬度"),
    "population": ("population", "人口", "常住人口", "人口数"),
    "households": ("households", "户数", "总户数"),
    "revision": ("revision",),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken: where, why, and how to mend it."""

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Entry:
    """An area as the lists give it; without a name where a list only counts its residents.

    `lines` counts the rows that said so; `where` is one of them, should it have to be refused.
    """

    code: str
    name: str
    where: tuple[str, int, str] = ("", 0, "")
    facts: dict[str, str | float | int] = field(default_factory=dict)
    ended_on: date | None = None
    lines: int = 1


@dataclass(slots=True)
class Reading:
    """What the files held: `n_read` rows, as entries and refusals."""

    n_read: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


class NoList(ValueError):
    """The file is no list of divisions; the message says what was looked for."""


def read(files: Iterable[tuple[str, bytes]]) -> Reading:
    """Read lists in the order given; where two name the same area, the later one counts."""
    reading = Reading()
    for name, content in files:
        _read_one(reading, name, content)
    return reading


def _read_one(reading: Reading, name: str, content: bytes) -> None:
    table = tables.read(content)
    columns = _columns(name, table.names)
    seen: dict[str, tuple[str, Entry]] = {}
    revisions: set[str] = set()
    for line, row in table.rows():
        reading.n_read += 1
        entry = _entry(reading, name, line, row, columns)
        if entry is None:
            continue
        revision = row[columns["revision"]].strip() if "revision" in columns else ""
        revisions.add(revision)
        before = seen.get(entry.code)
        if before:
            entry.lines += before[1].lines
        if before and _age(before[0]) > _age(revision):
            before[1].lines = entry.lines
        else:
            seen[entry.code] = (revision, entry)
    _note_ends(seen, revisions)
    for code, (_revision, entry) in seen.items():
        if earlier := reading.entries.get(code):
            entry.lines += earlier.lines
            entry.facts = earlier.facts | entry.facts
            if not entry.name or (entry.ended_on is None and "revision" in columns):
                entry.name = earlier.name  # a list of the past does not rename the present
        reading.entries[code] = entry


def _columns(name: str, header: list[str]) -> dict[str, str]:
    plain = {title.strip().lower(): title for title in header}
    found = {"code": _first(plain, CODE), "name": _first(plain, NAME)}
    for key, titles in COLUMNS.items():
        if title := _first(plain, titles):
            found[key] = title
    # Counts and positions alone are a list too: of areas that are known already.
    if not found["code"] or not (found["name"] or {"population", "households"} & found.keys()):
        raise NoList(
            f"{name}: no column for the code ({', '.join(CODE)}) and the name ({', '.join(NAME)}); "
            f"its columns are {', '.join(header)}"
        )
    return found


def _first(plain: dict[str, str], titles: Iterable[str]) -> str:
    return next((plain[title] for title in titles if title in plain), "")


def _entry(
    reading: Reading, file: str, line: int, row: dict[str, str], columns: dict[str, str]
) -> Entry | None:
    def refuse(key: str, reason: str) -> None:
        column = columns[key]
        reading.refusals.append(Refusal(file, line, column, row[column], reason))

    try:
        code = codes.normalise(row[columns["code"]])
    except codes.WrongCode as error:
        refuse("code", str(error))
        return None
    name = row[columns["name"]].strip() if columns["name"] else ""
    if codes.is_pseudo(code, name):
        refuse(
            "code",
            "a stand-in of the statistics and no place: its parts hang under the area above; "
            "nothing to mend",
        )
        return None
    if columns["name"] and not name:
        refuse("name", "the name is empty; fill it in")
        return None
    entry = Entry(code, name, (file, line, columns["code"]))
    for key, kind in (
        ("longitude", float),
        ("latitude", float),
        ("population", int),
        ("households", int),
    ):
        written = row.get(columns.get(key, ""), "").strip().replace(",", "")
        if not written:
            continue
        try:
            value = kind(re.sub(r"\.0+$", "", written))
        except ValueError:
            refuse(key, f"{written!r} is no number; mend it or leave it empty")
            return None
        if abs(value) > LIMITS[key] or (kind is int and value < 0):
            refuse(key, f"{written} cannot be; mend it or leave it empty")
            return None
        entry.facts[key] = value
    if english := row.get(columns.get("name_en", ""), "").strip():
        entry.facts["name_en"] = english
    return entry


def _age(revision: str) -> str:
    """Sorts `2006` after `200506` and before `200706`; `latest` last, no revision first."""
    if not revision.isdigit():
        return "9" if revision else ""
    return revision.ljust(6, "9") if len(revision) == 4 else revision


def _note_ends(seen: dict[str, tuple[str, Entry]], revisions: set[str]) -> None:
    """A code that the newest revision no longer has, ended with the last that had it."""
    newest = max(revisions, key=_age, default="")
    for revision, entry in seen.values():
        if revision != newest and revision[:4].isdigit():
            entry.ended_on = date(int(revision[:4]), 12, 31)


def iterate(entries: dict[str, Entry]) -> Iterator[Entry]:
    """Entries from the top of the tree down, so that a parent always comes first."""
    return iter(sorted(entries.values(), key=lambda entry: codes.path_of(entry.code)))
