"""Stays put together from places, times and vehicles."""

from datetime import date

import pytest

from tongchou.epi.trace import itinerary


def read(text: str) -> tuple[itinerary.Stay, ...]:
    return itinerary.read(text, on=date(2022, 1, 10)).stays


def when(stay: itinerary.Stay) -> str:
    begin = f"{stay.begin:%d %H:%M}" if stay.begin else "?"
    return f"{begin}>{stay.until:%d %H:%M}" if stay.until else f"{begin}>?"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("1月2日12时许到好运来饭店就餐", "02 12:00>?"),
        ("1月2日12:10-12:45在好运来饭店就餐", "02 12:10>02 12:45"),
        ("1月2日到好运来饭店就餐", "02 00:00>03 00:00"),
        ("1月2日至4日在好运来饭店帮厨", "02 00:00>05 00:00"),
        ("1月2日9时至11时在好运来饭店帮厨", "02 09:00>02 11:00"),
        ("1月2日12时到好运来饭店，停留约半小时", "02 12:00>02 12:30"),
        ("1月2日12时到好运来饭店，停留一个半小时", "02 12:00>02 13:30"),
        ("1月2日12时到好运来饭店，14时离开", "02 12:00>02 14:00"),
        ("在好运来饭店就餐（1月2日12:00-13:00）", "02 12:00>02 13:00"),
    ],
)
def test_a_stay_has_its_hours(text: str, want: str) -> None:
    assert [when(s) for s in read(text)][:1] == [want]


def test_a_departure_at_an_hour_ends_a_stay() -> None:
    leaving, arriving = read("1月2日7:30从城西小区出发，8:10到达创新大厦")

    assert (when(leaving), when(arriving)) == ("?>02 07:30", "02 08:10>?")


def test_a_vehicle_belongs_to_the_place_it_brought_somebody_to() -> None:
    stays = read("1月2日乘坐D5678次列车到汉口站，随后乘出租车（鄂A12345）前往江汉区")

    rides = [(s.place.text, s.vehicle.number) for s in stays if s.place and s.vehicle]
    assert rides == [("汉口站", "D5678"), ("江汉区", "鄂A12345")]


def test_a_train_is_a_stay_of_its_own() -> None:
    (ride,) = [s for s in read("1月2日乘坐G1234次列车（8车12D）返回") if s.place is None]

    assert ride.vehicle is not None
    assert (ride.vehicle.number, ride.vehicle.seat) == ("G1234", "8车12D")


def test_days_at_home_are_stays_at_the_residence() -> None:
    (stay,) = read("病例1：男，30岁，现住柳林镇。1月6日至8日居家未外出。")

    assert stay.place is not None and stay.place.text == "柳林镇"
    assert when(stay) == "06 00:00>09 00:00"


def test_going_home_ends_what_was_before() -> None:
    shop, home = read("1月2日8时到好运来超市购物，9时回家。")

    assert (when(shop), home.verb and home.verb.text) == ("02 08:00>02 09:00", "回家")


def test_where_somebody_works_is_a_stay_only_with_a_time() -> None:
    assert read("病例1：男，30岁，1月2日发病。长期在创新大厦工作。") == ()
    assert len(read("1月3日在创新大厦上班")) == 1


def test_the_laboratory_is_no_stay() -> None:
    assert read("1月3日经市疾控中心检测为阳性。") == ()


def test_a_journey_of_a_relative_is_not_the_patients() -> None:
    assert read("1月3日其女儿从武汉返回。") == ()


def test_a_place_without_a_time_is_in_doubt() -> None:
    reading = itinerary.read("曾到好运来超市购物。", on=date(2022, 1, 10))

    assert reading.stays == ()
    assert [d.reason for d in reading.doubts] == ["a place without a time"]


def test_how_long_the_next_stay_took_is_not_said_of_one_with_both_its_ends():
    text = "患者王某，1月1日12时至13时30分在码头酒家聚餐，20时许到万家福超市购物，停留约20分钟。"
    assert [when(stay) for stay in read(text)] == ["01 12:00>01 13:30", "01 20:00>01 20:20"]


def test_a_habit_is_a_stay_on_each_of_its_days() -> None:
    stays = read("1月2日至4日，每天8:00-9:00到东门菜场买菜。")

    assert [when(s) for s in stays] == [f"0{d} 08:00>0{d} 09:00" for d in (2, 3, 4)]
