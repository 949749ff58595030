"""Looks at every person and group of a city for what cannot be."""

import numpy as np

from tongchou.epi.spread.city import N_SECTORS, WORKPLACE, City
from tongchou.epi.spread.population.kinds import ADULT, N_AGES


def flaws(city: City) -> list[str]:
    """What is wrong with a city, in words; nothing for one that `build` made.

    For cities that come from elsewhere, as from a file: `City` itself checks only lengths and
    edges. Takes a second for some ten million people.
    """
    found = [*_of_households(city), *_of_groups(city), *_of_seats(city)]
    return [f"{number:,} {what}" for number, what in found if number]


def _of_households(city: City) -> list[tuple[int, str]]:
    numbered = np.repeat(np.arange(city.n_households), np.diff(city.household_start))
    youngest = np.minimum.reduceat(city.age, city.household_start[:-1])
    eldest = np.maximum.reduceat(city.age, city.household_start[:-1])
    return [
        (_count(city.age >= N_AGES), f"people are {N_AGES} or older"),
        (_count(numbered != city.household), "people do not live where their household is"),
        (_count((youngest < ADULT) & (eldest < ADULT)), "households of children live alone"),
    ]


def _of_groups(city: City) -> list[tuple[int, str]]:
    at_work = city.group_kind == WORKPLACE
    sector = city.group_sector
    communities = city.n_units("community")
    away = (city.group_community < 0) | (city.group_community >= communities)
    return [
        (_count(city.group_kind > WORKPLACE), "groups are of no known kind"),
        (_count(at_work & ((sector < 1) | (sector > N_SECTORS))), "workplaces have no sector"),
        (_count(~at_work & (sector != 0)), "classes have a sector"),
        (_count(away), "groups meet in no community of the city"),
    ]


def _of_seats(city: City) -> list[tuple[int, str]]:
    member = city.member
    if _count((member < 0) | (member >= city.n)):
        return [(_count((member < 0) | (member >= city.n)), "members are nobody of the city")]
    of_seat = np.repeat(np.arange(city.n_groups), np.diff(city.group_start))
    seats = np.arange(member.size)
    return [
        (_count((city.seat >= 0) != (city.group >= 0)), "people have a group or a seat, not both"),
        (member.size - _count(city.seat >= 0), "seats more than people with a seat"),
        (_count(city.seat[member] != seats), "seats are not where their person thinks"),
        (_count(city.group[member] != of_seat), "members do not know their group"),
        (_count((city.group < 0) & (city.rides > 0)), "people ride to no group"),
    ]


def _count(wrong: np.ndarray) -> int:
    return int(np.count_nonzero(wrong))
