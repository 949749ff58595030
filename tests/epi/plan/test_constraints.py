"""What a plan must keep to, in words that a person types."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.plan.constraints import Constraint, WrongConstraint, parse
from tongchou.epi.plan.metrics import WrongMetric, metric


def test_a_constraint_is_a_number_a_bound_and_a_share_of_runs():
    assert parse("beds.severe <= 1200 @ 95%") == Constraint(metric("beds.severe"), True, 1200, 0.95)


@pytest.mark.parametrize(
    ("text", "limit", "share"),
    [
        ("deaths<=3", 3, 1.0),
        ("rooms ≤ 1,200 @ 0.9", 1200, 0.9),
        ("rooms <= 2万 @90 %", 20_000, 0.9),
        ("tubes <= 1.5k", 1500, 1.0),
    ],
)
def test_it_may_be_written_as_people_write(text, limit, share):
    found = parse(text)

    assert (found.limit, found.share) == (limit, share)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("beds.severe", "is no constraint. Write one like"),
        ("beds.severe < 12", "write <= or >="),
        ("beds.severe <= many", "is no constraint"),
        ("beds.severe <= 12 @ 0%", "is no share"),
        ("beds.severe <= 12 @ 120%", "is no share"),
    ],
)
def test_what_cannot_be_read_is_refused_with_how_to_write_it(text, said):
    with pytest.raises(WrongConstraint, match=said):
        parse(text)


def test_a_number_that_no_run_leaves_is_refused_with_the_nearest():
    with pytest.raises(WrongMetric, match=r"nearest is 'beds\.severe'"):
        parse("beds.sever <= 12")


def test_it_holds_at_95_per_cent_when_one_of_twenty_runs_fails():
    bound = parse("deaths <= 10 @ 95%")

    assert not bound.lost([5] * 19 + [50], 20)
    assert bound.lost([5] * 18 + [50, 50], 20)
    assert bound.at_stake([5] * 19 + [50]) == 5


def test_two_early_failures_are_enough_to_be_sure():
    assert parse("deaths <= 10 @ 95%").lost([50, 50], 20)
    assert not parse("deaths <= 10 @ 95%").lost([50, 5, 5, 5], 20)


def test_a_lower_bound_counts_the_other_way():
    bound = parse("doses >= 100 @ 50%")

    assert bound.at_stake([90, 120]) == 120
    assert bound.slack([90, 120]) == pytest.approx(0.2)


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=40),
    st.sampled_from([0.5, 0.8, 0.95, 1.0]),
    st.booleans(),
)
def test_slack_is_below_zero_exactly_where_it_does_not_hold(values, share, at_most):
    bound = Constraint(metric("deaths"), at_most, 10, share)

    assert (bound.slack(values) < 0) == bound.lost(values, len(values))
    assert bound.lost(values, len(values)) == (
        np.sum(~bound.holds(values)) > bound.may_fail(len(values))
    )


def test_a_constraint_is_said_in_both_languages():
    bound = parse("beds.severe <= 1200 @ 95%")

    assert bound.words("en") == "beds for the severe at the peak at most 1,200 in 95% of runs"
    assert bound.words("zh") == "95%的模拟中重症床位峰值不超过 1,200"
    assert str(bound) == "beds.severe <= 1200 @ 95%"
