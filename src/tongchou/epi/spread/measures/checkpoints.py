"""Checkpoints between districts: a negative test is asked for, or people turn back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.draws import rounded, units
from tongchou.epi.spread.measures.candidates import candidates
from tongchou.epi.spread.measures.checks import at_least, shares
from tongchou.epi.spread.measures.laboratory import read
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.zoning import CONTROL

__all__ = ["Checkpoints", "sample", "shape"]

F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """What is left of contacts across districts, and who is tested on the way.

    Who is held, in a bed or in a lockdown or control zone does not cross, and is not tested here.

    Parameters
    ----------
    crossing
        What is left of contacts about the city and in vehicles with people of other districts; of
        two districts the stricter decides. Who works or learns across a border is let through.
    tested
        Daily probability that somebody is tested, singly, because they cross.
    sensitivity, result_days
        Of those tests.
    """

    crossing: float = 1.0
    tested: float = 0.0
    sensitivity: float = 0.9
    result_days: int = 1

    def __post_init__(self) -> None:
        shares(self, "crossing", "tested", "sensitivity")
        at_least(self, 0, "result_days")


def sample(run: Run) -> None:
    """Take the samples of those who cross today."""
    rules = run.once(Checkpoints, _rules)
    if not rules.tested.any() or not run.begun:
        return
    away = run.zone_people[:, CONTROL:].sum(axis=1) if run.zoned else 0
    for stock in ("in_facility", "in_home", "in_isolation"):
        away = away + run.staying(stock)
    about = np.maximum(run.residents - away, 0)
    swabs = rounded(about * rules.tested[run.tempo], run.stream(purposes.CHECKPOINT_COUNT))
    share = read(run, swabs)
    slots = candidates(run)
    rows = run.slots[slots]
    who, tempo = rows["who"], run.tempo[rows["district"]]
    caught = units(run.stream(purposes.CHECKPOINT), who) < (rules.tested * share)[tempo]
    caught &= units(run.stream(purposes.CHECKPOINT_SIGHT), who) < rules.sensitivity[tempo]
    caught &= ~((rows["held_from"] <= run.day) & (rows["held_until"] > run.day))
    if run.zoned:
        caught &= run.zone[who] < CONTROL
    for each in set(rules.wait.tolist()):
        chosen = caught & (rules.wait[tempo] == each)
        sampled_positive(run, slots[chosen], result_days=int(each))


def shape(run: Run) -> None:
    """What checkpoints leave of contacts across districts, into today's tables."""
    rules = run.once(Checkpoints, _rules)
    if rules.closed and run.begun:
        run.behaviour.crossing *= rules.crossing[run.tempo]


@dataclass(frozen=True, eq=False)
class Rules:
    """The options of both tempos, one for peace and one for war."""

    crossing: F32
    tested: F32
    sensitivity: F32
    wait: NDArray[np.int64]
    closed: bool


def _rules(run: Run) -> Rules:
    both = [response.checkpoints for response in run.policy.both]
    return Rules(
        crossing=np.array([one.crossing for one in both], np.float32),
        tested=np.array([one.tested for one in both], np.float32),
        sensitivity=np.array([one.sensitivity for one in both], np.float32),
        wait=np.array([one.result_days for one in both]),
        closed=any(one.crossing < 1 for one in both),
    )
