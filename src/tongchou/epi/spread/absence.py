"""Who is away from work, day by day: each day of each worker counts once, whatever the reasons.

Of several reasons the first of these counts: ill or isolated, in quarantine, kept in by a zone,
shut out where the workplace is closed or thinned. The days of the first two are known from the day
on which they begin, so they are booked as differences from day to day; `INSIDE` tells how many of
both live in a lockdown or control zone, and so are not missed there a second time. Whatever changes
somebody's days takes back what stood booked from today on and books anew.

The kernels of this file are called from others: they change never, or all those that call them must
be compiled anew by hand.
"""

from typing import Any, Final

import numpy as np

from tongchou.epi.spread.slots import LONG, NEVER
from tongchou.kit.compiled import kernel

__all__ = [
    "HELD",
    "ILL",
    "INSIDE",
    "KEPT_IN",
    "REASONS",
    "book_away",
    "fall_ill",
    "ill_from",
    "ill_until",
]

#: Rows of `Run.away`: ill or isolated; in quarantine and not ill; of both, those within zones.
REASONS: Final = 3
ILL, HELD, INSIDE = range(REASONS)
#: From this level of a zone on people are kept in (`zoning.CONTROL`).
KEPT_IN: Final = 2


@kernel
def book_away(
    away: Any, by: Any, today: Any, district: Any, sector: Any, held_until: Any,
    ill_first: Any, ill_last: Any, inside: Any,
) -> None:  # fmt: skip
    """Book one worker's days from `today` on, `by` 1; or take them back, `by` -1.

    `away[reason, day, district, sector]` are differences; its last day is the end of the run.
    Quarantine lasts from today up to `held_until`, illness from `ill_first` up to `ill_last`, each
    without the last day; of either there may be none.
    """
    end = away.shape[1] - 1
    first = min(today, end)
    held = min(max(held_until, first), end)
    start = min(max(ill_first, first), end)
    stop = min(ill_last, end)
    if start < stop:
        _between(away, ILL, by, start, stop, district, sector, inside)
    else:
        start = stop = held
    _between(away, HELD, by, first, min(held, start), district, sector, inside)
    _between(away, HELD, by, stop, held, district, sector, inside)


@kernel
def _between(
    away: Any, reason: Any, by: Any, first: Any, until: Any, district: Any, sector: Any, inside: Any
) -> None:
    if first >= until:
        return
    away[reason, first, district, sector] += by
    away[reason, until, district, sector] -= by
    if inside:
        away[INSIDE, first, district, sector] += by
        away[INSIDE, until, district, sector] -= by


@kernel
def ill_from(slot: Any) -> Any:
    """The first day on which somebody is ill or isolated; `NEVER` where there is none."""
    onset = np.int64(NEVER)
    if slot["onset"] < LONG:
        onset = np.int64(slot["day"]) + np.int64(slot["onset"])
    return min(onset, np.int64(slot["isolated"]))


@kernel
def ill_until(slot: Any) -> Any:
    """The first day on which somebody is well again, or dead."""
    return np.int64(slot["day"]) + np.int64(slot["ends"])


@kernel
def fall_ill(
    slots: Any, lo: Any, hi: Any, today: Any, group: Any, sector_of_group: Any, zone: Any,
    zoned: Any, held_until: Any, held: Any, away: Any,
) -> None:  # fmt: skip
    """Book the illness of the workers among those infected today, slots `lo` to `hi`."""
    for s in range(lo, hi):
        slot = slots[s]
        person = np.int64(slot["who"])
        number = group[person]
        if number < 0 or slot["onset"] == LONG:
            continue
        sector = sector_of_group[number]
        if sector == 0:
            continue
        district = slot["district"]
        inside = zoned and zone[person] >= KEPT_IN
        until = np.int64(0)
        if held:
            until = np.int64(held_until[person])
        if until > today:
            book_away(away, -1, today, district, sector, until, NEVER, NEVER, inside)
        book_away(away, 1, today, district, sector, until, ill_from(slot), ill_until(slot), inside)
