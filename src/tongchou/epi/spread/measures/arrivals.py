"""Arrivals from elsewhere (闭环转运、落地检): some of them infected, some of them quarantined."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.draws import rounded, units, whole
from tongchou.epi.spread.measures import quarantine
from tongchou.epi.spread.measures.checks import at_least, shares
from tongchou.epi.spread.measures.laboratory import read
from tongchou.epi.spread.results import infectious, sampled_positive, unknown
from tongchou.epi.spread.spreading import add_infected, foreseen
from tongchou.epi.spread.state import Run

__all__ = ["Arrivals", "enter", "sample"]

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who comes, and what is done with them.

    Rooms, adherence at home and escapes are those of `quarantine`, and so is what is left of
    contacts while held; who is held is tested on the days of `quarantine.test_days` as well.

    Parameters
    ----------
    per_day
        Arrivals a day in the whole city: residents who come back, each a person of the city drawn
        anew every day. Nobody is missing from the city before.
    prevalence
        Share of them infected, at a random day of their infection up to the day on which it turns
        severe. Who has had the disease here comes back well.
    quarantine_days, home_days
        Days in a facility, then at home.
    leak
        Share whom nobody meets on arrival: neither quarantined nor tested.
    test_days
        Days after arrival (1 is the first) on which a PCR test is taken, held or not.
    sensitivity, result_days
        Of those tests.
    """

    per_day: float = 0.0
    prevalence: float = 0.0
    quarantine_days: int = 0
    home_days: int = 0
    leak: float = 0.0
    test_days: tuple[int, ...] = ()
    sensitivity: float = 0.9
    result_days: int = 1

    def __post_init__(self) -> None:
        at_least(self, 0, "per_day", "quarantine_days", "home_days", "result_days")
        shares(self, "prevalence", "leak", "sensitivity")
        if any(day < 1 for day in self.test_days):
            raise ValueError("arrivals.test_days count from 1, the day of arrival")


def enter(run: Run) -> None:
    """Let today's arrivals in: those who are met go into quarantine, those infected get a slot."""
    gate = run.once(Arrivals, _gate)
    if gate is None:
        return
    people, tempo = _today(run, gate)
    if not people.size:
        return
    if run.begun:
        met = units(run.stream(purposes.LEAK), people) >= gate.leak[tempo]
        _bring(run, gate, people[met], tempo[met])
    # Last, so that the slots of the infected know of their quarantine.
    ill = units(run.stream(purposes.ARRIVAL_ILL), people) < gate.prevalence[tempo]
    _infect(run, people[ill & (run.susceptibility[people] > 0)])


def sample(run: Run) -> None:
    """Take the samples of arrivals whose test day is today."""
    gate = run.once(Arrivals, _gate)
    if gate is None:
        return
    due = gate.due.pop(run.day, [])
    if not due:
        return
    homes = run.districts_of(np.concatenate([people for _, people in due]))
    share = read(run, np.bincount(homes, minlength=run.n_districts))
    for tempo, people in due:
        slots = run.slot_of[people] - 1
        slots = unknown(run, slots[slots >= 0])
        slots = slots[infectious(run, slots)]
        seen = units(run.stream(purposes.ARRIVAL_SIGHT), run.slots["who"][slots])
        served = share[run.tempo[run.slots["district"][slots]]]
        slots = slots[seen < gate.sensitivity[tempo] * served]
        sampled_positive(run, slots, result_days=int(gate.wait[tempo]))


@dataclass
class Gate:
    """The options of both tempos, one for peace and one for war; and who is to be tested when."""

    per_day: F64
    prevalence: F64
    leak: F64
    sensitivity: F64
    wait: I64
    test_days: tuple[tuple[int, ...], ...]
    table: quarantine.Table
    due: dict[int, list[tuple[int, I32]]] = field(default_factory=lambda: defaultdict(list))


def _gate(run: Run) -> Gate | None:
    both = [response.arrivals for response in run.policy.both]
    if not any(one.per_day for one in both):
        return None
    days = [[(one.quarantine_days, one.quarantine_days + one.home_days)] * 2 for one in both]
    return Gate(
        per_day=np.array([one.per_day for one in both]),
        prevalence=np.array([one.prevalence for one in both]),
        leak=np.array([one.leak for one in both]),
        sensitivity=np.array([one.sensitivity for one in both]),
        wait=np.array([one.result_days for one in both]),
        test_days=tuple(one.test_days for one in both),
        table=quarantine.table_of(run, np.array(days, np.int16)),
    )


def _today(run: Run, gate: Gate) -> tuple[I32, I64]:
    """Today's arrivals, each once, and the tempo of each one's district.

    With more arrivals, or a higher prevalence, the same people come and others too.
    """
    n = rounded(gate.per_day, run.stream(purposes.ARRIVAL_COUNT))
    place = np.arange(n.max())
    people = whole(run.stream(purposes.ARRIVAL), place, run.n).astype(np.int32)
    people, first = np.unique(people, return_index=True)
    tempo = run.tempo[run.districts_of(people)].astype(np.int64)
    # who is still held from an earlier arrival has not left to come back
    comes = (first < n[tempo]) & (run.held_until[people] <= run.day)
    return people[comes], tempo[comes]


def _bring(run: Run, gate: Gate, people: I32, tempo: I64) -> None:
    """Quarantine those who are met, and set the days of their tests."""
    if gate.table.days.any() and people.size:
        orders = np.zeros((people.size, 3), np.int32)
        orders[:, 0], orders[:, 1] = people, run.day
        traced = np.zeros_like(run.daily["traced_contacts"])  # they are nobody's contacts
        quarantine.carry_out(run, orders, gate.table, traced)
        brought = (run.held_from[people] == run.day) & (run.facility_until[people] > run.day)
        run.count("transfers", people[brought])
    for each, days in enumerate(gate.test_days):
        for day in days:
            if (tempo == each).any():
                gate.due[run.day + day - 1].append((each, people[tempo == each]))


def _infect(run: Run, people: I32) -> None:
    """Infect these arrivals some days ago, drawn from the days of their own courses."""
    if not people.size:
        return
    courses = foreseen(run, people)
    days = np.minimum(courses["ends"], courses["severe"])  # the severely ill do not travel
    ago = (units(run.stream(purposes.ARRIVAL_AGE), people) * days).astype(np.int64)
    for shift in np.unique(ago):
        who = people[ago == shift]
        outside = np.full(who.size, -1, np.int32)
        layer = np.zeros(who.size, np.uint8)
        add_infected(run, source=outside, layer=layer, target=who, shift=int(shift))
    run.count("imported", people)
