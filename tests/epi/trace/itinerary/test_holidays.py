"""Feasts and lunar days, against the calendar."""

from datetime import date

import pytest

from tongchou.epi.trace.itinerary import holidays


@pytest.mark.parametrize(
    ("words", "year", "day"),
    [
        ("除夕", 2020, date(2020, 1, 24)),
        ("除夕", 2022, date(2022, 1, 31)),
        ("年三十", 2021, date(2021, 2, 11)),
        ("大年三十", 2023, date(2023, 1, 21)),
        ("春节", 2021, date(2021, 2, 12)),
        ("正月初一", 2023, date(2023, 1, 22)),
        ("大年初五", 2020, date(2020, 1, 29)),
        ("正月十五", 2022, date(2022, 2, 15)),
        ("元宵节", 2022, date(2022, 2, 15)),
        ("正月二十", 2022, date(2022, 2, 20)),
        ("腊月廿三", 2020, date(2020, 1, 17)),
        ("小年", 2020, date(2020, 1, 17)),
        ("南方小年", 2020, date(2020, 1, 18)),
        ("清明节", 2022, date(2022, 4, 5)),
        ("中秋节", 2021, date(2021, 9, 21)),
        ("国庆节", 2021, date(2021, 10, 1)),
        ("元旦", 2022, date(2022, 1, 1)),
        ("平安夜", 2021, date(2021, 12, 24)),
    ],
)
def test_a_feast_is_this_day(words: str, year: int, day: date) -> None:
    found = holidays.PATTERN.fullmatch(words)

    assert found is not None
    assert holidays.day(found, year) == day


def test_a_lunar_day_of_a_year_nobody_wrote_down_is_unknown() -> None:
    for words in ("除夕", "端午节"):
        found = holidays.PATTERN.fullmatch(words)
        assert found is not None
        assert holidays.day(found, 1999) is None


@pytest.mark.parametrize("words", ["春节期间", "春节前", "国庆节假期", "过春节", "小年轻"])
def test_seasons_and_celebrations_are_no_days(words: str) -> None:
    assert holidays.PATTERN.search(words) is None
