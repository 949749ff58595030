"""One laboratory for the whole city: what it can read in a day, and who comes first (检测能力).

Every sample is a tube: `rounds.tubes` of them can be read a day in all, and of single tests no more
than `testing.capacity`. Within a day it is first come, first served, in the order of `step`: the
severe, those who ask, positives of antigen tests, quarantine, zones, arrivals, rounds, checkpoints.
Districts at war come before those in peace; each may use what its tempo has open.

What does not fit is not sampled and counted (`pcr_missed`). Only rounds go on the next day where
they stopped. Nothing else is put off: who feels ill asks again, quarantine and zones have a next
test day, and a backlog would only have everybody sampled too late.
"""

from math import floor, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.stages import PEACE, WAR
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import example, kernel

__all__ = ["Laboratory", "laboratory", "read"]

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class Laboratory:
    """What can be read a day, by tempo, and what has been today.

    Parameters
    ----------
    tests, tubes
        f64[2]: single tests, and tubes in all, that can be read a day.
    """

    def __init__(self, tests: F64, tubes: F64) -> None:
        self.tests, self.tubes = tests, tubes
        self.day = -1
        #: i64[2]: single tests, and tubes in all, that have been read today
        self.taken = np.zeros(2, np.int64)

    def today(self, day: int) -> None:
        """Begin a new day, if it is one."""
        if day != self.day:
            self.day = day
            self.taken[:] = 0

    @property
    def tubes_read(self) -> int:
        return int(self.taken[1])

    def room(self) -> F64:
        """f64[2]: single tests that can still be read today, by tempo."""
        left: F64 = np.minimum(self.tests - self.taken[0], self.tubes - self.taken[1])
        return left.clip(0.0)

    def take(self, tubes: int, *, single: bool = True) -> None:
        """So many more tubes are read today."""
        self.taken[1] += tubes
        self.taken[0] += tubes * single


def laboratory(run: Run) -> Laboratory | None:
    """The city's laboratory, with today's book open; None where it has no limit."""
    made = run.once(Laboratory, _open)
    if made is not None:
        made.today(run.day)
    return made


def read(run: Run, swabs: I64, pools: I64 | None = None) -> F32:
    """Take as many of these swabs as can be read today, and book them.

    Parameters
    ----------
    swabs
        i64[n_districts]: people to be sampled.
    pools
        i64[2]: swabs in a tube, in peace and in war; None: they are tested singly.

    Returns
    -------
    f32[2]: by tempo, the share of these people who are sampled.
    """
    lab, daily, single = laboratory(run) or _UNLIMITED, run.daily, pools is None
    asked = np.ascontiguousarray(swabs, np.int64)
    share = np.ones(2, np.float32)
    _read(
        asked, _SINGLY if pools is None else pools, single, run.tempo, lab.tests, lab.tubes,
        lab.taken, share, run.day, daily["pcr_people"], daily["pcr_tubes"], daily["pcr_missed"],
    )  # fmt: skip
    return share


@kernel
def _read(
    swabs: Any, pools: Any, single: Any, tempo: Any, tests: Any, tubes: Any, taken: Any,
    share: Any, day: Any, people: Any, read: Any, missed: Any,
) -> None:  # fmt: skip
    for now in (WAR, PEACE):
        size, asked, wanted = pools[now], 0, 0
        for d in range(swabs.size):
            if tempo[d] == now:
                asked += swabs[d]
                wanted += -(-swabs[d] // size)
        room = tubes[now] - taken[1]
        if single:
            room = min(room, tests[now] - taken[0])
        short = wanted > max(room, 0.0)
        most = np.int64(floor(max(room, 0.0))) if short else wanted
        # cut along the line of districts, so that the parts add up to the whole
        line, before, served = 0, 0, 0
        for d in range(swabs.size):
            if tempo[d] != now:
                continue
            took, tube = swabs[d], -(-swabs[d] // size)
            if short:
                line += tube
                upto = line * most // wanted
                before, tube = upto, upto - before
                took = min(took, tube * size)
            served += took
            people[day, d] += took
            read[day, d] += tube
            missed[day, d] += swabs[d] - took
            taken[1] += tube
            taken[0] += tube if single else 0
        if short:
            share[now] = served / asked


_SINGLY = np.ones(2, np.int64)
_UNLIMITED = Laboratory(np.full(2, inf), np.full(2, inf))


def _open(run: Run) -> Laboratory | None:
    both = run.policy.both
    tests = np.array([one.testing.capacity for one in both], float)
    tubes = np.array([one.rounds.tubes for one in both], float)
    if min(tests.min(), tubes.min()) == inf:
        return None
    return Laboratory(tests, tubes)


@example
def _warm() -> None:
    lab, day = Laboratory(np.ones(2), np.ones(2)), np.zeros((1, 1), np.int64)
    tempo, share = np.zeros(1, np.uint8), np.ones(2, np.float32)
    _read(day[0], _SINGLY, True, tempo, lab.tests, lab.tubes, lab.taken, share, 0, day, day, day)
