"""People are tested: who feels ill and asks, who is watched, who asks anyway."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares
from tongchou.epi.spread.measures.laboratory import laboratory
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import kernel

U64 = np.uint64
NOBODY = np.empty(0, np.int16)
NO_STAYS = np.empty(0, np.int64)
ZERO = np.float32(0)
NO_LIMIT = np.full(2, np.inf)


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
        Single tests a day that the laboratories of the city can read, whoever is tested and why
        (`laboratory`); beyond it people are turned away, and may ask again the next day.
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
    )


def _served(run: Run, asked: Asked) -> NDArray[np.float32]:
    """f32[2, 2]: the share of the severe, and of those who ask, that is served; counts the tests.

    People without the infection ask too, as people without symptoms; how many is arithmetic. Known
    cases do not ask.
    """
    lab = laboratory(run)
    room = NO_LIMIT if lab is None else lab.room()
    held = NO_STAYS
    if run.held:
        held = run.staying("in_facility") + run.staying("in_home")
    ill, severe = np.zeros((2, run.n_districts), np.int64)
    _ill(run.slots, run.active, run.day, run.tempo, asked.chances, asked.severe, ill, severe)
    served = np.empty((2, 2), np.float32)
    read = _serve(
        run.day, run.district_start, run.tempo, asked.chances, asked.severe, room, held, ill,
        severe, served, run.daily["pcr_people"], run.daily["pcr_tubes"], run.daily["pcr_missed"],
    )  # fmt: skip
    if lab is not None:
        lab.take(read)
    return served


@kernel
def _ill(
    slots: Any,
    active: Any,
    day: Any,
    tempo: Any,
    chances: Any,
    admitted: Any,
    ill: Any,
    severe: Any,
) -> None:
    """Add up, by district, who has symptoms and is not known as a case; who turns severe apart."""
    for i in range(active.size):
        slot = slots[active[i]]
        age = day - slot["day"]
        if slot["onset"] <= age < slot["ends"] and slot["found"] == NEVER:
            row = tempo[slot["district"]]
            asks = max(chances[row, 0], chances[row, 2])
            if age == slot["severe"] and admitted[row] > asks:
                severe[slot["district"]] += 1
            else:
                ill[slot["district"]] += 1


@kernel
def _serve(
    day: Any, district_start: Any, tempo: Any, chances: Any, admitted: Any, room: Any, held: Any,
    ill: Any, severe: Any, served: Any, pcr_people: Any, pcr_tubes: Any, pcr_missed: Any,
) -> Any:  # fmt: skip
    wanted = np.zeros((2, tempo.size))
    total = np.zeros((2, 2))
    for d in range(tempo.size):
        chance = chances[tempo[d]]
        wanted[0, d] = severe[d] * np.float64(admitted[tempo[d]])
        asked = (district_start[d + 1] - district_start[d]) * np.float64(chance[1])
        if held.size:
            asked += held[d] * np.float64(chance[3] - chance[1])
        asked += ill[d] * np.float64(chance[0] - chance[1])
        wanted[1, d] = max(asked, 0.0)
        total[0, tempo[d]] += wanted[0, d]
        total[1, tempo[d]] += wanted[1, d]
    used = 0.0
    for kind in range(2):  # the severe come first,
        for row in (1, 0):  # and, laboratories being the city's, districts at war
            served[kind, row] = min(1.0, max(room[row] - used, 0.0) / max(total[kind, row], 1.0))
            used += total[kind, row] * served[kind, row]
    most, whole = 0.0, np.int64(0)
    for d in range(tempo.size):
        most = max(most, room[tempo[d]])
        whole += np.int64(np.rint(wanted[0, d] + wanted[1, d]))
    short = served.min() < 1 or whole > most
    upto, read = 0.0, np.int64(0)
    for d in range(tempo.size):
        asked = np.int64(np.rint(wanted[0, d] + wanted[1, d]))
        tests = asked
        if short:  # cut along the line of districts, so that the parts are not above the whole
            upto += wanted[0, d] * served[0, tempo[d]] + wanted[1, d] * served[1, tempo[d]]
            tests = np.int64(np.floor(upto + 1e-6)) - read
            pcr_missed[day, d] += max(asked - tests, 0)
        read += tests
        pcr_people[day, d] += tests
        pcr_tubes[day, d] += tests
    return read


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
        luck = unit(word)
        least = severe[row] * served[0, row] if age == slot["severe"] else ZERO
        free = max(chances[row, kind] * served[1, row], least)
        held = max(chances[row, kind + 2] * served[1, row], least)
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
