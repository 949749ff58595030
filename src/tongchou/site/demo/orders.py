"""What the demo city has decided and ordered, and who is on duty in it.

One order strands those whom another sends to work; it was flagged, mended and issued. A second
draft still waits, flagged, for somebody to see why. A week's roster runs, and the shift before this
one has not been handed over.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area, Level
from tongchou.orders.actions import decisions, drafts, duty, handing, issuing, meetings
from tongchou.orders.actions.decisions import Offered, Verdict
from tongchou.orders.actions.duty import Team
from tongchou.orders.models import Decision, Order, Roster, Shift
from tongchou.planning.models import State, Study
from tongchou.staff.models import Unit, User

log = logging.getLogger("tongchou.worker")
CITY, EAST, STREET = "990100", "990102", "990102001"


def missing() -> bool:
    """Whether it is still to be played."""
    return not Order.objects.exists()


@transaction.atomic
def play(*, now: datetime) -> None:
    """A meeting, decisions, orders and a roster, by the people of the demo city."""
    now = now.replace(microsecond=0)
    who = {user.username: user for user in User.objects.all()}
    decided = _decide(who, now)
    _order(who, decided, now)
    _roster(who, now)


def _unit(user: User) -> Unit:
    found: Unit = user.posts.select_related("unit__area").order_by("level", "id")[0].unit
    return found


def _decide(who: dict[str, User], now: datetime) -> Decision:
    """Yesterday's meeting, a decision that holds, one whose end is near, and an open question."""
    unit, mayor, by = _unit(who["duty-city"]), who["commander"], who["duty-city"]
    yesterday = now - timedelta(hours=22)
    held = meetings.call(
        title="同舟市疫情防控会商会（第六次）",
        unit=unit,
        held_at=yesterday,
        place="指挥部三楼会议室",
        chair=mayor,
        by=by,
        now=yesterday - timedelta(hours=3),
        agenda=["疾控中心通报疫情", "研究码头街道管控范围", "研究保供人员到岗"],
        units=[_unit(who[name]) for name in ("cdc", "commerce", "education", "police")],
    )
    there = {
        row.pk: (row.unit_id != _unit(who["police"]).pk, None, "") for row in held.attendance.all()
    }
    at = yesterday + timedelta(hours=2)
    words = "一、码头街道按最小单元管控。\n二、保供人员闭环到岗，商务局、交通部门点对点接送。"
    meetings.minute(meeting=held, minutes=words, there=there, by=by, now=at)
    meetings.sign(meeting=held, by=mayor, now=at)
    study = Study.objects.filter(state=State.DONE, kind="simulate").first()
    asked = decisions.put_forward(
        question="码头街道管控到楼栋还是到整个街道",
        unit=unit,
        meeting=held,
        by=by,
        now=yesterday,
        background="两日内报告的病例集中在三个小区，其余小区两轮筛查均为阴性。",
        options=[
            Offered(
                "管控到楼栋和小区，其余正常", "三个小区误工，居民承担；配送由市财政承担", study
            ),
            Offered("整个街道封控七天", "全街道停工停业，企业与居民承担"),
        ],
    )
    verdict = Verdict(
        decided="管控到楼栋和小区，其余区域正常生产生活，每日研判。",
        reason="传播限于三个小区；封控整个街道的代价由九成未受影响的居民承担。",
        until=now + timedelta(hours=30),
        trigger="三个小区以外出现社区病例，或连续三天无新增。",
        decided_by=mayor,
        chosen=1,
    )
    decided = decisions.decide(decision=asked, verdict=verdict, by=by, now=at)
    decisions.set_task(
        decision=decided,
        goal="管控小区居民生活物资当日送达",
        measure="当日订单送达率不低于95%",
        due_at=now + timedelta(days=1),
        unit=_unit(who["commerce"]),
        by=by,
        now=now,
    )
    school = decisions.put_forward(
        question="河东区中小学是否恢复线下教学",
        unit=unit,
        by=who["education"],
        now=now,
        options=[Offered("明日恢复"), Offered("分年级恢复"), Offered("继续线上一周")],
    )
    log.debug("demo: %s is open", school)
    return decided


