"""Tracers find exactly those whom the identities of contacts name."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from tests.epi.spread.town import ALL, always, run_of, to_day
from tongchou.epi.spread.measures import testing, tracing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.meeting import contact
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.slots import LONG
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import CLASS, COMMUNITY, HOUSEHOLD, LAYERS, VEHICLE, WORKPLACE

LOOK_BACK = 3
TOMORROW = (1,) * len(LAYERS)  # so that orders can be read before they are carried out
TESTS = testing.Testing(symptomatic=0.3, asymptomatic=0.01)
#: Asked once, whatever the day.
WHOLE = (HOUSEHOLD, CLASS, WORKPLACE)


def rules(**more: object) -> Policy:
    options = {"completeness": ALL, "delay_days": TOMORROW, "look_back_days": LOOK_BACK} | more
    return always(testing=TESTS, tracing=Tracing(**options))


@cache
def busy_evening(**more: object) -> Run:
    """A run on the evening of a day on which several cases became known."""
    run = to_day(run_of(rules(**more)), 14)
    while run.found_today.size < 5:
        one_day(run)
        run.day += 1
    run.day -= 1
    return run


def orders(run: Run) -> set[tuple[int, int]]:
    """(person, day of exposure), tier 0, of today's tracing."""
    rows = np.concatenate(run.orders[run.day + 1])
    return {(int(person), int(on)) for person, on, tier in rows if tier == 0}


def window(run: Run, slot: np.void) -> range:
    onset = int(slot["day"]) + int(slot["onset"])
    known = onset if slot["onset"] < LONG and onset <= run.day else run.day - 1
    return range(max(known - LOOK_BACK, 0), run.day + 1)


def named(run: Run) -> set[tuple[int, int]]:
    """The same from first principles: everybody whom `contact` names, day by day."""
    met = set()
    for s in run.found_today:
        slot = run.slots[s]
        for layer in range(len(LAYERS)):
            n = int(run.meets[s, layer])
            small = layer in WHOLE and (layer == HOUSEHOLD or n < run.people.most[layer])
            days = [run.day] if small else window(run, slot)
            for on in days:
                streams = run.rings(on)
                for k in range(n):
                    other = int(contact(run.people, streams, 0, int(slot["who"]), layer, k))
                    if other >= 0:
                        met.add((other, on))
    return met


def test_tracing_that_misses_nobody_finds_exactly_whom_the_contacts_name() -> None:
    run = busy_evening()
    assert len(orders(run)) > 50
    assert orders(run) == named(run)


def test_everybody_whom_a_case_infected_within_the_window_is_found() -> None:
    run = busy_evening()
    told = {person for person, _ in orders(run)}
    infected = 0
    for s in run.found_today:
        mine = np.flatnonzero(run.slots["infector"][: run.n_slots] == s)
        inside = mine[np.isin(run.slots["day"][mine], window(run, run.slots[s]))]
        assert set(run.slots["who"][inside].tolist()) <= told
        infected += inside.size
    assert infected > 0


def test_half_complete_tracing_finds_half_of_each_layer() -> None:
    everybody = named(busy_evening())
    found = orders(busy_evening(completeness=(0.5,) * len(LAYERS)))
    assert found < everybody
    assert len(found) == pytest.approx(len(everybody) / 2, abs=3.5 * np.sqrt(len(everybody)) / 2)


def test_who_is_named_by_two_cases_may_be_remembered_by_either() -> None:
    def people(share: float) -> tuple[np.ndarray, np.ndarray]:
        run = to_day(run_of(rules(completeness=(0, share, share, 0, 0, 0, 0))), 14)
        table = run.once(Tracing, tracing._tables)
        found = tracing._close(run, table, np.arange(run.n_slots, dtype=np.int32))
        return np.unique(found[:, 0], return_counts=True)

    _, times = people(1.0)
    expected = 1 - 0.5**times
    spread = np.sqrt(np.sum(expected * (1 - expected)))
    assert expected.sum() > 0.5 * times.size + 4 * spread  # many are named more than once
    assert people(0.5)[0].size == pytest.approx(expected.sum(), abs=3.5 * spread)


def test_what_is_found_by_less_complete_tracing_is_found_by_more() -> None:
    less, more = (orders(busy_evening(completeness=(share,) * len(LAYERS))) for share in (0.3, 0.6))
    assert less < more


@pytest.mark.parametrize("layer", [HOUSEHOLD, COMMUNITY])
def test_a_layer_asked_alone_gives_only_its_contacts(layer: int) -> None:
    share = tuple(float(i == layer) for i in range(len(LAYERS)))
    run = busy_evening(completeness=share)
    homes = run.people.household
    mine = set(homes[run.slots["who"][run.found_today]].tolist())
    at_home = [int(homes[person]) in mine for person, _ in orders(run)]
    assert all(at_home) if layer == HOUSEHOLD else not all(at_home)


