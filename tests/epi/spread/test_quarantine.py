"""Quarantine begins when ordered, ends when said, and holds no more than there are rooms."""

from typing import Any

import numpy as np
import pytest

from tests.epi.spread.town import always, disease, run_of, to_day
from tongchou.epi.spread.measures import quarantine, testing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.policy import WAR, Policy, Response
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day


def ordered(
    people: Any,
    *,
    exposed: int = 5,
    tier: int = 0,
    day: int = 5,
    seeds: Any = 0,
    course: Any = None,
    others: Any = None,
    days: int = 40,
    **options: Any,
) -> Run:
    """A quiet town on the morning of `day`, with an order for these people."""
    rules = always(quarantine=Quarantine(**options), **(others or {}))
    run = to_day(run_of(rules, seeds=seeds, days=days, course=course or disease(0.0)), day)
    rows = np.array([(person, exposed, tier) for person in people], np.int32)
    run.orders[day].append(rows)
    return run


def evenings(run: Run, until: int) -> tuple[list[int], list[int]]:
    """How many are in facilities and at home on each evening from today on."""
    away, home = [], []
    while run.day < until:
        one_day(run)
        run.day += 1
        away.append(int((run.facility_until >= run.day).sum()))
        home.append(int((run.held_until >= run.day).sum()) - away[-1])
    return away, home


def test_ten_days_are_counted_from_the_exposure() -> None:
    run = ordered([7, 8], exposed=3, day=5, facility_days=7, home_days=3)
    away, home = evenings(run, 20)
    assert away == [2] * 5 + [0] * 10
    assert home == [0] * 5 + [2] * 3 + [0] * 7
    assert run.facility_until[7] == 10
    assert run.held_until[7] == 13


def test_the_books_show_every_evening_of_it() -> None:
    run = ordered([7, 8], exposed=3, day=5, facility_days=7, home_days=3)
    to_day(run, 20)
    for name, days in (("in_facility", range(5, 10)), ("in_home", range(10, 13))):
        stock = np.cumsum(run.moves[name][:-1], axis=0).sum(axis=1)
        assert [int(stock[day]) for day in range(20)] == [2 * (day in days) for day in range(20)]


def test_an_exposure_too_long_ago_orders_nothing() -> None:
    run = ordered([7], exposed=-9, day=5, facility_days=7, home_days=3)
    one_day(run)
    assert run.held_until[7] == 0
    assert run.daily["facility_orders"].sum() == 0


def test_contacts_of_contacts_have_days_of_their_own() -> None:
    run = ordered([7], tier=1, exposed=5, home_days=14, secondary_home_days=7)
    one_day(run)
    assert run.held_until[7] == 12
    assert run.daily["home_orders"].sum() == 1


def test_a_later_exposure_only_moves_the_end() -> None:
    run = ordered([7], exposed=5, day=5, facility_days=7, home_days=3)
    one_day(run)
    run.day += 1
    run.orders[6].append(np.array([(7, 6, 0), (7, 4, 0)], np.int32))
    away, home = evenings(run, 20)
    assert run.held_until[7] == 16
    assert sum(away) + sum(home) == 10
    assert run.daily["facility_orders"].sum() == 1
    assert run.daily["traced_contacts"].sum() == 1


def test_two_orders_on_one_day_are_one_quarantine() -> None:
    run = ordered([7, 7, 7], facility_days=7)
    one_day(run)
    assert run.daily["facility_orders"].sum() == 1
    assert run.staying("in_facility").sum() == 1


def test_who_finds_no_room_is_quarantined_at_home_for_the_whole_time() -> None:
    run = ordered(range(10), facility_days=7, home_days=3, rooms=4)
    away, home = evenings(run, 20)
    assert away[0] == 4
    assert home[0] == 6
    assert run.daily["facility_orders"].sum() == 4
    assert run.daily["home_orders"].sum() == 6
    assert np.all(run.held_until[:10] == 15)


def test_a_room_left_in_the_morning_is_free_that_day() -> None:
    run = ordered(range(4), facility_days=2, rooms=4)
    to_day(run, 7)
    run.orders[7].append(np.array([(person, 7, 0) for person in range(100, 106)], np.int32))
    one_day(run)
    assert run.staying("in_facility").sum() == 4
    assert run.daily["home_orders"].sum() == 2


def test_as_many_keep_to_it_as_the_adherence_says() -> None:
    run = ordered(range(3000), home_days=14, adherence=0.7)
    one_day(run)
    assert run.keeps[:3000].mean() == pytest.approx(0.7, abs=3.5 * np.sqrt(0.21 / 3000))
    away = ordered(range(3000), facility_days=14, escape=0.1)
    one_day(away)
    assert away.keeps[:3000].mean() == pytest.approx(0.9, abs=3.5 * np.sqrt(0.09 / 3000))


def all_infected(**options: Any) -> Run:
    """Two hundred people, infected on day 0 and most of them infectious on day 5: held then."""
    first = np.arange(0, 1600, 8, dtype=np.int32)
    return ordered(first, seeds=first, course=disease(0.05), **options)


def test_who_is_held_and_meets_nobody_infects_nobody() -> None:
    run = all_infected(facility_days=30)
    before = run.n_slots
    to_day(run, 25)
    infectors = run.slots["infector"][before : run.n_slots]
    assert not np.any(infectors < 200)


def test_who_is_held_and_meets_nobody_is_not_infected() -> None:
    held = np.arange(1000, 6000, dtype=np.int32)
    run = ordered(
        held, seeds=np.arange(200, dtype=np.int32), course=disease(0.05), facility_days=30
    )
    before = set(run.slots["who"][: run.n_slots].tolist())
    to_day(run, 30)
    new = set(run.slots["who"][: run.n_slots].tolist()) - before
    assert new
    assert not new & set(held.tolist())


