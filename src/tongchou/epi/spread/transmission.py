"""The infection is passed on: hazards add up until a contact infects, and only then is work done.

Everybody who is infectious carries a threshold, exponential of mean 1. Each day takes off what all
contacts of the day add up to; only a crossing of zero asks which contact it was. On a quiet day no
random number is drawn. Per infection some ten days are looked at (52 bytes each, in order), four
proposals are made, and each looks up one byte of a person.

Three passes, each over a stretch of the list, so that stretches can run side by side: crossings,
the people met, and who of them can be infected. What they write is put together in order, so the
answer does not hang on how the list was cut.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.slots import (
    FREE,
    HELD_FACILITY,
    HELD_HOME,
    ISOLATED,
    ISOLATED_HOME,
    N_STATUS,
)
from tongchou.epi.spread.ways import COMMUNITY, N_LAYERS, VEHICLE
from tongchou.kit.compiled import kernel, prefetch

__all__ = ["accept", "crossings", "infect", "status_of"]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
U64 = np.uint64
I64 = np.int64

ZERO, ONE, HALF = np.float32(0), np.float32(1), np.float32(0.5)
THIRD, QUARTER, FIFTH = np.float32(1 / 3), np.float32(0.25), np.float32(0.2)
#: The surest coin; its hazard is still a number.
CERTAIN = np.float32(0.9999)

#: Crossings that one person can have on one day; a fiftieth would have infected the city.
MOST = 48
_PER_PERSON = U64(64)
#: People who are looked at before those of them who cross are looked at again.
BLOCK = 512
#: So many contacts ahead memory is asked for, and bytes of the quarantine of one person.
AHEAD = 16
HOLD_BYTES = 8
_SHARE = np.float32(1.0 / 255.0)


@kernel
def status_of(slot: Any, day: int) -> int:
    """How the person of a slot meets others today (`slots.FREE` and so on)."""
    if slot["isolated"] <= day:
        return ISOLATED if slot["bed"] else ISOLATED_HOME
    if slot["held_until"] > day >= slot["held_from"]:
        return HELD_FACILITY if slot["facility_until"] > day else HELD_HOME
    return FREE


@kernel
def of_coin(p: Any) -> Any:
    """The hazard of a coin that falls on one side with probability `p`: -log(1 - p).

    By its series up to p = 0.2, which is exact to 1 in 15,000 there.
    """
    if p < FIFTH:
        return p * (ONE + p * (HALF + p * (THIRD + p * (QUARTER + p * FIFTH))))
    return -np.float32(np.log1p(-min(p, CERTAIN)))


@kernel
def crossings(
    slots: Any, meets: U8, active: I32, lo: int, hi: int, day: int,
    rate: F32, turn: int, zone: U8, zoned: bool, load: F32, thresholds: Any, choices: Any,
    bernoulli: bool, source: I32, person: I32, layer: U8, rank: U8, kept: I32,
) -> tuple[int, int]:  # fmt: skip
    """Contacts that pass the infection on today, unless their other end is not susceptible.

    Fills `source` (slot), `person`, `layer`, `rank` (which contact) and `kept` (who is not yet well
    again; it may be `active` itself, at `lo` or before). `rate[(district * 4 + zone) * 5 + status,
    layer]` is the hazard of one contact at force and load 1; `turn` is 1 or 0 by turns as these
    change (`Run.rate_turn`). `bernoulli`: it is the probability of one coin per contact and day
    instead, as in models that toss coins. Returns how many crossings and kept there are.
    """
    n_kept, n_events = 0, 0
    crossed, rows = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    strengths = np.empty(BLOCK, np.float32)
    upto = np.empty(N_LAYERS, np.float32)  # hazards summed up to and with each layer
    # in blocks that stay in the nearest memory until those who cross are looked at again
    for begin in range(lo, hi, BLOCK):
        n_crossed = 0
        for i in range(begin, min(begin + BLOCK, hi)):
            s = active[i]
            slot = slots[s]
            age = day - slot["day"]
            since = age - slot["begins"]
            kept[n_kept] = s
            n_kept += age < slot["ends"]
            if since < 0 or age >= slot["ends"] or since >= load[2]:
                continue
            level = zone[slot["who"]] if zoned else 0
            row = (slot["district"] * 4 + level) * N_STATUS + status_of(slot, day)
            high = since < slot["high"]
            strength = slot["force"] * (load[1] if high else load[0])
            # What a day takes off is kept: it seldom differs from yesterday's. Everybody here was
            # here yesterday, or is new: of a change of rates one bit tells.
            way = (row * 2 + high) * 2 + turn
            if slot["summed_for"] != way:
                total = ZERO
                for a in range(N_LAYERS):
                    hazard = rate[row, a] * strength
                    if bernoulli:
                        hazard = of_coin(hazard)
                    total += np.float32(meets[s, a]) * hazard
                slots[s]["daily"], slots[s]["summed_for"] = total, way
            left = slot["left"] - slot["daily"]
            slots[s]["left"] = left
            # written always and kept by counting: nobody can guess who crosses
            crossed[n_crossed], rows[n_crossed], strengths[n_crossed] = s, row, strength
            n_crossed += left < 0
        for i in range(n_crossed):
            s = crossed[i]
            total = ZERO
            for a in range(N_LAYERS):
                hazard = rate[rows[i], a] * strengths[i]
                if bernoulli:
                    hazard = of_coin(hazard)
                total += np.float32(meets[s, a]) * hazard
                upto[a] = total
            who = slots[s]["who"]
            number = U64(who) * _PER_PERSON
            left = slots[s]["left"]
            first = n_events
            taken = 0
            while left < 0 and taken < MOST:
                pick = unit(draw(choices, number + U64(taken))) * total
                a = 0
                for other in range(VEHICLE):
                    a += pick >= upto[other]
                below = upto[a - 1] if a else ZERO
                n_here = I64(meets[s, a])
                if upto[a] > below:
                    k = I64((pick - below) * np.float32(n_here) / (upto[a] - below))
                    k = min(k, n_here - 1)
                    fresh = True
                    if bernoulli:  # one coin a day: the second head of a coin says nothing
                        for e in range(first, n_events):
                            fresh = fresh and not (layer[e] == a and rank[e] == k)
                    source[n_events], person[n_events] = s, who
                    layer[n_events], rank[n_events] = a, k
                    n_events += fresh
                taken += 1
                left -= np.float32(np.log(unit(draw(thresholds, number + U64(taken)))))
            slots[s]["left"] = left
    return n_events, n_kept


@kernel
def accept(
    slots: Any, susceptibility: U8, zone: U8, facility_until: Any, held_until: Any, keeps: U8,
    takes: F32, made: F32, district_start: I32, crossing: F32, day: int, watched: bool, zoned: bool,
    chances: np.uint64, source: I32, layer: U8, rank: U8, target: I32, n: int,
    open_to: int, holds: int,
) -> int:  # fmt: skip
    """Keep the contacts whose other end is infected, moved to the front. Returns their number.

    `takes[(district * 4 + zone) * 5 + status, layer]` is what is left of a contact at the receiving
    end, `made[district * 4 + zone, layer]` the share of contacts that each end makes at all (the
    stricter decides; the source's own is in its rate), `crossing[district]` what is left of one
    with another district; `watched` is False as long as nobody is held or zoned and none of these
    tells people apart, `zoned` as long as nobody is zoned. `open_to` and `holds` are where
    `susceptibility` and quarantine begin.
    """
    n_kept = 0
    before, turn = -1, 0
    for e in range(n):
        if e + AHEAD < n:  # each of these people is a look far away in memory: ask early
            prefetch(open_to + target[e + AHEAD])
            if watched:
                prefetch(holds + HOLD_BYTES * I64(target[e + AHEAD]))
        turn = turn + 1 if source[e] == before else 0
        before = source[e]
        person = target[e]
        if person < 0:
            continue
        level = susceptibility[person]
        if level == 0:
            continue
        share = np.float32(level) * _SHARE
        if watched:
            district = np.int64(0)
            while district_start[district + 1] <= person:
                district += 1
            status = FREE
            if held_until[person] > day and keeps[person]:
                status = HELD_FACILITY if facility_until[person] > day else HELD_HOME
            # where no zone is drawn nobody looks for one: it would be far away in memory
            row = district * 4 + (zone[person] if zoned else 0)
            share *= takes[row * N_STATUS + status, layer[e]]
            home = slots[source[e]]["district"]
            own = made[home * 4 + (zone[slots[source[e]]["who"]] if zoned else 0), layer[e]]
            if made[row, layer[e]] < own:
                share *= made[row, layer[e]] / own
            if home != district and layer[e] > COMMUNITY:
                share *= min(crossing[home], crossing[district])
        if share < 1:
            word = draw(chances, U64(slots[source[e]]["who"]) * _PER_PERSON + U64(turn))
            if unit(word) >= share:
                continue
        source[n_kept] = source[e]
        layer[n_kept] = layer[e]
        target[n_kept] = person
        n_kept += 1
    return n_kept


@kernel
def infect(
    slots: Any, n_slots: int, susceptibility: U8, slot_of: I32, day: int,
    source: I32, layer: U8, target: I32, n: int, slots_of: int,
) -> int:  # fmt: skip
    """Write a slot for everybody infected, in order; who is infected twice counts once.

    Returns the number of slots after it. Courses are drawn by `settle`. `slots_of` is where
    `slot_of` begins.
    """
    for e in range(n):
        if e + AHEAD < n:
            prefetch(slots_of + 4 * I64(target[e + AHEAD]))
        person = target[e]
        if susceptibility[person] == 0:
            continue
        susceptibility[person] = 0
        slots[n_slots]["who"] = person
        slots[n_slots]["infector"] = source[e]
        slots[n_slots]["layer"] = layer[e]
        slots[n_slots]["day"] = day
        n_slots += 1
        slot_of[person] = n_slots
    return n_slots
