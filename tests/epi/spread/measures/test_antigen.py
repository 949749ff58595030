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
from tongchou.epi.spread.measures.antigen import Antigen
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.policy import WAR, Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.settling import SYMPTOMATIC
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run

SURE: dict[str, Any] = {"sensitivity_high": 1.0, "sensitivity_low": 1.0}


def at_home(**options: object) -> Run:
    return run_of(always(antigen=Antigen(**options)))  # type: ignore[arg-type]


def test_everybodys_turn_comes_once_in_so_many_days() -> None:
    run = to_day(at_home(every_days=4), 8)
    kits = result(run).curve("antigen")[:8]
    assert kits.sum() == pytest.approx(2 * run.n, rel=0.001)
    assert np.ptp(kits) <= 1


def test_whoever_is_infectious_is_found_when_the_turn_comes() -> None:
    # infectious for seven days, so that a turn every five is never missed
    run = to_day(at_home(every_days=5, **SURE), 12)
    early = run.slots[: run.n_slots]
    early = early[early["day"] <= 3]
    assert (early["found"] < NEVER).all()


def test_the_load_decides_what_a_test_sees() -> None:
    blind = to_day(at_home(every_days=1, sensitivity_high=0, sensitivity_low=0), 12)
    assert result(blind).total("found") == 0


def test_people_with_symptoms_test_themselves_on_their_first_day() -> None:
    run = to_day(at_home(symptomatic=1.0, confirm_days=2, **SURE), 12)
    rows = run.slots[: run.n_slots]
    ill = rows[(rows["onset"] < 255) & (rows["day"] + rows["onset"] < 12)]
    assert (ill["found"] == ill["day"] + ill["onset"] + 2).all()
    assert result(run).total("antigen") == ill.size


def test_a_false_positive_costs_a_pcr_test() -> None:
    run = to_day(at_home(every_days=1, specificity=0.99, confirm_days=90), 5)
    counted = result(run)
    right = (run.slots["found"][: run.n_slots] < NEVER).sum()
    wrong = counted.total("pcr_people") - right
    assert wrong == pytest.approx(0.01 * 5 * run.n, rel=0.02)
    assert counted.total("pcr_tubes") == counted.total("pcr_people")


def test_a_sure_test_costs_no_pcr_for_the_healthy() -> None:
    run = to_day(at_home(every_days=1, specificity=1.0), 5)
    right = (run.slots["found"][: run.n_slots] < NEVER).sum()
    assert result(run).total("pcr_people") == right


def test_kits_of_a_day_are_never_more_than_there_are() -> None:
    run = to_day(at_home(every_days=2, symptomatic=1.0, capacity=700), 20)
    kits = result(run).curve("antigen")[:20]
    assert kits.max() <= 700
    assert kits.min() >= 698


def test_the_ill_come_before_those_whose_turn_it_is() -> None:
    options = {"every_days": 1, "symptomatic": 1.0, "capacity": 400.0} | SURE
    run = to_day(at_home(**options), 14)
    rows = run.slots[: run.n_slots]
    ill = rows[(rows["onset"] < 255) & (rows["day"] + rows["onset"] < 14)]
    assert run.booked[SYMPTOMATIC, :14].sum(axis=1).max() < 400
    assert (ill["found"] < NEVER).all()


def test_people_who_do_not_test_use_no_kits() -> None:
    half = to_day(at_home(every_days=1, adherence=0.5, specificity=1.0), 4)
    assert result(half).total("antigen") == pytest.approx(0.5 * 4 * half.n, rel=0.001)


def test_more_people_who_test_never_raise_infections() -> None:
    def infected(share: float) -> float:
        rules = always(
            antigen=Antigen(every_days=3, adherence=share), isolation=Isolation(share=1.0)
        )
        return mean_infections(rules, course=disease(beta=0.03), n=6)

    few, some, most = infected(0.0), infected(0.5), infected(0.9)
    assert few > some > most


def test_testing_nobody_changes_nothing_bit_for_bit() -> None:
    idle = always(antigen=Antigen(adherence=0.3, capacity=5))
    without = simulate(town(), disease(), Policy(), seed=3, days=40)
    assert simulate(town(), disease(), idle, seed=3, days=40).digest() == without.digest()


def test_nobody_is_tested_before_anything_is_done() -> None:
    run = to_day(run_of(always(antigen=Antigen(every_days=1), start_day=3)), 5)
    assert (result(run).curve("antigen")[:5] > 0).tolist() == [False] * 3 + [True] * 2


def test_districts_at_war_come_first_where_kits_are_few() -> None:
    rule = Antigen(every_days=1, capacity=12_000)
    run = run_of(Policy(peace=Response(antigen=rule), war=Response(antigen=rule)), districts=2)
    run.tempo[1] = WAR
    kits = result(to_day(run, 1)).by_district("antigen")
    at_war = int(np.diff(run.district_start)[1])
    assert kits.tolist() == [12_000 - at_war, at_war]
