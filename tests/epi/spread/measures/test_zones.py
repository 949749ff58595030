from typing import Any

import numpy as np
import pytest

from tests.epi.spread.little import (
    BUILDING,
    COMMUNITY,
    COMPOUND,
    DISTRICT,
    GRID,
    PEOPLE,
    begun,
    mean_infections,
    quick,
    simulated,
    steady,
)
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures import testing, zones
from tongchou.epi.spread.measures.stages import WAR, Stages
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.spreading import spread
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import COMMUNITY as IN_COMMUNITY
from tongchou.epi.spread.ways import COMPOUND as IN_COMPOUND
from tongchou.epi.spread.ways import HOUSEHOLD
from tongchou.epi.spread.zoning import CONTROL, LOCKDOWN, NONE, PRECAUTION

ONE_CASE: dict[str, Any] = {
    "trigger_cases": 1,
    "lockdown_days": 3,
    "control_days": 2,
    "precaution_days": 2,
}
#: Everybody infectious is tested every day; the result comes a day later.
LOOKING = testing.Testing(asymptomatic=1.0)
#: Where the first of those found live: in the first, the second and the last compound.
FIRST, NEXT, LAST = 0, COMPOUND, PEOPLE - 1


def city(ill: Any = (FIRST, NEXT, LAST), **options: Any) -> Run:
    return begun(steady(zones=Zones(**(ONE_CASE | options))), ill=ill)


def on(run: Run, day: int, *found: int) -> Run:
    """Draw and lift on a day on which these of the ill are found."""
    run.day = day
    run.found_outside = np.array(found, np.int32)
    zones.draw_and_lift(run)
    return run


def test_the_unit_of_a_case_is_locked_down_and_what_is_around_it_less() -> None:
    run = on(city(unit="compound"), 5, 0)
    assert (run.zone[:COMPOUND] == LOCKDOWN).all()
    assert (run.zone[COMPOUND:GRID] == CONTROL).all()
    assert (run.zone[GRID:COMMUNITY] == PRECAUTION).all()
    assert (run.zone[COMMUNITY:] == NONE).all()


@pytest.mark.parametrize(
    ("unit", "locked", "around"),
    [
        ("building", BUILDING, COMPOUND),
        ("grid", GRID, COMMUNITY),
        ("community", COMMUNITY, DISTRICT),
    ],
)
def test_any_unit_can_be_the_smallest(unit: str, locked: int, around: int) -> None:
    run = on(city(unit=unit), 5, 0)
    assert np.count_nonzero(run.zone == LOCKDOWN) == locked
    assert np.count_nonzero(run.zone == CONTROL) == around - locked


def test_a_district_has_nothing_around_it() -> None:
    run = on(city(unit="district"), 5, 0)
    assert run.zone_people[0, LOCKDOWN] == DISTRICT
    assert not run.zone[DISTRICT:].any()


def test_a_level_of_no_days_is_left_out() -> None:
    run = on(city(control_days=0), 5, 0)
    assert (run.zone[:COMPOUND] == LOCKDOWN).all()
    assert (run.zone[COMPOUND:GRID] == PRECAUTION).all()
    assert not run.zone[GRID:].any()


def test_fewer_cases_than_the_trigger_draw_nothing() -> None:
    run = on(city(ill=(0, 1, 2, 3), trigger_cases=3, window_days=4), 5, 0, 1)
    assert not run.zoned
    # on day 9 the first two are out of the window
    assert not on(run, 9, 2).zoned
    assert not on(run, 12, 3).zoned
    assert on(run, 12, 0).zoned


def test_a_zone_is_lifted_after_the_clean_days_and_not_earlier() -> None:
    run = on(city(), 10, 0)
    levels = [int(on(run, day).zone[0]) for day in range(11, 19)]
    # clean are days 11 to 13 for lockdown, two more for control, two more for precaution
    assert levels == [3, 3, 2, 2, 1, 1, 0, 0]
    assert not run.zoned
    assert not run.zone.any()


def test_what_is_around_a_zone_goes_down_with_it() -> None:
    run = on(city(), 10, 0)
    for day in range(11, 14):
        on(run, day)
    assert run.zone[[0, COMPOUND, GRID]].tolist() == [CONTROL, PRECAUTION, NONE]


def test_a_new_case_begins_the_clean_days_anew() -> None:
    run = on(on(city(ill=(0, 1)), 10, 0), 12, 1)
    assert [int(on(run, day).zone[0]) for day in (13, 14, 15)] == [3, 3, 2]


