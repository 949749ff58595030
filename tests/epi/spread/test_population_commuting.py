"""Where people learn and work."""

from dataclasses import replace

import numpy as np
import pytest

from tongchou.epi.spread.city import WORKPLACE, City
from tongchou.epi.spread.population import (
    Community,
    Spec,
    SpecError,
    build,
    from_areas,
    preset,
    statistics,
)
from tongchou.epi.spread.population.commuting import MOST_ZONES, ways
from tongchou.epi.spread.population.layout import laid
from tongchou.epi.spread.population.schools import classes
from tongchou.epi.spread.population.spec import Commuting
from tongchou.epi.spread.population.workplaces import workplaces

MATRIX = ((0.7, 0.2, 0.1), (0.0, 1.0, 0.0), (0.5, 0.25, 0.25))


def _spec(commuting: Commuting, **layout: float) -> Spec:
    spec = preset("china-city")
    return replace(spec, commuting=commuting, layout=replace(spec.layout, **layout))  # type: ignore[arg-type]


def _flows(city: City, unit: str) -> np.ndarray:
    worker = np.flatnonzero(city.group >= 0)
    worker = worker[city.group_kind[city.group[worker]] == WORKPLACE]
    home = city.unit_of(unit, worker)
    first = city.unit_start["community"][city.group_community[city.group[worker]]]
    n = city.n_units(unit)
    flow = np.bincount(home * n + city.unit_of(unit, first), minlength=n * n).reshape(n, n)
    return flow / flow.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("level", ["district", "community"])
def test_a_matrix_is_honoured(level: str) -> None:
    asked = Commuting(law="matrix", level=level, matrix=MATRIX)
    each = 3 if level == "community" else 30
    spec = _spec(asked, communities=each, districts=3, uneven=0.0)
    city = build(spec, seed=1, people=30_000)
    assert _flows(city, level) == pytest.approx(np.array(MATRIX), abs=0.02)
    pairs = [one for one in statistics(city, spec) if " to " in one.label]
    assert len(pairs) == 9 and all(one.holds for one in pairs)


def test_a_matrix_of_another_size_is_refused() -> None:
    spec = _spec(Commuting(law="matrix", matrix=MATRIX), communities=8, districts=4)
    with pytest.raises(SpecError, match="3 entries. Give 4: a row for each district"):
        build(spec, seed=1, people=1000)


def test_some_work_where_they_live() -> None:
    usual = preset("china-city").commuting
    for share in (0.0, 0.4):
        spec = _spec(replace(usual, own_community=share), communities=40)
        city = build(spec, seed=1, people=80_000)
        found = np.diag(_flows(city, "community")).mean()
        assert found == pytest.approx(share, abs=0.06)


def test_a_matrix_of_districts_keeps_some_at_home() -> None:
    asked = Commuting(law="matrix", matrix=MATRIX, own_community=0.3)
    spec = _spec(asked, communities=30, districts=3, uneven=0.0)
    city = build(spec, seed=1, people=30_000)
    assert _flows(city, "district") == pytest.approx(np.array(MATRIX), abs=0.02)
    assert 0.25 < np.diag(_flows(city, "community")).mean() < 0.45


def test_gravity_draws_people_to_near_work() -> None:
    spec = _spec(Commuting(law="gravity", scale_km=1.0, jobs_uneven=0.0), communities=50)
    ground = laid(spec, 1, 100_000)
    tables = ways(spec.commuting, ground)
    km = np.hypot(ground.x_km[:, None] - ground.x_km, ground.y_km[:, None] - ground.y_km)
    assert (tables.share * km).sum(axis=1).mean() < 0.5 * km.mean()


def test_distances_hold_in_a_city_of_blocks() -> None:
    spec = _spec(preset("china-city").commuting, communities=600)
    ground = laid(spec, 1, 1_500_000)
    tables = ways(spec.commuting, ground)
    assert tables.share.shape[0] == MOST_ZONES
    assert tables.share.sum(axis=1) == pytest.approx(1)
    near = np.where(tables.band == 0, tables.share, 0.0).sum(axis=1)
    assert near.mean() == pytest.approx(spec.commuting.shares[0], abs=0.05)


