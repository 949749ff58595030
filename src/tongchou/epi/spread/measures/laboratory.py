"""One laboratory for the whole city: what it can read in a day, and who comes first (检测能力).

Every sample is a tube: `rounds.tubes` of them can be read a day in all, and of single tests no more
than `testing.capacity`. Within a day it is first come, first served, in the order of `step`: the
severe, those who ask, positives of antigen tests, quarantine, zones, arrivals, rounds, checkpoints.
Districts at war come before those in peace; each may use what its tempo has open.

What does not fit is not sampled and counted (`pcr_missed`). Only rounds go on the next day where
they stopped. Nothing else is put off: who feels ill asks again, quarantine and zones have a next
test day, and a backlog would only have everybody sampled too late.
"""

from dataclasses import dataclass
from math import floor, inf

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.measures.stages import PEACE, WAR
from tongchou.epi.spread.state import Run

__all__ = ["Laboratory", "laboratory", "read"]

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

EVERYBODY = np.ones(2, np.float32)
EVERYBODY.setflags(write=False)


@dataclass
class Laboratory:
    """What can be read a day, by tempo, and what has been today."""

    tests: F64
    tubes: F64
    day: int = -1
    tests_read: int = 0
    tubes_read: int = 0

    def today(self, day: int) -> None:
        """Begin a new day, if it is one."""
        if day != self.day:
            self.day, self.tests_read, self.tubes_read = day, 0, 0

    def room(self) -> F64:
        """f64[2]: single tests that can still be read today, by tempo."""
        left = np.minimum(self.tests - self.tests_read, self.tubes - self.tubes_read)
        return np.maximum(left, 0.0)

    def room_for_pools(self) -> F64:
        """f64[2]: tubes that can still be read today, by tempo."""
        return np.maximum(self.tubes - self.tubes_read, 0.0)

    def take(self, tubes: int, *, single: bool = True) -> None:
        """So many more tubes are read today."""
        self.tubes_read += tubes
        self.tests_read += tubes * single


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
    if not swabs.any():
        return EVERYBODY
    size = np.ones(1, np.int64) if pools is None else pools[run.tempo]
    tubes = -(-swabs // size)
    share, lab = EVERYBODY, laboratory(run)
    if lab is not None:
        share, asked, size = np.ones(2, np.float32), swabs, np.broadcast_to(size, swabs.shape)
        swabs = swabs.copy()
        for tempo in (WAR, PEACE):
            here = run.tempo == tempo
            wanted = int(tubes[here].sum())
            room = (lab.room() if pools is None else lab.room_for_pools())[tempo]
            if wanted > room:
                # cut along the line of districts, so that the parts add up to the whole
                upto = np.cumsum(tubes[here]) * floor(room) // wanted
                tubes[here] = np.diff(upto, prepend=0)
                swabs[here] = np.minimum(swabs[here], tubes[here] * size[here])
                share[tempo] = swabs[here].sum() / asked[here].sum()
            lab.take(int(tubes[here].sum()), single=pools is None)
        run.daily["pcr_missed"][run.day] += asked - swabs
    run.daily["pcr_people"][run.day] += swabs
    run.daily["pcr_tubes"][run.day] += tubes
    return share


def _open(run: Run) -> Laboratory | None:
    both = run.policy.both
    tests = np.array([one.testing.capacity for one in both], float)
    tubes = np.array([one.rounds.tubes for one in both], float)
    if min(tests.min(), tubes.min()) == inf:
        return None
    return Laboratory(tests, tubes)
