"""The search for plans that hold and cost least, on a scenario whose answer is known."""

import numpy as np
import pytest

from tests.epi.plan.coins import Coins
from tongchou.epi.plan import constraints, objectives, space
from tongchou.epi.plan.ensemble import Cancelled
from tongchou.epi.plan.journal import Journal
from tongchou.epi.plan.search import search

BOTH = objectives.parse_all(["cost.total", "infections"])
BEDS = (constraints.parse("beds.severe <= 400 @ 90%"),)
GRID = space.parse({"effort": {"from": 0, "to": 9}}, lambda path, value: value)
FINE = space.parse(
    {"effort": {"from": 0.0, "to": 9.0}, "beds": {"from": 0.5, "to": 1.5, "step": 0.25}},
    lambda path, value: float(value),
)


def make(settings):
    return Coins(**settings)


def found(**given):
    asked = {
        "objectives": BOTH, "constraints": BEDS, "seeds": range(1, 11), "budget": 50
    } | given  # fmt: skip
    return search(make, given.pop("base", {"effort": 0}), asked.pop("space", GRID), **{
        key: value for key, value in asked.items() if key != "base"
    })  # fmt: skip


def test_a_small_space_is_tried_whole_and_the_front_is_exact():
    best = found()

    assert best.exhaustive
    assert [plan.settings["effort"] for plan in best.front] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert best.cheapest.settings == {"effort": 2}
    assert len(best.plans) == 10


def test_the_base_comes_first_with_all_seeds_though_it_does_not_hold():
    best = found()

    assert best.base.settings == {"effort": 0}
    assert (best.base.n_runs, best.base.out) == (10, "constraint")


def test_bad_plans_are_given_up_early():
    best = found()

    assert best.plans[1].out == "constraint"
    assert best.plans[1].n_runs == 2
    assert best.n_runs == best.n_runs_at_most - 8


def test_a_plan_beaten_in_all_is_given_up():
    beaten = found(
        objectives=objectives.parse_all(["cost.total"]),
        constraints=(),
        space=space.parse({"effort": [0, 1, 9]}, lambda path, value: value),
    )

    assert [plan.settings["effort"] for plan in beaten.front] == [0]
    assert [plan.out for plan in beaten.plans] == ["", "beaten", "beaten"]


def test_the_constraint_that_binds_is_named():
    best = found()

    assert best.binding(best.cheapest) == 0
    assert best.breach(best.cheapest)[0] < 0 < best.breach(best.base)[0]
    assert best.stood_in_the_way() == [2]


def test_where_no_plan_holds_the_nearest_is_named():
    none = found(constraints=(constraints.parse("beds.severe <= 1"),))

    assert none.cheapest is None
    assert none.nearest.settings == {"effort": 9}


def test_a_large_space_is_searched_and_comes_near_the_best():
    start = {"effort": 0.0, "beds": 1.0}
    best = found(space=FINE, base=start, budget=80, constraints=BEDS)

    assert not best.exhaustive
    assert len(best.plans) == 80
    # the fewest beds a case needs is a half, so an effort of 0.25 is enough: 100 * 0.25**2
    assert best.cheapest.settings["beds"] == 0.5
    assert best.cheapest.mean("cost.total") < 30


def test_the_same_dice_and_any_number_of_workers_give_the_same_search():
    start = {"effort": 0.0, "beds": 1.0}
    one = found(space=FINE, base=start, budget=40)
    two = found(space=FINE, base=start, budget=40, workers=2)

    assert [plan.settings for plan in one.plans] == [plan.settings for plan in two.plans]
    assert all(
        np.array_equal(a.values[name], b.values[name])
        for a, b in zip(one.plans, two.plans, strict=True)
        for name in a.values
    )


def test_no_candidate_is_tried_twice():
    best = found(space=FINE, base={"effort": 0.0, "beds": 1.0}, budget=60)

    assert len({str(plan.settings) for plan in best.plans}) == 60


def test_a_search_that_was_cancelled_goes_on_from_its_journal(tmp_path):
    with Journal(tmp_path / "runs") as journal:
        with pytest.raises(Cancelled):
            found(journal=journal, cancelled=lambda: len(journal.runs) >= 15)
        kept = len(journal.runs)
        told = []
        again = found(journal=journal, progress=lambda done, total: told.append((done, total)))
    whole = found()

    assert kept == 15
    assert told[0] == (0, 10)
    assert told[-1] == (10, 10)
    assert [plan.values["infections"].tolist() for plan in again.plans] == [
        plan.values["infections"].tolist() for plan in whole.plans
    ]


@pytest.mark.parametrize("given", [{"budget": 0}, {"seeds": []}, {"seeds": [1, 1]}])
def test_nothing_to_try_is_refused(given):
    with pytest.raises(ValueError, match="leaves nothing to try|stands twice"):
        found(**given)


def test_of_two_plans_that_do_the_same_the_one_that_changes_less_stays():
    # with no luck and no beds in it, more beds change nothing
    same = search(
        lambda settings: Coins(effort=settings["effort"]),
        {"effort": 2, "rooms": 10},
        space.parse({"effort": [1, 2, 3], "rooms": [10, 20, 30]}, lambda path, value: value),
        objectives=BOTH,
        seeds=range(1, 5),
        budget=20,
    )

    assert [plan.settings for plan in same.front] == [
        {"effort": 1, "rooms": 10},
        {"effort": 2, "rooms": 10},
        {"effort": 3, "rooms": 10},
    ]


class Growing(Coins):
    """Coins that know on the way that they are over their beds, and then stop counting."""

    def run(self, seed, *, stop=None):
        found, bill = super().run(seed)
        if stop is not None and found.peak("in_severe") > stop.bounds[0].limit:
            stop.days = 1
            return found, {"total": bill["total"] / 2}
        return found, bill


def growing(**given):
    return search(
        lambda settings: Growing(**settings), {"effort": 0}, GRID, objectives=BOTH,
        seeds=range(1, 11), budget=50, **given,
    )  # fmt: skip


def test_runs_cut_short_change_neither_the_front_nor_its_numbers():
    best, whole = growing(constraints=BEDS), found()

    assert [plan.settings for plan in best.front] == [plan.settings for plan in whole.front]
    for plan, other in zip(best.front, whole.front, strict=True):
        assert plan.n_cut == 0
        assert np.array_equal(plan.values["cost.total"], other.values["cost.total"])
    assert best.base.n_cut == 0
    assert best.plans[1].n_cut == best.plans[1].n_runs == 2


def test_where_no_plan_holds_the_nearest_was_run_whole():
    none = growing(constraints=(constraints.parse("beds.severe <= 1"),))

    assert none.nearest.settings == {"effort": 9}
    assert none.nearest.n_cut == 0


def test_seeds_are_run_in_the_order_of_how_hard_they_were_for_the_base():
    best = found(objectives=objectives.parse_all(["infections"]))

    assert sorted(best.seeds) == list(range(1, 11))
    first = [Coins(effort=0).run(seed)[0].total("infections") for seed in best.seeds]
    assert best.base.values["infections"].tolist() == first
    halves = np.argsort(np.argsort(first))[:2]
    assert sorted(rank // 5 for rank in halves) == [0, 1]
