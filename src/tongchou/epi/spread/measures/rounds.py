"""Rounds of pooled PCR (混采): a unit is tested whole, again and again, until clean."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.pooling import diluted
from tongchou.epi.spread import purposes
from tongchou.epi.spread.dice import draw
from tongchou.epi.spread.dice import unit as unit_of
from tongchou.epi.spread.measures.candidates import within_reach
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, one_of, shares
from tongchou.epi.spread.measures.laboratory import laboratory
from tongchou.epi.spread.measures.taking_part import always_absent, comes
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.screening import KINDS, Programme, place_of
from tongchou.epi.spread.slots import NEVER, empty
from tongchou.epi.spread.state import Run
from tongchou.kit.compiled import example, kernel

__all__ = ["UNITS", "Rounds", "sample"]

UNITS = KINDS


@dataclass(frozen=True, slots=True)
class Rounds:
    """When a round is ordered, whom it covers, and what it can see.

    Of those who stay away half are the same people every time (`taking_part`). Tubes go first to
    members of yesterday's positive pools, who are swabbed again one by one, and counted then; next
    to rounds in the order in which they were begun, and of those begun together to where most cases
    were found.

    Parameters
    ----------
    unit
        What is tested: the zones in force (lockdown and control, district by district), or the
        communities, districts or city with a trigger. Of a city, the districts in this tempo.
    trigger_cases
        Cases found outside quarantine in the unit within `window_days` that order rounds; 0: none.
        For zones, cases in their district.
    window_days
        See above.
    interval_days
        From the first day of one round to that of the next.
    stop_after
        Rounds end after so many in a row without a case outside quarantine, however found, up to
        the result of the last. Later cases order them anew.
    pool_size
        Swabs in one tube. A positive pool is taken apart: each member is swabbed and tested singly.
    coverage
        Share of people who come to a round.
    sensitivity
        Probability that a tube with one infectious swab at high load and no dilution is positive.
    dilution
        What is left of the sensitivity for each doubling of the pool size (1: pools lose nothing).
    low_load
        What is left of the sensitivity once the load is low.
    result_days
        From the swab to the single result.
    tubes
        Tubes the laboratories of the city can read a day, whoever is tested and why
        (`laboratory`): rounds get what others have left, and take more days for it.
    people_per_sampler
        People one sampler swabs in a day.
    tubes_per_lab_worker
        Tubes for each working day in the laboratories, by judgement: ten thousand tubes a day take
        a hundred people in shifts.
    """

    unit: str = "district"
    trigger_cases: int = 0
    window_days: int = 7
    interval_days: int = 2
    stop_after: int = 3
    pool_size: int = 10
    coverage: float = 0.95
    sensitivity: float = 0.95
    dilution: float = 0.98
    low_load: float = 0.8
    result_days: int = 1
    tubes: float = UNLIMITED
    people_per_sampler: float = 800.0
    tubes_per_lab_worker: float = 100.0

    def __post_init__(self) -> None:
        one_of(self, "unit", UNITS)
        at_least(self, 0, "trigger_cases", "result_days", "tubes")
        at_least(self, 1, "window_days", "interval_days", "stop_after", "pool_size")
        at_least(self, 1, "people_per_sampler", "tubes_per_lab_worker")
        shares(self, "coverage", "sensitivity", "dilution", "low_load")


def sample(run: Run) -> None:
    """Order rounds by what was found last night, and take today's swabs of those under way."""
    screening = run.once(Rounds, _screening)
    if screening is None or not run.begun:
        return
    for programme, rule in zip(screening.programmes, screening.rules, strict=True):
        programme.turn(
            run, rule.window_days, rule.trigger_cases, rule.interval_days, rule.stop_after
        )
    _share_out(run, screening)
    for programme, rule in zip(screening.programmes, screening.rules, strict=True):
        if any(each.part for each in programme.under_way()):
            _swab(run, screening, programme, rule)
        programme.close_the_day(run.day, rule.result_days)


@dataclass
class Screening:
    """The rounds of a run: one programme for each rule, the one for war first."""

    rules: list[Rounds]
    programmes: list[Programme]
    owed: NDArray[np.int64]  # by district: members of positive pools, each a tube to be read first


def _screening(run: Run) -> Screening | None:
    peace, war = (response.rounds for response in run.policy.both)
    rules = [(war, [1]), (peace, [0])] if peace != war else [(war, [0, 1])]
    rules = [(rule, tempos) for rule, tempos in rules if rule.trigger_cases]
    if not rules:
        return None
    programmes = [Programme(run, rule.unit, tempos) for rule, tempos in rules]
    owed = np.zeros(run.n_districts, np.int64)
    return Screening([rule for rule, _ in rules], programmes, owed)


def _share_out(run: Run, screening: Screening) -> None:
    """Say which part of each round is swabbed today, by the tubes that are left for it."""
    lab = laboratory(run)
    used = 0.0 if lab is None else float(lab.tubes_read)
    most = max(max(rule.tubes for rule in screening.rules) - used, 0.0)
    again = screening.owed
    if again.sum() > most:
        again = np.diff(np.minimum(np.cumsum(again), floor(most)), prepend=0)
    screening.owed = screening.owed - again
    if again.any():
        _book(run, screening.rules[0], again, again)
    used += float(again.sum())
    waiting = [
        (each, rule)
        for programme, rule in zip(screening.programmes, screening.rules, strict=True)
        for each in programme.under_way()
    ]
    for each, rule in sorted(waiting, key=lambda pair: pair[0].rank):
        people, left = each.size - each.done, max(rule.tubes - used, 0.0)
        if rule.coverage and people * rule.coverage > left * rule.pool_size:
            people = floor(floor(left) * rule.pool_size / rule.coverage)
        each.part = people
        used += ceil(people * rule.coverage / rule.pool_size - 1e-9)


