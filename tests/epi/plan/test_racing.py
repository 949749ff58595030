"""Few runs tell most bad plans."""

from statistics import NormalDist

import numpy as np
import pytest

from tongchou.epi.plan import constraints, objectives
from tongchou.epi.plan.racing import Racer, Rules, laps, spread

RULES = Rules(
    objectives.parse_all(["cost.total", "infections"]),
    (constraints.parse("beds.severe <= 10 @ 95%"),),
    n_seeds=20,
)


def racer(number=0, *, cost, infections, beds):
    found = Racer(number)
    found.took(
        [
            {"cost.total": c, "infections": i, "beds.severe": b}
            for c, i, b in zip(cost, infections, beds, strict=True)
        ]
    )
    return found


HOME = racer(cost=[9] * 20, infections=[50 + i for i in range(20)], beds=[5] * 20)


def test_laps_end_with_all_seeds():
    assert laps(20) == (2, 4, 10, 20)
    assert laps(100) == (2, 20, 50, 100)
    assert laps(10) == (2, 4, 5, 10)
    assert laps(1) == (1,)
    with pytest.raises(ValueError, match="too few"):
        laps(0)


def test_a_run_is_asked_for_every_number_once_and_for_samples_nobody_could_take():
    assert RULES.names == ("cost.total", "infections", "beds.severe", "pcr_missed")


def test_two_of_four_over_the_bound_cannot_be_made_good():
    lost = racer(cost=[1] * 4, infections=[1] * 4, beds=[50, 50, 5, 5])
    fine = racer(cost=[1] * 4, infections=[1] * 4, beds=[50, 5, 5, 5])
    lap = RULES.lost([lost, fine])

    assert lap.left == (fine,)
    assert (lost.out, lost.broken) == ("constraint", (0,))


def test_a_plan_worse_in_all_on_the_same_seeds_is_out():
    worse = racer(cost=[10] * 4, infections=[51, 52, 53, 54], beds=[5] * 4)
    RULES.judge([worse], home=[HOME])

    assert worse.out == "beaten"


def test_a_plan_that_is_better_in_one_runs_on():
    other = racer(cost=[10] * 4, infections=[40, 41, 42, 43], beds=[5] * 4)
    lap = RULES.judge([other], home=[HOME])

    assert lap.left == (other,)


def test_the_breach_tells_how_far_a_bound_is_missed():
    assert RULES.breach(racer(cost=[1], infections=[1], beds=[15])) == [pytest.approx(0.5)]
    assert RULES.breach(racer(cost=[1], infections=[1], beds=[5])) == [pytest.approx(-0.5)]


def test_nobody_is_held_against_a_rival_before_four_seeds():
    early = racer(cost=[10] * 3, infections=[51, 52, 53], beds=[5] * 3)

    assert RULES.judge([early], home=[HOME]).left == (early,)


def test_the_seeds_of_a_lap_are_spread_over_hard_and_easy():
    order = spread(np.arange(20.0)[::-1])
    ranks = [19 - place for place in order]

    assert sorted(order) == list(range(20))
    assert sorted(rank // 5 for rank in ranks[:4]) == [0, 1, 2, 3]
    assert sorted(rank // 2 for rank in ranks[:10]) == list(range(10))


def test_a_spread_lap_is_nearer_to_all_seeds_than_one_drawn_at_random():
    rng = np.random.default_rng(1)
    here, anywhere = [], []
    for _ in range(300):
        hard = rng.lognormal(sigma=1.5, size=20)  # as outbreaks are: most small, a few large
        other = hard * rng.lognormal(sigma=0.3, size=20)  # another plan, on the same seeds
        here.append(other[spread(hard)[:4]].mean() - other.mean())
        anywhere.append(other[:4].mean() - other.mean())

    # a quarter of the variance, as it was found
    assert np.var(here) < 0.5 * np.var(anywhere)


@pytest.mark.parametrize("d", [0.5, 1.0, 1.5])
def test_how_often_a_plan_that_belongs_on_the_front_is_given_up_is_known(d):
    """Dearer for sure, and better in infections by d standard deviations of the difference."""
    rng = np.random.default_rng(7)
    lost, n = 0, 400
    for _ in range(n):
        luck = rng.normal(size=20)
        home = racer(cost=[9.0] * 20, infections=100 + 10 * luck, beds=[5] * 20)
        own = 100 + 10 * luck + rng.normal(size=20) - d
        for k in (4, 10):
            other = racer(cost=[10.0] * k, infections=own[:k], beds=[5] * k)
            if RULES.judge([other], home=[home]).out:
                lost += 1
                break
    most = sum(NormalDist().cdf(-d * k**0.5) for k in (4, 10))

    assert lost / n <= most + 3 * (most * (1 - most) / n) ** 0.5


def test_a_plan_that_the_front_does_not_beat_any_more_is_in_reach():
    own = racer(cost=[10] * 4, infections=[40] * 4, beds=[5] * 4)
    cheap = racer(cost=[8] * 20, infections=[50] * 20, beds=[5] * 20)
    best = racer(cost=[8] * 20, infections=[40] * 20, beds=[5] * 20)

    assert RULES.in_reach(own, [cheap])
    assert not RULES.in_reach(own, [cheap, best])