def test_at_home_the_household_is_met_and_nobody_else() -> None:
    run = all_infected(home_days=30, home_household=1.0, home_outside=0.0)
    before = run.n_slots
    to_day(run, 25)
    rows = run.slots[before : run.n_slots]
    theirs = rows[rows["infector"] < 200]
    assert theirs.size
    assert np.all(theirs["layer"] == 0)


def found_on(run: Run) -> list[int]:
    days = run.slots["found"][: run.n_slots]
    return sorted(set(days[days < NEVER].tolist()))


@pytest.mark.parametrize("nth", [1, 2, 4])
def test_a_test_on_a_day_of_quarantine_is_taken_and_known_a_day_later(nth: int) -> None:
    run = all_infected(facility_days=14, test_days=(nth,), sensitivity=1.0, result_days=1)
    to_day(run, 30)
    assert found_on(run) == [5 + nth + 1]
    assert run.daily["pcr_people"][5 + nth].sum() == 200
    assert run.daily["pcr_people"].sum() == 200


def test_the_last_test_may_be_on_the_day_of_release() -> None:
    run = all_infected(exposed=5, facility_days=3, test_days=(3,), sensitivity=1.0, result_days=1)
    to_day(run, 30)
    assert found_on(run) == [9]
    assert run.daily["pcr_people"].sum() == 200


def test_a_case_found_in_quarantine_stays_until_its_bed_is_there() -> None:
    run = all_infected(
        facility_days=14, test_days=(2,), sensitivity=1.0,
        others={"isolation": Isolation(share=1, transfer_days=3)},
    )  # fmt: skip
    to_day(run, 9)
    found = run.slots["who"][:200][run.slots["found"][:200] == 8]
    assert found.size > 100
    ill = run.slots["isolated"][:200][run.slots["found"][:200] == 8]
    moved = ill < NEVER
    assert set(ill[moved].tolist()) == {11}
    assert set(run.held_until[found[moved]].tolist()) == {11}
    # who is well again before the bed is there stays where they are
    assert set(run.held_until[found[~moved]].tolist()) <= {19}


def test_without_isolation_a_case_stays_in_quarantine() -> None:
    run = all_infected(facility_days=14, test_days=(2,), sensitivity=1.0)
    before = run.n_slots
    to_day(run, 18)
    assert not np.any(run.slots["infector"][before : run.n_slots] < 200)


def test_known_cases_are_not_quarantined() -> None:
    run = ordered(
        [int(i) for i in range(100)], seeds=np.arange(100, dtype=np.int32), facility_days=14,
        others={"testing": testing.Testing(symptomatic=1, asymptomatic=1, result_days=0)}, day=8,
    )  # fmt: skip
    one_day(run)
    known = run.slots["found"][:100] <= 8
    assert known.sum() > 80
    who = run.slots["who"][:100]
    assert np.all(run.held_until[who[known]] == 0)
    assert np.all(run.held_until[who[~known & (run.slots["fate"][:100] == 0)]] > 0)


def test_days_of_work_lost_are_five_of_seven() -> None:
    run = to_day(ordered(range(2000), facility_days=14), 30)
    groups = run.people.group[:2000]
    at_work = (groups >= 0) & (run.people.group_sector[groups] > 0)
    assert run.workdays_lost["quarantine"].sum() == pytest.approx(at_work.sum() * 10)


def swabs_by_day(run: Run) -> dict[int, int]:
    swabs = run.daily["pcr_people"].sum(axis=1)
    return {day: int(swabs[day]) for day in np.flatnonzero(swabs).tolist()}


def test_tests_that_fall_due_by_a_longer_order_are_counted() -> None:
    run = ordered([7, 8], home_days=4, test_days=(1, 6))
    one_day(run)
    run.day += 1
    run.orders[6].append(np.array([(7, 9, 0)], np.int32))
    assert swabs_by_day(to_day(run, 30)) == {6: 2, 11: 1}


def test_who_does_not_keep_to_quarantine_is_not_swabbed() -> None:
    run = ordered(range(1000), home_days=7, adherence=0.6, test_days=(2,))
    to_day(run, 20)
    assert swabs_by_day(run) == {7: int(run.keeps[:1000].sum())}
    assert 500 < run.keeps[:1000].sum() < 700


def test_who_was_found_is_not_swabbed_again() -> None:
    run = all_infected(facility_days=14, test_days=(2, 6), sensitivity=1.0, result_days=1)
    to_day(run, 30)
    first = np.count_nonzero(run.slots["found"][:200] == 8)
    assert first > 100
    assert swabs_by_day(run) == {7: 200, 11: 200 - first}


def test_the_test_days_are_those_of_the_tempo_of_the_day() -> None:
    peace, war = (Quarantine(home_days=7, test_days=days) for days in ((2,), (2, 4)))
    rules = Policy(peace=Response(quarantine=peace), war=Response(quarantine=war))
    run = to_day(run_of(rules, seeds=0, days=40, course=disease(0.0)), 5)
    run.orders[5].append(np.array([(7, 5, 0)], np.int32))
    to_day(run, 8)
    run.tempo[:] = WAR
    assert swabs_by_day(to_day(run, 20)) == {7: 1, 9: 1}


def test_a_test_day_before_the_first_is_refused() -> None:
    with pytest.raises(ValueError, match="test_days count from 1"):
        Quarantine(test_days=(0,))
    assert quarantine.Quarantine().rooms == np.inf
