"""Contacts of cases against DuckDB, PostgreSQL and the bare scan; the same pairs from each.

Bytes and floor: the rows of the cases' places at 8 bytes each, over the memory's speed; and the
scan, which reads the same rows and adds up their minutes but makes no pairs.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numba
import numpy as np

from bench import Row, tracing
from bench.city_visits import LONGEST
from bench.tracing import Times, seconds
from tongchou.epi.trace import contacts, kinds, meeting
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.day import Order, unpack
from tongchou.epi.trace.tables import Tables
from tongchou.kit.compiled import u64_at

Answer = tuple[int, int]  # pairs, minutes
SIZES = (1, 10, 100, 1000)
COLUMNS = ("person", "place", "s", "e", "kind")


def run(scale: float = 1.0) -> list[Row]:
    """Questions per second by number of cases; `--scale 10` is ten million people."""
    with tracing.city(scale) as tables:
        speed = tracing.bandwidth()
        sets = {n: tracing.seed_sets(tables, n, 200 if n < 1000 else 20) for n in SIZES}
        rows = [_against_scan(tables, n, sets[n], speed) for n in SIZES]
        for name, engine in (("duckdb", _duckdb), ("postgresql", _postgresql)):
            with tempfile.TemporaryDirectory(prefix="tc-trace-") as folder:
                for anchor, ask in engine(tables, Path(folder)):
                    rows += _against(tables, name, anchor, ask, sets)
    return rows


def _side_by_side(*asked: Callable[[], Answer], warm: bool = False) -> list[tuple[float, Answer]]:
    """Seconds and answer of each, one right after the other: a busy machine slows both."""
    if warm:
        for ask in asked:
            ask()
    found: list[tuple[float, Answer]] = []
    for ask in asked:
        answers: list[Answer] = []
        taken = seconds(lambda ask=ask, into=answers: into.append(ask()))
        found.append((taken, answers[0]))
    return found


def _own(tables: Tables, cases: Cases) -> Answer:
    pairs = contacts.of_cases(tables, cases)
    return len(pairs), int(pairs.minutes.sum())


def _against(
    tables: Tables,
    engine: str,
    anchor: str,
    ask: Callable[[Cases], Answer],
    sets: dict[int, list[Cases]],
) -> Iterator[Row]:
    bounds = {"duckdb, one table by time": (80, 80, 80, 0), "duckdb, both orders": (10, 10, 10, 5)}
    for n, least in zip(SIZES, bounds.get(anchor, (15, 15, 15, 0)), strict=True):
        some = sets[n][: 200 if n < 100 else 30 if n == 100 else 3]
        ask(some[0])
        seen = [_side_by_side(lambda c=c: _own(tables, c), lambda c=c: ask(c)) for c in some]
        assert all(a[1] == b[1] for a, b in seen), f"{anchor}: other pairs than the kernel's"
        own, theirs = (Times.of([pair[i][0] for pair in seen]) for i in (0, 1))
        yield Row(
            name=f"trace_contacts against {anchor}, n = {n}",
            engine=engine,
            anchor=anchor,
            anchor_value=1e3 / theirs.p50,
            own_value=1e3 / own.p50,
            ratio=theirs.p50 / own.p50,
            bound=f">= {least}" if least else "",
            unit="questions/s",
            note=f"own {own}; anchor {theirs}, {len(some)} sets",
        )


def _against_scan(tables: Tables, n: int, sets: list[Cases], speed: float) -> Row:
    seen = [
        _side_by_side(lambda c=c: _own(tables, c), lambda c=c: _scan(tables, c), warm=True)
        for c in sets
    ]
    own, scan = (Times.of([pair[i][0] for pair in seen]) for i in (0, 1))
    floor = 8e3 * float(np.mean([pair[1][1][0] for pair in seen])) / speed
    return Row(
        name=f"trace_contacts over its scan, n = {n}",
        engine="numba",
        anchor="the same rows read, minutes added up, no pairs",
        anchor_value=scan.p50,
        own_value=own.p50,
        ratio=own.p50 / scan.p50,
        bound="<= 3" if n >= 100 else "",
        unit="ms",
        note=f"own {own}; {len(sets)} sets; floor of bytes over bandwidth {floor:.3g} ms",
    )


# --- the scan ----------------------------------------------------------------------------------


def _scan(tables: Tables, cases: Cases) -> Answer:
    rows, minutes = _scanned(
        cases.person, cases.since, cases.until, tables.starts, tables.by_person, tables.by_place,
        tables.no_keys, tables.kind, tables.shared, tables.longest,
    )  # fmt: skip
    return int(rows), int(minutes)


@numba.njit(nogil=True)  # not kept on disk: it must follow every change of `meeting`
def _scanned(
    person, since, until, starts, by_person, by_place, key_of, kind_of, shared_of, longest
):  # fmt: skip
    rows, total = 0, 0
    for case in range(person.size):
        visits = meeting._visits(
            int(person[case]), since[case], until[case], starts, by_person, by_place, key_of,
            kind_of, shared_of, 0xFFFF, 1,
        )  # fmt: skip
        meeting._narrow(visits, longest, 1)
        for i in range(visits.shape[0]):
            begin, end = visits[i, meeting.BEGIN], visits[i, meeting.END]
            for at in range(visits[i, meeting.AT], visits[i, meeting.STOP]):
                record = u64_at(visits[i, meeting.ADDRESS], at)
                start = (record >> 16) & 0xFFFF
                minutes = min(start + (record & 0xFFFF), end) - max(start, begin)
                total += max(minutes, 0)
            rows += visits[i, meeting.STOP] - visits[i, meeting.AT]
    return rows, total


# --- DuckDB ------------------------------------------------------------------------------------

_MINE = """CREATE OR REPLACE TEMP TABLE cv AS
SELECT c.n, c.person AS cp, v.place, greatest(v.s, c.t0) AS s, least(v.e, c.t1) AS e
FROM cases c JOIN {table} v ON v.person = c.person AND v.s < c.t1 AND v.e > c.t0
WHERE v.person IN ({people})"""

_PAIRS = """SELECT cv.n, v.person, count(*), sum({minutes}) AS together, min(greatest(v.s, cv.s)),
       max(least(v.e, cv.e)), bit_or(1::INTEGER << v.kind)
