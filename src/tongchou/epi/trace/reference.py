"""The same questions in SQL on DuckDB: what every kernel is held against, row for row.

Slow and plain on purpose. Each question first writes the visits of its cases into a small table
("two-step"): as one statement the planner may join the whole city before it looks at the cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from tongchou.epi.trace import kinds
from tongchou.epi.trace.co_presence import Companions
from tongchou.epi.trace.contacts import Cases
from tongchou.epi.trace.day import DAY_MINUTES, City, unpack
from tongchou.epi.trace.sweep import Frontier, Limit
from tongchou.epi.trace.tables import EPOCH

Row = tuple[Any, ...]

_MINE = """
CREATE OR REPLACE TEMP TABLE mine AS
SELECT c.number AS number, c.person AS person, v.place, v.cell, v.kind, v.shared,
       greatest(v.s, c.since) AS s, least(v.e, c.until) AS e
FROM cases c JOIN visits v ON v.person = c.person AND v.s < c.until AND v.e > c.since
WHERE least(v.e, c.until) - greatest(v.s, c.since) >= 1 AND ($mask >> v.kind) & 1 = 1
"""

_TOGETHER = """
CREATE OR REPLACE TEMP TABLE together AS
SELECT m.number, v.person, m.place, m.kind, m.shared,
       greatest(v.s, m.s) AS f, least(v.e, m.e) AS l
FROM mine m JOIN visits v ON v.{key} = m.{key} AND v.s < m.e AND v.e > m.s
WHERE v.person <> m.person AND least(v.e, m.e) - greatest(v.s, m.s) >= $least
"""

_PAIRS = """
SELECT number, person,
       CAST(sum(CASE WHEN {joined} THEN 0 ELSE 1 END) AS BIGINT) AS meetings,
       CAST(sum(l - f) AS BIGINT) AS minutes,
       CAST(sum(CASE WHEN shared THEN l - f ELSE 0 END) AS BIGINT) AS shared_minutes,
       min(f), max(l), CAST(bit_or(1 << kind) AS BIGINT)
FROM together t
GROUP BY number, person
HAVING sum(l - f) >= $minutes AND meetings >= $meetings
ORDER BY number, person
"""

#: A meeting that begins at midnight, where the day before ended with one, is the same meeting.
_OVER_MIDNIGHT = """f % 1440 = 0 AND EXISTS (SELECT 1 FROM together b WHERE b.number = t.number
    AND b.person = t.person AND b.place = t.place AND b.l = t.f)"""


_SEEN = """
CREATE OR REPLACE TEMP TABLE seen AS
SELECT DISTINCT c.person, v.place, v.s // 1440 AS day
FROM cases c JOIN visits v ON v.person = c.person
WHERE v.s < c.until AND (v.e > c.since OR v.s >= c.since) AND ($mask >> v.kind) & 1 = 1
  AND v.s // 1440 >= $low AND v.s // 1440 < $high
"""

_CROSSINGS = """
SELECT k.place, k.day, k.n, count(DISTINCT v.person)
FROM (SELECT place, -1 AS day, count(DISTINCT person) AS n FROM seen GROUP BY place
      UNION ALL SELECT place, day, count(DISTINCT person) FROM seen GROUP BY place, day) k
JOIN visits v ON v.place = k.place AND (k.day = v.s // 1440 OR k.day = -1)
WHERE k.n >= $least AND v.s // 1440 >= $low AND v.s // 1440 < $high
GROUP BY k.place, k.day, k.n
ORDER BY k.place, k.day
"""


@dataclass(frozen=True, eq=False)
class Reference:
    """A DuckDB connection with a table `visits` (person, place, kind, cell, shared, s, e)."""

    connection: duckdb.DuckDBPyConnection

    def __enter__(self) -> "Reference":
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    @classmethod
    def of(cls, city: City) -> "Reference":
        """Load every day of a city from its place order."""
        connection = duckdb.connect()
        connection.execute(
            "CREATE TABLE visits (person BIGINT, place BIGINT, kind INTEGER, cell BIGINT, "
            "shared BOOLEAN, s BIGINT, e BIGINT)"
        )
        for day in city.days:
            person, start, minutes = unpack(day.by_place.records)
            place = day.by_place.keys()
            base = (day.on - EPOCH).days * DAY_MINUTES
            _insert(
                connection,
                "visits",
                person=person,
                place=place,
                kind=city.places.kind[place],
                cell=city.places.cell[place],
                shared=city.places.shared_room[place],
                s=base + start.astype(np.int64),
                e=base + start.astype(np.int64) + minutes,
            )
        return cls(connection)

    def contacts(self, cases: Cases, *, min_minutes: int = 15, mask: int = kinds.ALL) -> list[Row]:
        """(case, person, meetings, minutes, shared minutes, first, last, kinds), sorted."""
        self._cases(cases, mask)
        self.connection.execute(_TOGETHER.format(key="place"), {"least": 1})
        return self.connection.execute(
            _PAIRS.format(joined=_OVER_MIDNIGHT), {"minutes": min_minutes, "meetings": 1}
        ).fetchall()

    def co_presence(self, cases: Cases, rule: Companions, *, mask: int = kinds.ALL) -> list[Row]:
        """The same columns, for people in the same cell."""
        self._cases(cases, mask)
        self.connection.execute(_TOGETHER.format(key="cell"), {"least": rule.min_overlap})
        return self.connection.execute(
            _PAIRS.format(joined="false"),
            {"minutes": rule.min_minutes, "meetings": rule.min_meetings},
        ).fetchall()

    def reached(self, frontier: Frontier, limit: Limit, *, known: Sequence[int] = ()) -> list[Row]:
        """(person, first minute) of everybody reached from the frontier, sorted."""
        self._cases(Cases(frontier.person, frontier.since, frontier.until), limit.mask)
        self.connection.execute(_TOGETHER.format(key="place"), {"least": limit.min_minutes})
        return self.connection.execute(
            "SELECT person, min(f) FROM together WHERE person NOT IN (SELECT person FROM cases) "
            "AND NOT list_contains($known, person) GROUP BY person ORDER BY person",
            {"known": [int(person) for person in known]},
        ).fetchall()

    def exposures(self, cases: Cases, *, mask: int, min_cases: int = 2) -> list[Row]:
        """(place, day since 1970 or -1, cases, visitors) where enough cases were, sorted."""
        self._cases(cases, mask)
        days = {"low": int(cases.since.min()) // 1440, "high": -(-int(cases.until.max()) // 1440)}
        self.connection.execute(_SEEN, {"mask": mask, **days})
        return self.connection.execute(_CROSSINGS, {"least": min_cases, **days}).fetchall()

    def _cases(self, cases: Cases, mask: int) -> None:
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE cases (number BIGINT, person BIGINT, since BIGINT, "
            "until BIGINT)"
        )
        _insert(
            self.connection,
            "cases",
            number=np.arange(len(cases)),
            person=cases.person,
            since=cases.since,
            until=cases.until,
        )
        self.connection.execute(_MINE, {"mask": mask})


def _insert(connection: duckdb.DuckDBPyConnection, table: str, **columns: Any) -> None:
    arrays = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    connection.register("given", arrays)
    connection.execute(f"INSERT INTO {table} SELECT {', '.join(arrays)} FROM given")
    connection.unregister("given")
