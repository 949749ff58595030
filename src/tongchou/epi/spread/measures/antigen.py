"""Antigen tests at home (抗原自测): quick, cheap, less sensitive, followed by PCR."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.draws import rounded, units, whole
from tongchou.epi.spread.measures.candidates import candidates, high_load
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares
from tongchou.epi.spread.measures.laboratory import read
from tongchou.epi.spread.measures.taking_part import takes_part
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.settling import SYMPTOMATIC
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Antigen:
    """How often people test themselves.

    Kits go to people with symptoms first, then by lot to those whose turn it is; where districts at
    war and in peace draw on the same kits, war comes first. Symptoms of other diseases are not
    modelled, and take no kits.

    Parameters
    ----------
    every_days
        Everybody is asked to test every so many days, a share of the people each day; 0: nobody is.
    symptomatic
        Share of people with symptoms who test themselves on the first day of them.
    adherence
        Share of those asked who do, and report what they see.
    sensitivity_high, sensitivity_low
        While the viral load is high, and afterwards while infectious.
    specificity
        Of a person not infectious; a false positive costs a PCR test.
    confirm_days
        From a positive antigen test to the result of the PCR test that confirms it.
    capacity
        Tests a day in the whole city.
    """

    every_days: int = 0
    symptomatic: float = 0.0
    adherence: float = 1.0
    sensitivity_high: float = 0.85
    sensitivity_low: float = 0.5
    specificity: float = 0.995
    confirm_days: int = 1
    capacity: float = UNLIMITED

    def __post_init__(self) -> None:
        at_least(self, 0, "every_days", "confirm_days", "capacity")
        shares(self, "symptomatic", "adherence", "specificity")
        shares(self, "sensitivity_high", "sensitivity_low")


def sample(run: Run) -> None:
    """Today's tests at home, and the PCR tests of all that are positive, rightly or not."""
    rules = run.once(Antigen, _rules)
    if rules is None or not run.begun:
        return
    kits, ill, asked = _kits(run, rules)
    slots = candidates(run)
    rows = run.slots[slots]
    who, tempo = rows["who"], run.tempo[rows["district"]]
    lot = units(run.stream(purposes.ANTIGEN), who)
    tests = run.day - rows["day"] == rows["onset"]
    tests &= lot < (rules.symptomatic * ill)[tempo]
    tests |= _turn(run, rules, who, tempo) & (lot < asked[tempo])
    seen = np.where(high_load(run, slots), rules.high[tempo], rules.low[tempo])
    luck = units(run.stream(purposes.ANTIGEN_SIGHT), who)
    chance, seen = seen, tests & (luck < seen)
    right = np.bincount(rows["district"][seen], minlength=run.n_districts)
    not_ill = np.maximum(kits - np.bincount(rows["district"][tests], minlength=run.n_districts), 0)
    start = run.stream(purposes.ANTIGEN_COUNT)
    wrong = rounded(not_ill * rules.false[run.tempo], start, first=run.n_districts)
    run.daily["antigen"][run.day] += kits
    # who finds no laboratory stays one who tested positive at home and is not known
    seen &= luck < chance * read(run, right + wrong)[tempo]
    for each in set(rules.wait.tolist()):
        chosen = seen & (rules.wait[tempo] == each)
        sampled_positive(run, slots[chosen], result_days=int(each))


@dataclass(frozen=True, eq=False)
class Rules:
    """The options of both tempos, one for peace and one for war."""

    every: NDArray[np.int64]
    symptomatic: F64
    adherence: F64
    high: F64
    low: F64
    false: F64
    wait: NDArray[np.int64]
    capacity: F64


def _rules(run: Run) -> Rules | None:
    both = [response.antigen for response in run.policy.both]
    if not any(one.every_days or one.symptomatic for one in both):
        return None
    return Rules(
        every=np.array([one.every_days for one in both]),
        symptomatic=np.array([one.symptomatic for one in both]),
        adherence=np.array([one.adherence for one in both]),
        high=np.array([one.sensitivity_high for one in both]),
        low=np.array([one.sensitivity_low for one in both]),
        false=np.array([1 - one.specificity for one in both]),
        wait=np.array([one.confirm_days for one in both]),
        capacity=np.array([one.capacity for one in both], float),
    )


def _turn(run: Run, rules: Rules, who: NDArray[np.int32], tempo: NDArray[np.uint8]) -> Any:
    """Whose turn it is today, and who of them does it; a person's turn comes every so many days."""
    turn = np.zeros(who.size, bool)
    for each in np.unique(rules.every[rules.every > 0]):
        day = whole(run.stream(purposes.ANTIGEN_TURN, NEVER), who, int(each))
        turn |= (rules.every[tempo] == each) & (day == run.day % each)
    return turn & takes_part(run, who, rules.adherence[tempo], purposes.ANTIGEN_PART)


def _kits(run: Run, rules: Rules) -> tuple[NDArray[np.int64], F64, F64]:
    """Kits used today by district; by tempo, the share of the ill and of the asked who get one."""
    people = run.residents
    every = rules.every[run.tempo]
    of_ill = run.booked[SYMPTOMATIC, run.day] * rules.symptomatic[run.tempo]
    of_asked = np.divide(people, every, out=np.zeros(every.size), where=every > 0)
    of_asked *= rules.adherence[run.tempo]
    ill, asked, used = np.ones(2), np.ones(2), 0.0
    for tempo in (1, 0):
        here = run.tempo == tempo
        left = max(rules.capacity[tempo] - used, 0.0)
        ill[tempo] = min(1.0, left / max(of_ill[here].sum(), 1e-9))
        left -= of_ill[here].sum() * ill[tempo]
        asked[tempo] = min(1.0, max(left, 0.0) / max(of_asked[here].sum(), 1e-9))
        used += (of_ill * ill[tempo] + of_asked * asked[tempo])[here].sum()
    kits = of_ill * ill[run.tempo] + of_asked * asked[run.tempo]
    if used < rules.capacity.max():
        return rounded(kits, run.stream(purposes.ANTIGEN_COUNT)), ill, asked
    return np.floor(kits + 1e-9).astype(np.int64), ill, asked
