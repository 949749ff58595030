"""Known cases are isolated: in hospital, in a shelter hospital (方舱), or at home."""

from dataclasses import dataclass

import numpy as np

from tongchou.epi.spread import purposes
from tongchou.epi.spread.draws import units
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares
from tongchou.epi.spread.slots import ISOLATED, ISOLATED_HOME
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import HOUSEHOLD


@dataclass(frozen=True, slots=True)
class Isolation:
    """What happens to a case once it is known, until the illness ends.

    Parameters
    ----------
    share
        Share of known cases that are isolated at all.
    transfer_days
        From the result to the bed.
    household, outside
        What is left of contacts within the household, and of all others, while isolated.
    beds
        Beds for known cases in the whole city; who finds none stays at home.
    home_household, home_outside
        The same two for cases isolated at home because there is no bed.
    """

    share: float = 0.0
    transfer_days: int = 0
    household: float = 0.0
    outside: float = 0.0
    beds: float = UNLIMITED
    home_household: float = 1.0
    home_outside: float = 0.1

    def __post_init__(self) -> None:
        shares(self, "share", "household", "outside", "home_household", "home_outside")
        at_least(self, 0, "transfer_days", "beds")


def admit(run: Run) -> None:
    """Bring those found today to bed; who finds none stays at home. Quarantine ends with it."""
    if not run.found_today.size or run.once(Isolation, _nobody):
        return
    both = run.policy.both
    rows = run.slots[run.found_today]
    tempo = run.tempo[rows["district"]]
    share = np.array([one.isolation.share for one in both], np.float32)[tempo]
    wait = np.array([one.isolation.transfer_days for one in both], np.int16)[tempo]
    start = run.stream(purposes.ISOLATION, 0)
    goes = units(start, rows["who"]) < share
    ends = rows["day"] + rows["ends"].astype(np.int16)
    first = run.day + wait
    goes &= ends > first
    slots, rows, first = run.found_today[goes], rows[goes], first[goes]
    beds = min(one.isolation.beds for one in both)
    bedded = np.arange(slots.size) < beds - run.staying("in_isolation").sum()
    run.slots["isolated"][slots] = first
    run.slots["bed"][slots] = bedded
    run.count("transfers", rows["who"][bedded])
    run.stay("in_isolation", rows["district"][bedded], first[bedded], ends[goes][bedded])


def shape(run: Run) -> None:
    """What isolation leaves of contacts, into today's tables."""
    if run.once(Isolation, _nobody):
        return
    for tempo, response in enumerate(run.policy.both):
        here = run.tempo == tempo
        one = response.isolation
        for status, home, outside in (
            (ISOLATED, one.household, one.outside),
            (ISOLATED_HOME, one.home_household, one.home_outside),
        ):
            run.behaviour.gives[here, :, status, HOUSEHOLD] *= home
            run.behaviour.gives[here, :, status, HOUSEHOLD + 1 :] *= outside


def _nobody(run: Run) -> bool:
    return all(response.isolation.share == 0 for response in run.policy.both)
