from typing import Any

import numpy as np
import pytest

from tests.epi.spread.measures.little_town import (
    always,
    disease,
    mean_infections,
    result,
    run_of,
    to_day,
    town,
)
from tongchou.epi.pooling import cost_of
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import WAR, Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run

SURE: dict[str, Any] = {"coverage": 1.0, "sensitivity": 1.0, "dilution": 1.0, "low_load": 1.0}


def rounds(*, day: int = 3, districts: int = 1, **options: object) -> Run:
    """A run on the morning of `day`; the night before, its first infected person was found."""
    rule = Rounds(**({"trigger_cases": 1, "result_days": 90} | options))  # type: ignore[arg-type]
    run = to_day(run_of(always(rounds=rule, start_day=day), districts=districts), day)
    return found_last_night(run, [0])


def found_last_night(run: Run, slots: list[int]) -> Run:
    run.found_outside = np.array(slots, np.int32)
    return run


def known(run: Run, day: int) -> tuple[int, int]:
    """How many were infectious on that morning, and how many of them were found since."""
    rows = run.slots[: run.n_slots]
    age = day - rows["day"]
    ill = (age >= rows["begins"]) & (age < rows["ends"])
    return int(ill.sum()), int((rows["found"][ill] < NEVER).sum())


def people(run: Run) -> list[int]:
    return result(run).curve("pcr_people")[: run.day].tolist()  # type: ignore[no-any-return]


def test_a_full_and_sure_round_finds_every_infectious_person() -> None:
    run = to_day(rounds(**SURE), 4)
    ill, found = known(run, 3)
    assert ill == found > 10


def test_a_round_that_sees_nothing_finds_nobody() -> None:
    assert known(to_day(rounds(sensitivity=0.0), 4), 3)[1] == 0


def test_nobody_is_tested_before_somebody_is_found() -> None:
    run = to_day(run_of(always(rounds=Rounds(trigger_cases=1))), 20)
    assert result(run).total("pcr_people") == 0


def test_too_few_cases_order_no_round() -> None:
    assert people(to_day(rounds(trigger_cases=2), 5)) == [0] * 5


def test_cases_long_ago_order_no_round() -> None:
    run = rounds(trigger_cases=2, window_days=3)
    found_last_night(to_day(run, 6), [1])
    assert sum(people(to_day(run, 8))) == 0


def test_a_round_costs_its_swabs_and_tubes_and_the_staff_for_them() -> None:
    run = rounds(sensitivity=0.0, coverage=0.9, people_per_sampler=500.0)
    counted = result(to_day(run, 4))
    assert counted.curve("pcr_people")[3] == 18_000
    assert counted.curve("pcr_tubes")[3] == 1800
    assert counted.curve("sampler_days")[3] == pytest.approx(36)
    assert counted.curve("lab_days")[3] == pytest.approx(18)


