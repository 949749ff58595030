"""A city from rows of areas, as a city's own tables hold them."""

from dataclasses import replace

import numpy as np
import pytest

from tongchou.epi.spread.population import (
    Community,
    Spec,
    SpecError,
    build,
    flaws,
    from_areas,
    preset,
    statistics,
)


def row(code: str, district: str = "A", residents: int = 2000, **more: float) -> Community:
    return Community(code, f"{code} street", district, f"{district} district", residents, **more)  # type: ignore[arg-type]


def test_residents_are_met_to_the_person() -> None:
    city = build(from_areas([row("1"), row("2", residents=777)], name="two"), seed=1)
    assert np.diff(city.unit_start["community"]).tolist() == [2000, 777]
    assert (city.name, city.community_name) == ("two", ("1 street", "2 street"))


def test_districts_are_brought_together() -> None:
    rows = [row("1", "A", 500), row("2", "B", 600), row("3", "A", 700)]
    city = build(from_areas(rows, name="mixed"), seed=1)
    assert city.community_code == ("1", "3", "2")
    assert city.district_code == ("A", "B")
    assert np.diff(city.unit_start["district"]).tolist() == [1200, 600]


def test_stated_households_are_followed() -> None:
    rows = [row("1", residents=6000, households=3000), row("2", residents=6000, households=2000)]
    spec = from_areas(rows, name="stated")
    city = build(spec, seed=1)
    found = np.diff(np.searchsorted(city.household_start, city.unit_start["community"]))
    assert found == pytest.approx([3000, 2000], rel=0.03)
    assert next(each for each in statistics(city, spec) if each.topic == "households").holds


def test_ages_hold_whatever_the_stated_households() -> None:
    rows = [row("1", residents=40_000, households=12_000), row("2", residents=4_000)]
    spec = from_areas(rows, name="large households")
    ages = [each for each in statistics(build(spec, seed=1), spec) if each.topic == "ages"]
    assert all(each.holds for each in ages)


def test_households_of_one_person_each() -> None:
    spec = from_areas([row("1", residents=50, households=50), row("2", residents=9)], name="x")
    alone = replace(spec.households, sizes=(1.0, 0, 0, 0, 0, 0, 0, 0), dormitories=0.0)
    city = build(replace(spec, households=replace(alone, generations=())), seed=1)
    assert city.n_households == 59


def test_a_city_is_scaled_in_its_proportions() -> None:
    spec = from_areas([row("1", residents=1000), row("2", residents=3000)], name="small")
    city = build(spec, seed=1, people=100)
    assert np.diff(city.unit_start["community"]).tolist() == [25, 75]
    assert flaws(city) == []


def test_near_communities_share_a_school() -> None:
    far = [row(str(k), residents=1500, x_km=100.0 * (k % 2), y_km=k / 9) for k in range(12)]
    spec = from_areas(far, name="two towns")
    spec = replace(spec, schools={"primary": replace(spec.schools["primary"], elsewhere=0.0)})
    city = build(spec, seed=1)
    pupils = np.flatnonzero((city.age >= 6) & (city.age <= 11) & (city.group >= 0))
    home = city.unit_of("community", pupils) % 2
    assert (home == city.group_community[city.group[pupils]] % 2).mean() > 0.9


def test_work_stands_where_it_is_said_to() -> None:
    rows = [row("1", jobs=0.0), row("2", jobs=5.0)]
    spec = from_areas(rows, name="one factory")
    spec = replace(spec, commuting=replace(spec.commuting, own_community=0.0))
    city = build(spec, seed=1)
    assert (city.group_community[city.group_kind == 4] == 1).all()


REFUSED = [
    ([], "community: there is none. Give at least one with residents."),
    ([row("1"), row("1")], "community: code '1' is there 2 times. Give every community a code"),
    ([row("1", residents=0)], "community 1: 0 residents. Leave out communities where nobody lives"),
    ([row("1", households=0)], "community 1: 0 households for 2000 residents"),
    ([row("1", x_km=1.0)], "community 1: only one of x_km and y_km is known"),
    ([row("1", x_km=1.0, y_km=2.0), row("2")], "x_km is known of 1 of 2 communities"),
    ([row("1", jobs=-1.0)], "community 1: -1.0 jobs"),
    ([row("1", x_km=float("inf"), y_km=2.0)], "community 1: x_km is inf"),
    ([row("1"), replace(row("2"), district_name="B")], "Call it 'A district' as above"),
]


@pytest.mark.parametrize(("rows", "words"), REFUSED, ids=[words[:40] for _, words in REFUSED])
def test_rows_that_cannot_be_are_refused(rows: list[Community], words: str) -> None:
    with pytest.raises(SpecError) as fault:
        from_areas(rows, name="x")
    assert words in str(fault.value)


def test_a_city_without_any_work_is_refused() -> None:
    with pytest.raises(SpecError, match="there is no work at all"):
        build(from_areas([row("1", jobs=0.0)], name="x"), seed=1)


def test_more_areas_than_people_are_refused() -> None:
    spec: Spec = from_areas([row("1"), row("2")], name="x", base=preset("china-city"))
    with pytest.raises(SpecError, match="1 people cannot fill 2 communities"):
        build(spec, seed=1, people=1)


def test_households_that_cannot_be_so_many_come_as_near_as_they_can() -> None:
    city = build(from_areas([row("1", residents=900, households=900)], name="crowd"), seed=1)
    assert 320 < city.n_households <= 900
    assert flaws(city) == []
