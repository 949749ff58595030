"""Gives everybody a class or a workplace, and every group its members in random order.

People are taken in fixed parts, whatever the number of threads: each part counts who goes where,
the counts say where each part's people begin, and then every part writes its own.
"""

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.population.dice import F32, I32, I64, U64
from tongchou.kit.compiled import kernel

U8 = NDArray[np.uint8]

# where the streams of `dice` stand
_ENROLLED, _ELSEWHERE, _WORKS, _ZONE, _PLACE = range(8, 13)
_OWN = 13


@kernel
def _pick(keep: F32, other: I32, row: int, word: np.uint64) -> np.int64:
    """A column of a row of alias tables."""
    n = np.uint64(keep.shape[1])
    column = np.int64(((word >> np.uint64(32)) * n) >> np.uint64(32))
    part = np.float32(word & np.uint64(0xFFFFFF)) * np.float32(2.0**-24)
    # both are read at once: the machine cannot guess which it will be
    instead = np.int64(other[row, column])
    return column if part < keep[row, column] else instead


@kernel
def choose(
    first: int, last: int, start: I64, streams: U64, age: U8,
    level_of_age: I32, enrolment: F32, elsewhere: F32, school_rides: F32, first_age: I32,
    n_ages: I32, n_schools: I32, first_year: I32, school: I32, where: I32,
    works: F32, zone: I32, ride: F32, stays: F32, keep: F32, other: I32, place: I32,
    zone_first: I32, place_keep: F32, place_other: I32, n_years: int,
    pool: I32, rides: U8, counts: I32,
) -> None:  # fmt: skip
    """Where the people from `first` up to `last` go by day.

    Writes `pool` i32[n] (the school year, or `n_years` plus the community of work; -1: nowhere),
    `rides` u8[n], and adds to `counts` i32[n_pools].
    """
    home = np.searchsorted(start, first, side="right") - 1
    for person in range(first, last):
        while person >= start[home + 1]:
            home += 1
        years = age[person]
        level = level_of_age[years]
        luck = draw(streams[_WORKS], person)
        if level >= 0 and unit(draw(streams[_ENROLLED], person)) < enrolment[level]:
            to = school[level, home]
            if n_schools[level] > 1:
                chance = unit(draw(streams[_ELSEWHERE], person))
                if chance < elsewhere[level]:  # the one before, or the one after
                    step = 1 if chance < elsewhere[level] * 0.5 else -1
                    to = to + step if 0 <= to + step < n_schools[level] else to - step
            pool[person] = first_year[level] + to * n_ages[level] + years - first_age[level]
            goes, share = np.int64(where[level, to]), school_rides[level]
        elif unit(luck) < works[years]:
            here = zone[home]
            to = int(_pick(keep, other, here, draw(streams[_ZONE], person)))
            share = ride[here, to]
            if to == here and unit(draw(streams[_OWN], person)) < stays[here]:
                goes = home
            else:
                inside = _pick(place_keep, place_other, to, draw(streams[_PLACE], person))
                goes = np.int64(place[zone_first[to] + inside])
            pool[person] = n_years + goes
        else:
            pool[person] = -1
            rides[person] = 0
            continue
        # the lower bits of the same word, which nothing else looks at
        rides[person] = (goes != home) & (unit(luck << np.uint64(40)) < share)
        counts[pool[person]] += 1


@kernel
def seat(first: int, last: int, pool: I32, member: I32, next_seat: I32) -> None:
    """Write the people of one part to the seats of their pools, from `next_seat` on."""
    for person in range(first, last):
        to = pool[person]
        if to >= 0:
            member[next_seat[to]] = person
            next_seat[to] += 1


@kernel
def shuffle(
    first: int, last: int, stream: np.uint64, pool_start: I32, pool_group: I32, group_start: I32,
    member: I32, group: I32, seat: I32,
) -> None:  # fmt: skip
    """Shuffle the pools from `first` up to `last`, and tell their people group and seat.

    `pool_start` i32[n + 1] are seats, `pool_group` i32[n] the first group of each pool; pools
    and their groups stand in the same order.
    """
    for pool in range(first, last):
        low, high = pool_start[pool], pool_start[pool + 1]
        for last_seat in range(high - 1, low, -1):
            word = draw(stream, last_seat) >> np.uint64(32)
            swap = low + np.int64((word * np.uint64(last_seat - low + 1)) >> np.uint64(32))
            member[last_seat], member[swap] = member[swap], member[last_seat]
        number = pool_group[pool]
        for place in range(low, high):
            while place >= group_start[number + 1]:
                number += 1
            group[member[place]] = number
            seat[member[place]] = place
