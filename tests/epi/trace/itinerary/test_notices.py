"""Daily notices: counts per measure and city, the converted counted once, no day made up."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from tongchou.epi.trace.itinerary import notices

HEAD = "发布日期：2022-03-14 09:12\n3月13日0-24时，江苏"


def read(words: str) -> notices.Notice:
    return notices.read(HEAD + words)


def by_city(notice: notices.Notice) -> dict[tuple[str, str], int]:
    return {(city[:2], measure[6:]): count.n for (city, measure), count in notice.cities.items()}


def test_cities_share_the_number() -> None:
    notice = read("新增本土确诊病例9例（南京市报告4例，苏州市报告5例，均在定点医院治疗）。")

    assert notice.n("local_confirmed") == 9
    assert by_city(notice) == {("南京", "confirmed"): 4, ("苏州", "confirmed"): 5}


@pytest.mark.parametrize(
    "told",
    ["南京市", "南京报告", "均为南京市报告，在南京市定点医院隔离治疗", "南京市江宁区报告3例"],
)
def test_a_lone_city_has_all_of_them(told: str) -> None:
    assert by_city(read(f"新增本土无症状感染者3例（{told}）。")) == {("南京", "asymptomatic"): 3}


def test_cities_may_drop_their_suffix_and_share_one_number() -> None:
    notice = read("新增本土确诊病例8例（连云港4例，南京、苏州各2例）。")

    assert by_city(notice) == {
        ("连云", "confirmed"): 4,
        ("南京", "confirmed"): 2,
        ("苏州", "confirmed"): 2,
    }


def test_cities_may_stand_behind_the_number_without_brackets() -> None:
    notice = read("新增本土无症状感染者20例，其中苏州市报告12例，徐州市报告8例，均在定点医院隔离。")

    assert by_city(notice) == {("苏州", "asymptomatic"): 12, ("徐州", "asymptomatic"): 8}


def test_who_turned_from_asymptomatic_is_counted_once() -> None:
    notice = read(
        "新增本土确诊病例12例（苏州市报告10例，其中1例由无症状感染者转为确诊病例；"
        "无锡市报告2例由无症状感染者转为确诊病例），新增本土无症状感染者2例（苏州市报告）。"
    )

    assert notice.converted == {"local_confirmed": 3}
    assert notice.cities_converted == {
        ("苏州市", "local_confirmed"): 1,
        ("无锡市", "local_confirmed"): 2,
    }
    assert notice.new_infections() == 11


def test_the_converted_are_of_the_city_named_before_them() -> None:
    notice = read(
        "新增本土确诊病例7例（徐州5例，其中2例为无症状感染者转确诊，苏州2例），"
        "新增本土无症状感染者1例（南京）。"
    )

    assert notice.cities_converted == {("徐州市", "local_confirmed"): 2}
    assert by_city(notice)["苏州", "confirmed"] == 2


def test_none_new_is_zero_and_said() -> None:
    notice = read("无新增本土确诊病例和无症状感染者。新增境外输入确诊病例1例（日本输入）。")

    count = notice.counts["local_asymptomatic"]
    assert (count.n, count.said) == (0, True)
    assert (notice.n("imported_confirmed"), notice.counts["imported_asymptomatic"].said) == (
        1,
        False,
    )


def test_the_other_order_of_words_is_read_too() -> None:
    notice = read(
        "新增确诊病例5例，其中本土3例（徐州市），境外输入2例；新增2例境外输入无症状感染者。"
    )

    assert [notice.n(m) for m in notices.MEASURES] == [3, 0, 2, 2]
    assert by_city(notice) == {("徐州", "confirmed"): 3}


def test_cities_that_do_not_add_up_are_in_doubt() -> None:
    notice = read("新增本土确诊病例9例（南京市报告4例，苏州市报告4例）。")

    assert [d.reason for d in notice.doubts] == ["the cities add up to 8"]


def test_the_last_days_of_december_are_of_the_year_before() -> None:
    notice = notices.read("12月31日0时至24时，江苏无新增确诊病例。", on=date(2022, 1, 1))

    assert notice.on == date(2021, 12, 31)


def test_a_text_without_a_day_is_refused() -> None:
    with pytest.raises(notices.NotANotice):
        notices.read("新增本土确诊病例9例。", on=date(2022, 1, 1))


def test_a_missing_day_is_missing_not_zero() -> None:
    told = [
        notices.read(f"3月{day}日0-24时，江苏无新增确诊病例。", on=date(2022, 3, 20))
        for day in (11, 13)
    ]

    days = notices.series(told)
    assert list(days) == [date(2022, 3, d) for d in (11, 12, 13)]
    assert days[date(2022, 3, 12)] is None


def test_a_rise_that_no_notice_tells_of_is_shown_behind_the_gap() -> None:
    told = [
        notices.read(
            f"3月{day}日0-24时，江苏新增本土确诊病例{new}例。累计报告确诊病例{total}例。",
            on=date(2022, 4, 1),
        )
        for day, new, total in ((29, 2, 2011), (30, 1, 2012))
    ]
    later = notices.read(
        "4月2日0-24时，江苏新增本土确诊病例5例。累计报告确诊病例2037例。", on=date(2022, 4, 3)
    )

    assert notices.unexplained(notices.series([*told, later])) == {date(2022, 4, 2): 20}


def test_every_notice_of_a_province_says_what_was_counted(shared: Path) -> None:
    folder = shared / "data" / "jiangsu_notices_2022"
    cities: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for row in _rows(folder / "answers_city_daily_long.csv"):
        cities[row["file"]][row["city"], row["measure"]] = int(row["n"])
    wrong = []
    answers = {row["file"]: row for row in _rows(folder / "answers_province_daily.csv")}
    files = sorted((folder / "notices").glob("*.txt"))
    read_all = [notices.read(file.read_text(encoding="utf-8")) for file in files]
    for file, notice in zip(files, read_all, strict=True):
        row = answers[file.name]
        days = {"date": str(notice.on), "published": str(notice.published), "file": row["file"]}
        for column, told in row.items():
            found = days.get(column) or str(notice.n(column))
            if told and found != told.removesuffix(".0"):
                wrong.append((row["file"], column, told, found))
        found_cities = {key: count.n for key, count in notice.cities.items()}
        if found_cities != cities[row["file"]]:
            wrong.append((row["file"], "cities", str(cities[row["file"]]), str(found_cities)))

    assert files
    assert wrong == []
    days = notices.series(read_all)
    after_a_gap = {day for day in days if days.get(day - timedelta(days=1)) is None}
    assert notices.unexplained(days).keys() <= after_a_gap


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
