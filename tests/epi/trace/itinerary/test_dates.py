"""Times of a text and the days they mean on the day it is read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace.itinerary import dates
from tongchou.epi.trace.itinerary.facts import Moment
from tongchou.epi.trace.itinerary.writing import plain

ON = date(2022, 2, 10)


def find(text: str, on: date = ON) -> list[Moment]:
    return dates.find(text, plain(text), on)[0]


def told(text: str, on: date = ON) -> list[str]:
    """Begin and until of each time, without what is nought."""
    return [f"{m.begin:%y-%m-%d %H:%M}>{m.until:%m-%d %H:%M}" for m in find(text, on) if m.until]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2021年12月31日", "21-12-31 00:00>01-01 00:00"),
        ("1月3日", "22-01-03 00:00>01-04 00:00"),
        ("12月28日", "21-12-28 00:00>12-29 00:00"),
        ("2022-01-05", "22-01-05 00:00>01-06 00:00"),
        ("2022/1/5", "22-01-05 00:00>01-06 00:00"),
        ("１月３日", "22-01-03 00:00>01-04 00:00"),
        ("元月5日", "22-01-05 00:00>01-06 00:00"),
        ("十二月三十日", "21-12-30 00:00>12-31 00:00"),
        ("1月1日12时许", "22-01-01 12:00>01-01 13:00"),
        ("1月1日晚上8点半左右", "22-01-01 20:30>01-01 20:31"),
        ("1月1日下午", "22-01-01 12:00>01-01 18:00"),
        ("1月1日14:00-15:30", "22-01-01 14:00>01-01 15:30"),
        ("1月1日24时", "22-01-02 00:00>01-02 01:00"),
        ("1月下旬", "22-01-21 00:00>02-01 00:00"),
        ("2022年1月", "22-01-01 00:00>02-01 00:00"),
        ("1月1520日", "22-01-15 00:00>01-21 00:00"),
        ("1月29日2月1日", "22-01-29 00:00>02-02 00:00"),
        ("除夕当晚", "22-01-31 18:00>02-01 00:00"),
        ("大年初二", "22-02-02 00:00>02-03 00:00"),
        ("正月初五晚7点", "22-02-05 19:00>02-05 20:00"),
        ("腊月二十三", "22-01-25 00:00>01-26 00:00"),
        ("1.28", "22-01-28 00:00>01-29 00:00"),
        ("元旦", "22-01-01 00:00>01-02 00:00"),
    ],
)
def test_a_time_means_these_hours(text: str, want: str) -> None:
    assert told(f"{text}到家") == [want]
    assert find(f"{text}到家")[0].text == text


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1月21日到，22日走", ["01-21", "01-22"]),
        ("1月21日到，次日走", ["01-21", "01-22"]),
        ("1月21日到，当晚走", ["01-21", "01-21"]),
        ("1月30日到，2日走", ["01-30", "02-02"]),
        ("1月19、21和22日", ["01-19", "01-21", "01-22"]),
        ("1月21日（2月3日确诊）到，22日走", ["01-21", "02-03", "01-22"]),
        ("12月30日到，次日走，1月2日回", ["12-30", "12-31", "01-02"]),
        ("正月初三到，初五走", ["02-03", "02-05"]),
    ],
)
def test_days_inherit_what_was_said_before(text: str, days: list[str]) -> None:
    assert [f"{m.begin:%m-%d}" for m in find(text) if m.begin] == days


def test_hours_belong_to_the_day_before_them() -> None:
    assert told("1月2日到家。9时许出门，下午2点半到，4点走") == [
        "22-01-02 00:00>01-03 00:00",
        "22-01-02 09:00>01-02 10:00",
        "22-01-02 14:30>01-02 14:31",
        "22-01-02 16:00>01-02 17:00",
    ]


def test_the_year_once_said_holds_on() -> None:
    assert told("2020年1月22日发病，2月1日确诊")[1].startswith("20-02-01")


def test_a_range_closes_the_day_it_began_with() -> None:
    first, last = find("1月3日至5日")

    assert (first.closes, last.closes) == (None, first.start)


def test_an_hour_without_any_day_is_not_guessed() -> None:
    (moment,) = find("14:00到家")

    assert moment.begin is None and moment.confidence == 0.5


def test_a_day_that_is_not_in_the_calendar_is_in_doubt() -> None:
    found, doubts = dates.find("2月30日", "2月30日", ON)

    assert found == [] and doubts[0].reason == "there is no such day"


@pytest.mark.parametrize(
    "text",
    [
        "120路公交",
        "31号楼",
        "3号线",
        "体温37.5",
        "第12例",
        "2人",
        "路121号",
        "25岁",
        "初三学生",
        "初三",
        "1.5小时",
        "11.5元",
    ],
)
def test_other_numbers_are_no_times(text: str) -> None:
    assert find(text) == []


@given(st.dates(date(2020, 1, 1), date(2023, 12, 31)), st.integers(0, 360))
def test_a_day_of_the_past_year_is_found_without_its_year(on: date, back: int) -> None:
    day = date.fromordinal(on.toordinal() - back)

    (moment,) = find(f"{day.month}月{day.day}日", on)
    assert moment.begin is not None and moment.begin.date() == day
