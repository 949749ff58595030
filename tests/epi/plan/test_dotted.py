"""Names of single numbers in a policy, and copies in which they differ."""

import pytest

from tongchou.epi.plan import dotted
from tongchou.epi.spread.policy import Policy


def test_a_number_is_read_and_replaced_by_its_path():
    policy = dotted.replaced(Policy(), "war.rounds.interval_days", 5)

    assert dotted.read(policy, "war.rounds.interval_days") == 5
    assert policy.peace == Policy().peace


def test_both_means_peace_and_war():
    policy = dotted.replaced(Policy(), "both.masks.share", 0.5)

    assert (policy.peace.masks.share, policy.war.masks.share) == (0.5, 0.5)
    assert dotted.read(policy, "both.masks.share") == 0.5


def test_a_layer_of_tracing_is_named_by_its_word():
    policy = dotted.replaced(Policy(), "war.tracing.completeness.class", 0.7)

    assert policy.war.tracing.completeness == (0.0, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert dotted.read(policy, "war.tracing.completeness.class") == 0.7


def test_one_number_for_all_layers_is_enough():
    policy = dotted.replaced(Policy(), "war.tracing.delay_days", 2)

    assert policy.war.tracing.delay_days == (2,) * 7


def test_a_list_becomes_a_tuple_and_a_whole_number_a_share():
    policy = dotted.replaced(Policy(), "war.schools.closed", ["primary"])
    policy = dotted.replaced(policy, "war.work.capacity", 1)

    assert policy.war.schools.closed == ("primary",)
    assert isinstance(policy.war.work.capacity, float)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("war.round.interval_days", 3, "Did you mean 'rounds'?"),
        ("war.rounds.interval", 3, "Did you mean 'interval_days'?"),
        ("war.rounds.interval_days.x", 3, "nothing stands below it"),
        ("war.tracing.completeness.office", 0.5, "names no part of the list"),
    ],
)
def test_a_path_that_leads_nowhere_names_the_nearest(path, value, said):
    with pytest.raises(dotted.WrongPath, match=said.replace("?", r"\?")):
        dotted.replaced(Policy(), path, value)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("war.rounds.interval_days", 2.5, "is a whole number, not 2.5"),
        ("war.rounds.interval_days", True, "is a whole number, not True"),
        ("war.rounds.interval_days", 0, "it must be 1 or more"),
        ("war.masks.share", 2, "a share is from 0 to 1"),
        ("war.zones.unit", "street", "it is one of building"),
        ("war.schools.closed", "primary", "is a list"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(path, value, said):
    with pytest.raises(dotted.WrongValue, match=said):
        dotted.replaced(Policy(), path, value)


def test_every_value_of_a_policy_has_a_path():
    found = dict(dotted.paths(Policy()))

    assert found["war.zones.unit"] == "compound"
    assert all(dotted.read(Policy(), path) == value for path, value in found.items())
