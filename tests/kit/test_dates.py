from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.kit.dates import NotADate, from_excel, parse_date

NEW_YEARS_EVE = date(2020, 1, 21)


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-21",
        "2020/1/21",
        "2020.1.21",
        "20200121",
        "2020年1月21日",
        "2020 年 1 月 21 号",
        "２０２０年１月２１日",
        "2020-01-21 13:05",
        "2020-01-21T00:00:00.000Z",
        "2020-01-21T08:00:00+08:00",
        "2020年1月21日14时30分",
        "43851",
        "43851.5",
        "21/01/2020",
        "01/21/2020",
        "01-21-2020 3:15 PM",
        "21 Jan 2020",
        "21-Jan-2020",
        "January 21, 2020",
        "21st january 2020",
        "  2020-01-21 ",
    ],
)
def test_one_day_is_written_in_many_ways(text):
    assert parse_date(text) == NEW_YEARS_EVE


@pytest.mark.parametrize("text", ["1月21日", "1月21", "01-21", "1.21", "21 Jan", "Jan 21"])
def test_a_date_without_a_year_takes_the_given_one(text):
    assert parse_date(text, default_year=2020, day_first=False) == NEW_YEARS_EVE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("unknown", "unreadable"),
        ("昨天", "unreadable"),
        ("12345678901", "unreadable"),
        ("99999", "unreadable"),
        ("21 Foo 2020", "unreadable"),
        ("2020-01/21", "unreadable"),
        ("1月21日", "no_year"),
        ("21/01/20", "short_year"),
        ("20年1月21日", "short_year"),
        ("2020-01", "no_day"),
        ("2020年1月", "no_day"),
        ("2020-02-30", "no_such_day"),
        ("20201301", "no_such_day"),
        ("2021-02-29", "no_such_day"),
        ("0020-01-21", "out_of_range"),
        ("2999-01-01", "out_of_range"),
        ("03/04/2020", "ambiguous"),
        ("3.4", "ambiguous"),
    ],
)
def test_what_is_not_certain_is_refused_with_its_reason(text, reason):
    with pytest.raises(NotADate) as refused:
        parse_date(text)

    assert refused.value.reason == reason
    assert refused.value.text == text


def test_whoever_knows_the_order_settles_an_ambiguous_date():
    assert parse_date("03/04/2020", day_first=True) == date(2020, 4, 3)
    assert parse_date("03/04/2020", day_first=False) == date(2020, 3, 4)


def test_a_known_order_is_not_bent_to_make_a_date_possible():
    with pytest.raises(NotADate) as refused:
        parse_date("14/03/2020", day_first=False)

    assert refused.value.reason == "no_such_day"


def test_a_format_of_the_profile_comes_first():
    assert parse_date("21012020", formats=["%d%m%Y"]) == NEW_YEARS_EVE


def test_excel_counts_from_the_end_of_1899():
    assert from_excel(25569) == date(1970, 1, 1)


@given(st.dates(date(1927, 6, 1), date(2099, 12, 31)))
def test_every_day_survives_being_written_and_read(day):
    serial = (day - from_excel(0)).days
    chinese = f"{day.year}年{day.month}月{day.day}日"
    written = [day.isoformat(), f"{day:%Y%m%d}", chinese, str(serial), f"{day.day} {day:%B %Y}"]

    assert {parse_date(text) for text in written} == {day}


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_is_refused(text):
    try:
        assert isinstance(parse_date(text, default_year=2020), date)
    except NotADate as refused:
        assert refused.reason
