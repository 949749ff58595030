"""What `trace contacts` and `trace exposures` share: visits, cases, times, what was refused."""

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from tongchou.epi.trace import columns, kinds
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.keys import MISSING
from tongchou.epi.trace.reading import CHINA, Read, read_visits
from tongchou.epi.trace.split import city_of
from tongchou.epi.trace.tables import Tables
from tongchou.kit import tables as sheets
from tongchou.site.cli import Wrong

LISTED = 10  # refusals printed; all of them are written beside the output
_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001  the city's wall clock

ABOUT = """\
columns (any of their usual names in Chinese or English; others are left alone):
  --visits  person, place, kind, start, end (or minutes); kind may lack (then: other);
            also longitude, latitude, shared_room where known
  --cases   person, from, to: the infectious window, half open. A `to` that is a mere date includes
            that day. Also: since/until, start/end, window_start/window_end. An own column
            `case` names the case; otherwise its person does.
files: --visits is one Parquet, CSV, TSV or XLSX, or a folder of them; texts in UTF-8 or GB 18030
people and places: any text or number, taken as it stands
times: ISO, with a zone or without (then the city's own clock, UTC+8), Chinese dates, or whole
  numbers: minutes since 1970 below 10^8, else the epoch in s, ms, us or ns; seconds are cut off.
  Times are written as they came: with zone, without, or as numbers.
rows that cannot be believed (end before start, longer than the kind of place allows, no person …)
  are counted, and written with their reason beside the output, in NAME.refused.csv"""

#: By what we want, its names in lists of cases; lower case, without blanks, - and _.
_NAMES = {
    "person": (*columns.NAMES["person"], "patient", "病例", "患者"),
    "case": ("case", "caseid", "id", "病例编号", "编号"),
    "since": (
        *("from", "since", "start", "begin", "windowstart", "windowfrom", "infectiousfrom"),
        *("infectiousstart", "fromat", "startat", "starttime", "t0", "开始", "起", "传染期开始"),
    ),
    "until": (
        *("to", "until", "end", "stop", "windowend", "windowto", "infectiousto", "infectiousend"),
        *("infectiousuntil", "toat", "endat", "endtime", "t1", "结束", "止", "传染期结束"),
    ),
}


@dataclass(frozen=True)
class Clock:
    """How times are written: as they came with the visits."""

    style: str = "wall"

    def write(self, minute: int) -> str:
        if self.style == "number":
            return str(minute)
        if self.style == "seconds":
            return str((minute - CHINA) * 60)
        text = (_ZERO + timedelta(minutes=int(minute))).isoformat(timespec="minutes")
        return f"{text}+08:00" if self.style == "zone" else text


@dataclass
class Lists:
    """The city of the visits, and the cases in it."""

    read: Read
    tables: Tables
    cases: Cases
    names: list[str]
    clock: Clock
    refused: list[tuple[str, int, str, str]] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser, about: str) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"{ABOUT}\n{about}"
    parser.add_argument(
        "--visits", type=Path, required=True, metavar="PARQUET|CSV|DIR", help="who was where"
    )
    parser.add_argument("--cases", type=Path, required=True, metavar="CSV", help="the cases")
    parser.add_argument("--out", type=Path, metavar="CSV", help="default: standard output")


def load(visits: Path, cases: Path) -> Lists:
    """Read both lists.

    Raises
    ------
    Wrong
        Where a list cannot be read at all, or no case of the list is among the visits.
    """
    for path in (visits, cases):
        if not path.exists():
            raise Wrong(f"{path}: there is no such file")
    read = read_visits(visits)
    city = city_of(read.visits, read.places, len(read.people))
    # what was read was checked against its kinds, and nothing merged: their longest stays hold
    found = Lists(
        read, Tables.of(city, kinds.max_minutes()), Cases.none(), [], Clock(_style(visits))
    )
    found.refused = [(r.file or visits.name, r.line, r.words, r.mend) for r in read.refusals]
    _take_cases(found, cases)
    return found


def _take_cases(found: Lists, path: Path) -> None:
    rows = _case_rows(path)
    numbers = found.read.people.find(person for _, person, *_ in rows)
    taken = []
    for (line, person, name, since, until), number in zip(rows, numbers.tolist(), strict=True):
        fault = _fault(person, number, since, until)
        if fault:
            found.refused.append((path.name, line, *fault))
        else:
            taken.append((name or person, number, since, until))
    taken = _joined(taken)
    found.names = [name for name, *_ in taken]
    if not taken:
        faults = [f"line {row[1]}: {row[2]}" for row in found.refused if row[0] == path.name]
        raise Wrong(
            f"{path.name}: no case can be traced\n" + "\n".join(f"  {f}" for f in faults[:LISTED])
        )
    found.cases = Cases.of(row[1:] for row in taken)


def _joined(cases: list[tuple[str, int, int, int]]) -> list[tuple[str, int, int, int]]:
    """Windows of one case that overlap or touch are one; minutes must not count twice."""
    order = {name: place for place, (name, *_) in reversed(list(enumerate(cases)))}
    joined: list[tuple[str, int, int, int]] = []
    for name, number, since, until in sorted(cases, key=lambda c: (order[c[0]], c[1], c[2])):
        if joined and joined[-1][:2] == (name, number) and since <= joined[-1][3]:
            since, until = joined[-1][2], max(until, joined[-1][3])
            joined.pop()
        joined.append((name, number, since, until))
    return joined