def _swab(run: Run, screening: Screening, programme: Programme, rule: Rounds) -> None:
    """Read today's tubes of one programme: who is found, and what it takes."""
    slots = within_reach(run)
    pools = np.zeros(run.n_districts, np.int64)
    first, last, size = programme.today()
    n = _seen(
        run.slots, slots, run.day, run.zone, run.n, run.district_start, programme.starts,
        programme.line, KINDS.index(programme.kind), first, last, size,
        np.float32(rule.coverage), always_absent(rule.coverage),
        rule.coverage / rule.pool_size, rule.low_load,
        diluted(rule.sensitivity, rule.pool_size, rule.dilution), rule.sensitivity,
        run.stream(purposes.ROUND_PLACE, NEVER), run.stream(purposes.ROUNDS, NEVER),
        run.stream(purposes.ROUNDS), run.stream(purposes.SWAB), pools,
    )  # fmt: skip
    sampled_positive(run, slots[:n], result_days=rule.result_days)
    if rule.pool_size > 1:
        screening.owed = screening.owed + pools * rule.pool_size
    swabs = programme.by_district(rule.coverage)
    # tubes are filled along the line too: no more than there are for the whole
    _book(run, rule, swabs, _tubes(swabs, rule.pool_size))


def _book(run: Run, rule: Rounds, swabs: NDArray[np.int64], tubes: NDArray[np.int64]) -> None:
    run.daily["pcr_people"][run.day] += swabs
    run.daily["pcr_tubes"][run.day] += tubes
    lab = laboratory(run)
    if lab is not None:
        lab.take(int(tubes.sum()), single=False)
    run.daily["sampler_days"][run.day] += swabs / rule.people_per_sampler
    run.daily["lab_days"][run.day] += tubes / rule.tubes_per_lab_worker


@kernel
def _seen(
    slots: Any, found: Any, day: Any, zone: Any, everybody: Any, district_start: Any, starts: Any,
    line: Any, kind: Any, first: Any, last: Any, size: Any, coverage: Any, absent: Any,
    tubes_each: Any, low_load: Any, pooled: Any, alone: Any, places: Any, luck: Any, today: Any,
    swabs: Any, pools: Any,
) -> Any:  # fmt: skip
    """Bring those to the front of `found` who are found by today's tubes; how many they are.

    One draw decides for a swab: if it shows in ten others' company, it shows alone. A positive tube
    is taken apart, and `pools[district]` counts it where its first member lives.
    """
    n = 0
    tube = np.empty(found.size, np.int64)
    chance, load = np.empty(found.size), np.empty(found.size)
    for s in found:
        slot = slots[s]
        who, district = slot["who"], slot["district"]
        unit = np.searchsorted(starts, who, side="right") - 1
        place = place_of(
            kind, who, unit, size[unit], starts[unit], line, district, district_start, zone, places
        )
        if place < first[unit] or place >= last[unit]:
            continue
        if not comes(unit_of(draw(luck, who)), unit_of(draw(today, who)), absent, coverage):
            continue
        # Neighbours queue together: a household mostly shares a tube.
        tube[n] = unit * everybody + np.int64(np.floor(who * tubes_each))
        chance[n] = unit_of(draw(swabs, who))
        load[n] = 1.0 if day - slot["day"] - slot["begins"] < slot["high"] else low_load
        found[n] = s
        n += 1
    shows = np.zeros(n, np.bool_)
    order = np.argsort(tube[:n], kind="mergesort")
    i = 0
    while i < n:
        end, positive = i, -1
        while end < n and tube[order[end]] == tube[order[i]]:
            at = order[end]
            if positive < 0 and chance[at] < pooled * load[at]:
                positive = at
            end += 1
        if positive >= 0:
            pools[slots[found[positive]]["district"]] += 1
            for k in range(i, end):
                at = order[k]
                shows[at] = chance[at] < pooled * load[at] or chance[at] < alone * load[at]
        i = end
    m = 0
    for i in range(n):
        if shows[i]:
            found[m] = found[i]
            m += 1
    return m


def _tubes(swabs: NDArray[np.int64], pool: int) -> NDArray[np.int64]:
    """Tubes are filled along the line too: no more than there are for the whole."""
    tubes = np.empty(swabs.size, np.int64)
    _fill(swabs, pool, tubes)
    return tubes


@kernel
def _fill(swabs: Any, pool: Any, tubes: Any) -> None:
    line, before = 0, 0
    for i in range(swabs.size):
        line += swabs[i]
        upto = -(-line // pool)
        tubes[i], before = upto - before, upto


@example
def _warm() -> None:
    none, starts, one = np.empty(0, np.int32), np.array([0, 1], np.int32), np.zeros(1, np.int64)
    two, share, start = np.zeros(2, np.int64), np.float32(0.5), np.uint64(1)
    _seen(
        empty(1), none, 0, np.zeros(1, np.uint8), 1, starts, starts, two, 0, one, one, one, share,
        share, 0.1, 0.5, 0.9, 0.95, start, start, start, start, one,
    )  # fmt: skip
    _tubes(one, 10)
