"""Zones, as small and as short as can be (封控、管控、防范区): drawn by rule, lifted by rule."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes, results
from tongchou.epi.spread.city import UNITS
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.measures.adherence import left
from tongchou.epi.spread.measures.candidates import candidates
from tongchou.epi.spread.measures.checks import at_least, one_of, shares
from tongchou.epi.spread.measures.laboratory import read
from tongchou.epi.spread.slots import empty
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import HOUSEHOLD, Ways
from tongchou.epi.spread.zoning import CONTROL, LOCKDOWN, PRECAUTION, Book, redraw
from tongchou.kit.compiled import example, kernel

__all__ = ["UNITS", "Zones", "draw_and_lift", "shape", "test"]


@dataclass(frozen=True, slots=True)
class Zones:
    """When a unit is closed off, what that leaves of contacts, and when it must be opened.

    Nobody leaves a lockdown or a control zone (足不出户，人不出区): who works or learns there or
    elsewhere counts as kept from it, whatever part of contacts is left.

    Parameters
    ----------
    unit
        The smallest unit to lock down. The next coarser one becomes the control zone, and the one
        around it the precaution zone: always one level below what is inside.
    trigger_cases
        Cases found outside quarantine in the unit within `window_days`; 0: no zones.
    window_days
        See above. Enough cases in a unit that is already on a lower level lock it down again.
    lockdown_days, control_days, precaution_days
        Clean days (no new case outside quarantine) after which lockdown becomes control, control
        becomes precaution, and precaution ends; 0 skips the level.
    outside
        What is left of contacts outside the household under lockdown.
    control_outside, precaution_outside
        The same in the other two levels.
    test_every_days
        Everybody in a lockdown or control zone is tested so often, in the pools of `rounds`, with
        the sensitivity and the delay of `testing`; 0: never.
    """

    unit: str = "compound"
    trigger_cases: int = 0
    window_days: int = 7
    lockdown_days: int = 7
    control_days: int = 7
    precaution_days: int = 7
    outside: float = 0.1
    control_outside: float = 0.4
    precaution_outside: float = 0.8
    test_every_days: int = 0

    def __post_init__(self) -> None:
        one_of(self, "unit", UNITS)
        at_least(self, 0, "trigger_cases", "test_every_days")
        at_least(self, 0, "lockdown_days", "control_days", "precaution_days")
        at_least(self, 1, "window_days")
        shares(self, "outside", "control_outside", "precaution_outside")


def draw_and_lift(run: Run) -> None:
    """Draw zones around those found today, and lift those that were clean for long enough.

    A zone that one tempo has drawn is lifted by the rule of that tempo, whatever it is by then.
    """
    drawn = run.once(Zones, _drawn)
    if drawn is None or not run.begun:
        return
    people = run.slots["who"][run.found_outside]
    changed = [
        book.turn(run.day, people, run.under(tempos))
        for book, tempos in zip(drawn.books, drawn.tempos, strict=True)
    ]
    if any(units.size for units in changed):
        redraw(run, drawn.books, changed)
        run.zoned = any(book.in_force.size for book in drawn.books)
    if run.zoned:
        for name, level in _STOCKS.items():
            run.daily[name][run.day] = run.zone_people[:, level]


def test(run: Run) -> None:
    """Take the samples of lockdown and control zones, as they stood last night."""
    if not run.zoned:
        return
    both = run.policy.both
    every = [response.zones.test_every_days for response in both]
    tempos = [tempo for tempo, days in enumerate(every) if days and run.day % days == 0]
    if not tempos:
        return
    asked = run.zone_people[:, CONTROL:].sum(axis=1) * run.under(tempos)
    share = read(run, asked, np.array([response.rounds.pool_size for response in both]))
    for tempo in tempos:
        rule, slots = both[tempo].testing, candidates(run)
        n = _seen(
            run.slots, slots, run.tempo, tempo, run.zone,
            np.float32(rule.sensitivity) * share[tempo], run.stream(purposes.ZONE_TEST),
        )  # fmt: skip
        results.sampled_positive(run, slots[:n], result_days=rule.result_days)


@kernel
def _seen(slots: Any, found: Any, tempo: Any, now: Any, zone: Any, sight: Any, start: Any) -> Any:
    """Bring those to the front of `found` who are inside and test positive; how many they are."""
    n = 0
    for s in found:
        who = slots[s]["who"]
        if tempo[slots[s]["district"]] != now or zone[who] < CONTROL:
            continue
        if unit(draw(start, who)) < sight:
            found[n] = s
            n += 1
    return n


def shape(run: Run) -> None:
    """What zones leave of contacts outside the household, into today's tables."""
    drawn = run.once(Zones, _drawn)
    if drawn is not None and run.zoned:
        run.behaviour.made[:, :, HOUSEHOLD + 1 :] *= left(run, drawn.outside)[:, :, None]


_STOCKS = {"in_lockdown": LOCKDOWN, "in_control": CONTROL, "in_precaution": PRECAUTION}


@dataclass(frozen=True, eq=False)
class Drawn:
    """The zones of a run: a book for each rule, the tempos in which it draws, and both rules."""

    books: list[Book]
    tempos: list[list[int]]
    outside: NDArray[np.float64]  # [2, 4]: by level, what is left of contacts


def _drawn(run: Run) -> Drawn | None:
    both = [response.zones for response in run.policy.both]
    rules = {rule: [t for t, one in enumerate(both) if one == rule] for rule in both}
    on = {rule: tempos for rule, tempos in rules.items() if rule.trigger_cases}
    if not on:
        return None
    if not isinstance(run.people, Ways):
        raise ValueError("zones need a city: a graph has no units that could be closed off")
    books = [
        Book(
            run.people, rule.unit, trigger=rule.trigger_cases, window=rule.window_days,
            days=(rule.precaution_days, rule.control_days, rule.lockdown_days),
        )
        for rule in on
    ]  # fmt: skip
    # a zone that stays from war into a peace that draws none leaves what it left
    other = next(iter(on))
    rows = [one if one.trigger_cases else other for one in both]
    outside = [(1, one.precaution_outside, one.control_outside, one.outside) for one in rows]
    return Drawn(books, list(on.values()), np.array(outside, float))


@example
def _warm() -> None:
    tempo, zone = np.zeros(1, np.uint8), np.zeros(1, np.uint8)
    _seen(empty(1), np.empty(0, np.int32), tempo, 0, zone, np.float32(1), np.uint64(1))
