"""Who meets whom: everybody of a town, every layer, whole days."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.epi.spread.town import disease, town
from tongchou.epi.spread.city import City
from tongchou.epi.spread.meeting import contact, met_in_city, ring
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import (
    CLASS,
    COMMUNITY,
    COMPOUND,
    HOUSEHOLD,
    LAYERS,
    N_LAYERS,
    VEHICLE,
    WHOLE_CITY,
    WORKPLACE,
    Contacts,
    Ways,
    ways_of,
)

Pairs = NDArray[np.int64]
days = st.integers(0, 400)
seeds = st.integers(0, 2**31)


@cache
def riding(people: int = 2500) -> City:
    """The town, in which every third person rides: in so small a town hardly anybody does."""
    city = town(people, 2)
    rides = (city.group >= 0) & (np.arange(city.n) % 3 == 0)
    return replace(city, rides=rides.astype(np.uint8))


@cache
def everybody(people: int = 2500) -> Run:
    """A run in which all are infected in the order of their numbers: slot and person agree."""
    city = riding(people)
    return prepare(
        city, disease(), Policy(), seed=0, days=1, seeds=np.arange(city.n, dtype=np.int32)
    )


def meetings(seed: int, day: int, layer: int, bubble: int = 0) -> Pairs:
    """(person, met) of everybody in one layer on one day; whom nobody answers is left out."""
    run = everybody()
    run.seed = seed
    source = np.repeat(np.arange(run.n, dtype=np.int32), run.meets[: run.n, layer])
    ranks = [np.arange(n, dtype=np.uint8) for n in run.meets[: run.n, layer]]
    rank = np.concatenate(ranks)
    target, layers = np.empty(source.size, np.int32), np.full(source.size, layer, np.uint8)
    met_in_city(
        run.people, run.rings(day), np.full(run.n_districts, bubble, np.int32),
        run.district_start, source, layers, rank, source.size, target,
    )  # fmt: skip
    return np.column_stack((source, target))[target >= 0].astype(np.int64)


def in_order(pairs: Pairs) -> Pairs:
    return pairs[np.lexsort(pairs.T)]


def ways() -> Ways:
    people = everybody().people
    assert isinstance(people, Ways)
    return people


@pytest.mark.parametrize("layer", range(N_LAYERS), ids=LAYERS)
@given(seed=seeds, day=days)
def test_who_meets_somebody_is_met_by_them(layer: int, seed: int, day: int) -> None:
    pairs = meetings(seed, day, layer)
    assert np.array_equal(in_order(pairs), in_order(pairs[:, ::-1]))


@given(seed=seeds, day=days, bubble=st.integers(1, 60))
def test_bubbles_at_work_leave_contacts_mutual_and_inside(seed: int, day: int, bubble: int) -> None:
    pairs = meetings(seed, day, WORKPLACE, bubble)
    assert np.array_equal(in_order(pairs), in_order(pairs[:, ::-1]))
    city = ways()
    place = city.seat - city.group_start[np.maximum(city.group, 0)]
    assert np.all(city.group[pairs[:, 0]] == city.group[pairs[:, 1]])
    assert np.all(place[pairs[:, 0]] // bubble == place[pairs[:, 1]] // bubble)


@pytest.mark.parametrize("layer", range(N_LAYERS), ids=LAYERS)
@given(seed=seeds, day=days)
def test_nobody_meets_themselves(layer: int, seed: int, day: int) -> None:
    pairs = meetings(seed, day, layer)
    assert np.all(pairs[:, 0] != pairs[:, 1])


@given(
    seed=seeds,
    size=st.integers(2, 3000),
    k=st.integers(0, 253),
    data=st.data(),
)
def test_a_stride_leads_to_somebody_else_in_the_group(
    seed: int, size: int, k: int, data: Any
) -> None:
    place = data.draw(st.integers(0, size - 1))
    there = ring(np.uint64(seed), 5, size, place, k)
    assert 0 <= there < size
    assert there != place
    assert ring(np.uint64(seed), 5, size, there, k ^ 1) == place


def test_a_household_is_complete() -> None:
    city, pairs = ways(), meetings(3, 8, HOUSEHOLD)
    assert np.all(city.household[pairs[:, 0]] == city.household[pairs[:, 1]])
    assert np.unique(pairs, axis=0).shape == pairs.shape
    sizes = np.diff(city.household_start)
    assert len(pairs) == int((sizes * (sizes - 1)).sum())


@pytest.mark.parametrize("layer", [CLASS, WORKPLACE])
def test_a_small_group_is_complete_and_a_large_one_has_its_contacts(layer: int) -> None:
    city, pairs = ways(), meetings(3, 8, layer)
    assert np.all(city.group[pairs[:, 0]] == city.group[pairs[:, 1]])
    met = np.bincount(pairs[:, 0], minlength=city.age.size)
    there = (city.group >= 0) & ((city.group_kind[city.group] >= 4) == (layer == WORKPLACE))
    sizes = np.diff(city.group_start)[city.group]
    assert np.array_equal(met, np.where(there, np.minimum(sizes - 1, city.most[layer]), 0))
    small = (sizes[pairs[:, 0]] - 1) <= city.most[layer]
    assert np.unique(pairs[small], axis=0).shape == pairs[small].shape


@pytest.mark.parametrize("layer", [COMPOUND, COMMUNITY, WHOLE_CITY])
def test_contacts_fall_away_only_where_the_other_goes_out_less(layer: int) -> None:
    city, asked = ways(), everybody().meets[: ways().age.size, layer]
    met = np.bincount(meetings(3, 8, layer)[:, 0], minlength=city.age.size)
    assert np.all(met <= asked)
    assert met[asked == city.most[layer]].mean() > 0.8 * city.most[layer]


def test_the_old_and_the_small_meet_fewer_in_the_community() -> None:
    asked = everybody().meets[: ways().age.size, COMMUNITY]
    age = ways().age
    assert set(asked[(age >= 20) & (age < 70)]) == {4}
    assert set(asked[age >= 80]) == {2}
    assert set(asked[age < 3]) == {2}


def test_neighbours_live_in_the_compound_and_the_community() -> None:
    city = riding()
    for layer, unit in ((COMPOUND, "compound"), (COMMUNITY, "community")):
        pairs = meetings(5, 2, layer)
        assert np.array_equal(city.unit_of(unit, pairs[:, 0]), city.unit_of(unit, pairs[:, 1]))


def test_only_riders_to_the_same_place_meet_on_the_way() -> None:
    city, pairs = ways(), meetings(5, 2, VEHICLE)
    assert len(pairs)
    assert np.all(city.rides[pairs] == 1)
    there = city.group_community[city.group[pairs]]
    assert np.array_equal(there[:, 0], there[:, 1])


@pytest.mark.parametrize("layer", range(N_LAYERS), ids=LAYERS)
def test_only_the_household_is_the_same_tomorrow(layer: int) -> None:
    today, tomorrow = meetings(9, 30, layer), meetings(9, 31, layer)
    assert np.array_equal(in_order(today), in_order(tomorrow)) == (layer == HOUSEHOLD)


def test_one_contact_asked_alone_is_the_one_of_the_whole_list() -> None:
    run = everybody()
    run.seed = 4
    streams = run.rings(6)
    for layer in range(N_LAYERS):
        for bubble in (0, 5):
            for person, other in meetings(4, 6, layer, bubble)[::499]:
                named = {
                    int(contact(run.people, streams, bubble, int(person), layer, k))
                    for k in range(int(run.meets[person, layer]))
                }
                assert int(other) in named


def test_contacts_come_in_pairs() -> None:
    with pytest.raises(ValueError, match=r"contacts\.city is 3"):
        ways_of(town(2500, 2), Contacts(city=3))


def test_more_contacts_than_a_byte_counts_are_refused() -> None:
    assert ways_of(town(2500, 2), Contacts(city=254)).most[WHOLE_CITY] == 254
    with pytest.raises(ValueError, match="254 at most"):
        ways_of(town(2500, 2), Contacts(city=256))
