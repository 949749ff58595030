"""Places on a map: where they are, in what order, and what is only around there."""

from typing import Any

import pytest

from tests.shell.test_charts import models
from tongchou.shell import charts

KINDS = {"shop": "shop", "home": "home"}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[111, 30], [112, 30], [112, 31], [111, 31], [111, 30]]],
}


def spot(longitude: float, latitude: float, **more: Any) -> charts.Spot:
    return charts.Spot("somewhere", longitude, latitude, **{"kind": "shop"} | more)


def drawn(*spots: charts.Spot, **more: Any) -> charts.Chart:
    return charts.spots_map(spots, {"square": SQUARE}, kinds=KINDS, what="stays", **more)


def sources(chart: charts.Chart) -> list[dict[str, list[Any]]]:
    return [dict(m["data"]["entries"]) for m in models(chart, "ColumnDataSource")]


def test_a_degree_north_is_a_hundred_and_eleven_kilometres():
    assert "within 111.2 km" in drawn(spot(111, 30), spot(111, 31)).alt


def test_a_degree_east_is_shorter_away_from_the_equator():
    assert "within 55.6 km" in drawn(spot(111, 60), spot(112, 60)).alt


def test_a_spot_only_near_its_position_is_hollow_and_says_so():
    chart = drawn(spot(111, 30, near=True))
    (dots,) = [s for s in sources(chart) if "alpha" in s]
    assert dots["alpha"] == [0.15]
    assert chart.table.rows[0][3] == "around 30.0000, 111.0000"


def test_the_way_follows_the_order_of_the_visits():
    chart = drawn(spot(111, 30), spot(111.5, 30), path=[0, 1, 0])
    way = next(s for s in sources(chart) if len(s.get("x", ())) == 3)
    assert way["x"][0] == way["x"][2] != way["x"][1]


def test_one_place_has_room_around_it():
    (x, y) = models(drawn(spot(111, 30)), "Range1d")[:2]
    assert x["end"] - x["start"] == y["end"] - y["start"] == 6


def test_kinds_differ_by_shape():
    chart = drawn(spot(111, 30), spot(111.2, 30, kind="home"))
    shapes = {m["marker"]["value"] for m in models(chart, "Scatter") if "marker" in m}
    assert shapes == {"square"}  # the first kind keeps what is drawn unasked: a circle


def test_no_place_is_no_map():
    with pytest.raises(ValueError, match="no spot"):
        drawn()
