"""Moving many deadlines at once: when an area changes tempo, or the city its playbook.

One statement per table. What was already a gap stays in the record; an open gap that is no longer
due is closed with that reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from tongchou.areas.models import Area
from tongchou.ledger import policy, registry
from tongchou.ledger.actions import whole_second
from tongchou.ledger.legs import stamp
from tongchou.ledger.models import Gap, Handoff
from tongchou.loops import Tempo
from tongchou.playbook import Deadline, Playbook


@dataclass(frozen=True)
class Retimed:
    """How many deadlines moved, and how many gaps this closed."""

    n_legs: int
    n_gaps_closed: int


_WHERE = "done_at IS NULL AND area_path >= %s AND area_path < %s"

_WIDEST = 50

_AT_TEMPO = """passage_id IN (SELECT p.id FROM ledger_passage p
    JOIN areas_area a ON a.code = p.area_id WHERE p.closed_at IS NULL AND a.tempo = %s)"""


@transaction.atomic
def retime(
    *,
    area_path: str,
    tempo: Tempo | str,
    playbook: Playbook,
    reason: str,
    now: datetime,
    only_at_tempo: bool = False,
) -> Retimed:
    """Give every open leg below `area_path` the deadline that `playbook` allows at `tempo`.

    Parameters
    ----------
    area_path
        The top of the subtree; every leg where it is empty.
    reason
        `Gap.Reason.TEMPO` or `Gap.Reason.PLAYBOOK`, for the gaps that are no longer due.
    only_at_tempo
        Leave legs in areas that are at another tempo alone.
    """
    now = whole_second(now)
    low, high = (area_path, area_path[:-1] + "0") if area_path else ("", "￿")
    due, values = deadline_sql(tempo, playbook)
    clause, clauses = _looked_up(playbook, lambda time: time.clause[:120], known="clause")
    where, bounds = _WHERE, [low, high]
    if only_at_tempo:
        where, bounds = f"{_WHERE} AND {_AT_TEMPO}", [low, high, str(tempo)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ledger_handoff SET due_at = {due}, playbook = %s, clause = {clause} "
            f"WHERE {where} AND due_at <> {due}",
            [*values, playbook.id, *clauses, *bounds, *values],
        )
        n_legs = cursor.rowcount
        cursor.execute(
            f"UPDATE ledger_gap SET closed_at = %s, reason = %s WHERE closed_at IS NULL "
            f"AND area_path >= %s AND area_path < %s AND handoff_id IN "
            f"(SELECT id FROM ledger_handoff WHERE {where} AND due_at > %s)",
            [stamp(now), str(reason), low, high, *bounds, stamp(now)],
        )
        return Retimed(n_legs, cursor.rowcount)


def retime_leg(*, leg: Handoff, timed_from: datetime, now: datetime) -> None:
    """Move one open leg because the order it is timed from was extended or shortened."""
    policy.steady()
    ground = policy.ground(leg.passage.area_id, now)
    start = whole_second(timed_from)
    due_at = start + ground.allowance(leg.loop, leg.stage, leg.area_path)
    Handoff.objects.filter(pk=leg.pk, done_at=None).update(timed_from=start, due_at=due_at)
    if due_at > now:
        Gap.objects.filter(handoff=leg, closed_at=None).update(
            closed_at=whole_second(now), reason=Gap.Reason.ORDER
        )


def deadline_sql(tempo: Tempo | str, playbook: Playbook) -> tuple[str, list[str]]:
    """The new deadline as an SQL expression over the leg, with its parameters."""

    def span(time: Deadline) -> str:
        seconds = int(time.allowed(tempo).total_seconds())
        return f"{seconds} seconds" if connection.vendor == "postgresql" else f"+{seconds} seconds"

    case, values = _looked_up(playbook, span, known="")
    if not case:
        return "due_at", []
    if connection.vendor == "postgresql":
        return f"(timed_from + ({case})::interval)", values
    return f"datetime(timed_from, {case})", values


def _looked_up(
    playbook: Playbook, say: Callable[[Deadline], str], *, known: str
) -> tuple[str, list[str]]:
    """What a playbook says of a leg, as an SQL expression; `known` where there are no loops."""
    stages = {(item.loop.name, row.stage) for item in registry.every() for row in item.loop}
    if not stages:
        return known, []
    cases: list[str] = []
    values: list[str] = []
    # The lowest area that has a time of its own comes first; a leg falls through to the city's.
    own = own_times(playbook)
    for path in sorted(own, key=lambda path: path.count("/"), reverse=True):
        times = {key: own[path][key] for key in sorted(stages & own[path].keys())}
        if times:
            inner, said = _by_stage(times, say)
            cases.append(f"CASE WHEN area_path >= %s AND area_path < %s THEN {inner} END")
            values += [path, path[:-1] + "0", *said]
    citywide, said = _by_stage({key: playbook.deadline(*key) for key in sorted(stages)}, say)
    return _first([*cases, citywide]), values + said


def _first(expressions: list[str]) -> str:
    """The first that is not null; SQLite takes some hundred arguments, a city has more streets."""
    while len(expressions) > 1:
        groups = (expressions[n : n + _WIDEST] for n in range(0, len(expressions), _WIDEST))
        expressions = [
            f"COALESCE({', '.join(group)})" if group[1:] else group[0] for group in groups
        ]
    return expressions[0]


def own_times(playbook: Playbook) -> dict[str, dict[tuple[str, str], Deadline]]:
    """What areas settle for themselves, by the path of the area and by loop and stage."""
    if not playbook.areas:
        return {}
    found = Area.objects.filter(code__in=list(playbook.areas)).values_list("code", "path")
    return {
        path: {
            (loop, stage): time
            for loop, times in playbook.areas[code].deadline_tables.items()
            for stage, time in times.items()
        }
        for code, path in found
    }


def _by_stage(
    times: Mapping[tuple[str, str], Deadline], say: Callable[[Deadline], str]
) -> tuple[str, list[str]]:
    branches: list[str] = []
    values: list[str] = []
    for (loop, stage), time in times.items():
        branches.append("WHEN loop = %s AND stage = %s THEN %s")
        values += [loop, stage, say(time)]
    return f"CASE {' '.join(branches)} END", values
