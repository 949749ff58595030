"""Who is at class or at work today: a contact there, or on the way there, needs both its ends.

Closed classes and thinned-out workplaces are told by the role of a person (`ways.ROLES`) and the
district where the class or the workplace is, not where its people live. Whose turn it is at a
workplace is drawn for a week, and with less capacity fewer of the same people come.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import CLASS, VEHICLE, WORKPLACE, Ways
from tongchou.kit.compiled import kernel

__all__ = ["PUPILS", "book", "stay_away"]

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
        if not _there(group, role, district, present, start, slots[source[e]]["who"]) or not _there(
            group, role, district, present, start, target[e]
        ):
            target[e] = -1


@kernel
def _there(group: Any, role: Any, district: Any, present: Any, start: Any, person: Any) -> Any:
    number = group[person]
    share = present[district[number], role[number]]
    return share >= 1 or unit(draw(start, person)) < share


def book(run: Run) -> None:
    """Count today's pupils at home, and days of work lost to zones and to closed workplaces.

    Both by the district where people live, on the five working days of the week only. Who is kept
    in by a zone counts there and not as shut out by a closed workplace as well.
    """
    if run.weekday >= SATURDAY or not isinstance(run.people, Ways):
        return
    closed = not run.behaviour.all_there
    if not (closed or run.zoned):
        return
    heads = run.once(Ways, _by_home)
    kept = run.kept_in.astype(float)
    away = np.zeros_like(heads)
    if closed:
        away = np.einsum("hpr,pr->hr", run.people.heads, 1.0 - run.behaviour.present)
        away *= 1 - np.divide(kept, heads, out=np.zeros_like(kept), where=heads > 0)
    pupils = (kept + away)[:, :PUPILS].sum(axis=1)
    run.daily["pupils_home"][run.day] = np.rint(pupils).astype(np.int64)
    run.workdays_lost["zone"] += kept[:, PUPILS:]
    run.workdays_lost["closure"] += away[:, PUPILS:]


def _by_home(run: Run) -> F64:
    assert isinstance(run.people, Ways)
    by_home: F64 = run.people.heads.sum(axis=1).astype(float)
    return by_home