def test_a_new_case_in_a_control_zone_locks_it_down_again() -> None:
    run = on(city(ill=(0, 1)), 10, 0)
    for day in range(11, 14):
        on(run, day)
    assert on(run, 14, 1).zone[0] == LOCKDOWN


def test_too_few_new_cases_only_put_off_the_next_level() -> None:
    run = on(city(ill=(0, 1, 2), trigger_cases=2, window_days=2), 10, 0, 1)
    for day in range(11, 14):
        on(run, day)
    assert on(run, 14, 2).zone[0] == CONTROL
    assert [int(on(run, day).zone[0]) for day in (15, 16)] == [CONTROL, PRECAUTION]


def test_the_stricter_of_two_zones_holds() -> None:
    run = on(on(city(), 10, 0), 12, 1)
    assert (run.zone[:GRID] == LOCKDOWN).all()
    on(run, 13)
    # the first compound is clean and surrounded by the second
    assert run.zone[[0, COMPOUND]].tolist() == [CONTROL, LOCKDOWN]
    assert (run.zone[GRID:COMMUNITY] == PRECAUTION).all()


def test_people_in_zones_are_counted_where_they_live() -> None:
    run = on(city(), 10, 0, 2)
    for name, people in (
        ("lockdown", COMPOUND),
        ("control", COMPOUND),
        ("precaution", COMMUNITY - GRID),
    ):
        assert run.daily[f"in_{name}"][10].tolist() == [people, people]
    for day in range(11, 18):
        on(run, day)
    assert run.zone_people[:, 1:].sum() == 0


def test_counts_agree_with_the_map_whatever_is_found() -> None:
    dice = np.random.default_rng(1)
    run = city(ill=dice.permutation(PEOPLE)[:480], unit="building", trigger_cases=1)
    for day in range(60):
        on(run, day, *range(day * 8, day * 8 + dice.integers(0, 8)))
        east = np.bincount(run.zone[:DISTRICT], minlength=4)
        assert run.zone_people[0, 1:].tolist() == east[1:].tolist()


def test_a_locked_compound_has_no_contacts_outside_the_household() -> None:
    run = city(outside=0)
    run.behaviour.base[:] = 1
    on(run, 5, 0)
    zones.shape(run)
    locked = run.behaviour.rate().reshape(2, 4, 5, 7)[0, LOCKDOWN, 0]
    assert locked.tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_nobody_carries_it_into_a_locked_compound_or_out() -> None:
    # everybody in the first compound is ill, nobody elsewhere, and nobody may go out
    run = city(ill=range(COMPOUND), outside=0, lockdown_days=30)
    on(run, 0, 0)
    zones.shape(run)
    run.keep_tables()
    for run.day in range(12):
        spread(run)
    assert run.n_slots == COMPOUND


def test_of_two_ends_of_a_contact_the_stricter_decides() -> None:
    run = on(city(outside=0.1, control_outside=0.4), 5, 0)
    zones.shape(run)
    assert run.behaviour.made[0, :, IN_COMPOUND].tolist() == pytest.approx([1, 0.8, 0.4, 0.1])
    assert (run.behaviour.made[:, :, HOUSEHOLD] == 1).all()
    assert (run.behaviour.takes == 1).all()


def test_who_does_not_adhere_goes_out_of_a_zone() -> None:
    run = on(city(outside=0.1), 5, 0)
    run.adherence[:] = (0.5, 0)
    zones.shape(run)
    assert run.behaviour.made[:, LOCKDOWN, IN_COMMUNITY].tolist() == pytest.approx([0.55, 1])


def test_a_district_at_peace_draws_none_of_the_zones_of_war() -> None:
    run = begun(Policy(war=Response(zones=Zones(**ONE_CASE))), ill=(FIRST, LAST))
    run.tempo[1] = WAR
    on(run, 5, 0, 1)
    assert not run.zone[:DISTRICT].any()
    assert run.zone[LAST] == LOCKDOWN


def test_a_zone_drawn_at_war_is_lifted_by_its_own_rule_in_peace() -> None:
    run = begun(Policy(war=Response(zones=Zones(**ONE_CASE, outside=0.2))), ill=(FIRST,))
    run.tempo[0] = WAR
    on(run, 5, 0)
    run.tempo[0] = 0
    zones.shape(run)
    assert run.behaviour.made[0, LOCKDOWN, IN_COMMUNITY] == pytest.approx(0.2)
    assert [int(on(run, day).zone[0]) for day in (7, 8)] == [LOCKDOWN, CONTROL]