def test_members_of_a_positive_pool_are_tested_singly_on_the_next_day() -> None:
    run = to_day(rounds(**SURE | {"interval_days": 9}), 5)
    counted = result(run)
    again = counted.curve("pcr_people")[4]
    ill, _ = known(run, 3)
    assert 0 < again <= 10 * ill
    assert again % 10 == 0
    assert counted.curve("pcr_tubes")[3:5].tolist() == [run.n // 10, again]


def test_a_household_in_one_tube_is_cheaper_than_chance() -> None:
    run = to_day(rounds(day=12, **SURE | {"interval_days": 9}), 14)
    ill, _ = known(run, 12)
    by_chance = cost_of(run.n, 10, ill / run.n)
    tubes = result(run).curve("pcr_tubes")[12:14].sum()
    assert 0.4 * by_chance.tubes < tubes < by_chance.tubes


def test_a_pool_of_one_loses_nothing_and_is_not_taken_apart() -> None:
    run = to_day(rounds(**SURE | {"pool_size": 1, "dilution": 0.1}), 4)
    ill, found = known(run, 3)
    assert ill == found
    assert result(run).curve("pcr_tubes")[3] == run.n


def test_a_larger_pool_finds_fewer() -> None:
    found = [
        known(to_day(rounds(**SURE | {"pool_size": size, "dilution": 0.8}), 4), 3)[1]
        for size in (1, 5, 20, 160)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 2 * found[-1]


def test_a_low_load_is_seen_less() -> None:
    run = to_day(rounds(day=8, **SURE | {"low_load": 0.0, "pool_size": 1}), 9)
    rows = run.slots[: run.n_slots]
    high = 8 - rows["day"] - rows["begins"] < rows["high"]
    age = 8 - rows["day"]
    ill = (age >= rows["begins"]) & (age < rows["ends"])
    assert (rows["found"][ill & ~high] == NEVER).all()
    assert (rows["found"][ill & high] < NEVER).all()


def test_a_round_larger_than_the_laboratory_takes_more_days() -> None:
    run = rounds(sensitivity=0.0, tubes=700.0, coverage=1.0, interval_days=4)
    assert people(to_day(run, 9))[3:] == [7000, 7000, 6000, 0, 7000, 7000]


def test_a_slow_round_finds_the_same_people_as_a_fast_one_by_its_end() -> None:
    run = to_day(rounds(tubes=800.0, **SURE), 6)
    rows = run.slots[: run.n_slots]
    # infectious on all three days of the round
    all_along = (3 - rows["day"] >= rows["begins"]) & (5 - rows["day"] < rows["ends"])
    assert all_along.sum() > 5
    assert (rows["found"][all_along] < NEVER).all()


def test_tubes_of_a_day_are_never_more_than_can_be_read() -> None:
    run = to_day(rounds(day=10, tubes=500.0, **SURE | {"interval_days": 1}), 20)
    tubes = result(run).curve("pcr_tubes")[10:20]
    assert tubes.max() == 500
    assert tubes.min() > 490


def test_positive_pools_of_yesterday_are_read_before_anybody_else() -> None:
    run = to_day(rounds(day=10, tubes=500.0, **SURE), 12)
    swabs = result(run).curve("pcr_people")[10:12]
    again = (5000 - swabs[1]) / 9
    assert swabs[0] == 5000
    assert again > 100
    assert again % 10 == 0


def test_no_laboratory_reads_no_round() -> None:
    assert sum(people(to_day(rounds(tubes=0.0), 8))) == 0


def test_rounds_follow_one_another_and_end_after_clean_ones() -> None:
    run = rounds(sensitivity=0.0, coverage=1.0, interval_days=2, stop_after=3, result_days=1)
    tested = [day for day, n in enumerate(people(to_day(run, 20))) if n]
    # the third clean result is known on the morning of day 9, when the fourth would begin
    assert tested == [3, 5, 7]


def test_results_not_yet_known_do_not_end_rounds() -> None:
    run = rounds(sensitivity=0.0, coverage=1.0, interval_days=1, stop_after=2, result_days=3)
    tested = [day for day, n in enumerate(people(to_day(run, 20))) if n]
    assert tested == [3, 4, 5, 6, 7]


def test_a_new_case_starts_the_count_of_clean_rounds_anew() -> None:
    run = rounds(sensitivity=0.0, coverage=1.0, interval_days=2, stop_after=3, result_days=1)
    found_last_night(to_day(run, 8), [1])
    tested = [day for day, n in enumerate(people(to_day(run, 25))) if n]
    assert tested == [3, 5, 7, 9, 11, 13]


def test_a_case_after_the_last_round_orders_new_ones() -> None:
    run = rounds(sensitivity=0.0, stop_after=1, interval_days=2, result_days=1)
    found_last_night(to_day(run, 12), [1])
    tested = [day for day, n in enumerate(people(to_day(run, 20))) if n]
    assert tested == [3, 12]


def test_only_the_community_with_a_case_is_tested() -> None:
    run = to_day(rounds(unit="community", **SURE), 4)
    case = run.slots["who"][0]
    here = town().people_in("community", int(town().unit_of("community", case)))
    rows = run.slots[: run.n_slots]
    assert result(run).total("pcr_people") == len(here)
    assert np.isin(rows["who"][rows["found"] < NEVER], here).all()


def test_only_the_district_with_a_case_is_tested() -> None:
    run = to_day(rounds(unit="district", districts=3, sensitivity=0.0, coverage=1.0), 4)
    tested = result(run).by_district("pcr_people")
    case = int(run.slots["district"][0])
    sizes = np.diff(run.district_start)
    assert tested.tolist() == [n if d == case else 0 for d, n in enumerate(sizes)]


def test_a_city_is_tested_district_by_district_where_tubes_are_few() -> None:
    run = rounds(unit="city", districts=2, sensitivity=0.0, coverage=1.0, tubes=1100.0)
    first = int(run.district_start[1])
    tested = result(to_day(run, 5)).daily["pcr_people"][3:5]
    assert tested.sum(axis=1).tolist() == [11_000, 9000]
    assert tested[0].tolist() == [min(first, 11_000), max(11_000 - first, 0)]


def test_of_a_city_only_districts_at_war_are_tested_by_the_rule_of_war() -> None:
    rule = Rounds(unit="city", trigger_cases=1, coverage=1.0, sensitivity=0.0)
    run = run_of(Policy(war=Response(rounds=rule)), districts=2)
    run.tempo[1] = WAR
    tested = result(to_day(found_last_night(run, [0]), 1)).by_district("pcr_people")
    assert tested.tolist() == [0, np.diff(run.district_start)[1]]


def test_peace_and_war_have_rounds_of_their_own() -> None:
    peace = Rounds(trigger_cases=1, coverage=0.5, sensitivity=0.0)
    war = Rounds(trigger_cases=1, coverage=1.0, sensitivity=0.0)
    run = run_of(Policy(peace=Response(rounds=peace), war=Response(rounds=war)), districts=2)
    run.tempo[1] = WAR
    district = run.slots["district"][: run.n_slots]
    both = [int(np.flatnonzero(district == d)[0]) for d in (0, 1)]
    tested = result(to_day(found_last_night(run, both), 1)).by_district("pcr_people")
    sizes = np.diff(run.district_start)
    assert tested.tolist() == [sizes[0] // 2, sizes[1]]


def test_only_people_in_zones_are_tested_where_zones_are_the_unit() -> None:
    rule = Rounds(unit="zone", trigger_cases=1, **SURE | {"tubes": 40.0})  # type: ignore[arg-type]
    policy = always(
        rounds=rule, zones=Zones(trigger_cases=1), testing=testing.Testing(symptomatic=0.3)
    )
    run = to_day(run_of(policy), 12)
    counted = result(run)
    tested = counted.curve("sampler_days") * 800
    inside = counted.curve("in_lockdown") + counted.curve("in_control")
    assert 0 < tested.max() <= 400
    assert (tested[inside == 0] == 0).all()


@pytest.mark.parametrize(
    "where",
    [{"isolated": 0, "bed": 1}, {"held_from": 0, "facility_until": 90, "held_until": 90}],
)
def test_who_is_in_a_bed_or_a_facility_does_not_come(where: dict[str, int]) -> None:
    run = rounds(**SURE)
    for name, value in where.items():
        run.slots[name][: run.n_slots] = value
    to_day(run, 4)
    assert known(run, 3)[1] == 0


def test_the_same_people_tend_to_stay_away() -> None:
    run = to_day(rounds(day=6, **SURE | {"coverage": 0.7, "interval_days": 1}), 8)
    rows = run.slots[: run.n_slots]
    throughout = (6 - rows["day"] >= rows["begins"]) & (7 - rows["day"] < rows["ends"])
    missed = (rows["found"][throughout] == NEVER).mean()
    # half of those absent always are: 0.15 + 0.85 x 0.18 ** 2, not 0.3 ** 2
    assert 0.12 < missed < 0.26


def test_a_case_in_quarantine_orders_no_round() -> None:
    run = found_last_night(rounds(), [])
    assert sum(people(to_day(run, 6))) == 0


def test_more_coverage_never_raises_infections() -> None:
    def infected(coverage: float) -> float:
        rules = always(
            rounds=Rounds(trigger_cases=1, coverage=coverage, interval_days=3),
            testing=testing.Testing(symptomatic=0.1),
            isolation=Isolation(share=1.0),
        )
        return mean_infections(rules, course=disease(beta=0.03), n=10, days=50)

    none, half, nearly_all = infected(0.0), infected(0.5), infected(0.95)
    assert none > half > nearly_all


def test_no_rounds_change_nothing_bit_for_bit() -> None:
    idle = always(rounds=Rounds(unit="community", pool_size=3, tubes=7))
    without = simulate(town(), disease(), Policy(), seed=3, days=40)
    assert simulate(town(), disease(), idle, seed=3, days=40).digest() == without.digest()


def test_rounds_find_the_same_people_with_any_number_of_threads() -> None:
    rules = always(
        rounds=Rounds(trigger_cases=1), testing=testing.Testing(symptomatic=0.2),
        isolation=Isolation(share=1.0),
    )  # fmt: skip
    one, two = (
        simulate(town(), disease(), rules, seed=3, days=30, threads=threads) for threads in (1, 2)
    )
    assert one.digest() == two.digest()
