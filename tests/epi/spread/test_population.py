"""The whole city: what it is made of, and that it is what was asked."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongchou.epi.spread.city import UNITS, WORKPLACE, City
from tongchou.epi.spread.population import (
    Spec,
    SpecError,
    build,
    flaws,
    preset,
    presets,
    statistics,
)

PEOPLE = 60_000


@pytest.fixture(scope="module")
def spec() -> Spec:
    return preset("china-city")


@pytest.fixture(scope="module")
def city(spec: Spec) -> City:
    return build(spec, seed=1, people=PEOPLE)


def test_every_statistic_asked_is_met(spec: Spec, city: City) -> None:
    missed = [each for each in statistics(city, spec) if not each.holds]
    assert missed == []


@pytest.mark.parametrize("name", presets())
def test_every_city_that_comes_with_the_package_is_met(name: str) -> None:
    spec = preset(name)
    city = build(spec, seed=5, people=PEOPLE)
    assert city.name == name
    assert [each for each in statistics(city, spec) if not each.holds] == []


def test_every_figure_of_a_city_is_looked_at(spec: Spec, city: City) -> None:
    seen = {each.topic for each in statistics(city, spec)}
    assert seen >= {"ages", "household sizes", "units", "enrolment", "at work", "sectors"}
    assert seen >= {"workplaces", "commuting", "public transport", "pupils above the limit"}


def test_nothing_is_wrong_with_any_person(city: City) -> None:
    assert flaws(city) == []


def test_no_child_lives_alone(city: City) -> None:
    eldest = np.maximum.reduceat(city.age, city.household_start[:-1])
    assert eldest.min() >= 18


def test_every_household_is_in_one_building(city: City) -> None:
    for unit in UNITS:
        starts = city.unit_start[unit]
        assert np.isin(starts[:-1], city.household_start).all()


def test_grid_cells_hold_a_few_hundred_households(city: City) -> None:
    households = np.diff(np.searchsorted(city.household_start, city.unit_start["grid"]))
    assert 300 < households.mean() < 500


def test_a_compound_holds_several_buildings(city: City) -> None:
    inside = np.searchsorted(city.unit_start["building"], city.unit_start["compound"])
    assert np.diff(inside).mean() > 2


def test_the_same_seed_builds_the_same_city(spec: Spec, city: City) -> None:
    again = build(spec, seed=1, people=PEOPLE, threads=1)
    assert again.fingerprint() == city.fingerprint()


def test_more_threads_build_the_same_city(spec: Spec, city: City) -> None:
    again = build(spec, seed=1, people=PEOPLE, threads=2)
    assert again.fingerprint() == city.fingerprint()


def test_another_seed_builds_another_city(spec: Spec, city: City) -> None:
    other = build(spec, seed=2, people=PEOPLE)
    assert other.fingerprint() != city.fingerprint()
    assert (other.age != city.age).mean() > 0.5


def test_a_person_takes_less_than_25_bytes(city: City) -> None:
    assert city.bytes_per_person < 25


def test_all_of_school_age_have_a_class_of_their_kind_in_reach(spec: Spec, city: City) -> None:
    pupil = (city.age >= 6) & (city.age <= 11)
    in_class = pupil & (city.group >= 0)
    assert in_class.sum() / pupil.sum() > 0.998
    kinds = city.group_kind[city.group[in_class]]
    assert (kinds == 1).mean() > 0.999


def test_no_class_is_above_its_limit(spec: Spec, city: City) -> None:
    sizes = np.diff(city.group_start)
    for level, school in enumerate(spec.schools.values()):
        assert sizes[city.group_kind == level].max() <= school.class_most


def test_a_class_holds_one_year_of_age(city: City) -> None:
    for group in np.flatnonzero(city.group_kind < WORKPLACE)[:200]:
        seats = city.member[city.group_start[group] : city.group_start[group + 1]]
        assert np.ptp(city.age[seats]) == 0


def test_members_of_a_workplace_come_from_several_communities(city: City) -> None:
    sizes = np.diff(city.group_start)
    large = int(np.flatnonzero((city.group_kind == WORKPLACE) & (sizes > 50))[0])
    seats = city.member[city.group_start[large] : city.group_start[large + 1]]
    assert np.unique(city.unit_of("community", seats)).size > 5


def test_those_who_stay_in_their_community_do_not_ride(city: City) -> None:
    riders = np.flatnonzero(city.rides)
    home = city.unit_of("community", riders)
    assert (home != city.group_community[city.group[riders]]).all()


def test_ten_communities_of_one_person(spec: Spec) -> None:
    ten = replace(spec, layout=replace(spec.layout, communities=10))
    city = build(ten, seed=1, people=10)
    assert city.n_units("community") == city.n_households == 10
    assert city.age.min() >= 18
    assert flaws(city) == []


def test_a_city_of_one_person(spec: Spec) -> None:
    city = build(spec, seed=3, people=1)
    assert city.n == city.n_units("building") == city.n_districts == 1


def test_more_communities_than_people_are_refused(spec: Spec) -> None:
    many = replace(spec, layout=replace(spec.layout, communities=11))
    with pytest.raises(SpecError, match="10 people cannot fill 11 communities. Ask for at least"):
        build(many, seed=1, people=10)


def test_a_city_without_people_is_refused(spec: Spec) -> None:
    with pytest.raises(SpecError, match="people: 0 is not possible"):
        build(spec, seed=1, people=0)


def test_a_city_in_which_nobody_works_or_learns(spec: Spec) -> None:
    idle = replace(spec.work, participation=(0.0,) * len(spec.work.starts))
    city = build(replace(spec, work=idle, schools={}), seed=1, people=500)
    assert city.n_groups == city.member.size == 0
    assert (city.group == -1).all() and (city.seat == -1).all()
    assert flaws(city) == []


@settings(max_examples=25, deadline=None)
@given(
    people=st.integers(1, 4000),
    communities=st.integers(1, 30),
    districts=st.integers(0, 5),
    seed=st.integers(0, 2**40),
    uneven=st.floats(0, 1),
)
def test_any_small_city_is_sound(
    people: int, communities: int, districts: int, seed: int, uneven: float
) -> None:
    spec = preset("china-city")
    layout = replace(
        spec.layout,
        communities=min(communities, people),
        districts=min(districts, communities, people),
        uneven=uneven,
    )
    city = build(replace(spec, layout=layout), seed=seed, people=people, threads=1)
    assert flaws(city) == []
    assert city.n == people
    assert city.n_units("community") == min(communities, people)


def test_a_flaw_is_told_in_words(city: City) -> None:
    seat = city.seat.copy()
    seat[np.flatnonzero(seat >= 0)[:2]] = -1
    told = " ".join(flaws(replace(city, seat=seat)))
    assert "2 people have a group or a seat, not both" in told


def test_children_alone_are_found(city: City) -> None:
    age = city.age.copy()
    age[city.household_start[0] : city.household_start[1]] = 5
    assert any(
        "households of children live alone" in flaw for flaw in flaws(replace(city, age=age))
    )


def test_members_from_nowhere_are_found(city: City) -> None:
    member = city.member.copy()
    member[0] = city.n
    assert "1 members are nobody of the city" in flaws(replace(city, member=member))
