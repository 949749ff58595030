"""Who is at class or at work today: a contact there, or on the way there, needs both its ends.

Closed classes and thinned-out workplaces are told by the role of a person (`ways.ROLES`) and the
district where the class or the workplace is, not where its people live. Whose turn it is at a
workplace is drawn for a week, and with less capacity fewer of the same people come.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.absence import HELD, ILL, INSIDE
from tongchou.epi.spread.city import tiny
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.slots import empty
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import CLASS, ROLES, VEHICLE, WORKPLACE, Ways, ways_of
from tongchou.kit.compiled import example, kernel

__all__ = ["PUPILS", "book", "past", "stay_away", "there"]

F64 = NDArray[np.float64]

#: Roles below this are pupils; role 4 + s works in sector s.
PUPILS = 4
SATURDAY = 5


@kernel
def stay_away(
    slots: Any, ways: Any, present: Any, start: Any, source: Any, layer: Any, n: Any, target: Any
) -> None:
    """Strike out (-1) contacts in class, at work and on the way of which one end is not there."""
    group, role, district = ways.group, ways.group_role, ways.group_district
    for e in range(n):
        if target[e] < 0 or not (layer[e] == CLASS or layer[e] == WORKPLACE or layer[e] == VEHICLE):
            continue
        one, other = slots[source[e]]["who"], target[e]
        if not there(group, role, district, present, start, one) or not there(
            group, role, district, present, start, other
        ):
            target[e] = -1


@kernel
def there(group: Any, role: Any, district: Any, present: Any, start: Any, person: Any) -> Any:
    """Whether a person of some group is there; `start` is the stream of the week."""
    number = group[person]
    share = present[district[number], role[number]]
    return share >= 1 or unit(draw(start, person)) < share


def past(run: Run, days: range) -> tuple[NDArray[np.float32], NDArray[np.uint64]]:
    """What `there` asks for, of these days: f32[days, n_districts, 47] and u64[days].

    Both are empty where everybody was there on all of them. Today counts as yesterday.
    """
    nobody = np.empty((0, 0, 0), np.float32), np.empty(0, np.uint64)
    if not run.absences:
        return nobody
    known = [min(day, run.day - 1) for day in days]
    if not any(day in run.absences for day in known):
        return nobody
    everybody = np.ones_like(run.behaviour.present)
    present = np.stack([run.absences.get(day, everybody) for day in known])
    weeks = [run.stream(purposes.PRESENT, max(run.week_of(day), 0)) for day in known]
    return present, np.array(weeks, np.uint64)


def book(run: Run) -> None:
    """Count today's pupils at home, and the days of work lost today.

    Both by the district where people live, on the five working days of the week only. No worker is
    missed twice (`absence`); of those shut out by closed workplaces, of whom only shares are known,
    the same share is elsewhere as of all workers of the sector and district.
    """
    closed = not run.behaviour.all_there
    if closed:
        run.absences[run.day] = run.behaviour.present.copy()
    if not isinstance(run.people, Ways):
        return
    gone = run.gone()
    if run.weekday >= SATURDAY:
        return
    run.workdays_lost["ill"] += gone[ILL]
    run.workdays_lost["quarantine"] += gone[HELD]
    if not (closed or run.zoned):
        return
    heads = run.once(Ways, _by_home)
    kept = run.kept_in.astype(float)
    away = np.zeros_like(heads)
    if closed:
        away = np.einsum("hpr,pr->hr", run.people.heads, 1.0 - run.behaviour.present)
        elsewhere = kept.copy()  # and so not shut out
        elsewhere[:, PUPILS:] += gone[ILL] + gone[HELD] - gone[INSIDE]
        away *= 1 - np.divide(elsewhere, heads, out=np.zeros_like(kept), where=heads > 0)
    pupils = (kept + away)[:, :PUPILS].sum(axis=1)
    run.daily["pupils_home"][run.day] = np.rint(pupils).astype(np.int64)
    run.workdays_lost["zone"] += kept[:, PUPILS:] - gone[INSIDE]
    run.workdays_lost["closure"] += away[:, PUPILS:]


def _by_home(run: Run) -> F64:
    assert isinstance(run.people, Ways)
    by_home: F64 = run.people.heads.sum(axis=1).astype(float)
    return by_home


@example
def _warm() -> None:
    ways, present = ways_of(tiny()), np.ones((1, ROLES), np.float32)
    source, layer = np.zeros(1, np.int32), np.full(1, CLASS, np.uint8)
    slots = empty(1)
    slots["who"] = 0
    stay_away(slots, ways, present, np.uint64(1), source, layer, 1, source.copy())