def test_sectors_and_workers_are_met_to_the_person() -> None:
    work = preset("china-city").work
    workers = np.array([0, 500, 1, 0, 4000, 30])
    community, sector, size = workplaces(work, workers, seed=1)
    assert np.bincount(community, size, 6).tolist() == workers.tolist()
    found = np.bincount(sector, size, 43)[1:] / workers.sum()
    assert found == pytest.approx(work.sectors, abs=1 / workers.sum())
    assert (np.diff(community) >= 0).all() and size.min() >= 1 and size.max() <= work.most


def test_workplaces_are_as_large_as_their_sector_says() -> None:
    work = preset("china-city").work
    _, sector, size = workplaces(work, np.array([1_000_000]), seed=1)
    for number in (1, 20, 28, 40):
        mean = size[sector == number].mean()
        assert mean == pytest.approx(work.sizes[number - 1], rel=0.1)
    assert size[sector == 20].max() > 5 * size[sector == 20].mean()


def test_classes_are_even_and_within_their_limit() -> None:
    asked = preset("china-city").schools
    pupils = np.array([0, 1, 38, 46, 100, 91])
    year, size = classes(asked, np.full(6, 1, np.uint8), pupils)
    assert np.bincount(year, size, 6).tolist() == pupils.tolist()
    assert size.tolist() == [1, 38, 23, 23, 34, 33, 33, 31, 30, 30]


def test_schools_serve_neighbours() -> None:
    city = build(preset("china-city"), seed=1, people=100_000)
    pupils = np.flatnonzero((city.age >= 3) & (city.age <= 5) & (city.group >= 0))
    home = city.unit_of("community", pupils)
    off = np.abs(home - city.group_community[city.group[pupils]])
    assert np.quantile(off, 0.9) <= 4 < city.n_units("community") / 5


def test_districts_hang_together_on_the_ground() -> None:
    spec = _spec(preset("china-city").commuting, communities=400, districts=8)
    ground = laid(spec, 1, 1_000_000)
    district = np.repeat(np.arange(8), np.diff(ground.district_start))
    km = np.hypot(ground.x_km[:, None] - ground.x_km, ground.y_km[:, None] - ground.y_km)
    same = district[:, None] == district
    assert km[same].mean() < 0.6 * km[~same].mean()


def test_a_city_covers_as_much_ground_as_its_density_says() -> None:
    ground = laid(preset("china-city"), 1, 1_000_000)
    side = np.sqrt(1_000_000 / 2778)
    assert np.ptp(ground.x_km) == pytest.approx(side, rel=0.1)


def test_what_gravity_made_of_distances_is_told() -> None:
    spec = _spec(Commuting(law="gravity", scale_km=4.0, edges_km=(3.0,)), communities=60)
    told = [one for one in statistics(build(spec, 1, 120_000), spec) if one.topic == "commuting"]
    assert [one.label for one in told] == ["0-3 km", "over 3 km"]
    assert all(one.holds for one in told)


def test_a_matrix_cannot_send_people_where_there_is_no_work() -> None:
    rows = [Community(str(k), f"{k}", "A", "A", 500, jobs=float(k)) for k in range(3)]
    spec = from_areas(rows, name="idle first")
    asked = replace(spec.commuting, law="matrix", level="community", matrix=MATRIX)
    with pytest.raises(SpecError, match="people are sent where there is no work"):
        build(replace(spec, commuting=asked), seed=1)


def test_a_sector_of_few_and_large_workplaces_keeps_its_limit() -> None:
    work = replace(preset("china-city").work, most=200, sizes=(150.0,) * 42, spread=(2.0,))
    _, _, size = workplaces(work, np.array([50_000]), seed=1)
    assert size.sum() == 50_000 and size.max() <= 200
