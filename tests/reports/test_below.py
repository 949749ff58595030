"""What the level above sees of the reports below it: which came, which are late, and their sums."""

from typing import Any

import pytest

from tests.reports.signing import HOUR, ON, bureau, owes, signed
from tests.reports.test_facts import case
from tongchou.reports import actions, document
from tongchou.reports.facts import Facts, lay_out
from tongchou.reports.facts.base import State
from tongchou.reports.facts.below import lower
from tongchou.reports.models import Report
from tongchou.reports.models.daily import set_moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports(city: Any, person: Any) -> dict[str, Report]:
    """Two districts and a department owe theirs; one case in the east."""
    case(city, person, 1)
    for area in (city.east, city.west):
        owes(city, area)
    owes(city, city.city, unit=bureau(city))
    actions.lay_out_due(now=city.at(hours=9, minutes=5))
    found = Report.objects.select_related("passage", "area__parent", "unit")
    return {report.of: report for report in found}


def of_the_city(city: Any, hours: float) -> Facts:
    now = city.at(hours=hours)
    return lay_out([city.city], on=ON, at=set_moment(ON, HOUR), now=now)[city.city]


def test_it_says_which_came_and_which_did_not(city: Any, reports: Any) -> None:
    signed(city, reports["河东区"])
    states = {row.of: row.state for row in lower(city.city, ON, city.at(hours=11))}
    assert states == {"河东区": "signed", "河西区": "due", "市教育局": "due"}


def test_one_that_is_past_its_deadline_is_named(city: Any, reports: Any) -> None:
    signed(city, reports["河东区"])
    fact = of_the_city(city, 14).get("below.came")
    assert fact.value == 1 and fact.more["owed"] == 3
    assert fact.said.en == (
        "1 of 3 daily reports from below have been signed. Late or missing: 市教育局, 河西区."
    )
    assert " " not in fact.said.zh  # Chinese puts none between sentences


def test_its_numbers_are_those_that_were_signed(city: Any, person: Any, reports: Any) -> None:
    signed(city, reports["河东区"])
    case(city, person, 2)  # afterwards
    row = next(row for row in lower(city.city, ON, city.at(hours=11)) if row.of == "河东区")
    assert row.numbers["cases.new"] == 1


def test_sums_that_differ_from_ones_own_count_stand_side_by_side(
    city: Any, person: Any, reports: Any
) -> None:
    signed(city, reports["河东区"])
    assert of_the_city(city, 11).get("below.sums").state == State.KNOWN
    case(city, person, 2)
    fact = of_the_city(city, 11).get("below.sums")
    assert (fact.value, fact.state) == (1, State.STALE)
    assert "counted here: 2" in fact.said.en


def test_a_returned_report_has_not_come(city: Any, reports: Any) -> None:
    report = reports["河东区"]
    signed(city, report)
    actions.send_back(report=report, reason="缺来源", by=city.duty_city, now=city.at(hours=11))
    row = next(row for row in lower(city.city, ON, city.at(hours=11.5)) if row.of == "河东区")
    assert (row.state, row.numbers) == ("due", {})


def test_the_city_puts_them_side_by_side_in_its_own_report(city: Any, reports: Any) -> None:
    signed(city, reports["河东区"])
    owes(city, city.city, hour=20)
    actions.lay_out_due(now=city.at(hours=12, minutes=1))
    own = Report.objects.get(area=city.city, unit=None)
    drawn = document.of(own.facts, "zh")
    table = next(each.table for each in drawn.chapters if each.table)
    assert table[0][:3] == ("报送单位", "报告", "新增病例")
    assert ("河东区", "已签发、待签收", "1") in {row[:3] for row in table[1:]}


def test_a_report_of_the_same_hour_is_not_due_yet(city: Any) -> None:
    owes(city, city.east)
    rows = lower(city.city, ON, set_moment(ON, HOUR))
    assert [(row.of, row.state) for row in rows] == [("河东区", "due")]


def test_a_report_nobody_laid_out_is_missing(city: Any) -> None:
    owes(city, city.east)
    rows = lower(city.city, ON, city.at(hours=11))
    assert [(row.of, row.state) for row in rows] == [("河东区", "missing")]
