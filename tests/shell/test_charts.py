"""Charts: each with its numbers as a table, its sense in a sentence, and its dark twin."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from tongchou.shell import charts
from tongchou.shell.charts import look, maps

DAYS = [date(2022, 4, 1) + timedelta(days=i) for i in range(5)]


def models(chart: charts.Chart, kind: str) -> list[dict[str, Any]]:
    """The parts of a drawing of one kind, wherever they stand in its JSON."""
    found: list[dict[str, Any]] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("name") == kind and "attributes" in value:
                found.append(value["attributes"])
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(chart.item["item"])
    return found


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def curve() -> charts.Chart:
    return charts.epidemic_curve(
        DAYS,
        {"in quarantine": [1, 2, None, 4, 0], "outside": [0, 3, None, 1, 0]},
        what="cases",
        incomplete_days=1,
        marks={DAYS[1]: "war"},
        smooth=3,
    )


def test_the_table_beside_the_curve_holds_the_same_numbers(curve: charts.Chart) -> None:
    assert curve.table.columns == ("day", "in quarantine", "outside", "together")
    assert curve.table.rows[1] == ("2022-04-02", 2, 3, 5)
    assert curve.table.numeric == {1, 2, 3}


def test_a_day_without_data_is_missing_in_the_table_not_zero(curve: charts.Chart) -> None:
    assert curve.table.rows[2] == ("2022-04-03", None, None, None)


def test_the_curve_says_its_sense_in_a_sentence(curve: charts.Chart) -> None:
    assert curve.alt == (
        "cases per day, 2022-04-01 to 2022-04-05: 11 in all, most on 2022-04-04 (5)."
    )


def test_a_curve_of_nothing_says_so() -> None:
    assert "No cases known yet" in charts.epidemic_curve(DAYS, {"x": [None] * 5}).alt


@pytest.mark.parametrize("kind", ["curve", "bars", "lines", "map", "graph"])
def test_every_colour_of_a_drawing_has_a_dark_twin(kind: str) -> None:
    drawn = json.dumps(SAMPLES[kind]().item["item"])
    used = {word for word in drawn.split('"') if word.startswith("#") and len(word) == 7}
    assert used and used <= set(look.TWINS)


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_light(a), _light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", look.SERIES)
def test_a_series_stands_out_from_either_ground(colour: str) -> None:
    assert _contrast(colour, look.GROUND) >= 3
    assert _contrast(look.TWINS[colour], look.TWINS[look.GROUND]) >= 3


@pytest.mark.parametrize("step", range(len(look.CLASSES)))
def test_a_name_on_the_map_can_be_read_on_every_class(step: int) -> None:
    ground = look.CLASSES[step]
    ink = look.GROUND if step >= 4 else look.INK
    assert _contrast(ink, ground) >= 4.5
    assert _contrast(look.TWINS[ink], look.TWINS[ground]) >= 4.5


def test_bars_lead_on_from_the_table_too() -> None:
    chart = charts.bars(["listed", "located"], {"late": [3, 1]}, urls=["/l", "/o"], what="stage")
    assert chart.table.rows[0] == (charts.Cell("listed", "/l"), 3)
    assert models(chart, "OpenURL")[0]["same_tab"] is True
    assert "listed 3, located 1" in chart.alt


def test_lines_keep_their_gaps_and_their_band() -> None:
    values = [None, 2.0, 1.5, 1.0, 0.8]
    chart = charts.lines(DAYS, {"Rt": values}, bands={"Rt": (values, values)}, level=(1, "shrinks"))
    assert chart.table.rows[0] == ("2022-04-01", None)
    assert "Rt 0.80" in chart.alt
    assert models(chart, "VArea") and models(chart, "Span")


def test_a_band_is_not_drawn_across_a_gap() -> None:
    low, high = [1.0, 1.0, None, 0.5, 0.4], [2.0, 2.0, None, 1.5, 1.4]
    chart = charts.lines(DAYS, {"Rt": low}, bands={"Rt": (low, high)})
    assert len(models(chart, "VArea")) == 2 * 3  # each with its looks when muted and not chosen
    assert not models(chart, "Segment")


def test_a_single_day_between_gaps_keeps_its_range() -> None:
    low, high = [None, 1.0, None, 0.5, 0.4], [None, 2.0, None, 1.5, 1.4]
    chart = charts.lines(DAYS, {"Rt": low}, bands={"Rt": (low, high)})
    assert len(models(chart, "VArea")) == 3
    assert len(models(chart, "Segment")) >= 1


def test_lines_run_over_plain_numbers_as_well() -> None:
    assert charts.lines([1, 2], {"a": [1, 2], "b": [2, 1]}).table.columns == ("x", "a", "b")


# --- maps ------------------------------------------------------------------------------------


def square(code: str, x: float, kind: str = "Polygon") -> dict[str, Any]:
    ring = [[x, 30.0], [x + 1, 30.0], [x + 1, 31.0], [x, 31.0], [x, 30.0]]
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    return {
        "properties": {"adcode": code, "name": f"District {code}"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


FEATURES = [square("a", 110), square("b", 111, "MultiPolygon"), square("c", 112)]


def test_a_map_ranks_its_areas_in_the_table_and_says_what_is_missing() -> None:
    chart = charts.districts_map(FEATURES, {"a": 2, "b": 9}, what="cases", urls={"a": "/a"})
    assert chart.table.rows == (
        ("District b", 9),
        (charts.Cell("District a", "/a"), 2),
        ("District c", None),
    )
    assert "Most: District b 9, District a 2. Without data: 1." in chart.alt


def test_an_area_without_data_is_hatched_and_named_in_the_legend() -> None:
    chart = charts.districts_map(FEATURES, {"a": 0}, what="cases")
    labels = [item["label"] for item in models(chart, "LegendItem")]
    assert labels == [{"type": "value", "value": "no data"}, {"type": "value", "value": "0"}]


def test_a_click_on_an_area_opens_its_page_without_a_script() -> None:
    chart = charts.districts_map(FEATURES, {"a": 2}, what="cases", urls={"a": "/a"})
    assert models(chart, "OpenURL")[0]["url"] == "@url"
    assert not models(chart, "CustomJS")


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([], []),
        ([0, 0], []),
        ([1, 1, 1], [1]),
        ([3, 17, 6, 41, 2], [1, 3, 5, 10, 30]),
        ([0.12, 0.31, 0.55], [0.1, 0.3, 0.5]),
    ],
)
def test_classes_begin_at_numbers_people_say(values: list[float], edges: list[float]) -> None:
    assert maps.class_edges(values) == pytest.approx(edges)


def test_the_highest_class_is_the_strongest_shade_however_few_there_are() -> None:
    assert maps._shade(2, 2) == maps._shade(5, 5) == look.CLASSES[5]
    assert maps._shade(1, 1) == look.CLASSES[4]


def test_neighbours_keep_their_common_border() -> None:
    left, right, _last = maps._project(FEATURES)
    shared_x = max(x for x, _y in left[0][0])
    assert shared_x == min(x for x, _y in right[0][0])


def test_a_name_stands_inside_a_bent_area() -> None:
    bent = [(0, 0), (100, 0), (100, 20), (20, 20), (20, 80), (100, 80), (100, 100), (0, 100)]
    x, y = maps._inside([bent])
    assert x < 20 or y < 20 or y > 80


@pytest.mark.parametrize(
    ("step", "steps", "unit", "words"),
    [
        (0, [1, 5], "", "0"),
        (0, [10, 50], "%", "< 10%"),
        (1, [1, 5], "", "1–4"),
        (1, [1, 2], "", "1"),
        (2, [1, 5], "", "≥ 5"),
        (1, [0.1, 0.3], "", "0.10–0.30"),
    ],
)
def test_a_class_is_named_by_what_falls_into_it(
    step: int, steps: list[float], unit: str, words: str
) -> None:
    assert maps._class_words(step, steps, unit) == words


def test_notes_stand_in_the_tooltip_and_edges_may_be_given() -> None:
    chart = charts.districts_map(
        FEATURES, {"a": 0.4}, what="in time", notes={"a": "war"}, edges=[0.5, 0.9]
    )
    assert ["", "@note"] in models(chart, "HoverTool")[0]["tooltips"]


def test_a_map_of_nothing_is_drawn() -> None:
    assert charts.districts_map([], {}, what="cases").table.rows == ()


def test_an_area_that_is_a_point_is_refused() -> None:
    wrong = {"properties": {"adcode": "a"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    with pytest.raises(ValueError, match="needs a Polygon or MultiPolygon, not Point"):
        charts.districts_map([wrong], {}, what="cases")


# --- graphs ----------------------------------------------------------------------------------

NODES = [
    charts.Node("1", "C-1", "case", url="/c/1", day=DAYS[0], focus=True),
    charts.Node("2", "P-2", "contact", day=DAYS[2]),
    charts.Node("3", "P-3", "contact"),
    charts.Node("4", "P-4", "contact"),
]
EDGES = [charts.Edge("1", "2", 0.7, "same meal"), charts.Edge("2", "3", 0.2)]


@pytest.mark.parametrize("layout", ["layers", "days", "forces"])
def test_the_table_of_a_graph_lists_links_and_the_unlinked(layout: str) -> None:
    chart = charts.network(
        NODES, EDGES, kinds={"case": "case", "contact": "contact"}, layout=layout
    )
    assert chart.table.columns == ("from", "to", "probability", "link")
    assert chart.table.rows[0] == (charts.Cell("C-1", "/c/1"), "P-2", 0.7, "same meal")
    assert chart.table.rows[-1] == ("P-4", "–", None, "")
    assert chart.alt == "Graph: 4 nodes, 2 links."


def test_a_link_to_nobody_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="not there: 9"):
        charts.network(NODES, [charts.Edge("1", "9")])


def test_an_unknown_layout_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="'circle' is not one of layers, days, forces"):
        charts.network(NODES, EDGES, layout="circle")


def test_a_graph_of_one_is_drawn() -> None:
    assert charts.network([charts.Node("1", "C-1")], []).table.rows == (("C-1", "–"),)


SAMPLES: dict[str, Callable[[], charts.Chart]] = {
    "curve": lambda: charts.epidemic_curve(DAYS, {"a": [1] * 5, "b": [2] * 5}, incomplete_days=2),
    "bars": lambda: charts.bars(["x"], {"a": [1], "b": [2]}),
    "lines": lambda: charts.lines(DAYS, {"a": [1] * 5}, level=(1, "target")),
    "map": lambda: charts.districts_map(FEATURES, {"a": 2, "b": 9}, what="cases"),
    "graph": lambda: charts.network(NODES, EDGES),
}


# --- on the page -----------------------------------------------------------------------------


def test_the_page_holds_drawing_sentence_and_table(
    show: Callable[..., str], curve: charts.Chart
) -> None:
    html = show('{% chart curve "epi" %}', curve=curve)
    assert 'data-chart="epi"' in html and 'aria-label="cases per day' in html
    assert '<script type="application/json" id="epi-item">' in html
    assert "<td>2022-04-02</td>" in html and '<td class="num">–</td>' in html


def test_a_label_cannot_end_the_script(show: Callable[..., str]) -> None:
    chart = charts.bars(["</script><script>alert(1)"], {"n": [1]})
    html = show('{% chart chart "x" %}', chart=chart)
    script = html.split('id="x-item">')[1].split("</script>")[0]
    assert json.loads(script)["item"] == json.loads(json.dumps(chart.item["item"]))


def test_a_bare_item_is_drawn_with_the_label_given(
    show: Callable[..., str], curve: charts.Chart
) -> None:
    html = show('{% chart item "epi" "Cases" size="s" %}', item=curve.item)
    assert 'aria-label="Cases"' in html and "is-s" in html and "<table" not in html


def test_a_series_under_watch_has_its_alarms_and_range_in_the_table() -> None:
    days = [date(2022, 4, n) for n in (1, 2, 3)]
    tail = charts.Estimate("in the end", (None, None, 12.0), (None, None, 9.0), (None, None, 16.0))
    made = charts.watched(
        days, (4, None, 9), what="visits", bound=(8.0, 8.0, 8.0), alarms={days[2]}, estimates=[tail]
    )

    assert made.table.columns[:3] == ("day", "visits", "bound")
    assert made.table.rows[1][1] is None  # not reported, and no zero
    assert made.table.rows[2][1:] == (9, 8.0, 12.0, 9.0, 16.0, "alarm")
    assert "1 days without a count" in made.alt
