"""A report is laid out at its hour, once, for whoever owes one; one that does not come is a gap."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.reports.signing import ON, bureau, laid_out, owes, unit_of
from tongchou.ledger.models import Gap, Handoff
from tongchou.ledger.sweeping import sweep
from tongchou.reports import actions
from tongchou.reports.models import Duty, Report

pytestmark = pytest.mark.django_db


def test_nothing_is_laid_out_before_the_hour(city: Any) -> None:
    owes(city)
    actions.lay_out_due(now=city.at(hours=8, minutes=59))
    assert not Report.objects.exists()


def test_a_report_is_laid_out_at_its_hour_and_once(city: Any) -> None:
    owes(city)
    for minute in (0, 1, 2):
        actions.lay_out_due(now=city.at(hours=9, minutes=minute))
    report = Report.objects.get()
    assert (report.number, report.on) == ("R-990102-20220701", ON)
    assert report.at == city.at(hours=9)


def test_its_clock_runs_from_the_set_hour_and_not_from_the_worker(city: Any) -> None:
    report = laid_out(city)
    leg = report.passage.handoffs.get()
    assert leg.timed_from == city.at(hours=9)
    assert leg.unit == unit_of(city.duty_east)


def test_a_report_that_does_not_come_is_a_gap(city: Any) -> None:
    report = laid_out(city)
    sweep(now=city.at(hours=9 + 4, minutes=1))
    gap = Gap.objects.get(handoff__passage=report.passage)
    assert (gap.loop, gap.stage) == ("daily_report", "due")


def test_a_worker_that_was_down_lays_out_the_days_it_missed(city: Any) -> None:
    owes(city)
    actions.lay_out_due(now=city.at(days=2, hours=10))
    days = Report.objects.order_by("on").values_list("on", flat=True)
    assert list(days) == [ON, ON + timedelta(days=1), ON + timedelta(days=2)]


def test_the_end_of_a_day_is_an_hour_too(city: Any) -> None:
    owes(city, hour=24)
    actions.lay_out_due(now=city.at(hours=16, minutes=1))
    assert Report.objects.get().at == city.at(hours=16)


def test_a_department_owes_its_own_report(city: Any) -> None:
    unit = bureau(city)
    report = laid_out(city, city.city, unit=unit)
    leg = report.passage.handoffs.get()
    assert (leg.unit, leg.owner) == (unit, "department")
    keys = {fact["key"] for fact in report.facts["facts"]}
    assert {"tasks.open", "gaps.open", "legs.done"} <= keys
    assert "cases.total" not in keys


def test_a_changed_hour_owes_no_day_twice(city: Any) -> None:
    laid_out(city)
    owes(city, hour=20, from_on=ON, now=city.at(hours=10))
    actions.lay_out_due(now=city.at(hours=13))
    assert Report.objects.filter(on=ON).count() == 1
    assert Duty.objects.get(to_on=None).from_on == date(2022, 7, 2)


def test_an_area_that_was_merged_owes_its_last_day_and_none_after(city: Any) -> None:
    owes(city)
    city.east.ended_on, city.east.successor = ON, city.west
    city.east.save()
    actions.lay_out_due(now=city.at(days=2, hours=10))
    assert list(Report.objects.values_list("on", flat=True)) == [ON]


def test_a_day_after_the_end_of_its_area_is_excused_by_the_house(city: Any) -> None:
    owes(city)
    actions.lay_out_due(now=city.at(days=1, hours=10))
    city.east.ended_on, city.east.successor = ON, city.west
    city.east.save()
    actions.lay_out_due(now=city.at(days=1, hours=11))
    late = Report.objects.get(on=ON + timedelta(days=1))
    leg = Handoff.objects.get(passage=late.passage)
    assert (leg.outcome, leg.done_by.username) == ("excused", "system")
    assert "河西区" in leg.note