FROM cv JOIN {table} v ON v.place = cv.place AND v.s < cv.e AND v.e > cv.s AND v.person <> cv.cp
{places} GROUP BY 1, 2 HAVING together >= 15"""

_INTEGER = "least(v.e, cv.e) - greatest(v.s, cv.s)"
_TIMESTAMP = "date_diff('minute', greatest(v.s, cv.s), least(v.e, cv.e))"


def _duckdb(tables: Tables, folder: Path) -> Iterator[tuple[str, Callable[[Cases], Answer]]]:
    with duckdb.connect(str(folder / "visits.db")) as connection:
        connection.execute("SET threads = 2; SET memory_limit = '4GB'; SET TimeZone = 'UTC'")
        for name, kind in (("vt", "TIMESTAMP"), ("raw", "INTEGER")):
            connection.execute(
                f"CREATE TABLE {name} (person INTEGER, place INTEGER, s {kind}, e {kind}, "
                "kind TINYINT)"
            )
        for columns in _by_time(tables):
            connection.register("day", columns)
            connection.execute(
                "INSERT INTO vt SELECT person, place, epoch_ms(s::BIGINT * 60000), "
                "epoch_ms(e::BIGINT * 60000), kind FROM day"
            )
            connection.execute("INSERT INTO raw SELECT * FROM day")
        for name, key in (("vp", "person"), ("vl", "place")):
            connection.execute(f"CREATE TABLE {name} AS FROM raw ORDER BY {key}, s")
        connection.execute("DROP TABLE raw")
        connection.execute("CHECKPOINT")

        def ask(cases: Cases, mine: str, others: str, minutes: str) -> Answer:
            time = "epoch_ms({}::BIGINT * 60000)" if mine == "vt" else "{}::INTEGER"
            columns = {"n": np.arange(len(cases)), "person": cases.person.astype(np.int32)}
            connection.register("given", columns | {"t0": cases.since, "t1": cases.until})
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE cases AS SELECT n, person, "
                f"{time.format('t0')} AS t0, {time.format('t1')} AS t1 FROM given"
            )
            people = ", ".join(map(str, np.unique(cases.person)))
            connection.execute(_MINE.format(table=mine, people=people))
            found = connection.execute("SELECT DISTINCT place FROM cv").fetchnumpy()["place"]
            places = f"WHERE v.place IN ({', '.join(map(str, found))})" if found.size < 4000 else ""
            pairs = connection.execute(
                _PAIRS.format(table=others, places=places, minutes=minutes)
            ).fetchnumpy()
            return pairs["person"].size, int(pairs["together"].sum())

        yield "duckdb, one table by time", lambda c: ask(c, "vt", "vt", _TIMESTAMP)
        yield "duckdb, both orders", lambda c: ask(c, "vp", "vl", _INTEGER)


def _by_time(tables: Tables) -> Iterator[dict[str, Any]]:
    """Columns of one day after the other, in order of start."""
    for base, day in zip(tables.starts.tolist(), tables.city.days, strict=True):
        order: Order = day.by_place
        person, start, minutes = unpack(np.asarray(order.records))
        by_start = np.argsort(start, kind="stable")
        place = order.keys()[by_start].astype(np.int32)
        s = (base + start[by_start].astype(np.int64)).astype(np.int32)
        yield {
            "person": person[by_start].astype(np.int32),
            "place": place,
            "s": s,
            "e": s + minutes[by_start].astype(np.int32),
            "kind": tables.kind[place].astype(np.int8),
        }


# --- PostgreSQL --------------------------------------------------------------------------------

_DWELL = """
WITH cv AS MATERIALIZED (
  SELECT k.n, k.person AS cp, v.place, greatest(v.s, k.t0) AS s, least(v.e, k.t1) AS e,
         (array[{bounds}])[v.kind + 1] AS dwell
  FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[]) AS k (n, person, t0, t1)
  JOIN vl v ON v.person = k.person AND v.s < k.t1 AND v.s > k.t0 - {longest} AND v.e > k.t0)
