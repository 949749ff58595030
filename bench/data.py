"""A city of any size for benchmarks: open and closed legs as they lie after months of an outbreak.

Rows are made as columns of text and handed to COPY or executemany, oldest first, so that every
index grows at its end: eleven million legs take minutes, not hours. Gaps are raised by the sweep
and counts by the tally, so that nothing is measured that the program would not have written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

T0 = datetime(2022, 7, 1, tzinfo=UTC)  # "now" in every benchmark
CITY = "990100"
N_DISTRICTS, N_STREETS, N_COMMUNITIES = 13, 12, 6  # each per the one above
WEIGHTS = {"contact": 0.5, "quarantine_stay": 0.3, "case_report": 0.1, "investigation": 0.1}
CHUNK = 50_000
#: Share of open legs whose deadline has passed.
LATE = 0.03

_PASSAGE = [
    "id",
    "loop",
    "stage",
    "title",
    "area_id",
    "area_path",
    "person_key",
    "holds",
    "n_legs",
    "opened_at",
    "closed_at",
]
_LEG = [
    "passage_id",
    "number",
    "loop",
    "stage",
    "owner",
    "unit_id",
    "area_path",
    "opened_at",
    "timed_from",
    "due_at",
    "playbook",
    "clause",
    "done_at",
    "done_by_id",
    "outcome",
    "note",
]


@dataclass
class City:
    """What a benchmark needs to know of the city it measures."""

    n_open: int
    n_closed: int
    areas: dict[str, str]  # code -> path
    units: dict[str, list[tuple[str, int]]]  # role -> area path, unit
    users: dict[str, int]  # username -> id
    steps: dict[tuple[str, str], Any] = field(default_factory=dict)
    n_gaps: int = 0


def build(*, n_open: int, n_closed: int, seed: int = 1) -> City:
    """Write areas, units, posts, passages, legs, gaps and counts into an empty database."""
    from tongchou.command.actions import tally
    from tongchou.ledger.sweeping import sweep

    rng = np.random.default_rng(seed)
    city = _ground(n_open, n_closed)
    _closed(city, rng)
    _open(city, rng)
    _mend_sequences()
    _run(_CLOSED_GAPS)
    _statistics()
    city.n_gaps = sweep(now=T0).n_raised
    tally(now=T0)
    _statistics()
    return city


# --- the ground: areas, units, people on post --------------------------------------------------


def _ground(n_open: int, n_closed: int) -> City:
    from tongchou.areas.models import Area, Level
    from tongchou.staff.models import Post, Unit, User
    from tongchou.staff.roles import Role

    areas: list[Area] = []

    def add(code: str, parent: Area | None, name: str, level: int) -> Area:
        path = (parent.path if parent else "") + code + "/"
        areas.append(
            Area(code=code, name=name, parent=parent, path=path, level=level, population=1000)
        )
        return areas[-1]

    top = add(CITY, None, "同舟市", Level.CITY)
    for d in range(1, N_DISTRICTS + 1):
        district = add(f"9901{d:02}", top, f"第{d}区", Level.DISTRICT)
        for s in range(1, N_STREETS + 1):
            street = add(f"{district.code}{s:03}", district, f"第{s}街道", Level.STREET)
            for c in range(1, N_COMMUNITIES + 1):
                add(f"{street.code}{c:03}", street, f"第{c}社区", Level.COMMUNITY)
    Area.objects.bulk_create(areas)
    city = City(n_open, n_closed, {a.code: a.path for a in areas}, {}, {})
    level_of = {
        Role.COMMUNITY: (Level.COMMUNITY,),
        Role.DUTY_OFFICER: (Level.CITY, Level.DISTRICT, Level.STREET),
        Role.COMMANDER: (Level.CITY, Level.DISTRICT),
        Role.ASSIST: (Level.CITY,),
        Role.STEWARD: (Level.CITY,),
        Role.HOSPITAL: (Level.CITY,),
    }
    wanted = [
        (role, area)
        for role in Role
        for area in areas
        if area.level in level_of.get(role, (Level.DISTRICT,))
    ]
    users = User.objects.bulk_create(
        User(username=f"{role}-{area.code}", password="!") for role, area in wanted
    )
    units = Unit.objects.bulk_create(
        Unit(name=f"{role.label} {area.code}", area=area, phone="0000") for role, area in wanted
    )
    Post.objects.bulk_create(
        Post(user=u, role=role, unit=unit, area=area, level=area.level, from_at=T0 - _days(4000))
        for (role, area), u, unit in zip(wanted, users, units, strict=True)
    )
    for (role, area), unit in zip(wanted, units, strict=True):
        city.units.setdefault(str(role), []).append((area.path, unit.pk))
    city.users = {user.username: user.pk for user in users}
    return city


# --- legs --------------------------------------------------------------------------------------


def _walks(rng: np.random.Generator, n: int) -> list[tuple[str, tuple[str, ...]]]:
    """`n` ways through the loops, each the stages a subject passed; the last is an end."""
    from tongchou.ledger import registry

    loops = [item.loop for item in registry.every()]
    share = np.array([WEIGHTS.get(loop.name, 0.05) for loop in loops])
    found = []
    for pick in rng.choice(len(loops), n, p=share / share.sum()):
        loop, way = loops[pick], [loops[pick].start]
        while (row := loop.at(way[-1])) is not None and len(way) < 12:
            # the first ways on are the usual ones
            way.append(row.to[min(int(rng.exponential(0.7)), len(row.to) - 1)])
        found.append((loop.name, tuple(way)))
    return found


def _closed(city: City, rng: np.random.Generator) -> None:
    """Passages of the last 300 days, all ended, until there are `n_closed` legs."""
    ways = _walks(rng, 2000)
    mean = sum(len(way) - 1 for _, way in ways) / len(ways)
    n_passages = int(city.n_closed / mean)
    for start in range(0, n_passages, CHUNK):
        n = min(CHUNK, n_passages - start)
        ago = 300 * (1 - (start + np.sort(rng.random(n)) * n) / max(n_passages, 1)) + 12
        opened = (T0.timestamp() - ago * 86400).astype(int).tolist()
        chosen = [ways[i] for i in rng.integers(0, len(ways), n)]
        _write(city, rng, chosen, opened, first=start + 1)


def _open(city: City, rng: np.random.Generator) -> None:
    """Passages that wait at some stage now; `LATE` of them too long."""
    from tongchou.ledger.models import Passage

    first = (Passage.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    ways = [(loop, way[:-1]) for loop, way in _walks(rng, 2000)]
    ways = [(loop, way[: rng.integers(1, len(way) + 1)]) for loop, way in ways]
    for start in range(0, city.n_open, CHUNK):
        n = min(CHUNK, city.n_open - start)
        chosen = [ways[i] for i in rng.integers(0, len(ways), n)]
        _write(city, rng, chosen, None, first=first + start)


def _write(
    city: City,
    rng: np.random.Generator,
    ways: Sequence[tuple[str, tuple[str, ...]]],
    opened: list[int] | None,
    *,
    first: int,
) -> None:
    """One chunk of passages and their legs, from `opened` on; without it, waiting now."""
    still_open, now = opened is None, int(T0.timestamp())
    steps = _steps(city)
    communities = [c for c in city.areas if len(c) == 12]
    places = [communities[i] for i in rng.integers(0, len(communities), len(ways)).tolist()]
    # Most hand on in good time, some late: 0.1 to 1.15 of what is allowed.
    shares = (0.1 + 1.05 * rng.random((len(ways), 12))).tolist()
    passages: list[tuple[Any, ...]] = []
    legs: list[tuple[Any, ...]] = []
    for i, (name, way) in enumerate(ways):
        pk, place, share = first + i, places[i], shares[i]
        path = city.areas[place]
        stages = way if still_open else way[:-1]
        took = [
            int(steps[name, stage][1] * part) for stage, part in zip(stages, share, strict=False)
        ]
        if opened is None:
            took[-1] = int(steps[name, way[-1]][1] * (share[-1] - 0.1) / 1.05 / (1 - LATE))
            begun = moment = now - sum(took)
        else:
            begun = moment = opened[i]
        last = len(stages) if still_open else 0
        for number, stage in enumerate(stages, start=1):
            owner, allowed, _, units = steps[name, stage]
            ends = None if number == last else moment + took[number - 1]
            legs.append(
                (
                    pk, number, name, stage, owner, units[path], path, moment, moment,
                    moment + allowed, ends, "" if ends is None else way[number],
                )
            )  # fmt: skip
            moment = now if ends is None else ends
        holds = still_open and steps[name, way[-1]][2]
        passages.append(
            (
                pk, name, way[-1], f"{name[:1].upper()}-{pk}", place, path, f"{pk:010}", holds,
                len(stages), begun, None if still_open else moment,
            )
        )  # fmt: skip
    user = city.users["cdc-990101"]
    _load("ledger_passage", _PASSAGE, _as_rows(passages, times=(9, 10)))
    _load(
        "ledger_handoff",
        _LEG,
        (
            (*row[:10], "cn-2022-06", "", row[10], user if row[10] else None, row[11], "")
            for row in _as_rows(legs, times=(7, 8, 9, 10))
        ),
    )


Step = tuple[str, int, bool, dict[str, int | None]]  # owner, seconds, custody, unit by area path


def _steps(city: City) -> dict[tuple[str, str], Step]:
    """What each stage needs, looked up once."""
    from tongchou.ledger import policy, registry

    if not city.steps:
        book = policy.in_force(T0)
        for item in registry.every():
            for row in item.loop:
                allowed = book.deadline(item.loop.name, row.stage).allowed("peace")
                units = {path: _unit(city, row.owner, path) for path in city.areas.values()}
                seconds = int(allowed.total_seconds())
                city.steps[item.loop.name, row.stage] = (row.owner, seconds, row.custody, units)
    return city.steps


def _unit(city: City, role: str, path: str) -> int | None:
    covering = [(len(top), pk) for top, pk in city.units.get(role, ()) if path.startswith(top)]
    return max(covering)[1] if covering else None


# --- loading -----------------------------------------------------------------------------------


def _as_rows(rows: list[tuple[Any, ...]], *, times: tuple[int, ...]) -> Iterator[tuple[Any, ...]]:
    """Rows with their seconds as this database's text, made a whole column at once."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place in times:
        seconds = np.array([-1 if s is None else s for s in columns[place]], dtype="int64")
        text = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s").tolist()
        columns[place] = [
            None if s is None else t.replace("T", " ")
            for s, t in zip(columns[place], text, strict=True)
        ]
    return zip(*columns, strict=True)


def _load(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    names = ", ".join(columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def _mend_sequences() -> None:
    """PostgreSQL does not count the keys that COPY brings along."""
    from django.core.management.color import no_style
    from django.db import connection

    from tongchou.ledger.models import Passage

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Passage]):
            cursor.execute(statement)


#: What came late and was handed on since stays in the record; the board must not stumble over it.
_CLOSED_GAPS = """INSERT INTO ledger_gap (handoff_id, loop, stage, owner, area_path, rung, unit_id,
    opened_at, raised_at, climbed_at, closed_at, reason)
SELECT id, loop, stage, owner, area_path, 0, unit_id, due_at, due_at, due_at, done_at, 'handed_over'
FROM ledger_handoff WHERE done_at > due_at"""


def _statistics() -> None:
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    _run("PRAGMA wal_checkpoint(TRUNCATE)" if sqlite else "VACUUM ANALYZE")


def _run(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _days(n: float) -> timedelta:
    return timedelta(days=n)
