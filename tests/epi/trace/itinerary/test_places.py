"""Names of places: where they begin, where they end, and what they are to the person."""

from datetime import date

import pytest

from tongchou.epi.trace import itinerary


def places(text: str) -> tuple[itinerary.Place, ...]:
    return itinerary.read(text, on=date(2022, 1, 6)).places


def names(text: str) -> list[str]:
    return [p.text for p in places(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("现住青石县柳林镇东庄村3组", "青石县柳林镇东庄村3组"),
        ("1月2日到幸福里小区12栋3单元看望亲戚", "幸福里小区12栋3单元"),
        ("1月2日前往县第二人民医院就诊", "县第二人民医院"),
        ("1月2日到桂花医科大学附属第一医院就诊", "桂花医科大学附属第一医院"),
        ("1月2日到好又多超市（滨江路店）购物", "好又多超市（滨江路店）"),
        ("1月2日抵达宜昌三峡机场", "宜昌三峡机场"),
        ("1月2日到上坝乡上新村", "上坝乡上新村"),
        ("1月2日返回和平镇和顺村家中", "和平镇和顺村"),
    ],
)
def test_a_name_is_found_whole(text: str, name: str) -> None:
    assert names(text) == [name]


def test_a_journey_has_an_origin_stops_and_a_destination() -> None:
    text = "病例1：男，30岁，1月1日从北京乘车到郑州，2日经信阳返回宜昌。"

    assert [(p.text, p.role) for p in places(text)] == [
        ("北京", "origin"),
        ("郑州", "transit"),
        ("信阳", "transit"),
        ("宜昌", "destination"),
    ]


def test_who_lives_where_the_journey_began_has_arrived_at_the_first_stop() -> None:
    text = "病例1：女，30岁，常住北京市。1月1日从北京到海口，2日前往三亚旅游。"

    assert [(p.text, p.role) for p in places(text)[2:]] == [
        ("海口", "destination"),
        ("三亚", "transit"),
    ]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("现住青石县", "residence"),
        ("青石县人。", "residence"),
        ("无武汉旅居史", "history"),
        ("1月2日到县医院就诊", "care"),
        ("经市疾控中心检测", "institution"),
        ("长期在武汉务工", "worked"),
        ("1月2日到好运来超市购物", "visited"),
        ("1月2日返回老家宜都市", "destination"),
    ],
)
def test_a_place_has_a_role(text: str, role: str) -> None:
    assert [p.role for p in places(text)] == [role]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("现住湖北武汉", "湖北省武汉市"),
        ("现住宜昌市", "湖北省宜昌市"),
        ("现住青龙县红星镇", "河北省秦皇岛市青龙满族自治县红星镇"),
        ("1月2日到安阳东站", "河南省安阳东站"),
        ("现住永宁镇", "永宁镇"),
    ],
)
def test_the_normal_form_writes_divisions_out(text: str, name: str) -> None:
    assert [p.name for p in places(text)] == [name]


def test_one_character_stands_for_a_city_where_only_that_can_be_meant() -> None:
    assert names("1月2日从武汉返温。") == ["武汉", "温"]
    assert names("1月2日从武汉返乡。") == ["武汉"]


def test_a_little_word_does_not_eat_the_name_behind_it() -> None:
    assert names("1月2日来安庆探亲。") == ["安庆"]
    assert names("1月2日从江西来。") == ["江西"]


def test_another_name_in_brackets_is_an_alias_and_a_ward_stands_apart() -> None:
    (place,) = places("1月2日到市立医院北院区（市传染病医院）就诊。")
    assert place.alias is not None and place.alias.text == "市传染病医院"

    (place,) = places("1月2日到县人民医院发热门诊就诊。")
    assert (place.text, place.ward and place.ward.text) == ("县人民医院", "发热门诊")


def test_towns_and_cities_in_general_are_no_places() -> None:
    assert names("全市各乡镇和我市市区均未发现") == []
