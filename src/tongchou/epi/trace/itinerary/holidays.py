"""Days that people name instead of numbering: feasts and days of the lunar calendar."""

import re
from datetime import date, timedelta

from tongchou.epi.trace.itinerary.writing import number

#: First day of the first lunar month; lunar months of 29 or 30 days cannot be computed simply.
NEW_YEAR = {
    2019: date(2019, 2, 5),
    2020: date(2020, 1, 25),
    2021: date(2021, 2, 12),
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
}
#: First day of the twelfth month (腊月) before that New Year.
_LAST_MONTH = {
    2019: date(2019, 1, 6),
    2020: date(2019, 12, 26),
    2021: date(2021, 1, 13),
    2022: date(2022, 1, 3),
    2023: date(2022, 12, 23),
    2024: date(2024, 1, 11),
}
#: Other lunar feasts, by year: 清明, 端午, 中秋, 重阳.
_FEASTS = {
    "清明节": {2019: (4, 5), 2020: (4, 4), 2021: (4, 4), 2022: (4, 5), 2023: (4, 5), 2024: (4, 4)},
    "端午节": {
        2019: (6, 7), 2020: (6, 25), 2021: (6, 14), 2022: (6, 3), 2023: (6, 22), 2024: (6, 10)
    },
    "中秋节": {
        2019: (9, 13), 2020: (10, 1), 2021: (9, 21), 2022: (9, 10), 2023: (9, 29), 2024: (9, 17)
    },
    "重阳节": {
        2019: (10, 7), 2020: (10, 25), 2021: (10, 14), 2022: (10, 4), 2023: (10, 23),
        2024: (10, 11),
    },
}  # fmt: skip
_FIXED = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "劳动节": (5, 1),
    "儿童节": (6, 1),
    "国庆节": (10, 1),
    "平安夜": (12, 24),
    "圣诞节": (12, 25),
}
_ONES = "[一二三四五六七八九]"
_COUNT = rf"(?:初(?:{_ONES}|十)|十{_ONES}|二十{_ONES}?|廿{_ONES}?|三十)"
PATTERN = re.compile(
    rf"(?<![过度])(?:(?:农历|阴历)?(?P<lunar>大年|正月|腊月)(?P<count>{_COUNT})"
    rf"|(?P<bare>初(?:{_ONES}|十))(?![中学年班级步筛诊检]|[一二三四五六七八九十])"
    r"|(?P<eve>大年夜|除夕夜?|年三十)|(?P<spring>春节(?!期间|假期|前|后|以来|联欢))"
    r"|(?P<lantern>元宵节|正月十五)|(?P<minor>(?:北方|南方)?小年夜?(?!轻))"
    r"|(?P<feast>清明节|端午节|中秋节|重阳节)"
    r"|(?P<fixed>元旦|情人节|劳动节|儿童节|国庆节|平安夜|圣诞节)(?!期间|假期|前|后|以来))"
)


def day(found: re.Match[str], year: int) -> date | None:
    """The day that a match of `PATTERN` means around the New Year of `year`; None if unknown.

    除夕 and 腊月 belong to the New Year that follows them.

    Examples
    --------
    >>> day(PATTERN.search("除夕"), 2022), day(PATTERN.search("正月初三"), 2020)
    (datetime.date(2022, 1, 31), datetime.date(2020, 1, 27))
    """
    first, last = NEW_YEAR.get(year), _LAST_MONTH.get(year)
    if found["fixed"]:
        return date(year, *_FIXED[found["fixed"]])
    if found["feast"]:
        place = _FEASTS[found["feast"]].get(year)
        return date(year, *place) if place else None
    if first is None or last is None:
        return None
    if found["eve"]:
        return first - timedelta(days=1)
    if found["spring"]:
        return first
    if found["lantern"]:
        return first + timedelta(days=14)
    if found["minor"]:
        return last + timedelta(days=23 if found["minor"].startswith("南方") else 22)
    if found["bare"]:  # a day of the first month, if the story is there
        return first + timedelta(days=(number(found["bare"]) or 1) - 1)
    n = number(found["count"])
    if n is None:
        return None
    if found["lunar"] == "大年" and n == 30:
        return first - timedelta(days=1)
    return (last if found["lunar"] == "腊月" else first) + timedelta(days=n - 1)
