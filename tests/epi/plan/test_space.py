"""What the planner may change."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.plan.space import WrongRange, parse


def kept(_path, value):
    return tuple(value) if isinstance(value, list) else value


def test_a_range_of_whole_numbers_counts_both_ends():
    found = parse({"a.days": {"from": 1, "to": 4}}, kept)

    assert found.dimensions[0].values() == (1, 2, 3, 4)
    assert all(isinstance(each, int) for each in found.dimensions[0].values())


def test_steps_of_tenths_are_tenths():
    found = parse({"a.share": {"from": 0.1, "to": 0.5, "step": 0.1}}, kept)

    assert found.dimensions[0].values() == (0.1, 0.2, 0.3, 0.4, 0.5)


def test_a_number_without_step_may_lie_anywhere():
    (share,) = parse({"a.share": {"from": 0.0, "to": 0.5}}, kept).dimensions

    assert share.size == math.inf
    assert share.has(0.123) and not share.has(0.6)


def test_every_combination_is_named_once():
    found = parse({"a": {"from": 1, "to": 3}, "b": ["x", "y"], "c": [[], ["primary"]]}, kept)
    every = list(found.every())

    assert found.size == len(every) == 12
    assert len({tuple(each.items()) for each in every}) == 12
    assert found.has({"a": 2, "b": "y", "c": ("primary",)})
    assert not found.has({"a": 2, "b": "z", "c": ()})


@given(st.integers(-5, 5), st.integers(1, 30), st.integers(1, 5))
def test_no_value_lies_outside_its_range(low, width, step):
    if step > width:
        return
    (found,) = parse({"a": {"from": low, "to": low + width, "step": step}}, kept).dimensions

    assert found.values()[0] == low
    assert low + width - step < found.values()[-1] <= low + width


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "nothing to search"),
        ({"a": 3}, "or a list of choices"),
        ({"a": [3]}, "name two"),
        ({"a": [3, 3]}, "stands twice"),
        ({"a": {"from": 1}}, "or a list of choices"),
        ({"a": {"from": 1, "to": 7, "by": 2}}, "'by' is not known of a range"),
        ({"a": {"from": 7, "to": 1}}, "leaves nothing to choose"),
        ({"a": {"from": 1, "to": 7, "step": 0}}, "write one above zero"),
        ({"a": {"from": "x", "to": "y"}}, "list the choices instead"),
    ],
)
def test_a_range_that_leaves_no_choice_is_refused(written, said):
    with pytest.raises(WrongRange, match=re.escape(said)):
        parse(written, kept)
