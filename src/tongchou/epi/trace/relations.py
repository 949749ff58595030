"""Rows that DuckDB can see, whatever they lie in, taken into `Gathered` by one piece of SQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tongchou.epi.trace import arrow, columns
from tongchou.epi.trace.columns import Column, quoted
from tongchou.epi.trace.gathering import NO_NUMBER, Gathered
from tongchou.kit.tables import Unreadable

__all__ = ["LINE", "PARQUET", "all_whole", "read_relation", "session_of"]

#: A column that is ours, beside those of the list.
LINE = "line of the row"
#: Kinds have this many different words at most; what comes after them is refused.
MOST_WORDS = 1000
PARQUET = (".parquet", ".pq")


def read_relation(session: Any, rows: str, line: str, gathered: Gathered, offset: int) -> None:
    described = session.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
    types = {row[0]: row[1] for row in described if row[0] not in (LINE, "file_row_number")}
    found = columns.match(types, gathered.files[-1] or "the list")
    words = _words(session, found, rows)
    query = (
        f"SELECT ({line})::BIGINT AS line, {_selected(found, gathered, offset, words)} FROM {rows}"
    )
    for part in arrow.batches(session.sql(query)):
        gathered.take(part)
    if wrong := gathered.wants_texts():
        texts = ", ".join(
            columns.key_sql(found[name]) if name in found else "''"
            for name in ("kind", "start", "end")
        )
        cells = session.execute(
            f"SELECT line, {texts} FROM (SELECT ({line})::BIGINT AS line, * FROM {rows}) "
            f"WHERE line IN ({', '.join(map(str, wrong))})"
        )
        gathered.explain(cells.fetchall())


def _words(session: Any, found: Mapping[str, Column], rows: str) -> list[str]:
    """The words for kinds in this list; DuckDB finds them sooner than we would row by row."""
    if "kind" not in found:
        return []
    word = columns.word_sql(found["kind"])
    query = f"SELECT DISTINCT {word} AS word FROM {rows} ORDER BY word LIMIT {MOST_WORDS}"
    return [word for (word,) in session.execute(query).fetchall()]


def _selected(
    found: Mapping[str, Column], gathered: Gathered, offset: int, words: list[str]
) -> str:
    start = columns.minutes_sql(found["start"], offset)
    end = columns.end_sql(found, start, offset)
    parts = [
        f"{_key(found['person'], gathered.person.whole)} AS person",
        f"{_key(found['place'], gathered.place.whole)} AS place",
        f"{columns.kind_sql(found.get('kind'), words)} AS kind",
        f"{start} AS start",
        f'{end} AS "end"',
    ]
    for name in ("longitude", "latitude"):
        if name in found:
            number = f"try_cast({found[name].sql} AS DOUBLE)"
            parts.append(f"coalesce({number}, 'nan'::DOUBLE) AS {name}")
    if "shared_room" in found:
        parts.append(f"{columns.yes_sql(found['shared_room'])} AS shared")
    return ", ".join(parts)


def _key(column: Column, whole: bool) -> str:
    if whole:
        return f"coalesce({column.sql}::BIGINT, {NO_NUMBER})"
    return columns.key_sql(column)


def all_whole(files: list[Path], ours: str) -> bool:
    """Whether this column holds whole numbers in every file, so that no texts are needed."""
    for file in files:
        if file.suffix.lower() not in PARQUET:
            return False
        with session_of(file.name) as session:
            rows = f"DESCRIBE SELECT * FROM read_parquet({quoted(str(file))})"
            described = {row[0]: row[1] for row in session.execute(rows).fetchall()}
        if not columns.is_whole(columns.match(described, file.name)[ours]):
            return False
    return True


@contextmanager
def session_of(name: str) -> Iterator[Any]:
    """A DuckDB of our own: nothing of it outlives the reading, errors come in our words."""
    try:
        with duckdb.connect() as session:
            session.execute("SET arrow_large_buffer_size = true; SET TimeZone = 'UTC'")
            yield session
    except (duckdb.Error, RuntimeError) as error:
        first = str(error).strip().splitlines()[0]
        raise Unreadable(f"{name} cannot be read: {first}") from error
    except OSError as error:
        raise Unreadable(f"{name} cannot be opened: {error.strerror}") from error
