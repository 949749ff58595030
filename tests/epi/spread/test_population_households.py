"""Which households there are."""

import numpy as np
import pytest

from tongchou.epi.spread.population import preset
from tongchou.epi.spread.population.building import mix_of
from tongchou.epi.spread.population.households import fitted, tilted
from tongchou.epi.spread.population.kinds import KINDS, LARGEST, ages_of_roles, members_by_age

STARTS = (0, 18, 60)


def _fitted(sizes: tuple[float, ...], ages: tuple[float, ...] = (0.2, 0.6, 0.2)):  # type: ignore[no-untyped-def]
    return fitted(sizes, (), 0.0, STARTS, ages)


def test_sizes_and_ages_are_met_at_once() -> None:
    spec = preset("china-city")
    mix = mix_of(spec)
    ages = np.add.reduceat(mix.ages(), spec.ages.starts)
    assert ages == pytest.approx(spec.ages.shares, rel=1e-4)
    family = np.bincount(mix.size[~mix.is_room], mix.weight[~mix.is_room], LARGEST + 1)[1:]
    assert family / family.sum() == pytest.approx(spec.households.sizes, rel=1e-4)
    rooms = mix.weight[mix.is_room] @ mix.size[mix.is_room]
    assert rooms == pytest.approx(spec.households.dormitories, rel=1e-4)


def test_generations_are_met() -> None:
    spec = preset("china-city")
    mix = mix_of(spec)
    generation = np.array([kind.generations for kind in KINDS])[mix.kind]
    found = np.bincount(generation, mix.weight)[1:]
    assert found / found.sum() == pytest.approx(spec.households.generations, rel=1e-4)


def test_the_years_around_eighteen_are_not_torn() -> None:
    ages = mix_of(preset("china-city")).ages()
    assert ages[18] + ages[19] == pytest.approx(2 * ages[15:18].mean(), rel=0.02)


def test_a_size_that_nobody_asked_for_is_not_there() -> None:
    mix = _fitted((0.5, 0.3, 0.2, 0, 0, 0, 0, 0))
    assert mix.size[mix.weight > 0].max() == 3


def test_a_contradiction_is_met_as_nearly_as_can_be() -> None:
    mix = _fitted((1.0, 0, 0, 0, 0, 0, 0, 0), (0.3, 0.5, 0.2))
    assert mix.weight.sum() > 0
    assert mix.ages()[:18].sum() == 0  # children cannot live alone


def test_no_member_is_told_from_somebody_who_comes_later() -> None:
    for kind in KINDS:
        for place, (_, whose) in enumerate(kind.members, start=1):
            assert whose < place


def test_every_household_has_a_grown_up_and_all_its_people() -> None:
    table = members_by_age()
    sizes = np.array([kind.size for kind in KINDS])
    for kind, first in np.argwhere(table.sum(axis=2) > 0):
        assert table[kind, first].sum() == pytest.approx(sizes[kind])
        assert table[kind, first, 18:].sum() >= 1 - 1e-9


def test_parents_are_older_than_their_children() -> None:
    law = ages_of_roles()[1]  # a child, by the age of its parent
    parent, child = np.nonzero(law)
    assert (parent - child >= 18).all() and (parent - child <= 45).all()


def test_a_mix_leans_to_the_mean_size_asked() -> None:
    mix = mix_of(preset("china-city"))
    for mean in (1.8, 2.6, 3.4):
        weight = tilted(mix, mean)
        assert weight @ mix.size / weight.sum() == pytest.approx(mean, abs=0.001)
        assert weight[mix.is_room].tolist() == mix.weight[mix.is_room].tolist()


def test_a_mean_size_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"households of 9\.00 people in the mean cannot be made"):
        tilted(mix_of(preset("china-city")), 9.0)
