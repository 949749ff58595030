"""A text read whole, as an investigator would check it."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace import itinerary

ON = date(2022, 1, 6)


def stays(text: str) -> list[tuple[str, str | None]]:
    found = itinerary.read(text, on=ON).stays
    return [(f"{s.begin:%m-%d %H}", s.place.text if s.place else None) for s in found if s.begin]


def test_a_wedding_feast_is_one_dated_stay() -> None:
    reading = itinerary.read("1月1日12时许到南桥寨村好运来饭店参加婚宴。", on=ON)

    (stay,) = reading.stays
    assert stay.place is not None and stay.place.text == "南桥寨村好运来饭店"
    assert stay.place.kind == "restaurant"
    assert (stay.begin, stay.precision) == (datetime.fromisoformat("2022-01-01T12:00"), "hour")


def test_days_inherit_their_month_and_hours_their_day() -> None:
    text = "12月30日到城关镇集贸市场买菜，31日14:00-15:30在金马超市购物，当晚返回家中。"

    assert stays(text) == [
        ("12-30 00", "城关镇集贸市场"),
        ("12-31 14", "金马超市"),
        ("12-31 18", "家中"),
    ]


def test_a_journey_that_is_denied_is_no_stay() -> None:
    assert stays("1月2日到柳林镇卫生院就诊，无武汉旅居史。") == [("01-02 00", "柳林镇卫生院")]


def test_every_person_has_their_own_stays() -> None:
    text = "病例1：男，45岁，1月1日到柳林镇。病例2：女，40岁，1月2日到桃园乡。"

    reading = itinerary.read(text, on=ON)
    assert [p.label for p in reading.people] == ["病例1", "病例2"]
    assert [(s.person, s.place and s.place.text) for s in reading.stays] == [
        (0, "柳林镇"),
        (1, "桃园乡"),
    ]


def test_a_name_of_unknown_shape_is_in_doubt() -> None:
    reading = itinerary.read("1月2日从宝丰驾车到青槐。", on=ON)

    assert [d.text for d in reading.doubts if d.about == "place"] == ["青槐"]


def test_an_empty_text_says_nothing() -> None:
    assert itinerary.read("", on=ON) == itinerary.Reading("", ON)


@given(
    st.text(
        alphabet="1月23日到返回武汉市人民医院，。；（）男女岁病例至从0G:-路号村镇第 \n", max_size=80
    )
)
def test_whatever_stands_there_every_span_is_what_it_says(text: str) -> None:
    reading = itinerary.read(text, on=ON)

    spans = (*reading.people, *reading.stays, *reading.places, *reading.moments, *reading.vehicles)
    assert all(text[s.start : s.end] == s.text for s in spans)
    assert all(0 <= s.confidence <= 1 for s in spans)
    assert all(s.begin.date() <= ON for s in reading.moments if s.begin)
