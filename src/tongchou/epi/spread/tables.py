"""A course as the tables that kernels look draws up in: durations, force, chances."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.course import Course
from tongchou.epi.spread.slots import LONG
from tongchou.epi.spread.spells import SPELLS

__all__ = ["DRAWS", "Tables", "tables_of"]

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

#: Entries of a table that is looked up with 12 bits of a draw.
DRAWS = 4096


class Tables(NamedTuple):
    """Flat arrays, one entry per draw, age or number of doses.

    Attributes
    ----------
    days
        u8[9, 4096]: duration of each spell (`SPELLS`), one entry per equally likely draw.
    force
        f32[4096]: infectiousness of a person, mean 1.
    high_days
        u8[256]: days of high load, by days of the infectious time.
    load
        f32[3]: weight of a day of low and of high load, and the infectious day (from 0) from which
        on there is none; `inf` where it lasts to the end.
    asymptomatic
        f32[1]: infectiousness of who never has symptoms.
    chances
        f32[4, 101]: symptoms, severe, critical, death; each given the one before, by age.
    severe_factor, death_factor
        f32[4], by doses.
    susceptibility
        u8[101, 4]: by age and doses, 255 for the most susceptible. Nobody who can be infected
        has 0.
    scale
        f32[1]: the susceptibility that 255 stands for.
    """

    days: U8
    force: F32
    high_days: U8
    load: F32
    asymptomatic: F32
    chances: F32
    severe_factor: F32
    death_factor: F32
    susceptibility: U8
    scale: F32


#: The draws in the middle of 4096 equal parts of 0 to 1.
_MIDDLES = (np.arange(DRAWS) + 0.5) / DRAWS

_made: WeakKeyDictionary[Course, Tables] = WeakKeyDictionary()


def tables_of(course: Course) -> Tables:
    """The tables of a course, made once. Who is less susceptible than 1/255 counts as that."""
    if course not in _made:
        _made[course] = _tables(course)
    return _made[course]


def _tables(course: Course) -> Tables:
    days = np.empty((len(SPELLS), DRAWS), np.uint8)
    for row, spell in zip(days, SPELLS, strict=True):
        row[:] = np.searchsorted(np.cumsum(course.spell_pmf(spell)), _MIDDLES)
    levels = course.susceptibility[:, None] * (1 - course.ve_infection)[None, :]
    scale = float(levels.max()) or 1.0
    scaled = np.rint(levels / scale * 255)
    scaled[(levels > 0) & (scaled == 0)] = 1
    chances = np.array([course.p_symptomatic, course.p_severe, course.p_critical, course.p_death])
    return Tables(
        days=days,
        force=_force(course.dispersion),
        high_days=_high_days(course),
        load=np.array([course.load.low, course.load.high, course.load.max_days], np.float32),
        asymptomatic=np.array([course.asymptomatic], np.float32),
        chances=chances.astype(np.float32),
        severe_factor=course.severe_factor.astype(np.float32),
        death_factor=course.death_factor.astype(np.float32),
        susceptibility=scaled.astype(np.uint8),
        scale=np.array([scale], np.float32),
    )


def _force(dispersion: float) -> F32:
    """Means of a gamma law of mean 1 and shape k over 4096 equally likely parts.

    The mean of a part is what the law with shape k + 1 has between the part's edges, so the mean
    of all entries is exactly 1.
    """
    if not np.isfinite(dispersion):
        return np.ones(DRAWS, np.float32)
    from scipy import special

    edges = special.gammaincinv(dispersion, np.arange(DRAWS + 1) / DRAWS)
    below = special.gammainc(dispersion + 1, edges)
    below[-1] = 1.0
    force: F32 = (np.diff(below) * DRAWS).astype(np.float32)
    return force


def _high_days(course: Course) -> U8:
    high = np.zeros(LONG + 1, np.uint8)
    for total in range(LONG + 1):
        high[total] = course.load.high_days(total)
    return high
