"""The transmissibility that gives the reproduction number asked for, in this city.

Measured, not derived: households saturate, classes are large, the infectious differ, so the number
of people that somebody infects is counted in the model itself. Counted are those infected by the
people whom the first cases' cases infected (the third generation), who are a fair sample of who
catches the disease; in a city in which next to nobody has been infected yet. Where the city is too
small for that, an earlier generation is counted.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.city import City
from tongchou.epi.spread.course import Course
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.slots import LONG
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import Ways, ways_of

__all__ = ["Measured", "measured_r", "with_beta"]

#: Generations after the first cases whose offspring are counted.
COUNTED = 2
#: Of the city, what the counting may infect.
SHARE = 0.02
LONGEST = 150
FEWEST = 3
MOST_RUNS = 60
#: Infections to count, first to come near and then for the answer.
ROUGH, FINE = 2e3, 2e4


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean offspring, its standard error, and the number of people it was counted over."""

    r: float
    error: float
    n: int


def measured_r(
    city: City | Graph | Ways, course: Course, *, about: float = 3.0, seed: int = 0
) -> Measured:
    """How many people somebody infects while nobody is immune and nobody does anything.

    `about`: what is expected, so that the counting uses up no more than a fiftieth of the city.
    Raises ValueError where the course has no beta, or nobody is infected even by the first cases.
    """
    people = ways_of(city) if isinstance(city, City) else city
    found = _measure(people, course, about, seed, FINE)
    if found.n == 0:
        raise ValueError(f"{course.name}: with beta {course.beta} the first cases infect nobody")
    return found


def with_beta(city: City | Graph | Ways, course: Course, *, seed: int = 0) -> Course:
    """The course with the beta that gives its R0 in this city; as it is where it has a beta.

    The same dice are thrown for every beta tried, so that the search is smooth; it ends within a
    part in two hundred of the R0 asked for, as a rule. Raises ValueError where it is a tenth off:
    a small city may not have the people for it.
    """
    if course.beta is not None:
        return course
    assert course.r0 is not None
    people = ways_of(city) if isinstance(city, City) else city
    wanted = course.r0
    tried, seen = replace(course, r0=None, beta=0.02), Search(wanted)
    enough, near = ROUGH, wanted / 20
    for _ in range(24):
        assert tried.beta is not None
        got = _measure(people, tried, wanted, seed, enough).r
        if abs(got - wanted) <= near:
            if enough == FINE:
                break
            # near enough to count more people; what fewer said no longer holds exactly
            enough, near, seen = FINE, wanted / 200, Search(wanted)
            continue
        tried = replace(tried, beta=seen.better(tried.beta, got))
    else:
        got = _measure(people, tried, wanted, seed, FINE).r
        if abs(got - wanted) > wanted / 10:
            raise ValueError(
                f"{course.name}: an R0 of {wanted:g} cannot be reached in this city of "
                f"{people.age.size:,} people; beta {tried.beta:.3g} gives {got:.3g}"
            )
    return tried


@dataclass
class Search:
    """The way to a beta: along the line through the last two tries, in proportion at first."""

    wanted: float
    beta: float = 0.0
    got: float = 0.0

    def better(self, beta: float, got: float) -> float:
        """What to try after `beta` gave `got`. R saturates, so proportion asks for too little."""
        slope = 1.0
        if self.got > 0 and got > 0 and self.got != got and self.beta != beta:
            rise = np.log(got / self.got) / np.log(beta / self.beta)
            slope = float(np.clip(rise, 0.25, 2.0))
        self.beta, self.got = beta, got
        return beta * float(np.clip((self.wanted / max(got, 1e-3)) ** (1 / slope), 0.125, 8.0))


def _measure(
    people: Ways | Graph, course: Course, about: float, seed: int, enough: float
) -> Measured:
    """Offspring per unit of force, whose mean is 1: chance in who is counted cancels out."""
    counted = _generation(people.age.size, about)
    n_first = max(FEWEST, int(people.age.size * SHARE / _grown(about, counted)))
    offspring, force = np.empty(0), np.empty(0)
    for run in range(MOST_RUNS):
        more = _offspring(people, course, seed=seed + run, n_first=n_first, counted=counted)
        offspring, force = np.append(offspring, more[0]), np.append(force, more[1])
        if offspring.size * max(about, 0.5) >= enough:
            break
    if force.sum() == 0:
        return Measured(0.0, float("nan"), 0)
    r = float(offspring.sum() / force.sum())
    apart = offspring - r * force
    return Measured(r, float(np.sqrt((apart**2).sum()) / force.sum()), offspring.size)


def _generation(n: int, r: float) -> int:
    """Whose offspring to count: an earlier generation where a later one would use up the city."""
    fit = (g for g in range(COUNTED, 0, -1) if FEWEST * _grown(r, g) <= n * SHARE)
    return next(fit, 0)


def _grown(r: float, counted: int) -> float:
    """Everybody infected from one first case up to the offspring that are counted."""
    return sum(r**g for g in range(counted + 2))


def _offspring(
    people: Ways | Graph, course: Course, *, seed: int, n_first: int, counted: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Offspring and force of everybody in the generation that is counted."""
    run = prepare(people, course, Policy(), seed=seed, days=LONGEST, seeds=n_first)
    generation = np.zeros(run.n_slots, np.int8)
    for day in range(LONGEST):
        # later generations only use up people
        run.active = run.active[generation[run.active] <= counted]
        if not run.active.size:
            break
        run.day = day
        one_day(run)
        infectors = run.slots["infector"][generation.size : run.n_slots]
        generation = np.concatenate((generation, generation[infectors] + np.int8(1)))
    rows = run.slots[: run.n_slots]
    last = rows["infector"][generation == counted + 1]
    chosen = generation == counted
    offspring = np.bincount(last, minlength=run.n_slots)[chosen]
    quiet = (rows["onset"] == LONG) & (course.asymptomatic > 0)
    force = rows["force"] / np.where(quiet, course.asymptomatic or 1.0, 1.0)
    return offspring, force[chosen].astype(float)
