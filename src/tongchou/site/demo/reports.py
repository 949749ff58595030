"""The daily reports of the demo city: yesterday's signed and received, one missing, today's due.

Written in the background once the pages are served, by the acts of the desk itself, each at the
time it would have happened. The set hour is the hour the demo was built in, so that today's report
is always there to be signed.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.reports import actions
from tongchou.reports.models import Duty, Report, Request
from tongchou.staff.models import User

CITY = "990100"
#: Who reports to the city: two of them did, one has not, one has nobody who could.
EAST, WEST, RIVER, TECH = "990102", "990103", "990121", "990171"
WORDS = {
    EAST: (
        "本区疫情仍以码头街道及周边为主，新增病例多在隔离管控中发现，社会面风险总体下降；待转运人员"
        "积压是当前主要短板。",
        "请市转运专班今晚前增派负压车辆 2 台，支援码头街道夜间转运。",
    ),
    WEST: ("本区以散发为主，未见社区持续传播。重点盯防钟楼商场关联人员。", ""),
    CITY: (
        "全市新增病例绝大多数在管控中发现，传播链条基本清晰。临江县日报尚未报送，已电话催办。"
        "明日重点：清零未找到的接触者，补齐高新区社区值班力量。",
        "",
    ),
}


def missing() -> bool:
    """Whether it is still to be played."""
    return not Duty.objects.exists()


@transaction.atomic
def play(*, now: datetime) -> None:
    """Yesterday's reports on their way up, today's laid out, and two requests for numbers."""
    users = {user.username: user for user in User.objects.all()}
    hour = max(timezone.localtime(now).hour, 1)
    today = timezone.localdate(now)
    on = today - timedelta(days=1)
    _set_hours(hour, on, users, now)
    laid = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0)
    laid -= timedelta(days=1) - timedelta(minutes=2)
    actions.lay_out_due(now=laid)
    _yesterday(users, laid)
    actions.lay_out_due(now=now)
    _requests(users, now - timedelta(hours=5))


def _set_hours(hour: int, on: date, users: dict[str, User], now: datetime) -> None:
    for area in Area.objects.filter(pk__in=(CITY, EAST, WEST, RIVER, TECH)).order_by("path"):
        actions.set_duty(
            area=area, hour=hour, by=users["duty-city"], now=now - timedelta(days=2), from_on=on
        )


def _yesterday(users: dict[str, User], laid: datetime) -> None:
    """The counties' first, so that the city's own report sees which of them came."""
    east, west, city = users["duty-district"], users["duty-west"], users["duty-city"]
    reports = {r.area_id: r for r in Report.objects.select_related("passage", "area__parent")}
    for code, by, minutes in ((EAST, east, 35), (WEST, west, 50)):
        _sign(reports[code], by, laid + timedelta(minutes=minutes))
    actions.send_back(
        report=reports[WEST], reason="未写明钟楼商场关联人员人数，请补充",
        by=city, now=laid + timedelta(minutes=70),
    )  # fmt: skip
    _sign(reports[WEST], west, laid + timedelta(minutes=95))
    for code in (EAST, WEST):
        actions.receive(report=reports[code], by=city, now=laid + timedelta(minutes=110))
    actions.excuse(
        report=reports[TECH], reason="高新区值班员尚未明确，由市指挥部代管", by=city,
        now=laid + timedelta(minutes=115),
    )  # fmt: skip
    own = reports[CITY]
    actions.lay_anew(report=own, by=city, now=laid + timedelta(minutes=120))
    _sign(own, city, laid + timedelta(minutes=130))
    actions.receive(report=own, by=users["deputy"], now=laid + timedelta(minutes=160))


def _sign(report: Report, by: User, now: datetime) -> None:
    judgement, requests = WORDS[report.area_id]
    actions.edit(
        report=report, version=report.version, judgement=judgement, requests=requests, by=by,
        now=now,
    )  # fmt: skip
    actions.sign(report=report, version=report.version, by=by, now=now + timedelta(minutes=3))


def _requests(users: dict[str, User], now: datetime) -> None:
    """One answered by a link, one that asks for something nobody counts yet."""
    if Request.objects.exists():
        return
    city = Area.objects.get(pk=CITY)
    asked = actions.ask(
        area=city, title="疫情防控日统计表", asked_by="市卫生健康委",
        by=users["duty-city"], now=now,
        keys=["cases.new", "deaths.new", "quarantine.facility"], others=["密接人数"],
        frequency="daily", basis="电话通知", minutes=25,
        until=timezone.localdate(now) + timedelta(days=13),
    )  # fmt: skip
    actions.answer_by_link(
        request=asked, same={"密接人数": "contacts.open"}, by=users["duty-city"],
        now=now + timedelta(minutes=20),
    )  # fmt: skip
    actions.ask(
        area=city, title="学校晨午检日报表", asked_by="市教育局", by=users["duty-city"],
        now=now + timedelta(hours=2), keys=["cases.new"], others=["缺课学生数"],
        frequency="daily", basis="市教育局工作提示",
    )  # fmt: skip
