"""Days × hours: bars cut at midnight, lanes for what meets, and all of it in words."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.shell.test_charts import models
from tongchou.shell import charts

KINDS = {"home": "home", "ride": "vehicle"}


def at(day: int, hour: float = 0) -> datetime:
    return datetime(2022, 6, day) + timedelta(hours=hour)  # noqa: DTZ001


def spell(day: int, begins: float, ends: float, **more: Any) -> charts.Spell:
    return charts.Spell(at(day, begins), at(day, ends), "somewhere", **{"kind": "home"} | more)


def lines(*spells: charts.Spell, **more: Any) -> charts.Chart:
    return charts.day_lines(spells, kinds=KINDS, what="Stays", **more)


def bars(chart: charts.Chart) -> list[dict[str, list[Any]]]:
    """The columns of the sources that hold bars."""
    sources = [dict(m["data"]["entries"]) for m in models(chart, "ColumnDataSource")]
    return [s for s in sources if "edge" in s]


def test_a_night_is_a_bar_on_two_days():
    (bar,) = bars(lines(spell(27, 22, 31)))
    assert list(zip(bar["left"], bar["right"], strict=True)) == [(22, 24), (0, 7)]
    assert [int(top) for top in bar["top"]] == [0, 1]


def test_a_stay_until_midnight_has_no_piece_on_the_next_day():
    (bar,) = bars(lines(spell(27, 22, 24)))
    assert bar["left"] == [22]


def test_what_meets_is_drawn_in_lanes_with_an_edge_that_says_so():
    (bar,) = bars(lines(spell(27, 8, 12), spell(27, 11, 13), spell(27, 13, 14)))
    assert bar["top"][0] != bar["top"][1]
    assert [width > 1 for width in bar["wide"]] == [True, True, False]


def test_a_day_known_as_a_whole_contradicts_nothing():
    drawn = bars(lines(spell(27, 0, 24, rough=True), spell(27, 11, 13)))
    assert all(width == 1 for bar in drawn for width in bar["wide"])


def test_a_moment_is_still_to_be_seen():
    (bar,) = bars(lines(spell(27, 8, 8)))
    assert bar["right"][0] > bar["left"][0]


def test_the_window_opens_days_on_which_nothing_is_known():
    chart = lines(spell(27, 8, 9), window=(at(26), at(29), "window"))
    assert "from 2022-06-26 to 2022-06-28" in chart.alt


def test_what_is_drawn_is_said_in_words():
    holes = [(at(27, 13), at(27, 20))]
    chart = lines(spell(27, 8, 12, mark="1"), spell(27, 11, 13, mark="2"), holes=holes)
    assert "2 of them at the same time as another." in chart.alt
    assert "Not known: 7 hours in 1 stretches." in chart.alt
    assert [row[0] for row in chart.table.rows] == ["1", "2"]


def test_more_days_than_fit_are_named_and_stand_in_the_table():
    chart = lines(spell(1, 8, 9), spell(1, 24 * 29 + 8, 24 * 29 + 9))
    assert "1 earlier ones stand in the table only." in chart.alt
    assert len(chart.table.rows) == 2


def test_kinds_differ_by_hatching_too():
    chart = lines(spell(27, 8, 9), spell(27, 10, 11, kind="ride"))
    hatches = {m["hatch_pattern"]["value"] for m in models(chart, "Quad") if "hatch_pattern" in m}
    assert len(hatches) == 2


def test_nothing_at_all_is_no_chart():
    with pytest.raises(ValueError, match="nothing to draw"):
        lines()
