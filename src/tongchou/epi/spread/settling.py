"""Those newly infected get their course, and every date that follows from it is booked at once.

A stock such as beds in use is booked as one in on the day it begins and one out on the day it ends,
so no day ever counts the ill.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.slots import DEAD, LONG, NEVER, RECOVERED, UNSUMMED
from tongchou.kit.compiled import kernel

__all__ = ["BOOKED", "settle"]

I32 = NDArray[np.int32]
I16 = NDArray[np.int16]
U8 = NDArray[np.uint8]
U64 = np.uint64

#: Rows of `booked`: flows first, then stocks as differences from day to day.
BOOKED: Final = (
    "infections", "symptomatic", "severe", "critical", "deaths", "recovered",
    "infectious", "in_severe", "in_critical",
)  # fmt: skip
(
    INFECTIONS, SYMPTOMATIC, SEVERE, CRITICAL, DEATHS, RECOVERIES,
    INFECTIOUS, IN_SEVERE, IN_CRITICAL,
) = range(len(BOOKED))  # fmt: skip

_12 = U64(12)
_BITS = U64(4095)
_MOST = LONG - 1


@kernel
def settle(
    slots: Any, lo: int, hi: int, tables: Any, ages: U8, doses: U8, district_start: I32,
    held: bool, held_from: I16, facility_until: I16, held_until: I16, keeps: U8,
    course: np.uint64, forces: np.uint64, thresholds: np.uint64, shift: int,
    booked: I32, age_infections: Any, age_deaths: Any,
) -> None:  # fmt: skip
    """Draw the course of slots `lo` to `hi`, and book what will come of it.

    Every draw belongs to the person, not to the place in the list. `shift` moves the start of
    these infections so many days back (people who arrive ill). `booked[series, day, district]`.
    """
    age_of, had_of = np.zeros(hi - lo, np.uint8), np.zeros(hi - lo, np.uint8)
    for i in range(hi - lo):
        person = slots[lo + i]["who"]
        age_of[i] = min(ages[person], 100)
        if doses.size:
            had_of[i] = doses[person]
    for s in range(lo, hi):
        person = slots[s]["who"]
        district = np.int64(0)
        while district_start[district + 1] <= person:
            district += 1
        age, had = age_of[s - lo], had_of[s - lo]
        one = draw(course, U64(person) * U64(4))
        two = draw(course, U64(person) * U64(4) + U64(1))
        today = np.int64(slots[s]["day"])
        day = today - shift

        begins = np.int64(tables.days[0, np.int64(one & _BITS)])
        onset, severe, critical, fate = LONG, LONG, LONG, RECOVERED
        chance = draw(course, U64(person) * U64(4) + U64(2))
        other = draw(course, U64(person) * U64(4) + U64(3))
        if unit(chance) < tables.chances[0, age]:
            onset = begins + tables.days[1, np.int64((one >> _12) & _BITS)]
            # the second half of a draw is as good as the first
            if unit(chance << U64(24)) < tables.chances[1, age] * tables.severe_factor[had]:
                severe = onset + tables.days[2, np.int64((one >> U64(24)) & _BITS)]
                if unit(other) < tables.chances[2, age]:
                    critical = severe + tables.days[3, np.int64((one >> U64(36)) & _BITS)]
                    if unit(other << U64(24)) < tables.chances[3, age] * tables.death_factor[had]:
                        fate = DEAD
                        ends = critical + tables.days[4, np.int64((one >> U64(48)) & _BITS)]
                    else:
                        ends = critical + tables.days[8, np.int64(two & _BITS)]
                else:
                    ends = severe + tables.days[7, np.int64((two >> _12) & _BITS)]
            else:
                ends = onset + tables.days[6, np.int64((two >> U64(24)) & _BITS)]
        else:
            ends = begins + tables.days[5, np.int64((two >> U64(36)) & _BITS)]
        ends = min(ends, _MOST)

        force = tables.force[np.int64(draw(forces, U64(person)) & _BITS)]
        if onset == LONG:
            force *= tables.asymptomatic[0]
        slots[s]["day"] = day
        slots[s]["district"] = district
        slots[s]["begins"] = begins
        slots[s]["onset"] = min(onset, LONG)
        slots[s]["severe"] = min(severe, LONG)
        slots[s]["critical"] = min(critical, LONG)
        slots[s]["ends"] = ends
        slots[s]["fate"] = fate
        slots[s]["high"] = tables.high_days[max(ends - begins, 0)]
        slots[s]["force"] = force
        slots[s]["left"] = -np.float32(np.log(unit(draw(thresholds, U64(person) * U64(64)))))
        slots[s]["summed_for"] = UNSUMMED
        slots[s]["found"] = NEVER
        slots[s]["isolated"] = NEVER
        slots[s]["bed"] = 0
        kept = held and keeps[person] != 0
        slots[s]["held_from"] = held_from[person] if kept else 0
        slots[s]["facility_until"] = facility_until[person] if kept else 0
        slots[s]["held_until"] = held_until[person] if kept else 0

        group = min(age // 5, age_infections.shape[1] - 1)
        age_infections[district, group] += 1
        _book(booked, INFECTIONS, today, district, today, 1)
        _book(booked, INFECTIOUS, day + begins, district, today, 1)
        _book(booked, INFECTIOUS, day + ends, district, today, -1)
        if onset < LONG:
            _book(booked, SYMPTOMATIC, day + onset, district, today, 1)
        if severe < LONG:
            _book(booked, SEVERE, day + severe, district, today, 1)
            _book(booked, IN_SEVERE, day + severe, district, today, 1)
            _book(booked, IN_SEVERE, day + min(critical, ends), district, today, -1)
        if critical < LONG:
            _book(booked, CRITICAL, day + critical, district, today, 1)
            _book(booked, IN_CRITICAL, day + critical, district, today, 1)
            _book(booked, IN_CRITICAL, day + ends, district, today, -1)
        if fate == DEAD:
            _book(booked, DEATHS, day + ends, district, today, 1)
            if day + ends < booked.shape[1]:
                age_deaths[district, group] += 1
        else:
            _book(booked, RECOVERIES, day + ends, district, today, 1)


@kernel
def _book(booked: Any, row: Any, day: Any, district: Any, today: Any, by: Any) -> None:
    """What came before today came elsewhere: a stock counts from today on, a flow not at all."""
    if row >= INFECTIOUS:
        day = max(day, today)
    if today <= day < booked.shape[1]:
        booked[row, day, district] += by
