"""Checkpoints between districts: a negative test is asked for, or people turn back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.draws import rounded
from tongchou.epi.spread.measures.candidates import candidates
from tongchou.epi.spread.measures.checks import at_least, shares
from tongchou.epi.spread.measures.laboratory import read
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.slots import empty
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.zoning import CONTROL
from tongchou.kit.compiled import example, kernel

__all__ = ["Checkpoints", "book", "kept", "sample", "shape"]

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
    about = _about(run)
    swabs = rounded(about * rules.tested[run.tempo], run.stream(purposes.CHECKPOINT_COUNT))
    people = run.daily["pcr_people"][run.day]
    before = people.copy()
    share = read(run, swabs)
    run.daily["gate_tested"][run.day] += people - before
    slots = candidates(run)
    n = _caught(
        run.slots, slots, run.day, run.tempo, rules.tested * share, rules.sensitivity, run.zone,
        run.stream(purposes.CHECKPOINT), run.stream(purposes.CHECKPOINT_SIGHT),
    )  # fmt: skip
    caught = slots[:n]
    wait = rules.wait[run.tempo[run.slots["district"][caught]]]
    for each in set(rules.wait.tolist()):
        sampled_positive(run, caught[wait == each], result_days=int(each))


def _about(run: Run) -> NDArray[np.int64]:
    """i64[n_districts]: people who are neither held nor in a lockdown or control zone."""
    away = run.zone_people[:, CONTROL:].sum(axis=1) if run.zoned else 0
    for stock in ("in_facility", "in_home", "in_isolation"):
        away = away + run.staying(stock)
    about: NDArray[np.int64] = np.maximum(run.residents - away, 0)
    return about


@kernel
def _caught(
    slots: Any, found: Any, day: Any, tempo: Any, tested: Any, sensitivity: Any, zone: Any,
    asked: Any, sight: Any,
) -> Any:  # fmt: skip
    """Bring those to the front of `found` whose sample is taken and positive; how many they are."""
    n = 0
    for s in found:
        slot = slots[s]
        who, rules = slot["who"], tempo[slot["district"]]
        if unit(draw(asked, who)) >= tested[rules]:
            continue
        if slot["held_from"] <= day < slot["held_until"] or zone[who] >= CONTROL:
            continue
        if unit(draw(sight, who)) < sensitivity[rules]:
            found[n] = s
            n += 1
    return n


def shape(run: Run) -> None:
    """What checkpoints leave of contacts across districts, into today's tables."""
    rules = run.once(Checkpoints, _rules)
    if rules.closed and run.begun:
        run.behaviour.crossing *= rules.crossing[run.tempo]


def book(run: Run) -> None:
    """Count who would have crossed today but for checkpoints, by the zones of the day."""
    rules = run.once(Checkpoints, _rules)
    if rules.closed and run.begun:
        closed = kept(rules.crossing[run.tempo], run.residents)
        run.daily["kept_from_crossing"][run.day] = np.rint(_about(run) * closed).astype(np.int64)


def kept(crossing: NDArray[Any], residents: NDArray[np.int64]) -> NDArray[np.float64]:
    """What of crossing from each district to the others is closed.

    Of two districts the stricter decides, and people go to the others as many as live there.

    Parameters
    ----------
    crossing
        f[n_districts]: what each leaves of it.
    residents
        i64[n_districts].

    Returns
    -------
    f64[n_districts], from 0 to 1; 0 where there is no other district.

    Examples
    --------
    >>> kept(np.array([0.0, 1.0, 1.0]), np.array([10, 10, 30])).tolist()
    [1.0, 0.25, 0.5]
    """
    closed = 1.0 - np.minimum.outer(crossing, crossing).astype(np.float64)
    np.fill_diagonal(closed, 0.0)
    others = residents.sum() - residents
    return closed @ residents / np.maximum(others, 1)  # type: ignore[no-any-return]


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


@example
def _warm() -> None:
    share, none = np.zeros(2, np.float32), np.empty(0, np.int32)
    _caught(
        empty(1), none, 0, np.zeros(1, np.uint8), share, share, np.zeros(1, np.uint8),
        np.uint64(1), np.uint64(2),
    )  # fmt: skip
