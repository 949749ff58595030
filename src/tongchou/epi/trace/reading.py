"""Lists of visits from Parquet, CSV, workbooks and posts, as arrays; what is wrong, with its line.

    read = read_visits("visits.parquet")     # or a folder of such files
    read.visits, read.places                 # Visits and Places, by dense numbers
    read.people[7], read.place_keys[3]       # the keys behind the numbers
    read.people.find(["P1", "P2"])           # and back; keys.MISSING where there is none
    for refusal in read.refusals: print(refusal)

`read.n_read == len(read.visits) + len(read.refusals)`, always.
"""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from tongchou.epi.trace.checks import Refusals, check
from tongchou.epi.trace.columns import quoted
from tongchou.epi.trace.day import I64, U16, Places, Visits
from tongchou.epi.trace.gathering import Gathered
from tongchou.epi.trace.keys import Keys
from tongchou.epi.trace.relations import LINE, PARQUET, all_whole, read_relation, session_of
from tongchou.kit import tables
from tongchou.kit.tables import Unreadable

__all__ = ["CHINA", "Read", "Unreadable", "read_records", "read_visits"]

#: The clock of a Chinese city against UTC, in minutes.
CHINA = 480
#: Text files up to so many bytes are read row by row, with exact lines.
SMALL = 8 << 20
SUFFIXES = (*PARQUET, ".csv", ".tsv", ".txt", ".xlsx")


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What was read of one or more lists.

    Parameters
    ----------
    visits
        What can be believed, by dense numbers; neither split nor sorted nor merged.
    lines, file
        The line of each visit, i64[n] (in Parquet the row, from 1), in which of
        `refusals.files`, u16[n].
    places
        By number: the kind that the place's first row names, and where it lies.
    people, place_keys
        The key behind each number.
    n_read
        Rows of the source, kept and refused.
    n_other_kind
        Rows that name another kind for a place than its first row does. They were kept.
    """

    visits: Visits
    lines: I64
    file: U16
    places: Places
    people: Keys
    place_keys: Keys
    refusals: Refusals
    n_read: int
    n_other_kind: int


def read_visits(source: str | Path, *, offset: int = CHINA) -> Read:
    """Visits of a Parquet file, a CSV in UTF-8 or GB18030, a workbook, or a folder of them.

    Columns are person, place, kind (may lack: other), start and end (or minutes), and if known
    longitude, latitude and shared_room; `columns.NAMES` has what else they may be called. Times
    without a zone are the city's own; whole numbers below 10^8 are minutes since 1970 on the
    city's clock, larger ones the epoch in seconds, milli-, micro- or nanoseconds. Visits that end
    before they start, or last longer than their kind allows, are refused; nothing is merged.

    Parameters
    ----------
    offset
        The city's clock against UTC, in minutes.

    Raises
    ------
    Unreadable
        Where the list as a whole cannot be read; says why and how to mend it.
    """
    path = Path(source)
    files = [path]
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix.lower() in SUFFIXES)
        if not files:
            raise Unreadable(f"{path} holds no file that ends in {', '.join(SUFFIXES)}")
    gathered = Gathered(
        whole_person=all_whole(files, "person"), whole_place=all_whole(files, "place")
    )
    for file in files:
        gathered.begin(file.name)
        with session_of(file.name) as session:
            _read_file(session, file, gathered, offset)
    return _checked(gathered)


def read_records(records: Iterable[Mapping[str, object]], *, offset: int = CHINA) -> Read:
    """The same of a list of dicts, as posts bring them; lines count its rows from 1."""
    gathered = Gathered()
    gathered.begin("")
    rows = [{str(name): value for name, value in record.items()} for record in records]
    with session_of("the list") as session:
        _read_rows(session, enumerate(rows, 1), gathered, offset)
    return _checked(gathered)


def _checked(gathered: Gathered) -> Read:
    visits, people, place_keys = gathered.visits()
    places, n_other_kind = gathered.places(visits.place, len(place_keys))
    lines = gathered.column("line")
    result = check(visits, places.kind, lines=lines)
    file = gathered.column("file").astype(np.uint16, copy=False)
    refusals = gathered.refusals()
    return Read(
        visits=result.visits,
        lines=lines[result.good],
        file=file[result.good],
        places=places,
        people=people,
        place_keys=place_keys,
        refusals=refusals + result.refusals.of_files(file[~result.good], refusals),
        n_read=gathered.n_read,
        n_other_kind=n_other_kind,
    )


# --- files -------------------------------------------------------------------------------------


def _read_file(session: Any, file: Path, gathered: Gathered, offset: int) -> None:
    if file.suffix.lower() in PARQUET:
        rows = f"read_parquet({quoted(str(file))}, file_row_number=true)"
        read_relation(session, rows, "file_row_number + 1", gathered, offset)
    elif file.suffix.lower() == ".xlsx" or file.stat().st_size <= SMALL:
        with file.open("rb") as opened:
            table = tables.read(opened)
            _read_rows(session, table.rows(), gathered, offset, table.names)
    else:
        _read_large_text(session, file, gathered, offset)


def _read_large_text(session: Any, file: Path, gathered: Gathered, offset: int) -> None:
    """Transcoded where need be, then read by DuckDB on all cores.

    Lines count rows: blank lines, and breaks inside of cells, are not seen here.
    """
    with file.open("rb") as opened, tempfile.TemporaryDirectory() as folder:
        table = tables.read(opened)
        names = table.names
        if not table.encoding.startswith("utf-8"):
            copy = Path(folder) / "utf-8.csv"
            with (
                file.open(encoding=table.encoding, newline="") as source,
                copy.open("w", encoding="utf-8", newline="") as target,
            ):
                while part := source.read(1 << 22):
                    target.write(part)
            file = copy
        types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
        rows = (
            f"read_csv({quoted(str(file))}, auto_detect=false, header=true, store_rejects=true, "
            f"columns={{{types}}}, delim={quoted(table.delimiter)}, quote='\"', escape='\"')"
        )
        read_relation(session, rows, "row_number() OVER () + 1", gathered, offset)
        left_out = session.execute(
            "SELECT line, min(error_message) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
        gathered.shift_past(np.array([line for line, _ in left_out], np.int64))
        gathered.take_broken(left_out)


def _read_rows(
    session: Any,
    rows: Iterable[tuple[int, Mapping[str, object]]],
    gathered: Gathered,
    offset: int,
    names: Iterable[str] = (),
) -> None:
    """Rows one by one, as texts; they go through the same SQL as the big files."""
    lines: list[int] = []
    cells: dict[str, list[str]] = {name: [] for name in names}
    broken = []
    for line, row in rows:
        if tables.BEYOND in row:
            broken.append((line, f"cells beyond the header: {row[tables.BEYOND]}"))
            continue
        for name in row:
            if name not in cells:
                cells[name] = [""] * len(lines)
        lines.append(line)
        for name, column in cells.items():
            column.append(_text(row.get(name)))
    gathered.take_broken(broken)
    if cells:
        columns_in_hand = {name: np.array(column, object) for name, column in cells.items()}
        session.register("rows_in_hand", {LINE: np.array(lines, np.int64)} | columns_in_hand)
        read_relation(session, "rows_in_hand", f'"{LINE}"', gathered, offset)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value).strip()