SELECT cv.n, v.person, count(*), sum(least(v.e, cv.e) - greatest(v.s, cv.s)),
       min(greatest(v.s, cv.s)), max(least(v.e, cv.e)), bit_or(1 << v.kind)
FROM cv JOIN LATERAL (
  SELECT * FROM vl v WHERE v.place = cv.place AND v.s < cv.e AND v.s > cv.s - cv.dwell
    AND v.e > cv.s AND v.person <> cv.cp OFFSET 0) v ON true
GROUP BY 1, 2 HAVING sum(least(v.e, cv.e) - greatest(v.s, cv.s)) >= 15"""


def _postgresql(tables: Tables, folder: Path) -> Iterator[tuple[str, Callable[[Cases], Answer]]]:
    import psycopg

    from tests.postgres import server

    bounds = {kind.number: minutes for kind, minutes in LONGEST.items()}
    dwell = ", ".join(str(bounds.get(kind.number, 1440)) for kind in kinds.KINDS)
    query = _DWELL.format(bounds=dwell, longest=max(bounds.values()))
    settings = ("shared_buffers=4GB", "work_mem=256MB", "maintenance_work_mem=1GB")
    settings += ("effective_cache_size=12GB", "random_page_cost=1.1", "max_wal_size=8GB")
    with (
        server(*settings, "max_parallel_workers_per_gather=2", "jit=off") as address,
        psycopg.connect(address, autocommit=True) as connection,
    ):
        connection.execute(
            "CREATE UNLOGGED TABLE vl (person int, place int, s int, e int, kind smallint)"
        )
        for columns in _by_time(tables):
            with connection.cursor().copy("COPY vl FROM STDIN (FORMAT binary)") as copy:
                copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
                copy.write(_binary(columns))
                copy.write(b"\xff\xff")
        connection.execute("CREATE INDEX ON vl (place, s)")
        connection.execute("CREATE INDEX ON vl (person, s)")
        connection.execute("VACUUM ANALYZE vl")

        def ask(cases: Cases) -> Answer:
            columns = (np.arange(len(cases)), cases.person, cases.since, cases.until)
            found = connection.execute(query, [column.tolist() for column in columns]).fetchall()
            return len(found), sum(row[3] for row in found)

        yield "postgresql, dwell bound, LATERAL", ask


def _binary(columns: dict[str, Any]) -> bytes:
    """Rows as COPY takes them: the number of fields, then each with its length."""
    fields = [("count", ">i2")]
    for name in COLUMNS:
        fields += [(f"{name} length", ">i4"), (name, ">i2" if name == "kind" else ">i4")]
    rows = np.empty(columns["s"].size, np.dtype(fields))
    rows["count"] = len(COLUMNS)
    for name in COLUMNS:
        rows[f"{name} length"] = 2 if name == "kind" else 4
        rows[name] = columns[name]
    return rows.tobytes()
