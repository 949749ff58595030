"""The daily report of MERS in Korea in 2015, checked number by number against the line list.

The list is read in as a city would read it, and counted here a second time with `csv` and nothing
else. It has no day of admission or discharge: the report must say so, and not write zero.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.mers import KOREA
from tests.little_city import LittleCity, build
from tongchou.intake import actions as intake
from tongchou.intake.fields import Kind
from tongchou.intake.profiles import load
from tongchou.reports import formats, frozen, rows
from tongchou.reports.facts import Facts, catalogue, lay_out
from tongchou.reports.facts.base import Ground
from tongchou.reports.models.daily import set_moment

pytestmark = pytest.mark.django_db
DAY = date(2015, 6, 10)
WHOLE = 24


@dataclass
class Korea:
    """The city that read the list, and the list itself."""

    little: LittleCity
    rows: list[dict[str, str]]

    def by(self, column: str) -> Counter[str]:
        return Counter(row[column] for row in self.rows if row[column])

    def until(self, column: str, day: date) -> int:
        return sum(n for on, n in self.by(column).items() if on <= day.isoformat())

    def facts(self, day: date, hour: int = WHOLE) -> Facts:
        now = datetime.now(KOREA)
        found = lay_out([self.little.city], on=day, at=set_moment(day, hour), now=now)
        return found[self.little.city]


@pytest.fixture(scope="module")
def korea(module_db: None, shared: Path) -> Iterator[Korea]:
    little, path = build(), shared / "data/linelists/mers_korea_2015.linelist.csv"
    now = datetime.now(KOREA)
    with path.open("rb") as file:
        of = intake.receive(
            file=file, name=path.name, profile=load("mers-korea"), kind=Kind.CASE,
            area=little.city, by=little.steward, now=now,
        )  # fmt: skip
    assert intake.run(of=of, now=now).reconciled == "162 read = 162 stored + 0 refused"
    with path.open(encoding="utf-8") as text:
        yield Korea(little, list(csv.DictReader(text)))


def value(facts: Facts, key: str) -> Any:
    fact = facts.get(key)
    assert fact is not None, key
    return fact.value


def test_the_tenth_of_june_is_in_the_report_as_it_is_in_the_file(korea: Korea) -> None:
    facts, day = korea.facts(DAY), DAY.isoformat()
    assert value(facts, "cases.new") == korea.by("dt_report")[day] == 14
    assert value(facts, "cases.confirmed") == korea.by("dt_diag")[day]
    assert value(facts, "cases.total") == korea.until("dt_report", DAY) == 122
    assert value(facts, "deaths.new") == korea.by("dt_death")[day]
    assert value(facts, "deaths.total") == korea.until("dt_death", DAY)


def test_it_says_how_much_more_than_the_day_before(korea: Korea) -> None:
    total = korea.facts(DAY).get("cases.total")
    assert total is not None and total.before is not None
    assert total.value - total.before == korea.by("dt_report")[DAY.isoformat()]


def test_what_the_file_does_not_have_is_unknown_and_not_zero(korea: Korea) -> None:
    facts = korea.facts(DAY)
    assert not any(row.get("dt_admission") or row.get("dt_discharge") for row in korea.rows)
    alive = korea.until("dt_report", DAY) - korea.until("dt_death", DAY)
    assert value(facts, "care.unknown") == alive
    care = facts.get("care.in")
    assert care is not None and care.value is None and care.state == "unknown"
    assert "not recorded" in care.said.en and "未记录" in care.said.zh


@pytest.mark.parametrize("hour", [8, 17, WHOLE])
def test_over_the_whole_outbreak_every_day_is_counted_once(korea: Korea, hour: int) -> None:
    reported, died = korea.by("dt_report"), korea.by("dt_death")
    measures = {key: catalogue.measure(key) for key in ("cases.new", "deaths.new", "cases.total")}
    path, seen = korea.little.city.path, Counter[str]()
    day = date(2015, 5, 19)
    while day <= date(2015, 7, 31):
        ground = Ground(set_moment(day, hour), (korea.little.city,))
        counted = {key: sum(m.count(ground)[path].values()) for key, m in measures.items() if m}
        assert counted["cases.new"] == reported[ground.day.isoformat()]
        assert counted["deaths.new"] == died[ground.day.isoformat()]
        assert counted["cases.total"] == korea.until("dt_report", ground.day)
        seen.update(counted)
        day += timedelta(days=1)
    assert seen["cases.new"] == 162 and seen["deaths.new"] == sum(died.values())


def test_each_number_leads_to_exactly_the_rows_of_the_file(korea: Korea) -> None:
    measure = catalogue.measure("cases.new")
    assert measure is not None
    found = rows.behind(measure, rows.ground_of(korea.little.city, set_moment(DAY, WHOLE)))
    wanted = {row["id"] for row in korea.rows if row["dt_report"] == DAY.isoformat()}
    assert {row.number.removeprefix("MERS-") for row in found} == wanted


def test_the_same_numbers_stand_in_the_files_that_are_handed_up(korea: Korea) -> None:
    import docx
    import pypdf

    content = frozen.plain(korea.facts(DAY))
    word = docx.Document(io.BytesIO(formats.of_content("docx", content, "zh")))
    text = "".join(each.text for each in word.paragraphs)
    pages = pypdf.PdfReader(io.BytesIO(formats.of_content("pdf", content, "zh"))).pages
    drawn = "".join("".join(page.extract_text().split()) for page in pages)
    for said in ("累计报告122例", "新增报告14例"):
        assert said in text and said in drawn
    told = json.loads(formats.of_content("json", content, "zh"))["content"]["facts"]
    assert {fact["key"]: fact["value"] for fact in told}["cases.total"] == 122
