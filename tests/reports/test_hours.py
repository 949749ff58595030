"""A changed hour: no day is owed twice, and no stretch of time is lost or counted twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.reports.signing import HOUR, ON, owes, signed
from tests.reports.test_facts import case
from tongchou.reports import actions, document, frozen, queries
from tongchou.reports.facts import catalogue, lay_out
from tongchou.reports.facts.base import State
from tongchou.reports.facts.below import lower
from tongchou.reports.models import Report
from tongchou.reports.models.daily import set_moment
from tongchou.reports.rows import behind, ground_of

pytestmark = pytest.mark.django_db


def spans() -> list[tuple[Any, Any]]:
    return [
        (frozen.unstamp(report.facts["since"]), report.at)
        for report in Report.objects.order_by("at")
    ]


def value(report: Report, key: str) -> Any:
    return next(fact["value"] for fact in report.facts["facts"] if fact["key"] == key)


def test_a_later_hour_loses_no_stretch(city: Any, person: Any) -> None:
    owes(city, hour=8)
    actions.lay_out_due(now=city.at(days=1, hours=1))
    owes(city, hour=20, from_on=None, now=city.at(days=1, hours=2))
    for n in range(4):
        case(city, person, n, reported_on=ON + timedelta(days=n))
    actions.lay_out_due(now=city.at(days=4))
    found = spans()
    assert [before[1] for before in found[:-1]] == [after[0] for after in found[1:]]
    long = Report.objects.get(on=ON + timedelta(days=2))
    assert long.at - frozen.unstamp(long.facts["since"]) == timedelta(hours=36)
    # Both days whose noon lies in these hours, each once.
    assert value(long, "cases.new") == 2
    assert "共36小时" in document.of(long.facts, "zh").chapters[1].paragraphs[0].text
    ground = ground_of(city.east, long.at, frozen.unstamp(long.facts["since"]))
    assert behind(catalogue.measure("cases.new"), ground).count() == 2


def test_an_earlier_hour_counts_no_stretch_twice(city: Any, person: Any) -> None:
    owes(city, hour=20)
    actions.lay_out_due(now=city.at(hours=13))
    owes(city, hour=8, from_on=None, now=city.at(hours=13, minutes=2))
    case(city, person, 1)
    case(city, person, 2, reported_on=ON + timedelta(days=1))
    actions.lay_out_due(now=city.at(days=3))
    found = spans()
    assert [before[1] for before in found[:-1]] == [after[0] for after in found[1:]]
    assert (found[1][1] - found[1][0]) == timedelta(hours=12)
    # The first was counted before its case was written down here; the second belongs to day two.
    counts = [value(report, "cases.new") for report in Report.objects.order_by("at")]
    assert counts[1:3] == [0, 1]


def test_counted_again_it_keeps_its_hours(city: Any) -> None:
    owes(city, hour=20)
    actions.lay_out_due(now=city.at(hours=13))
    owes(city, hour=8, from_on=None, now=city.at(hours=13, minutes=2))
    actions.lay_out_due(now=city.at(days=1, hours=1))
    report = Report.objects.select_related("passage", "area", "unit").get(on=ON + timedelta(days=1))
    before = report.facts["since"]
    actions.lay_anew(report=report, by=city.duty_east, now=city.at(days=1, hours=2))
    assert report.facts["since"] == before


def test_an_hour_that_did_not_change_is_not_spoken_of(city: Any) -> None:
    owes(city)
    actions.lay_out_due(now=city.at(days=1, hours=10))
    keys = {fact["key"] for report in Report.objects.all() for fact in report.facts["facts"]}
    assert "window.span" not in keys


def test_a_duty_ended_and_set_again_on_one_day_owes_it_once(city: Any) -> None:
    duty = owes(city)
    actions.end_duty(duty=duty, by=city.duty_city, now=city.at(hours=1))
    again = actions.set_duty(area=city.east, hour=18, by=city.duty_city, now=city.at(hours=2))
    actions.lay_out_due(now=city.at(days=1, hours=11))
    assert again.from_on == ON + timedelta(days=1)
    for on in (ON, ON + timedelta(days=1)):
        came = queries.came(city.east.path, on, now=city.at(days=1, hours=11))
        assert (came.owed, came.not_laid_out) == (1, 0)


# --- sums from below -----------------------------------------------------------------------------


def test_sums_from_below_follow_the_corrections(city: Any, person: Any) -> None:
    owes(city)
    actions.lay_out_due(now=city.at(hours=9, minutes=5))
    report = Report.objects.select_related("passage", "area__parent", "unit").get()
    sign = signed(city, report)
    for n, right in enumerate(("5", "7")):
        actions.correct(
            signed=sign, key="cases.new", right=right, why="漏报", by=city.duty_east,
            now=city.at(hours=11 + n),
        )  # fmt: skip
    assert lower(city.city, ON, city.at(hours=10.5))[0].numbers["cases.new"] == 0
    assert lower(city.city, ON, city.at(hours=11.5))[0].numbers["cases.new"] == 5
    assert lower(city.city, ON, city.at(hours=13))[0].numbers["cases.new"] == 7


def test_sums_of_other_hours_are_not_held_against_ones_own(city: Any, person: Any) -> None:
    owes(city, hour=HOUR)
    actions.lay_out_due(now=city.at(hours=9, minutes=5))
    signed(city, Report.objects.select_related("passage", "area__parent", "unit").get())
    case(city, person, 1)
    now = city.at(hours=13)
    own = lay_out([city.city], on=ON, at=set_moment(ON, 20), now=now)[city.city]
    fact = own.get("below.sums")
    assert fact.state == State.KNOWN and "other hours" in fact.said.en
    same = lay_out([city.city], on=ON, at=set_moment(ON, HOUR), now=now)[city.city]
    assert same.get("below.sums").state == State.STALE
