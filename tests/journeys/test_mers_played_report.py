"""MERS in Korea in 2015 played through the desks, and its report of one day signed and received."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.journeys.mers import Mers, line_list, pairs
from tests.little_city import LittleCity
from tongchou.areas.models import Area
from tongchou.reports import actions, queries
from tongchou.reports.models import Report
from tongchou.reports.models.daily import set_moment

pytestmark = pytest.mark.django_db
DAY = date(2015, 5, 31)  # far enough, and not dear to play
WHOLE = 24


def test_played_through_the_desks_the_report_is_signed_with_the_numbers_of_the_file(
    city: LittleCity, shared: Path
) -> None:
    """By the loops, in war tempo, up to the end of the day; then laid out, signed and received."""
    Area.objects.update(tempo="war")
    actions.set_duty(
        area=city.east, hour=WHOLE, by=city.duty_city, now=set_moment(DAY, 8), from_on=DAY
    )
    listed = line_list(shared)
    Mers(city, listed, pairs(shared)).play(until=set_moment(DAY, WHOLE))
    now = set_moment(DAY, WHOLE) + timedelta(minutes=1)
    actions.lay_out_due(now=now)
    report = Report.objects.select_related("passage", "area").get()
    facts = {fact["key"]: fact["value"] for fact in report.facts["facts"]}
    assert facts["cases.new"] == sum(row.reported == DAY for row in listed.values())
    assert facts["cases.total"] == sum(row.reported <= DAY for row in listed.values())
    died = [row for row in listed.values() if row.died and max(row.died, row.reported) <= DAY]
    assert facts["deaths.total"] == len(died)
    # Nobody is lost between the numbers: in hospital, ended, or on the way there.
    ended = facts["deaths.total"] + facts["recovered.total"]
    assert facts["cases.total"] == facts["care.in"] + facts["care.unknown"] + ended
    actions.edit(
        report=report, version=1, judgement="疫情处于上升期。", requests="", by=city.duty_east,
        now=now,
    )  # fmt: skip
    sign = actions.sign(report=report, version=2, by=city.duty_east, now=now)
    actions.receive(report=report, by=city.duty_city, now=now + timedelta(hours=1))
    assert queries.is_whole(sign)
