"""Plans of which none is better in all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongchou.epi.plan.front import beaten, interval, on_front, spread_out

LUCK = np.array([0.0, 8.0, -5.0, 3.0, 1.0, -7.0])


def test_the_front_leaves_out_what_another_beats_in_all():
    losses = np.array([[1.0, 9.0], [5.0, 5.0], [9.0, 1.0], [6.0, 6.0]])

    assert on_front(losses).tolist() == [True, True, True, False]


def test_plans_that_are_equal_in_all_stay_both():
    assert on_front(np.array([[1.0, 2.0], [1.0, 2.0]])).all()


@given(arrays(float, st.tuples(st.integers(1, 12), st.just(3)), elements=st.integers(0, 5)))
def test_who_is_not_on_the_front_is_beaten_by_one_who_is(losses):
    front = on_front(losses)

    assert front.any()
    for loser in losses[~front]:
        better = np.all(losses[front] <= loser, axis=1) & np.any(losses[front] < loser, axis=1)
        assert better.any()


def test_common_luck_hides_nothing():
    own = (100 + LUCK + 1.0)[:, None]
    other = (100 + LUCK)[None, :, None]

    assert beaten(own, other)


def test_luck_of_its_own_may_hide_a_difference():
    own = (100 + LUCK + 1.0)[:, None]
    other = (100 + LUCK[::-1])[None, :, None]

    assert not beaten(own, other)


def test_a_plan_that_is_better_in_one_objective_is_not_beaten():
    own = np.column_stack([100 + LUCK, 10 + LUCK])
    other = np.column_stack([50 + LUCK, 20 + LUCK])[None]

    assert not beaten(own, other)


def test_nobody_is_beaten_by_an_equal_or_after_one_run():
    own = np.column_stack([100 + LUCK, 10 + LUCK])

    assert not beaten(own, own[None])
    assert not beaten(own[:1] + 50, own[None])


def test_equal_in_one_and_worse_in_the_other_is_beaten():
    own = np.column_stack([100 + LUCK, 10 + LUCK])
    other = np.column_stack([90 + LUCK, 10 + LUCK])[None]

    assert beaten(own, other)


def test_an_interval_tells_the_mean_and_what_single_runs_give():
    found = interval(np.arange(1.0, 22.0))

    assert found.mean == 11
    assert (found.least, found.most) == (2, 20)
    # scipy.stats.t.interval(0.95, 20, 11, sem)
    assert (found.low, found.high) == pytest.approx((8.175592, 13.824408), abs=1e-6)


def test_one_run_says_nothing_about_the_bounds():
    assert np.isnan(interval(np.array([3.0])).low)


def test_a_few_plans_stand_for_a_long_front():
    losses = np.column_stack([np.arange(101.0), np.arange(101.0)[::-1]])

    assert spread_out(losses, 3) == [0, 50, 100]
    assert spread_out(losses[:2], 5) == [0, 1]
    assert spread_out(losses, 1) == [0]


def test_people_are_never_fewer_than_none() -> None:
    found = interval(np.array([0.0, 0.0, 0.0, 100.0]))
    assert (found.mean, found.low) == (25.0, 0.0)
    assert found.high > 100


def thrown_out(rivals: int, d: float, sure_cost: float = 3.0, n: int = 400) -> float:
    """How often a plan is given up that each rival beats in one objective, and it each in another.

    Better by d standard deviations of the paired difference, over the laps of 20 seeds.
    """
    rng = np.random.default_rng(rivals)
    lost = 0
    for _ in range(n):
        own = rng.normal(size=(20, 2)) / 2**0.5 + [-d, sure_cost]
        others = rng.normal(size=(rivals, 20, 2)) / 2**0.5
        lost += any(beaten(own[:k], others) for k in (4, 10))
    return lost / n


@pytest.mark.parametrize("d", [0.0, 0.5, 1.0])
def test_many_rivals_throw_out_a_good_plan_no_more_often_than_one(d):
    one = thrown_out(1, d)

    for rivals in (5, 20):
        assert thrown_out(rivals, d) <= one + 3 * (max(one, 0.01) / 400) ** 0.5


def test_who_is_far_worse_than_one_of_many_is_still_beaten_at_once():
    rng = np.random.default_rng(1)
    others = rng.normal(size=(20, 20, 3)) + 100 * rng.random((20, 1, 3))
    own = others[7] + rng.normal(size=(20, 3)) + 20

    assert beaten(own[:4], others)


def test_among_many_a_rival_that_is_equal_in_one_and_better_in_another_still_beats():
    own = np.column_stack([100 + LUCK, 10 + LUCK])
    others = [np.column_stack([90 + LUCK, 10 + LUCK]), *([own - [-50, 50]] * 9)]

    assert beaten(own, np.array(others))