def _order(who: dict[str, User], decided: Decision, now: datetime) -> None:
    street, city = Area.objects.get(pk=STREET), Area.objects.get(pk=CITY)
    block = Area.objects.filter(parent=street, level=Level.COMMUNITY).order_by("path").first()
    assert block is not None
    supply = _draft(
        who["commerce"], "关于保供人员到岗的通知", f"同商发〔{now.year}〕8号", decided, who, now
    )
    _measure(
        supply,
        who["commerce"],
        now,
        "at_work",
        ["workers_supply"],
        city,
        words="粮油、蔬菜、药品批发零售从业人员须到岗。",
        cost="加班工资",
        bearer="enterprises",
    )
    _issue(supply, who, now)
    # Flagged when it was checked: supply workers of the block must be at work. Mended, then issued.
    shut = _draft(
        who["duty-district"],
        "关于码头街道部分小区管控的通告",
        f"河东疫指〔{now.year}〕15号",
        decided,
        who,
        now,
    )
    measure = _measure(
        shut,
        who["duty-district"],
        now,
        "stay_home",
        ["residents"],
        block,
        words="足不出户，上门服务。",
        cost="居民误工三天",
        bearer="households",
    )
    issuing.check(order=shut, version=shut.version, by=who["deputy"], now=now)
    drafts.change_measure(
        measure=measure, spares=["workers_supply", "patients"], by=who["duty-district"], now=now
    )
    _measure(
        shut, who["duty-district"], now, "delivery", ["residents"], block, words="每日两次配送。"
    )
    shut.refresh_from_db()
    _issue(shut, who, now)
    # Still flagged: it asks for a test while the testing points of the same place are closed.
    draft = _draft(who["education"], "关于校园门口核酸查验的通知（征求意见）", "", None, who, now)
    _measure(
        draft,
        who["education"],
        now,
        "test",
        ["pupils"],
        street,
        amount=24,
        risk="medium",
        words="凭24小时核酸证明入校。",
        cost="每日一次核酸",
        bearer="city",
    )
    _measure(
        draft,
        who["education"],
        now,
        "testing_off",
        ["everybody"],
        street,
        risk="medium",
        words="校园周边采样点撤除。",
        cost="就近采样不便",
        bearer="households",
    )


def _draft(
    by: User, title: str, reference: str, decided: Any, who: dict[str, User], now: datetime
) -> Order:
    receivers = [_unit(who[name]) for name in ("duty-district", "duty-street", "cdc")]
    return drafts.draft(
        kind="notice" if "通告" in title else "order",
        title=title,
        reference=reference,
        unit=_unit(by),
        by=by,
        now=now,
        decision=decided,
        units=receivers,
        text="为统筹疫情防控和群众生活，现就有关事项通知如下。",
        appeal="市指挥部群众工作组 0990-86000",
    )


def _measure(
    order: Order, by: User, now: datetime, kind: str, groups: list[str], area: Area, **facts: Any
) -> Any:
    bound = {"risk": "high", "clause": "《市疫情防控应急预案》第十二条"}
    usual = {"from_at": now, "until": now + timedelta(days=3)}
    return drafts.add_measure(
        order=order, by=by, now=now, kind=kind, groups=groups, area=area, **(bound | usual | facts)
    )


def _issue(order: Order, who: dict[str, User], now: datetime) -> None:
    issuing.check(order=order, version=order.version, by=who["deputy"], now=now)
    issuing.issue(order=order, version=order.version, by=who["commander"], now=now)
    receipt = order.receipts.exclude(unit=_unit(who["duty-street"])).order_by("id").first()
    if receipt is not None:
        issuing.acknowledge(receipt=receipt, by=who["duty-district"], now=now)


def _roster(who: dict[str, User], now: datetime) -> None:
    """The headquarters by day and night for a week; the shift before this one still waits."""
    unit = _unit(who["duty-city"])
    local = timezone.localtime(now)
    start = local - timedelta(days=1)  # as it was written then
    roster = duty.open_roster(
        unit=unit,
        hours=["08:00", "20:00"],
        from_on=start.date(),
        by=who["duty-city"],
        now=now - timedelta(days=2),
    )
    teams = [
        Team(who["commander"], (who["duty-city"],)),
        Team(who["deputy"], (who["duty-city"],)),
    ]
    duty.fill(
        roster=roster,
        first=start.date(),
        last=start.date() + timedelta(days=6),
        teams=teams,
        by=who["duty-city"],
        now=now - timedelta(days=2),
    )
    _work(roster, now)
    east = _unit(who["duty-district"])
    duty.open_roster(
        unit=east, hours=["08:00"], from_on=local.date(), by=who["duty-district"], now=now
    )


def _work(roster: Roster, now: datetime) -> None:
    """Each shift begins in its hour; all but the newest that is over were handed over in theirs."""
    begun = list(Shift.objects.filter(roster=roster, starts_at__lte=now).order_by("starts_at"))
    for shift in begun:
        duty.begin_due(now=shift.starts_at)
    over = list(Shift.objects.filter(roster=roster, ends_at__lte=now).order_by("starts_at"))
    for shift in over[:-1]:
        later = shift.roster.shifts.filter(starts_at__gt=shift.starts_at).order_by("starts_at")[0]
        if later.leader is not None:
            handing.take_over(
                shift=shift, by=later.leader, now=shift.ends_at + timedelta(minutes=10)
            )
    for shift in over[-1:]:
        if shift.leader is not None:
            notes = "1. 码头街道两个小区晚间配送待核实。\n2. 省专班上午十点视频调度。"
            handing.write_notes(shift=shift, notes=notes, by=shift.leader, now=now)
