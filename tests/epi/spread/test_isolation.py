"""Known cases go to bed when said, in no more beds than there are, and meet fewer there."""

from typing import Any

import numpy as np
import pytest

from tests.epi.spread.town import always, disease, run_of, to_day
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run

AT_ONCE = testing.Testing(symptomatic=1, asymptomatic=1, result_days=0)


def isolating(*, seeds: Any = 200, days: int = 40, tests: Any = AT_ONCE, **options: Any) -> Run:
    rules = always(testing=tests, isolation=Isolation(**options))
    return run_of(rules, seeds=seeds, days=days, course=disease(0.03))


def test_perfect_isolation_on_the_first_infectious_day_stops_everything() -> None:
    run = to_day(isolating(share=1), 40)
    assert run.n_slots == 200


@pytest.mark.parametrize("wait", [0, 1, 3])
def test_a_bed_is_reached_so_many_days_after_the_result(wait: int) -> None:
    run = to_day(isolating(share=1, transfer_days=wait), 20)
    rows = run.slots[: run.n_slots]
    moved = rows[rows["isolated"] < NEVER]
    assert set((moved["isolated"] - moved["found"]).tolist()) == {wait}
    assert run.daily["transfers"].sum() == moved.size


def test_who_is_well_again_before_the_bed_is_there_never_goes() -> None:
    run = to_day(isolating(share=1, transfer_days=3, tests=testing.Testing(asymptomatic=0.3)), 20)
    rows = run.slots[: run.n_slots]
    known = rows["found"] < 20
    over = rows["day"] + rows["ends"] <= rows["found"] + 3
    assert np.array_equal(rows["isolated"][known] < NEVER, ~over[known])


@pytest.mark.parametrize("wait", [0, 1, 4])
def test_beds_are_never_exceeded_however_long_the_way(wait: int) -> None:
    run = to_day(isolating(share=1, beds=25, transfer_days=wait, seeds=400), 40)
    stock = np.cumsum(run.moves["in_isolation"][:-1], axis=0).sum(axis=1)
    assert stock.max() == 25
    rows = run.slots[: run.n_slots]
    in_bed = rows[(rows["isolated"] < NEVER) & (rows["bed"] == 1)]
    for day in range(40):
        lying = (in_bed["isolated"] <= day) & (in_bed["day"] + in_bed["ends"] > day)
        assert stock[day] == lying.sum()


def test_who_finds_no_bed_is_isolated_at_home() -> None:
    run = to_day(isolating(share=1, beds=0, home_household=1.0, home_outside=0.0), 30)
    rows = run.slots[200 : run.n_slots]
    assert rows.size
    assert np.all(rows["layer"] == 0)
    assert run.daily["transfers"].sum() == 0


def test_only_the_share_asked_for_is_isolated() -> None:
    run = to_day(isolating(share=0.6, seeds=2000, days=15), 15)
    rows = run.slots[: run.n_slots]
    known = rows["found"] < NEVER
    isolated = (rows["isolated"] < NEVER)[known]
    # the testing of that morning already finds the last infectious day's cases, who stay
    assert isolated.mean() == pytest.approx(0.6, abs=3.5 * np.sqrt(0.24 / known.sum()))


def test_a_share_is_a_share() -> None:
    with pytest.raises(ValueError, match=r"isolation\.share is 2; a share is from 0 to 1"):
        Isolation(share=2)
