"""One record for everybody ever infected, in the order of infection: course, force, and status.

A record takes 45 bytes. Days of the course count from the day of infection and
fit a byte; `LONG` is never. The order of infection makes the table its own log: who infected whom,
when, in which layer of contact.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DEAD",
    "FREE",
    "LONG",
    "MOST_DISTRICTS",
    "NEVER",
    "RECOVERED",
    "SETTLED",
    "SLOT",
    "UNNOTICED",
    "UNSUMMED",
    "Slots",
    "empty",
]

#: A number of days that is never reached, and a day that never comes.
LONG: Final = 255
NEVER: Final = 32_000

#: Instead of a slot: well again and never noticed; a known case that has ended, or dead.
UNNOTICED: Final = -1
SETTLED: Final = -2

#: `summed_for`: nothing is summed up yet.
UNSUMMED: Final = 65_535

#: `fate`
RECOVERED: Final = 0
DEAD: Final = 1

#: Districts times zones, statuses, phases of load and turns fit into `summed_for`.
MOST_DISTRICTS: Final = UNSUMMED // (4 * 5 * 2 * 2)

#: `status`: how somebody meets others now; rows of the tables in `behaviour`.
FREE: Final = 0
HELD_HOME: Final = 1
HELD_FACILITY: Final = 2
ISOLATED: Final = 3
ISOLATED_HOME: Final = 4
N_STATUS: Final = 5

SLOT: Final = np.dtype(
    [
        ("who", np.int32),  # person
        ("infector", np.int32),  # slot; -1: came from outside
        ("left", np.float32),  # hazard until the next crossing
        ("force", np.float32),  # infectiousness, 1 in the mean
        ("daily", np.float32),  # hazard of a whole day, as summed up
        ("summed_for", np.uint16),  # for this way of meeting, see `transmission.crossings`
        ("day", np.int16),  # of infection
        ("found", np.int16),  # day on which the result is known
        ("isolated", np.int16),  # first day of isolation
        ("held_from", np.int16),  # quarantine: first day,
        ("facility_until", np.int16),  # the day on which the facility is left,
        ("held_until", np.int16),  # and the first day free
        ("district", np.int16),
        ("layer", np.uint8),  # of the contact that infected
        ("begins", np.uint8),  # infectious
        ("onset", np.uint8),  # symptoms
        ("severe", np.uint8),
        ("critical", np.uint8),
        ("ends", np.uint8),  # recovery or death
        ("high", np.uint8),  # days of high load since it began
        ("fate", np.uint8),
        ("bed", np.uint8),  # 1: isolated in a bed, not at home
    ]
)

Slots = NDArray[np.void]


def empty(n: int) -> Slots:
    """Room for `n` infections; memory that is never written is never taken."""
    return np.empty(n, SLOT)
