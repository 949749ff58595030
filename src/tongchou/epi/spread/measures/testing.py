"""People are tested: who feels ill and asks, who is watched, who asks anyway."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import kernel

U64 = np.uint64
NOBODY = np.empty(0, np.int16)
NO_STAYS = np.empty(0, np.int64)
ZERO, CERTAIN = np.float32(0), np.float32(2)


@dataclass(frozen=True, slots=True)
class Testing:
    """PCR tests one by one, apart from rounds.

    Each day a person who is not yet known as a case is tested with one of four probabilities.
    A daily probability p is a mean wait of (1 - p) / p days from the first day of symptoms.

    Parameters
    ----------
    symptomatic, asymptomatic
        Daily probability for people with symptoms, and for all others.
    symptomatic_held, asymptomatic_held
        The same for people in quarantine.
    severe
        Probability that a severely ill person is tested on admission.
    sensitivity
        Probability that an infectious person tests positive. Nobody tests positive before.
    result_days
        From the sample to the result.
    capacity
        Tests a day; beyond it people are turned away, and may ask again the next day.
    """

    symptomatic: float = 0.0
    asymptomatic: float = 0.0
    symptomatic_held: float = 0.0
    asymptomatic_held: float = 0.0
    severe: float = 0.0
    sensitivity: float = 1.0
    result_days: int = 1
    capacity: float = UNLIMITED

    def __post_init__(self) -> None:
        shares(self, "symptomatic", "asymptomatic", "symptomatic_held", "asymptomatic_held")
        shares(self, "severe", "sensitivity")
        at_least(self, 0, "result_days", "capacity")


def sample(run: Run) -> None:
    """Take today's single samples, by who has symptoms and who was held last night."""
    asked = options(run)
    if asked is None or run.day < run.policy.start_day:
        return
    held = run.held_until if run.held else NOBODY
    picked, waits = np.empty((2, run.active.size), np.int32)
    n = _sample(
        run.slots, run.active, run.day, run.tempo, asked.chances, asked.severe, asked.sensitivity,
        asked.wait, _served(run, asked), held, run.stream(purposes.TESTING), picked, waits,
    )  # fmt: skip
    if asked.wait[0] == asked.wait[1]:
        sampled_positive(run, picked[:n], result_days=int(asked.wait[0]))
        return
    for wait in sorted(asked.wait.tolist()):
        sampled_positive(run, picked[:n][waits[:n] == wait], result_days=wait)


@dataclass(frozen=True, eq=False)
class Asked:
    """The options of both tempos as tables, a row for peace and one for war."""

    chances: NDArray[np.float32]  # [2, 4]: symptomatic and asymptomatic, free and then held
    severe: NDArray[np.float32]
    sensitivity: NDArray[np.float32]
    wait: NDArray[np.int32]
    capacity: NDArray[np.float64]


def options(run: Run) -> Asked | None:
    """The tables of a run, made once; None where nobody is ever tested."""
    return run.once(Testing, _tables)


def _tables(run: Run) -> Asked | None:
    both = [response.testing for response in run.policy.both]
    chances = np.array(
        [
            (one.symptomatic, one.asymptomatic, one.symptomatic_held, one.asymptomatic_held)
            for one in both
        ],
        np.float32,
    )
    severe = np.array([one.severe for one in both], np.float32)
    if not chances.any() and not severe.any():
        return None
    return Asked(
        chances=chances,
        severe=severe,
        sensitivity=np.array([one.sensitivity for one in both], np.float32),
        wait=np.array([one.result_days for one in both], np.int32),
        capacity=np.array([one.capacity for one in both]),
    )


def _served(run: Run, asked: Asked) -> NDArray[np.float32]:
    """f32[2]: the share of people who ask that the laboratories can serve; counts the tests.

    People without the infection ask too, as people without symptoms; how many is arithmetic. Known
    cases do not ask.
    """
    held = NO_STAYS
    if run.held:
        held = run.staying("in_facility") + run.staying("in_home")
    ill = np.zeros(run.n_districts, np.int64)
    _ill(run.slots, run.active, run.day, ill)
    served = np.empty(2, np.float32)
    _serve(
        run.day, run.district_start, run.tempo, asked.chances, asked.capacity, held, ill, served,
        run.daily["pcr_people"], run.daily["pcr_tubes"],
    )  # fmt: skip
    return served


@kernel
def _ill(slots: Any, active: Any, day: Any, ill: Any) -> None:
    """Add up, by district, who has symptoms and is not known as a case."""
    for i in range(active.size):
        slot = slots[active[i]]
        age = day - slot["day"]
        if slot["onset"] <= age < slot["ends"] and slot["found"] == NEVER:
            ill[slot["district"]] += 1


@kernel
def _serve(
    day: Any, district_start: Any, tempo: Any, chances: Any, capacity: Any, held: Any, ill: Any,
    served: Any, pcr_people: Any, pcr_tubes: Any,
) -> None:  # fmt: skip
    wanted = np.zeros(tempo.size)
    total = np.zeros(2)
    for d in range(tempo.size):
        chance = chances[tempo[d]]
        wanted[d] = (district_start[d + 1] - district_start[d]) * np.float64(chance[1])
        if held.size:
            wanted[d] += held[d] * np.float64(chance[3] - chance[1])
        wanted[d] += ill[d] * np.float64(chance[0] - chance[1])
        wanted[d] = max(wanted[d], 0.0)
        total[tempo[d]] += wanted[d]
    used = 0.0
    for row in (1, 0):  # laboratories are the city's: districts at war come first
        served[row] = min(1.0, max(capacity[row] - used, 0.0) / max(total[row], 1.0))
        used += total[row] * served[row]
    for d in range(tempo.size):
        tests = np.int64(np.rint(wanted[d] * served[tempo[d]]))
        pcr_people[day, d] += tests
        pcr_tubes[day, d] += tests


@kernel
def _sample(
    slots: Any, active: Any, day: Any, tempo: Any, chances: Any, severe: Any, sensitivity: Any,
    wait: Any, served: Any, held_until: Any, start: Any, picked: Any, waits: Any,
) -> Any:  # fmt: skip
    n = 0
    for i in range(active.size):
        slot = slots[active[i]]
        age = day - slot["day"]
        if age < slot["begins"] or age >= slot["ends"] or slot["found"] != NEVER:
            continue
        row = tempo[slot["district"]]
        kind = 0 if age >= slot["onset"] else 1
        word = draw(start, slot["who"])
        luck = unit(word) / served[row] if served[row] > 0 else CERTAIN
        least = severe[row] if age == slot["severe"] else ZERO
        free, held = max(chances[row, kind], least), max(chances[row, kind + 2], least)
        if luck >= max(free, held):
            continue
        if luck >= min(free, held):  # only now does it matter where the person was last night;
            # the morning's samples are taken before anybody is let out or brought in
            inside = held_until.size and held_until[slot["who"]] >= day > slot["held_from"]
            if luck >= (held if inside else free):
                continue
        if sensitivity[row] < 1 and unit(word << U64(24)) >= sensitivity[row]:
            continue
        picked[n] = active[i]
        waits[n] = wait[row]
        n += 1
    return n
