"""Few runs tell most bad plans."""

import pytest

from tongchou.epi.plan import constraints, objectives
from tongchou.epi.plan.racing import Racer, Rules, laps

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
    assert laps(1) == (1,)
    with pytest.raises(ValueError, match="too few"):
        laps(0)


def test_a_run_is_asked_for_every_number_once():
    assert RULES.names == ("cost.total", "infections", "beds.severe")


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