def _fault(person: str, number: int, since: int, until: int) -> tuple[str, str] | None:
    """What is wrong with a case and how to mend it."""
    times = "write times as 2022-01-05 18:30"
    if not person:
        return "names no person", "fill in the person as the visits name it"
    if number == MISSING:
        return f"{person!r} is nobody of the visits", "name the person as the visits do"
    if columns.UNREADABLE in (since, until):
        which = "from" if since == columns.UNREADABLE else "to"
        return f"its {which!r} is no time", times
    if until <= since:
        return "its window ends before it begins", "correct from and to; were they exchanged?"
    return None


def _case_rows(path: Path) -> list[tuple[int, str, str, int, int]]:
    """(line, person, name of the case, since, until) of a list of cases."""
    try:
        with path.open("rb") as opened:
            table = sheets.read(opened)
            which = _columns(table.names, path.name)
            lines, cells = [], []
            for line, row in table.rows():
                lines.append(line)
                cells.append([row[which[n]] if n in which else "" for n in _NAMES])
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror}") from error
    since, until = (_minutes([row[place] for row in cells]) for place in (2, 3))
    return [
        (lines[i], person.strip(), name.strip(), since[i], until[i] + 1440 * _is_date(to))
        for i, (person, name, _, to) in enumerate(cells)
    ]


def _columns(names: Sequence[str], file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        plain = "".join(c for c in name.casefold() if c not in " _-\t\ufeff")
        for ours, theirs in _NAMES.items():
            if plain in theirs and ours not in found:
                found[ours] = name
                break
    if "person" not in found and "case" in found:
        found["person"] = found["case"]
    if missing := [n for n in ("person", "since", "until") if n not in found]:
        words = {"since": "from", "until": "to"}
        lack = ", ".join(words.get(n, n) for n in missing)
        raise Wrong(f"{file} has no column {lack}; it has {', '.join(names)}")
    return found


def _minutes(texts: list[str]) -> list[int]:
    """Times in any way that visits may be written in, as minutes on the city's clock."""
    with duckdb.connect() as session:
        session.execute("SET TimeZone = 'UTC'")
        session.register(
            "given", {"i": np.arange(len(texts)), "t": np.array([*texts, ""], object)[:-1]}
        )
        sql = columns.minutes_sql(columns.Column("t", "VARCHAR"), CHINA)
        if not texts:
            return []
        return [row[0] for row in session.execute(f"SELECT {sql} FROM given ORDER BY i").fetchall()]


def _is_date(text: str) -> bool:
    """Whether a time names only a day."""
    text = text.strip()
    return ":" not in text and not text.isdigit() and not {"时", "点", "T"} & set(text)


def _style(visits: Path) -> str:
    """How the start of the first visit is written."""
    first = visits
    if visits.is_dir():
        first = next(f for f in sorted(visits.iterdir()) if f.suffix.lower() in _READ)
    kind, value = _first_start(first)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return "zone"
    text = str(value).strip()
    if text.isdigit() and len(text) not in (12, 14):
        return "number" if int(text) < 10**8 else "seconds"
    zoned = ":" in text and (text[-1:] in "Zz" or "+" in text or text.endswith("UTC"))
    return "zone" if zoned else "wall"


_READ = (".parquet", ".pq", ".csv", ".tsv", ".txt", ".xlsx")


def _first_start(path: Path) -> tuple[str, Any]:
    if path.suffix.lower() in (".parquet", ".pq"):
        with duckdb.connect() as session:
            rows = f"read_parquet({columns.quoted(str(path))})"
            described = session.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
            start = columns.match({row[0]: row[1] for row in described}, path.name)["start"]
            cell = session.execute(f"SELECT {start.sql}::VARCHAR FROM {rows} LIMIT 1").fetchone()
            return start.type, cell[0] if cell else ""
    with path.open("rb") as opened:
        table = sheets.read(opened)
        start = columns.match(dict.fromkeys(table.names, "VARCHAR"), path.name)["start"]
        for _, row in islice(table.rows(), 1):
            return "VARCHAR", row[start.sql[1:-1].replace('""', '"')]
    return "VARCHAR", ""


# --- out ---------------------------------------------------------------------------------------


def write(path: Path | None, head: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A CSV with a header; the number of its rows."""
    n = 0
    file = path.open("w", newline="", encoding="utf-8") if path else sys.stdout
    try:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        for row in rows:
            writer.writerow(row)
            n += 1
    finally:
        if path:
            file.close()
    return n


def tell(found: Lists, out: Path | None, visits: Path, cases: Path) -> None:
    """How many rows were read, used and refused, to standard error; refusals beside the output."""
    read, lines = found.read, []
    n_cases = sum(1 for row in found.refused if row[0] == cases.name)
    lines.append(
        f"{visits}: {read.n_read:,} visits read, {len(read.visits):,} used, "
        f"{len(read.refusals):,} refused; {len(read.people):,} people, {len(read.places):,} places"
    )
    lines.append(f"{cases}: {len(found.cases):,} cases, {n_cases:,} refused")
    for file, line, words, mend in found.refused[:LISTED]:
        lines.append(f"  {file} line {line}: {words}; {mend}")
    if found.refused and out:
        beside = out.with_suffix(".refused.csv")
        write(beside, ("file", "line", "reason", "mend"), found.refused)
        lines.append(f"  all {len(found.refused):,} refused rows: {beside}")
    print("\n".join(lines), file=sys.stderr)