def test_contacts_of_contacts_are_the_household_and_the_colleagues() -> None:
    run = busy_evening(secondary=1.0)
    rows = np.concatenate(run.orders[run.day + 1])
    close, second = (rows[rows[:, 2] == tier, 0] for tier in (0, 1))
    city = run.people
    expected: set[int] = set()
    for person in set(close.tolist()):
        home = city.household[person]
        near = set(range(city.household_start[home], city.household_start[home + 1]))
        if city.group[person] >= 0:
            first = city.group_start[city.group[person]]
            last = min(city.group_start[city.group[person] + 1], first + 30)
            near |= set(city.member[first:last].tolist())
        expected |= near - {person}
    assert set(second.tolist()) == expected


def test_each_layer_is_told_after_its_own_delay() -> None:
    run = to_day(run_of(rules(delay_days=(1, 2, 2, 3, 3, 4, 5))), 14)
    while not run.found_today.size:
        one_day(run)
        run.day += 1
    run.day -= 1
    homes = run.people.household
    mine = set(homes[run.slots["who"][run.found_today]].tolist())
    tomorrow = np.concatenate(run.orders[run.day + 1])
    fresh = tomorrow[tomorrow[:, 1] == run.day]
    assert {int(homes[person]) for person in fresh[:, 0]} <= mine
    assert set(run.orders) <= set(range(run.day + 1, run.day + 6))


@pytest.mark.parametrize(("tracers", "each"), [(1, 0.5), (3, 0.5), (2, 1.0), (7, 0.3)])
def test_tracers_open_no_more_cases_than_they_can_and_the_others_wait(
    tracers: int, each: float
) -> None:
    run = run_of(rules(tracers=tracers, cases_per_tracer=each), seeds=100)
    to_day(run, 30)
    opened = run.daily["traced_cases"][:30].sum(axis=1)
    assert opened.max() <= np.ceil(tracers * each)
    found = run.daily["found"].sum(axis=1)
    assert opened.sum() + run.untraced.size == found.sum()
    # a queue stood for weeks, so that hardly an hour was lost
    assert opened[-15:].sum() == pytest.approx(tracers * each * 15, abs=1)


def test_who_is_found_first_is_traced_first() -> None:
    run = run_of(rules(tracers=4, cases_per_tracer=0.5), seeds=100)
    waiting = []
    for day in range(1, 30):
        to_day(run, day)
        waiting.append(run.untraced.copy())
    for today, tomorrow in pairwise(waiting):
        left = np.isin(today, tomorrow)
        # who is gone stood in front of who stayed
        assert not np.any(left[:-1] & ~left[1:])
    found = run.slots["found"][run.untraced]
    assert np.all(np.diff(found) >= 0)


def test_riders_are_found_by_tracing_vehicles() -> None:
    share = tuple(float(i == VEHICLE) for i in range(len(LAYERS)))
    run = busy_evening(completeness=share)
    people = np.array([person for person, _ in orders(run)], int)
    assert np.all(run.people.rides[people] == 1)


def test_completeness_needs_a_share_for_every_layer() -> None:
    with pytest.raises(ValueError, match="needs 7 values"):
        Tracing(completeness=(1.0,))
    with pytest.raises(ValueError, match=r"is 1\.5; a share is from 0 to 1"):
        Tracing(completeness=(1.5,) * 7)


def test_an_order_begins_within_255_days() -> None:
    with pytest.raises(ValueError, match="from 0 to 255"):
        Tracing(delay_days=(0, 0, 0, 256, 0, 0, 0))


def test_a_case_that_waits_for_a_tracer_is_asked_about_the_days_before_the_bed() -> None:
    tracing = Tracing(
        completeness=ALL, delay_days=TOMORROW, look_back_days=2, tracers=1, cases_per_tracer=0.5
    )
    run = run_of(always(testing=TESTS, tracing=tracing, isolation=Isolation(share=1)), seeds=100)
    to_day(run, 14)
    waiting = run.untraced.copy()
    while np.isin(waiting, run.untraced).all():
        run.orders.clear()
        to_day(run, run.day + 1)
    asked = np.setdiff1d(waiting, run.untraced)
    # it is the next morning already
    rows = np.concatenate(run.orders[run.day])
    assert run.slots["isolated"][asked].max() < run.day - 3
    assert rows[:, 1].max() <= run.slots["isolated"][asked].max()
