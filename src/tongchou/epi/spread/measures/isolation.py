"""Known cases are isolated: in hospital, in a shelter hospital (方舱), or at home."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tongchou.epi.spread import purposes
from tongchou.epi.spread.absence import KEPT_IN, book_away, ill_from
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares
from tongchou.epi.spread.slots import ISOLATED, ISOLATED_HOME
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import HOUSEHOLD
from tongchou.kit.compiled import kernel


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
    both = [response.isolation for response in run.policy.both]
    share = np.array([one.share for one in both], np.float32)
    wait = np.array([one.transfer_days for one in both], np.int32)
    beds = np.array([one.beds for one in both], float)
    if np.isfinite(beds).any():
        # a bed promised for the day after tomorrow is taken, though nobody lies in it yet
        taken = np.cumsum(run.moves["in_isolation"].sum(axis=1))[run.day + int(wait.min()) :]
        beds -= float(taken.max(initial=0))
    _admit(
        run.found_today, run.day, run.slots, run.tempo, share, wait, beds,
        run.stream(purposes.ISOLATION, 0), run.moves["in_isolation"], run.daily["transfers"],
        run.group_of, run.sector_of_group, run.zone, run.zoned, run.held_until, run.away,
    )  # fmt: skip


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


@kernel
def _admit(
    found: Any, day: Any, slots: Any, tempo: Any, share: Any, wait: Any, beds: Any, start: Any,
    in_isolation: Any, transfers: Any, group_of: Any, sector_of_group: Any, zone: Any, zoned: Any,
    held_until: Any, away: Any,
) -> None:  # fmt: skip
    last = in_isolation.shape[0] - 1
    for i in range(found.size):
        s = found[i]
        slot = slots[s]
        district = slot["district"]
        first = day + wait[tempo[district]]
        ends = slot["day"] + slot["ends"]
        if ends <= first or unit(draw(start, slot["who"])) >= share[tempo[district]]:
            continue
        before = ill_from(slot)
        slots[s]["isolated"] = first
        if group_of.size and group_of[slot["who"]] >= 0 and first < before:
            # who has no symptoms is missed at work all the same
            sector = sector_of_group[group_of[slot["who"]]]
            inside = zoned and zone[slot["who"]] >= KEPT_IN
            held = held_until[slot["who"]]
            if sector:
                book_away(away, -1, day, district, sector, held, before, ends, inside)
                book_away(away, 1, day, district, sector, held, first, ends, inside)
        # what each tempo has open; a bed taken is taken in both
        bedded = beds[tempo[district]] >= 1
        slots[s]["bed"] = bedded
        if bedded:
            beds[0] -= 1
            beds[1] -= 1
            transfers[day, district] += 1
            in_isolation[min(first, last), district] += 1
            in_isolation[min(ends, last), district] -= 1
