"""Published lists go into the tree, traps and all, and every row is accounted for."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db.models import F

from tongchou.areas import importing, queries
from tongchou.areas.models import Area, Level

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 7, 1, tzinfo=UTC)


def take(*texts: str) -> importing.Imported:
    files = [(f"list{i}.csv", text.encode()) for i, text in enumerate(texts)]
    return importing.import_lists(files=files, by=None, now=NOW)


def published(shared: Path, *names: str) -> importing.Imported:
    folder = shared / "data" / "division_codes"
    files = [(name, (folder / name).read_bytes()) for name in names]
    return importing.import_lists(files=files, by=None, now=NOW)


def test_a_list_is_stored_row_by_row() -> None:
    result = take("code,name\n42,湖北省\n4205,宜昌市\n420502,西陵区\n")
    assert result.line == "3 read = 3 stored + 0 refused"
    assert Area.objects.get(pk="420502").path == "420000/420500/420502/"


def test_importing_again_changes_nothing() -> None:
    text = "code,name\n42,湖北省\n4205,宜昌市\n"
    take(text)
    again = take(text)
    assert (again.n_new, again.n_changed, again.n_stored) == (0, 0, 2)


def test_a_list_without_its_upper_levels_still_has_a_tree() -> None:
    take("code,name\n420502,西陵区\n")
    assert Area.objects.get(pk="420500").name == "420500"
    take("code,name\n4205,宜昌市\n")
    assert Area.objects.get(pk="420500").name == "宜昌市"


def test_a_pseudo_city_is_refused_with_its_reason() -> None:
    result = take("code,name\n4290,省直辖县级行政区划\n429006,天门市\n")
    assert result.line == "2 read = 1 stored + 1 refused"
    assert "hang under the area above" in result.refusals[0].reason
    assert Area.objects.get(pk="429006").level == Level.CITY


def test_the_urban_part_of_a_city_is_no_district() -> None:
    take("code,name\n4205,宜昌市\n420501,市辖区\n500200,县\n140501,晋城市市辖区\n")
    assert [a.name for a in Area.objects.filter(level=Level.DISTRICT)] == []


def test_a_wrong_code_names_its_line() -> None:
    result = take("code,name\n42,湖北省\n42050,宜昌市\n")
    assert (result.refusals[0].line, result.refusals[0].value) == (3, "42050")


def test_counts_are_read_into_areas_that_are_known() -> None:
    take("code,name\n420502,西陵区\n")
    result = take('区划代码,常住人口,户数\n420502,"512,074.0",180000\n420503,1,1\n')
    assert result.line == "2 read = 1 stored + 1 refused"
    assert "import the list that names it first" in result.refusals[0].reason
    area = Area.objects.get(pk="420502")
    assert (area.name, area.population, area.households) == ("西陵区", 512074, 180000)


def test_counts_and_names_of_two_lists_come_together() -> None:
    take("code,population\n420502,512074\n", "code,name\n420502,西陵区\n")
    assert Area.objects.get(pk="420502").population == 512074


@pytest.mark.parametrize(
    ("column", "value"),
    [("population", "-1"), ("population", "many"), ("longitude", "181"), ("latitude", "1e9")],
)
def test_a_number_that_cannot_be_is_refused(column: str, value: str) -> None:
    result = take(f"code,name,{column}\n420502,西陵区,{value}\n")
    assert (result.refusals[0].column, result.refusals[0].value) == (column, value)


def test_codes_of_a_spreadsheet_in_gb18030_are_read() -> None:
    content = "区划代码,名称\n429006000000,天门市\n".encode("gb18030")
    importing.import_lists(files=[("天门.csv", content)], by=None, now=NOW)
    assert Area.objects.get(pk="429006").name == "天门市"


def test_what_is_no_list_is_told_which_columns_are_looked_for() -> None:
    with pytest.raises(importing.lists.NoList, match="no column for the code"):
        take("id,title\n1,2\n")


def test_a_code_that_a_later_revision_drops_has_ended() -> None:
    take("revision,code,name\n2006,320502,沧浪区\nlatest,320508,姑苏区\n2006,320508,姑苏区\n")
    assert Area.objects.get(pk="320508").ended_on is None
    assert Area.objects.get(pk="320502").ended_on is not None


def test_canglang_leads_to_gusu() -> None:
    take("revision,code,name\n2011,320502,沧浪区\nlatest,320508,姑苏区\n")
    assert queries.find("320502").name == "姑苏区"
    assert Area.objects.get(pk="320502").ended_on == date(2012, 8, 31)


def test_the_published_lists_reconcile(shared: Path) -> None:
    result = published(
        shared, "modood_provinces.csv", "modood_cities.csv", "modood_areas.csv",
        "modood_streets_target_cities.csv", "gb2260_revisions_14_32_37_42.csv", "cpca_adcodes.csv",
    )  # fmt: skip
    assert result.n_read == result.n_stored + len(result.refusals)
    assert not Area.objects.filter(code__in=["429000", "110100"]).exists()
    assert Area.objects.get(pk="429006").parent_id == "420000"
    assert queries.find("320502").pk == "320508"
    assert not Area.objects.filter(name__contains="市辖区").exists()
    assert not Area.objects.filter(name__contains="直辖").exists()
    assert not Area.objects.filter(name=F("code")).exists()


def test_the_name_of_today_is_not_overwritten_by_a_list_of_the_past(shared: Path) -> None:
    names = ("modood_areas.csv", "gb2260_revisions_14_32_37_42.csv")
    for name in names:
        published(shared, name)
    before = dict(Area.objects.filter(ended_on=None).values_list("code", "name"))
    published(shared, "modood_areas.csv")
    assert dict(Area.objects.filter(ended_on=None).values_list("code", "name")) == before


def test_a_point_of_yichang_finds_its_district(shared: Path) -> None:
    published(shared, "cpca_adcodes.csv")
    outline = shared / "data" / "boundaries" / "yichang_420500_districts.geojson"
    result = importing.import_boundaries(
        files=[(outline.name, outline.read_bytes())], by=None, now=NOW
    )
    assert result.line == "13 read = 13 stored + 0 refused"
    found = queries.district_at(111.2904, 30.7108)  # 宜昌东湖 side of 西陵
    assert found is not None and found.parent_id == "420500"


def test_a_point_of_tianmen_finds_the_city_itself(shared: Path) -> None:
    published(shared, "cpca_adcodes.csv")
    folder = shared / "data" / "boundaries"
    names = ("province_420000_cities.geojson", "tianmen_429006_districts.geojson")
    files = [(name, (folder / name).read_bytes()) for name in names]
    importing.import_boundaries(files=files, by=None, now=NOW)
    found = queries.district_at(113.1665, 30.6536)
    assert found is not None and (found.pk, found.name) == ("429006", "天门市")


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[["a", 0], [1, 0]]]},
        {"type": "Polygon", "coordinates": [[[3700000, 400000], [1, 0], [1, 1]]]},
    ],
)
def test_an_outline_that_cannot_be_drawn_is_refused(geometry: dict[str, object]) -> None:
    take("code,name\n420502,西陵区\n")
    feature = {"properties": {"adcode": "420502"}, "geometry": geometry}
    content = json.dumps({"features": [feature]}).encode()
    result = importing.import_boundaries(files=[("x.geojson", content)], by=None, now=NOW)
    assert result.line == "1 read = 0 stored + 1 refused"


def test_boundaries_of_an_unknown_area_say_what_to_import_first() -> None:
    text = (
        b'{"features": [{"properties": {"adcode": 420502}, "geometry": '
        b'{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}}]}'
    )
    result = importing.import_boundaries(files=[("x.geojson", text)], by=None, now=NOW)
    assert "import the list" in result.refusals[0].reason


def test_a_hole_is_not_inside() -> None:
    square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
    donut = {"type": "Polygon", "coordinates": [square, hole]}
    assert queries.holds(donut, 0.5, 0.5)
    assert not queries.holds(donut, 2, 2)
