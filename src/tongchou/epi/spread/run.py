"""Run the model: a city, a course, a policy, and one seed of the dice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.behaviour import Behaviour
from tongchou.epi.spread.city import City
from tongchou.epi.spread.course import Course
from tongchou.epi.spread.dice import draw
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures import vaccination
from tongchou.epi.spread.memory import LARGE, room
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.putting_away import put_away
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.settling import BOOKED
from tongchou.epi.spread.slots import MOST_DISTRICTS
from tongchou.epi.spread.spreading import add_infected
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.tables import Tables, tables_of
from tongchou.epi.spread.ways import Ways, ways_of

__all__ = ["STOCKS", "prepare", "result_of", "simulate"]

#: Of what is booked at the infection, what is counted from day to day.
STOCKS = ("infectious", "in_severe", "in_critical")
#: People whose ages are looked at in one go.
STEP = 1 << 16


def simulate(
    city: City | Graph | Ways,
    course: Course,
    policy: Policy | None = None,
    *,
    seed: int,
    days: int,
    seeds: int | NDArray[np.int32] = 20,
    threads: int = 1,
    first_weekday: int = 0,
    stop: Callable[[Run], bool] | None = None,
) -> Result:
    """Run the model for so many days.

    Parameters
    ----------
    city
        A `City`; or its `Ways`, made once for many runs; or a `Graph`.
    course
        The disease, with its `beta` (see `calibration.with_beta` for one that names an R0).
    policy
        What is done; by default nothing.
    seed
        Of the dice: the same seed gives the same result, whatever the number of threads.
    seeds
        People infected on day 0: how many, or who.
    threads
        Threads inside the run; worth it from some ten thousand people ill at once.
    first_weekday
        0 where day 0 is a Monday.
    stop
        Asked at the end of each day; where it says so, no further day is run. What was booked for
        later days by then (courses, stays) stands in the result.

    Returns
    -------
    Result
        Counts by day and district.

    Raises
    ------
    ValueError
        Where the course has no beta, more people are to be infected than there are, or the city
        has more districts than the model tells apart.
    """
    run = prepare(
        city, course, policy or Policy(), seed=seed, days=days, seeds=seeds, threads=threads,
        first_weekday=first_weekday,
    )  # fmt: skip
    with _threads(run, threads):
        for day in range(days):
            run.day = day
            one_day(run)
            if stop is not None and stop(run):
                break
            if run.n >= LARGE:
                put_away(run)
    return result_of(run, city)


def prepare(
    city: City | Graph | Ways,
    course: Course,
    policy: Policy,
    *,
    seed: int,
    days: int,
    seeds: int | NDArray[np.int32],
    threads: int = 1,
    first_weekday: int = 0,
    tables: Tables | None = None,
) -> Run:
    """A run on the evening before day 0, with its first infections; `one_day` moves it on."""
    if course.beta is None:
        raise ValueError(
            f"{course.name} names an R0 and no beta; calibration.with_beta finds it for this city"
        )
    people = ways_of(city) if isinstance(city, City) else city
    tables = tables or tables_of(course)
    districts = np.array([0, people.age.size], np.int32)
    if isinstance(people, Ways):
        districts = people.district_start
    if districts.size - 1 > MOST_DISTRICTS:
        raise ValueError(
            f"a city of {districts.size - 1} districts; the model tells {MOST_DISTRICTS} apart"
        )
    base = (course.beta * course.layers * tables.scale[0]).astype(np.float32)
    run = Run(
        seed=seed,
        days=days,
        policy=policy,
        people=people,
        tables=tables,
        district_start=districts,
        ages=people.age,
        susceptibility=_by_age(tables.susceptibility[:, 0], people.age),
        behaviour=Behaviour(base, districts.size - 1),
        threads=threads,
        first_weekday=first_weekday,
    )
    # Before anybody is infected: doses had by then shape the first courses too.
    vaccination.begin(run)
    who = _first(run, seeds) if isinstance(seeds, int) else np.asarray(seeds, np.int32)
    outside = np.full(who.size, -1, np.int32)
    add_infected(run, source=outside, layer=np.zeros(who.size, np.uint8), target=who)
    return run


def _by_age(value: NDArray[np.uint8], age: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """u8[n]: the value of each person's age, 100 and above alike; in steps that leave no room."""
    of_age = np.pad(value, (0, 256 - value.size), mode="edge")
    found = room(age.size, np.uint8)
    for lo in range(0, age.size, STEP):
        found[lo : lo + STEP] = of_age[age[lo : lo + STEP]]
    return found


def _first(run: Run, n: int) -> NDArray[np.int32]:
    """`n` different people, drawn at random."""
    if not 0 <= n <= run.n:
        raise ValueError(f"{n} first infections in a city of {run.n}")
    start = run.stream(purposes.SEED, 0)
    chosen: dict[int, None] = {}
    number = 0
    while len(chosen) < n:
        chosen[int((int(draw(start, number)) * run.n) >> 64)] = None
        number += 1
    return np.fromiter(chosen, np.int32, n)


def result_of(run: Run, city: City | Graph | Ways) -> Result:
    """What a run leaves behind."""
    daily: dict[str, NDArray[Any]] = dict(run.daily)
    for row, name in enumerate(BOOKED):
        values = run.booked[row].astype(np.int64)
        daily[name] = np.cumsum(values, axis=0) if name in STOCKS else values
    for name, moves in run.moves.items():
        daily[name] = np.cumsum(moves[:-1], axis=0)
    codes = tuple(str(i) for i in range(run.n_districts))
    names = codes
    if isinstance(city, City):
        codes, names = city.district_code, city.district_name
    return Result(
        seed=run.seed,
        district_code=codes,
        district_name=names,
        people=np.diff(run.district_start).astype(np.int64),
        daily=daily,
        workdays_lost=run.workdays_lost,
        deaths_by_age=run.age_deaths,
        infections_by_age=run.age_infections,
    )


@contextmanager
def _threads(run: Run, threads: int) -> Iterator[None]:
    if threads < 2:
        yield
        return
    with ThreadPoolExecutor(threads - 1) as run.pool:
        yield
    run.pool = None
