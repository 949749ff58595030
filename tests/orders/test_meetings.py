"""Meetings: called, held, minuted; what was signed is only added to."""

import pytest
from django.db import DatabaseError, transaction

from tests.orders.conftest import unit_of
from tongchou.orders.actions import meetings
from tongchou.orders.actions.common import digest
from tongchou.orders.errors import NotNow, OrdersError
from tongchou.orders.models import Attendance, Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(city):
    return meetings.call(
        title="第三次会商", unit=unit_of(city.duty_city), held_at=city.at(hours=1),
        place="指挥部会议室", chair=city.mayor, by=city.duty_city, now=city.at(),
        agenda=["通报疫情", "", "研究筛查范围"], units=[unit_of(city.qian), unit_of(city.peng)],
    )  # fmt: skip


def minuted(city, meeting, **facts):
    rows = {row.unit.name: row for row in meeting.attendance.all()}
    there = {
        rows["市疾控中心"].pk: (True, city.qian, ""),
        rows["市公安局"].pk: (False, None, "请假"),
    }
    return meetings.minute(
        meeting=meeting, minutes="一、同意。", there=there, by=city.gao,
        now=facts.pop("now", city.at(hours=2)),
    )  # fmt: skip


def test_a_meeting_has_its_agenda_in_order(meeting):
    assert [item.words for item in meeting.agenda.all()] == ["通报疫情", "研究筛查范围"]
    assert meeting.number == "M-990100-0001"


def test_minutes_say_who_was_there_and_who_was_not(city, meeting):
    minuted(city, meeting)
    there = dict(meeting.attendance.values_list("unit__name", "was_there"))
    assert there == {"市疾控中心": True, "市公安局": False}


def test_no_minutes_are_written_before_it_was_held(city, meeting):
    with pytest.raises(OrdersError):
        minuted(city, meeting, now=city.at(minutes=30))


def test_minutes_that_nobody_wrote_are_not_signed(city, meeting):
    with pytest.raises(OrdersError):
        meetings.sign(meeting=meeting, by=city.mayor, now=city.at(hours=2))


def test_signed_minutes_stand_and_are_only_added_to(city, meeting):
    minuted(city, meeting)
    meetings.sign(meeting=meeting, by=city.mayor, now=city.at(hours=3))
    with pytest.raises(NotNow):
        minuted(city, meeting, now=city.at(hours=4))
    meetings.add(meeting=meeting, words="补：范围含河西", by=city.gao, now=city.at(hours=5))
    assert meeting.additions.get().words == "补：范围含河西"


def test_the_database_itself_refuses_to_change_signed_minutes(city, meeting):
    minuted(city, meeting)
    meetings.sign(meeting=meeting, by=city.mayor, now=city.at(hours=3))
    for rows, facts in ((Meeting.objects, {"minutes": "x"}), (Attendance.objects, {"note": "x"})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**facts)


def test_what_was_signed_is_what_is_read_back(city, meeting):
    minuted(city, meeting)
    meetings.sign(meeting=meeting, by=city.mayor, now=city.at(hours=3))
    again = Meeting.objects.get(pk=meeting.pk)
    assert again.digest == digest(meetings.text_of(again))


def test_minutes_are_signed_once(city, meeting):
    minuted(city, meeting)
    old = Meeting.objects.get(pk=meeting.pk)
    meetings.sign(meeting=meeting, by=city.mayor, now=city.at(hours=3))
    with pytest.raises(NotNow):
        meetings.sign(meeting=old, by=city.gao, now=city.at(hours=3))


def test_a_post_that_does_not_decide_does_not_sign(city, meeting):
    minuted(city, meeting)
    with pytest.raises(OrdersError):
        meetings.sign(meeting=meeting, by=city.lin, now=city.at(hours=3))
