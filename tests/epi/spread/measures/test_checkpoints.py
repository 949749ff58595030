from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.spread.measures.little_town import always, disease, result, run_of, to_day, town
from tongchou.epi.plan.cost import price_of
from tongchou.epi.spread.measures.checkpoints import Checkpoints, book, kept
from tongchou.epi.spread.policy import WAR, Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import CLASS, VEHICLE, WHOLE_CITY, WORKPLACE

DISTRICTS = 4
ABOUT = (WHOLE_CITY, VEHICLE)


def between(day: int = 20, **options: Any) -> Run:
    """A run in a city of four districts, begun by ten people of the first."""
    rules = always(checkpoints=Checkpoints(**options))
    first = np.arange(10, dtype=np.int32) * 40
    return to_day(run_of(rules, districts=DISTRICTS, seeds=first), day)


def across(run: Run, *layers: int) -> int:
    """How many were infected by people of another district, in these layers of contact."""
    rows = run.slots[: run.n_slots]
    caught = rows[(rows["infector"] >= 0) & np.isin(rows["layer"], layers or ABOUT)]
    return int((caught["district"] != rows["district"][caught["infector"]]).sum())


def test_people_of_other_districts_are_met_where_nothing_stands_between() -> None:
    assert across(between()) > 100


def test_nobody_catches_it_about_the_city_across_closed_checkpoints() -> None:
    assert across(between(crossing=0.0)) == 0


def test_who_works_or_learns_across_a_border_is_let_through() -> None:
    assert across(between(crossing=0.0), CLASS, WORKPLACE) > 100


def test_checkpoints_leave_the_contacts_within_a_district() -> None:
    run = between(crossing=0.0)
    assert np.isin(run.slots["layer"][: run.n_slots], ABOUT).any()


def test_the_fewer_cross_the_fewer_catch_it_across() -> None:
    counts = [across(between(day=16, crossing=share)) for share in (0.0, 0.3, 1.0)]
    assert counts[0] < counts[1] < counts[2]


def test_a_district_at_war_closes_to_its_neighbours_at_peace() -> None:
    rules = Policy(war=Response(checkpoints=Checkpoints(crossing=0.0)))
    first = np.arange(10, dtype=np.int32) * 40
    run = run_of(rules, districts=DISTRICTS, seeds=first)
    run.tempo[0] = WAR
    rows = to_day(run, 16).slots[: run.n_slots]
    rows = rows[np.isin(rows["layer"], ABOUT)]
    other = run.slots["district"][rows["infector"]]
    assert not ((rows["district"] == 0) ^ (other == 0)).any()
    assert (rows["district"] != other).any()


def test_a_share_of_those_about_is_tested_each_day() -> None:
    counted = result(between(day=10, tested=0.05))
    assert counted.curve("pcr_people")[:10].mean() == pytest.approx(1000, rel=0.01)
    assert counted.total("pcr_tubes") == counted.total("pcr_people")


def test_everybody_infectious_is_caught_where_everybody_is_tested() -> None:
    run = between(day=10, tested=1.0, sensitivity=1.0, result_days=1)
    rows = run.slots[: run.n_slots]
    began = rows["day"] + rows["begins"] < 10
    assert (rows["found"][began] == (rows["day"] + rows["begins"] + 1)[began]).all()


def test_who_is_held_does_not_cross() -> None:
    run = between(day=0, tested=1.0, sensitivity=1.0)
    run.slots["held_from"][: run.n_slots] = 0
    run.slots["held_until"][: run.n_slots] = 90
    to_day(run, 6)
    assert (run.slots["found"][:10] == NEVER).all()


def test_no_checkpoint_changes_nothing_bit_for_bit() -> None:
    idle = always(checkpoints=Checkpoints(sensitivity=0.1, result_days=5))
    city = town(districts=DISTRICTS)
    without = simulate(city, disease(), Policy(), seed=3, days=40)
    assert simulate(city, disease(), idle, seed=3, days=40).digest() == without.digest()


def test_nothing_stands_between_before_anything_is_done() -> None:
    late = always(checkpoints=Checkpoints(crossing=0.0, tested=0.5), start_day=40)
    city = town(districts=DISTRICTS)
    without = simulate(city, disease(), Policy(), seed=3, days=40)
    assert simulate(city, disease(), late, seed=3, days=40).digest() == without.digest()


def test_who_is_sampled_at_a_checkpoint_is_counted_apart() -> None:
    counted = result(between(day=10, tested=0.05))
    assert (counted.series("gate_tested") == counted.series("pcr_people")).all()


def test_where_nothing_stands_between_nobody_is_kept_or_tested() -> None:
    counted = result(between(day=10))
    assert counted.total("gate_tested") == counted.total("kept_from_crossing") == 0


def test_everybody_is_kept_where_all_is_closed_and_nobody_is_held() -> None:
    counted = result(between(day=5, crossing=0.0))
    assert (counted.series("kept_from_crossing")[:5] == counted.people).all()


def test_the_more_is_closed_the_more_are_kept_and_the_dearer_it_is() -> None:
    runs = [result(between(day=6, crossing=share)) for share in (1.0, 0.7, 0.3, 0.0)]
    kept = [run.total("kept_from_crossing") for run in runs]
    bills = [price_of(run).figures() for run in runs]
    for key in ("gate_trip", "gate_freight"):
        costs = [bill[key] for bill in bills]
        assert costs[0] == 0 and costs == sorted(costs) and costs[-1] > costs[1]
    assert kept == sorted(kept)


def test_a_city_of_one_district_has_no_border_to_close() -> None:
    rules = always(checkpoints=Checkpoints(crossing=0.0))
    counted = result(to_day(run_of(rules, districts=1, seeds=np.arange(3, dtype=np.int32)), 5))
    assert counted.total("kept_from_crossing") == 0


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=6),
    st.lists(st.integers(1, 10**7), min_size=6, max_size=6),
    st.integers(0, 5),
    st.floats(0, 1),
)
def test_a_stricter_district_keeps_no_fewer_anywhere(
    crossing: list[float], residents: list[int], one: int, share: float
) -> None:
    loose, people = np.array(crossing), np.array(residents[: len(crossing)])
    strict = loose.copy()
    strict[one % loose.size] *= share
    before, after = kept(loose, people), kept(strict, people)
    assert ((before >= 0) & (after <= 1 + 1e-12) & (after >= before - 1e-12)).all()


def test_people_who_live_behind_a_cordon_are_not_kept_twice() -> None:
    run = between(day=1, crossing=0.0)
    run.zone_people[0, 3], run.zoned = 100, True
    run.day -= 1
    book(run)
    assert run.daily["kept_from_crossing"][0, 0] == run.residents[0] - 100
