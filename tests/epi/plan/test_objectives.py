"""What a plan should make small."""

import pytest

from tongchou.epi.plan.metrics import WrongMetric
from tongchou.epi.plan.objectives import WrongObjective, parse, parse_all, weighted


def test_less_is_better_unless_said():
    assert parse("infections").loss([3.0]).tolist() == [3.0]
    assert parse("max doses").loss([3.0]).tolist() == [-3.0]
    assert parse("-doses") == parse("max doses")


def test_nothing_to_make_small_is_refused():
    with pytest.raises(WrongObjective, match="minimise"):
        parse_all([])


def test_an_objective_stands_once():
    with pytest.raises(WrongObjective, match="stands twice"):
        parse_all(["infections", "max infections"])


def test_an_unknown_name_is_refused():
    with pytest.raises(WrongMetric, match="nearest"):
        parse_all(["infection"])
    with pytest.raises(WrongObjective, match="is no objective"):
        parse("cost.total or so")


def test_one_number_is_made_only_with_weights_that_were_set():
    values = {"deaths": [1, 2], "cost.total": [10, 20]}

    assert weighted(values, {"deaths": 100, "cost.total": 1}).tolist() == [110, 220]
