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
from tongchou.epi.spread.measures.arrivals import Arrivals
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.policy import WAR, Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run


def entering(
    day: int = 20, *, start_day: int = 0, days: int = 60, others: Any = None, beta: float = 0.05,
    **options: Any,
) -> Run:  # fmt: skip
    """A run in which nobody is infected but who arrives."""
    rules = always(arrivals=Arrivals(**options), start_day=start_day, **(others or {}))
    return to_day(run_of(rules, seeds=0, days=days, course=disease(beta)), day)


def imported(run: Run) -> int:
    return int((run.slots["infector"][: run.n_slots] < 0).sum())


def test_so_many_arrive_infected_as_are_infected_elsewhere() -> None:
    run = entering(per_day=400, prevalence=0.02)
    assert imported(run) == pytest.approx(8 * 20, rel=0.25)
    assert result(run).total("imported") == imported(run)


def test_one_arrival_in_four_days_comes_every_fourth_day_or_so() -> None:
    run = entering(400, days=400, per_day=0.25, prevalence=1.0, beta=1e-9)
    assert imported(run) == pytest.approx(100, abs=20)


def test_nobody_arrives_by_default() -> None:
    assert entering(per_day=0, prevalence=1.0).n_slots == 0


def test_nobody_infected_arrives_where_nobody_is() -> None:
    assert entering(per_day=400, prevalence=0.0).n_slots == 0


def test_arrivals_are_on_any_day_of_their_infection() -> None:
    run = entering(1, per_day=2000, prevalence=0.5, beta=1e-9)
    ago = -run.slots["day"][: run.n_slots].astype(int)
    # every course of this disease lasts nine days
    counts = np.bincount(ago, minlength=9)
    assert counts.size == 9
    assert counts.min() > 0.7 * counts.mean()


def test_arrivals_are_counted_as_infections_of_the_day() -> None:
    run = entering(10, per_day=100, prevalence=0.5, quarantine_days=30)
    counted = result(run)
    assert counted.curve("infections")[:10].tolist() == counted.curve("imported")[:10].tolist()


def test_quarantine_without_a_leak_lets_nobody_be_infected() -> None:
    run = entering(30, per_day=200, prevalence=0.1, quarantine_days=14)
    assert run.n_slots == imported(run) > 300


def test_people_at_home_infect_only_their_household() -> None:
    run = entering(2, per_day=400, prevalence=0.5, home_days=14)
    rows = run.slots[: run.n_slots]
    inside = rows[rows["infector"] >= 0]
    # on the first two days nobody whom they infect is infectious
    assert inside.size > 5
    assert (inside["layer"] == 0).all()


def test_a_leak_lets_some_be_infected() -> None:
    run = entering(30, per_day=200, prevalence=0.1, quarantine_days=14, leak=0.3)
    assert run.n_slots > 2 * imported(run)


def test_nobody_is_met_before_anything_is_done() -> None:
    run = entering(12, start_day=5, per_day=100, quarantine_days=10, test_days=(1,))
    counted = result(run)
    assert counted.curve("facility_orders")[:5].sum() == 0
    assert counted.curve("facility_orders")[5] > 90
    assert counted.curve("pcr_people")[:5].sum() == 0


def test_everybody_who_is_met_is_brought_to_a_room() -> None:
    counted = result(entering(10, per_day=100, quarantine_days=30))
    orders = counted.curve("facility_orders")[:10]
    assert (orders > 90).all()
    assert counted.curve("transfers")[:10].tolist() == orders.tolist()
    assert counted.total("traced_contacts") == 0


def test_stays_last_their_days() -> None:
    counted = result(entering(20, per_day=100, quarantine_days=4, home_days=3))
    orders = counted.curve("facility_orders")
    assert counted.curve("in_facility")[10] == orders[7:11].sum()
    assert counted.curve("in_home")[10] == orders[4:7].sum()


def test_without_rooms_people_go_home() -> None:
    few = {"quarantine": Quarantine(rooms=150.0)}
    counted = result(entering(10, per_day=100, quarantine_days=10, others=few))
    assert counted.curve("in_facility")[:10].max() == 150
    assert counted.curve("home_orders")[5] > 90


def test_arrivals_are_tested_on_their_days() -> None:
    run = entering(12, per_day=100, leak=0.5, test_days=(1, 4))
    counted = result(run)
    first = counted.curve("pcr_people")[0]
    assert 30 < first < 70
    assert counted.curve("pcr_people")[3:12].mean() == pytest.approx(100, rel=0.1)
    assert counted.total("pcr_tubes") == counted.total("pcr_people")


