"""The figures of the room: what each reads, and that it can be drawn in both languages."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from tongchou.areas.models import Place
from tongchou.command import actions
from tongchou.command.figures import FIGURES, Figure
from tongchou.command.panels import figures
from tongchou.ledger.sweeping import sweep
from tongchou.staff.models import Post

pytestmark = pytest.mark.django_db


def figure(name: str) -> Figure:
    return next(each for each in FIGURES if each.name == name)


def read(name: str, area: Any, now: Any) -> Any:
    return figure(name).read(area, now=now).value


def shown(name: str, area: Any, now: Any, **options: str) -> Any:
    return figure(name).show(read(name, area, now), area, options)


@pytest.fixture
def outbreak(city: Any, case_of: Any, contact_of: Any) -> None:
    """Three cases and two contacts on the first morning; gaps swept and everything counted."""
    day = city.at().date()
    case_of(city.cells[0], onset_on=day - timedelta(days=3), found_by="quarantine")
    case_of(city.cells[2], onset_on=day, found_by="community")
    case_of(city.west)
    contact_of(city.cells[0], ("notified", 1.0))
    contact_of(city.west, ("not_found", 1.0))
    sweep(now=city.at(hours=5))
    actions.tally(now=city.at(hours=5))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", [each.name for each in FIGURES])
@pytest.mark.parametrize("code", ["990100", "990102", "990102001", "990102001001A01"])
def test_every_figure_can_be_drawn_everywhere(
    city: Any, outbreak: None, name: str, code: str, language: str
) -> None:
    with translation.override(language):
        assert isinstance(shown(name, city.area(code), city.at(hours=5)), dict)


@pytest.mark.parametrize("name", [each.name for each in FIGURES])
def test_every_figure_can_be_drawn_of_nothing(city: Any, name: str) -> None:
    assert isinstance(shown(name, city.city, city.at()), dict)


def test_the_curve_counts_by_report_and_by_onset(city: Any, outbreak: None) -> None:
    value = read("curve", city.city, city.at(hours=5))
    assert value["report"]["inside"][-1] == 1
    assert value["report"]["outside"][-1] == 1
    assert value["report"]["unknown"][-1] == 1
    assert value["onset"]["inside"][-4] == 1
    assert value["no_onset"] == 1


def test_the_curve_of_an_old_outbreak_ends_with_its_last_report(city: Any, outbreak: None) -> None:
    value = read("curve", city.city, city.at(days=900))
    assert value["last"] == "2022-07-01"


def test_a_discarded_case_is_in_no_curve(city: Any, case_of: Any) -> None:
    case_of(city.east, classification="discarded", found_by="community")
    assert sum(read("curve", city.city, city.at())["report"]["outside"]) == 0


def test_the_curve_marks_the_day_the_city_went_to_war(city: Any, outbreak: None) -> None:
    actions.activate(area=city.city, tempo="war", by=city.mayor, now=city.at(hours=5))
    marks = read("curve", city.east, city.at(hours=6))["marks"]
    assert marks == [["2022-07-01", "war"]]


def test_the_share_found_in_quarantine_is_told(city: Any, outbreak: None) -> None:
    assert shown("found", city.city, city.at(hours=5))["share"] == pytest.approx(1 / 3)


def test_the_map_counts_every_part_of_the_area(city: Any, outbreak: None) -> None:
    parts = {p["name"]: p for p in read("map", city.city, city.at(hours=5))["parts"]}
    assert (parts["河东区"]["cases"], parts["河西区"]["cases"]) == (2, 1)
    assert parts["河东区"]["gaps"] == 2


def test_without_boundaries_tiles_stand_in_for_the_map(city: Any, outbreak: None) -> None:
    seen = shown("map", city.city, city.at(hours=5), map="gaps")
    assert seen["chart"] is None
    assert seen["tiles"][0]["name"] == "河东区"


def test_the_strip_counts_people_and_gaps(city: Any, outbreak: None) -> None:
    value = read("numbers", city.city, city.at(hours=5))
    assert (value["cases"], value["new"], value["not_found"]) == (3, 3, 1)
    assert (value["open"], value["gaps"]) == (5, 4)


def test_gaps_stand_by_owner_and_rung(city: Any, outbreak: None) -> None:
    rows = shown("gaps", city.city, city.at(hours=5))["rows"]
    assert [(r["label"], r["total"]) for r in rows] == [("CDC", 3), ("public security", 1)]


def test_the_not_found_are_named_by_pseudonym_longest_first(city: Any, outbreak: None) -> None:
    seen = shown("not_found", city.city, city.at(hours=5))
    assert (seen["n"], seen["rows"][0]["title"]) == (1, "K-2")


def test_sites_show_how_full_they_are_and_what_is_unknown(city: Any) -> None:
    Place.objects.create(kind="quarantine_site", name="江滨酒店", area=city.east, capacity=40)
    Place.objects.create(kind="quarantine_site", name="柳林宾馆", area=city.west)
    seen = shown("sites", city.city, city.at())
    assert (seen["n_sites"], seen["capacity"], seen["n_unknown"]) == (2, 40, 1)


def test_tempo_offers_the_other_one(city: Any) -> None:
    actions.activate(area=city.east, tempo="war", by=city.mayor, now=city.at(), reason="暴发")
    rows = {r["name"]: r for r in shown("tempo", city.city, city.at())["rows"]}
    assert (rows["河东区"]["other"], rows["河东区"]["reason"]) == ("peace", "暴发")
    assert rows["河西区"]["other"] == "war"


def test_readiness_names_the_role_and_the_area(city: Any) -> None:
    Post.objects.filter(role="transport").update(to_at=city.at(hours=-1))
    rows = shown("readiness", city.city, city.at())["rows"]
    assert {"role": "transfer team", "areas": ["同舟市"], "more": 0} in rows


def test_readings_are_kept_for_the_city_and_its_districts(city: Any, outbreak: None) -> None:
    from tongchou.command.models import Reading

    n = actions.take_readings(now=city.at(hours=5))
    read_ahead = set(Reading.objects.values_list("area", flat=True))
    assert read_ahead == {"990100", "990102", "990103"}
    assert n == Reading.objects.count() == 3 * sum(1 for each in figures() if each.stored)


def test_reading_again_replaces_what_was_read(city: Any, outbreak: None, case_of: Any) -> None:
    from tongchou.command.models import Reading

    actions.take_readings(now=city.at(hours=5))
    case_of(city.east)
    actions.take_readings(now=city.at(hours=6))
    reading = Reading.objects.get(area=city.city, figure="curve")
    assert reading.at == city.at(hours=6)
    assert sum(reading.value["report"]["unknown"]) == 2
