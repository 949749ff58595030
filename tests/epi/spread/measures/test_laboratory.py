"""The laboratory reads no more in a day than it can; who comes first is served first."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.epi.spread.town import always, disease, run_of, to_day, town
from tongchou.epi.spread.measures import (
    arrivals,
    checkpoints,
    quarantine,
    rounds,
    testing,
    zones,
)
from tongchou.epi.spread.measures.antigen import Antigen
from tongchou.epi.spread.measures.arrivals import Arrivals
from tongchou.epi.spread.measures.checkpoints import Checkpoints
from tongchou.epi.spread.measures.laboratory import Laboratory, read
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import PEACE, WAR, Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day

ALL: dict[str, Any] = {
    "tracing": Tracing(completeness=(1.0, *(0.6,) * 6)),
    "quarantine": Quarantine(home_days=7, test_days=(1, 3)),
    "zones": Zones(unit="compound", trigger_cases=1, test_every_days=1),
    "arrivals": Arrivals(per_day=40, prevalence=0.05, test_days=(1, 2)),
    "antigen": Antigen(every_days=4, symptomatic=0.5, specificity=0.98),
    "checkpoints": Checkpoints(tested=0.01),
}


def with_all(*, tests: float, tubes: float, **more: Any) -> Policy:
    return always(
        testing=testing.Testing(symptomatic=0.2, asymptomatic=0.005, severe=1.0, capacity=tests),
        rounds=Rounds(unit="community", trigger_cases=2, tubes=tubes),
        **(ALL | more),
    )


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 99), st.booleans())
def test_no_day_reads_more_than_the_laboratory_can(
    tests: int, tubes: int, seed: int, mixed: bool
) -> None:
    run = run_of(with_all(tests=tests, tubes=tubes), seed=seed, days=15)
    if mixed:
        run.tempo[1] = WAR
    to_day(run, 15)
    assert run.daily["pcr_tubes"].sum(axis=1).max() <= tubes
    assert all((values >= 0).all() for values in run.daily.values())


def test_without_pools_single_tests_are_the_limit() -> None:
    rules = always(
        testing=testing.Testing(symptomatic=0.2, capacity=50), **ALL | {"zones": Zones()}
    )
    run = to_day(run_of(rules, days=20), 20)
    assert run.daily["pcr_people"].sum(axis=1).max() == 50
    assert run.daily["pcr_missed"].sum() > 500


def test_a_laboratory_that_is_large_enough_changes_nothing_bit_for_bit() -> None:
    free, wide = (with_all(tests=each, tubes=each) for each in (np.inf, 1e6))
    one, other = (simulate(town(), disease(), rules, seed=2, days=25) for rules in (free, wide))
    assert one.digest() == other.digest()
    assert one.total("pcr_missed") == 0


def test_what_is_read_and_what_is_missed_is_what_was_wanted() -> None:
    rules = {"quarantine": Quarantine(home_days=9, test_days=(1,)), "testing": testing.Testing()}
    free, tight = (
        to_day(run_of(always(**rules | {"rounds": Rounds(tubes=tubes)}), seeds=0, days=9), 2)
        for tubes in (np.inf, 25)
    )
    for run in (free, tight):
        run.orders[2].append(np.array([(person, 2, 0) for person in range(100)], np.int32))
        to_day(run, 5)
    assert free.daily["pcr_people"][3].sum() == 100
    assert tight.daily["pcr_people"][3].sum() == 25
    assert tight.daily["pcr_missed"][3].sum() == 75
    assert tight.daily["pcr_people"].sum() == 25  # nothing is put off


def a_morning(tubes: float) -> Run:
    """A morning on which clinics, quarantine, zones, arrivals, rounds and checkpoints all swab."""
    buildings = Zones(unit="building", trigger_cases=1, test_every_days=1)
    rules = with_all(tests=np.inf, tubes=tubes, antigen=Antigen(), zones=buildings)
    run = to_day(run_of(rules, days=30, seeds=60), 6)
    assert run.zoned
    return run


def taken(run: Run, sample: Any) -> int:
    before = int(run.daily["pcr_tubes"][run.day].sum())
    sample(run)
    return int(run.daily["pcr_tubes"][run.day].sum()) - before


IN_TURN = (
    testing.sample, quarantine.sample, zones.test, arrivals.sample, rounds.sample,
    checkpoints.sample,
)  # fmt: skip


def in_turn(run: Run) -> list[int]:
    arrivals.enter(run)
    return [taken(run, sample) for sample in IN_TURN]


@pytest.mark.parametrize("turn", range(5))
def test_who_is_first_gets_all_and_who_comes_after_the_last_tube_none(turn: int) -> None:
    wanted = in_turn(a_morning(np.inf))
    assert min(wanted) > 0
    enough = sum(wanted[: turn + 1])
    run = a_morning(np.inf)
    run.made[Laboratory] = Laboratory(np.full(2, np.inf), np.full(2, float(enough)))
    run.made[Rounds].rules = [replace(rule, tubes=enough) for rule in run.made[Rounds].rules]
    assert in_turn(run) == wanted[: turn + 1] + [0] * (5 - turn)


def test_the_severe_are_tested_before_those_who_ask() -> None:
    def run(capacity: float) -> Run:
        rules = always(
            testing=testing.Testing(asymptomatic=0.2, severe=1.0, result_days=0, capacity=capacity)
        )
        return run_of(rules, seeds=900, days=30, course=disease(0.0))

    one = to_day(run(40), 30)
    rows = one.slots[: one.n_slots]
    severe = rows[(rows["severe"] < 255) & (rows["day"] + rows["severe"] < 30)]
    at_once = severe["found"] <= severe["day"] + severe["severe"]
    assert severe.size > 20
    assert at_once.all()
    assert one.daily["pcr_people"].sum(axis=1).max() == 40


def test_districts_at_war_are_served_first() -> None:
    run = run_of(always(rounds=Rounds(tubes=100)), seeds=0, days=5)
    run.tempo[1] = WAR
    share = read(run, np.array([80, 70]))
    assert run.daily["pcr_people"][0].tolist() == [30, 70]
    assert run.daily["pcr_missed"][0].tolist() == [50, 0]
    assert share[[PEACE, WAR]] == pytest.approx([30 / 80, 1])


def test_each_tempo_may_use_what_it_has_open() -> None:
    small, large = (Response(rounds=Rounds(tubes=tubes)) for tubes in (20, 100))
    run = run_of(Policy(peace=small, war=large), seeds=0, days=5)
    run.tempo[1] = WAR
    read(run, np.array([80, 70]))
    # the seventy of war are more than peace has open
    assert run.daily["pcr_people"][0].tolist() == [0, 70]


def test_a_pool_is_one_tube_and_no_single_test() -> None:
    run = run_of(
        always(testing=testing.Testing(capacity=5), rounds=Rounds(tubes=12)), seeds=0, days=5
    )
    share = read(run, np.array([100, 40]), np.array([10, 10]))
    assert run.daily["pcr_tubes"][0].sum() == 12
    assert run.daily["pcr_people"][0].sum() == pytest.approx(share[PEACE] * 140)
    assert read(run, np.array([3, 0]))[PEACE] == 0  # all tubes are read


def test_yesterdays_tubes_do_not_count() -> None:
    run = run_of(always(rounds=Rounds(tubes=10)), seeds=0, days=5)
    assert read(run, np.array([10, 0]))[PEACE] == 1
    assert read(run, np.array([10, 0]))[PEACE] == 0
    run.day = 1
    assert read(run, np.array([10, 0]))[PEACE] == 1


def test_rounds_get_what_others_have_left_and_go_on_the_next_day() -> None:
    rules = always(
        rounds=Rounds(
            unit="city", trigger_cases=1, tubes=300, coverage=1.0, sensitivity=0.0, interval_days=9
        ),
        checkpoints=Checkpoints(tested=0.1),
        testing=testing.Testing(asymptomatic=0.01),
    )
    run = run_of(rules, seeds=5, days=9, course=disease(0.0))
    run.found_outside = np.zeros(1, np.int32)
    one_day(run)
    # some 60 ask; 240 tubes of ten hold 2,400 people; nothing is left for checkpoints
    assert run.daily["pcr_tubes"][0].sum() == pytest.approx(300, abs=1)
    assert run.daily["pcr_people"][0].sum() == pytest.approx(60 + 2400, abs=12)
    assert run.daily["pcr_missed"][0].sum() > 300
    run.day = 1
    one_day(run)
    assert run.daily["pcr_people"][1].sum() == pytest.approx(60 + 2400, abs=12)


def test_a_larger_laboratory_finds_more() -> None:
    found = [
        sum(
            simulate(town(), disease(0.0), with_all(tests=n, tubes=n), seed=s, days=15, seeds=300)
            .total("found")
            for s in range(6)
        )
        for n in (10, 60, 400)
    ]  # fmt: skip
    assert found[0] < found[1] < found[2]