def test_peace_and_war_can_close_off_different_units() -> None:
    peace, war = Zones(unit="building", **ONE_CASE), Zones(unit="community", **ONE_CASE)
    run = begun(Policy(peace=Response(zones=peace), war=Response(zones=war)), ill=(FIRST, LAST))
    run.tempo[1] = WAR
    on(run, 5, 0, 1)
    assert run.zone_people[:, LOCKDOWN].tolist() == [BUILDING, COMMUNITY]
    run.tempo[0] = WAR
    on(run, 6, 0)
    assert run.zone_people[0, 1:].tolist() == [0, DISTRICT - COMMUNITY, COMMUNITY]
    for day in range(7, 20):
        on(run, day)
    assert not run.zone.any()


def test_everybody_in_a_zone_is_tested_every_so_many_days() -> None:
    rules = Zones(**(ONE_CASE | {"lockdown_days": 9}), test_every_days=3)
    run = begun(steady(zones=rules, testing=testing.Testing(result_days=2)), ill=(FIRST, 1, LAST))
    on(run, 3, 0)
    for run.day in (4, 5, 6):
        zones.test(run)
    assert run.daily["pcr_people"].sum(axis=0).tolist() == [GRID, 0]
    assert run.daily["pcr_tubes"][6].tolist() == [GRID / 10, 0]
    # infected on day 0, infectious from day 2 to 5: nobody is, on day 6
    assert not run.due
    on(run, 3, 0)
    run.day = 3
    zones.test(run)
    assert run.slots["found"][:3].tolist() == [5, 5, 32_000]


def test_zones_that_leave_everything_as_it_is_change_no_infection() -> None:
    idle = Zones(**ONE_CASE, outside=1, control_outside=1, precaution_outside=1)
    policy = steady(zones=idle, testing=LOOKING)
    free = steady(testing=LOOKING)
    drawn, without = simulated(policy), simulated(free)
    assert (drawn.series("infections") == without.series("infections")).all()
    assert drawn.total("in_lockdown") > 0


def test_zones_without_a_trigger_change_nothing() -> None:
    off = Zones(unit="district", outside=0, test_every_days=1)
    looking = steady(testing=LOOKING)
    assert simulated(steady(zones=off, testing=LOOKING)) == simulated(looking)


def test_nothing_is_closed_off_before_the_outbreak_is_known() -> None:
    rules = Response(zones=Zones(**ONE_CASE), testing=LOOKING)
    run = simulated(Policy(peace=rules, start_day=20))
    assert run.curve("in_lockdown")[:20].sum() == 0 < run.curve("in_lockdown")[21:].sum()


def test_larger_and_stricter_zones_never_raise_mean_infections() -> None:
    asked = [
        Zones(),
        Zones(trigger_cases=1, unit="compound", outside=0.6),
        Zones(trigger_cases=1, unit="compound", outside=0.1),
        Zones(trigger_cases=1, unit="district", outside=0.1),
    ]
    means = [mean_infections(steady(zones=each, testing=LOOKING)) for each in asked]
    assert np.all(np.diff(means) < 0)


def test_the_number_of_threads_changes_nothing() -> None:
    rules = steady(zones=Zones(**ONE_CASE), testing=LOOKING)
    assert simulated(rules) == simulated(rules, threads=2)


def test_a_graph_cannot_be_closed_off() -> None:
    pair = Graph.from_edges(2, {0: ([0], [1])}, age=[30, 30])
    with pytest.raises(ValueError, match="zones need a city: a graph has no units"):
        simulate(pair, quick(), steady(zones=Zones(trigger_cases=1)), seed=1, days=3, seeds=1)


def test_a_whole_run_turns_to_war_locks_down_and_opens_again() -> None:
    war = Response(
        zones=Zones(**ONE_CASE, outside=0), testing=testing.Testing(asymptomatic=1, result_days=0)
    )
    peace = Response(testing=testing.Testing(asymptomatic=0.3))
    policy = Policy(peace=peace, war=war, stages=Stages(war_cases=1, peace_days=3))
    run = begun(policy, ill=range(0, 600, 60))
    for run.day in range(60):
        one_day(run)
    assert run.daily["in_lockdown"].max() > 0
    assert not run.zone.any()
    assert run.tempo.tolist() == [0, 0]