def test_a_sure_test_on_arrival_finds_who_is_infectious_then() -> None:
    options: dict[str, Any] = {
        "per_day": 500,
        "prevalence": 0.3,
        "sensitivity": 1.0,
        "result_days": 2,
    }
    run = entering(1, test_days=(1,), **options)
    rows = run.slots[: run.n_slots]
    ill = (0 - rows["day"] >= rows["begins"]) & (0 - rows["day"] < rows["ends"])
    assert 0 < ill.sum() < rows.size
    assert (rows["found"] == np.where(ill, 2, NEVER)).all()


def test_a_later_test_finds_who_was_too_early_for_the_first() -> None:
    options: dict[str, Any] = {
        "per_day": 500,
        "prevalence": 0.3,
        "sensitivity": 1.0,
        "result_days": 90,
    }
    run = entering(1, test_days=(1, 4), beta=1e-9, **options)
    of_today = run.n_slots
    rows = to_day(run, 4).slots[:of_today]
    late = rows[(rows["day"] >= -1) & (rows["day"] <= 0)]
    assert late.size > 5
    assert (late["found"] == 3 + 90).all()


def test_a_case_among_arrivals_is_found_in_quarantine_and_taken_to_a_bed() -> None:
    run = entering(
        12, per_day=100, prevalence=0.2, quarantine_days=10, test_days=(1, 3, 5),
        others={"isolation": Isolation(share=1.0)},
    )  # fmt: skip
    counted = result(run)
    assert counted.total("found") == counted.total("found_in_quarantine") > 50
    assert run.n_slots == imported(run)


def test_peace_and_war_meet_arrivals_each_in_their_way() -> None:
    rules = Policy(
        peace=Response(arrivals=Arrivals(per_day=400)),
        war=Response(arrivals=Arrivals(per_day=400, quarantine_days=14)),
    )
    run = run_of(rules, seeds=0, districts=2)
    run.tempo[1] = WAR
    orders = result(to_day(run, 3)).by_district("facility_orders")
    assert orders[0] == 0
    assert orders[1] > 300


def test_who_has_had_it_here_comes_back_well() -> None:
    run = run_of(always(arrivals=Arrivals(per_day=2000, prevalence=1.0)), seeds=19_990, days=5)
    assert imported(to_day(run, 2)) <= 20_000
    assert run.n_slots <= 20_000


def test_a_longer_quarantine_never_raises_infections() -> None:
    def infected(days: int) -> float:
        rules = always(arrivals=Arrivals(per_day=60, prevalence=0.05, quarantine_days=days))
        return mean_infections(rules, course=disease(beta=0.02), seeds=0, n=6)

    none, three, ten = infected(0), infected(3), infected(10)
    assert none > three > ten


def test_a_larger_leak_never_lowers_infections() -> None:
    def infected(leak: float) -> float:
        rules = always(
            arrivals=Arrivals(per_day=60, prevalence=0.05, quarantine_days=10, leak=leak)
        )
        return mean_infections(rules, course=disease(beta=0.02), seeds=0, n=6)

    assert infected(0.0) < infected(0.1) < infected(0.5)


def test_a_closed_gate_changes_nothing_bit_for_bit() -> None:
    idle = always(arrivals=Arrivals(prevalence=0.5, quarantine_days=7, test_days=(1,)))
    without = simulate(town(), disease(), Policy(), seed=3, days=40)
    assert simulate(town(), disease(), idle, seed=3, days=40).digest() == without.digest()


def test_arrivals_are_the_same_with_any_number_of_threads() -> None:
    rules = always(arrivals=Arrivals(per_day=300, prevalence=0.2, quarantine_days=5, leak=0.2))
    one, two = (
        simulate(town(), disease(), rules, seed=3, days=30, threads=threads) for threads in (1, 2)
    )
    assert one.digest() == two.digest()


def test_a_test_before_arrival_is_refused() -> None:
    with pytest.raises(ValueError, match="count from 1"):
        Arrivals(test_days=(0,))


def test_what_came_before_arrival_is_not_counted_here() -> None:
    gate = Arrivals(per_day=400, prevalence=0.5, quarantine_days=30)
    run = to_day(run_of(Policy(war=Response(arrivals=gate)), seeds=0), 5)
    run.tempo[:] = WAR
    counted = result(to_day(run, 6))
    rows = run.slots[: run.n_slots]
    began, ill = rows["day"] + rows["begins"], rows["day"] + rows["onset"]
    assert (rows["day"] < 0).any()
    assert counted.curve("infectious")[:6].tolist() == [0] * 5 + [(began <= 5).sum()]
    assert counted.curve("symptomatic")[:6].tolist() == [0] * 5 + [(ill == 5).sum()]
