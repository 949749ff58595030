"""What a change of tempo or playbook would do to the open deadlines, without doing it.

The same SQL expression that re-times a leg counts it here, so a preview cannot promise what the
act does not keep.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from django.db import connection
from django.utils.translation import get_language

from tongchou.areas.models import Area
from tongchou.ledger import registry
from tongchou.ledger.legs import stamp
from tongchou.ledger.retiming import deadline_sql
from tongchou.loops import Tempo
from tongchou.playbook import Playbook, source_name
from tongchou.shell.moments import spell

_COUNT = """SELECT whose, loop, stage, count(*),
    count(*) FILTER (WHERE new_due < due_at), count(*) FILTER (WHERE new_due > due_at),
    count(*) FILTER (WHERE due_at <= %s), count(*) FILTER (WHERE new_due <= %s AND due_at > %s),
    count(*) FILTER (WHERE new_due > %s AND due_at <= %s)
FROM (SELECT {whose} AS whose, loop, stage, due_at, {due} AS new_due FROM ledger_handoff
    WHERE done_at IS NULL AND area_path >= %s AND area_path < %s {only}) legs
GROUP BY whose, loop, stage"""

_AT_TEMPO = """AND passage_id IN (SELECT p.id FROM ledger_passage p
    JOIN areas_area a ON a.code = p.area_id WHERE p.closed_at IS NULL AND a.tempo = %s)"""


@dataclass(frozen=True)
class StageMove:
    """The legs of one stage: how many there are, how many move, how many come due at once."""

    loop: str
    stage: str
    owner: str
    tempo: str
    before: timedelta
    after: timedelta
    clause: str
    source: str
    truth: str
    #: The area that has a time of its own; empty for the city's.
    area: str
    n_open: int = 0
    n_sooner: int = 0
    n_later: int = 0
    n_late: int = 0
    n_newly_late: int = 0
    n_no_longer_late: int = 0

    @property
    def n_moved(self) -> int:
        return self.n_sooner + self.n_later

    @property
    def before_words(self) -> str:
        return spell(self.before)

    @property
    def after_words(self) -> str:
        return spell(self.after)

    @property
    def loop_label(self) -> object:
        return registry.registered(self.loop).label

    @property
    def stage_label(self) -> object:
        return registry.stage_label(self.loop, self.stage)


@dataclass(frozen=True)
class Moves:
    """Every stage of every loop, in the order of the loops; stages without legs too."""

    stages: tuple[StageMove, ...]
    at: datetime

    def total(self, name: str) -> int:
        return sum(getattr(stage, name) for stage in self.stages)

    @property
    def n_open(self) -> int:
        return self.total("n_open")

    @property
    def n_moved(self) -> int:
        return self.total("n_moved")

    @property
    def n_newly_late(self) -> int:
        return self.total("n_newly_late")

    @property
    def n_no_longer_late(self) -> int:
        return self.total("n_no_longer_late")

    @property
    def with_legs(self) -> tuple[StageMove, ...]:
        return tuple(stage for stage in self.stages if stage.n_open)


def to_tempo(path: str, tempo: Tempo | str, book: Playbook, *, now: datetime) -> Moves:
    """What `tempo` would do to every open leg below `path`."""
    other = Tempo.PEACE if tempo == Tempo.WAR else Tempo.WAR
    own = _own(book)
    rows = _count(path, tempo, book, now, own, only_at_tempo=False)
    moves = _stages(rows, str(tempo), (book, str(other)), (book, str(tempo)), own)
    return Moves(tuple(moves), now)


def to_playbook(before: Playbook, after: Playbook, *, now: datetime, path: str = "") -> Moves:
    """What putting `after` in force would do to every open leg, each at its area's tempo."""
    stages: list[StageMove] = []
    own = _own(before, after)
    for tempo in Tempo:
        rows = _count(path, tempo, after, now, own, only_at_tempo=True)
        stages += _stages(rows, str(tempo), (before, str(tempo)), (after, str(tempo)), own)
    return Moves(tuple(stages), now)


#: By the path of the area with times of its own (none: the city), loop and stage.
Counts = dict[tuple[str, str, str], tuple[int, ...]]


def _own(*books: Playbook) -> dict[str, str]:
    """The names of the areas with times of their own, by path, the lowest area first."""
    codes = {code for book in books for code in book.areas}
    if not codes:
        return {}
    found = {area.path: str(area) for area in Area.objects.filter(code__in=codes)}
    return dict(sorted(found.items(), key=lambda pair: pair[0].count("/"), reverse=True))


def _stages(
    rows: Counts,
    tempo: str,
    before: tuple[Playbook, str],
    after: tuple[Playbook, str],
    own: dict[str, str],
) -> Iterable[StageMove]:
    every = ((item.loop.name, row) for item in registry.every() for row in item.loop)
    for (loop, row), (path, area) in product(every, [("", ""), *own.items()]):
        key = (loop, row.stage)
        if not path or (path, *key) in rows:
            old, new = before[0].deadline(*key, path), after[0].deadline(*key, path)
            yield StageMove(
                *key,
                row.owner,
                tempo,
                old.allowed(before[1]),
                new.allowed(after[1]),
                new.clause,
                source_name(new.source, get_language() or "en"),
                new.truth,
                area,
                *rows.get((path, *key), ()),
            )


def _count(
    path: str,
    tempo: Tempo | str,
    book: Playbook,
    now: datetime,
    own: dict[str, str],
    *,
    only_at_tempo: bool,
) -> Counts:
    due, values = deadline_sql(tempo, book)
    branches = " ".join("WHEN area_path >= %s AND area_path < %s THEN %s" for _area in own)
    whose = f"CASE {branches} ELSE '' END" if own else "''"
    values = [each for path in own for each in (path, path[:-1] + "0", path)] + values
    low, high = (path, path[:-1] + "0") if path else ("", "\uffff")
    moment = stamp(now.replace(microsecond=0))
    bounds: list[object] = [low, high, str(tempo)] if only_at_tempo else [low, high]
    statement = _COUNT.format(due=due, whose=whose, only=_AT_TEMPO if only_at_tempo else "")
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment] * 5 + values + bounds)
        return {row[:3]: tuple(int(n) for n in row[3:]) for row in cursor.fetchall()}
