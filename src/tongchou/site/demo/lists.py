"""Both lists of the demo city in motion: a common problem, tasks passed down, late and returned.

Written in the background once the pages are served, by the acts of the desk itself, each at the
time it would have happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.ledger.models import Gap
from tongchou.lists.actions import common, problems, rules, steering, tasks
from tongchou.lists.actions.delegating import Part, delegate, members_to_solve
from tongchou.lists.models import Problem, Task
from tongchou.staff.models import Unit, User

EAST, WEST, RIVER = "990102", "990103", "990121"


def missing() -> bool:
    """Whether it is still to be played."""
    return not Problem.objects.exists()


@dataclass
class Stage:
    """Who is there to play, and the clock."""

    now: datetime
    users: dict[str, User]
    areas: dict[str, Area]
    units: dict[str, Unit]

    def ago(self, *, days: float = 0, hours: float = 0) -> datetime:
        return (self.now - timedelta(days=days, hours=hours)).replace(microsecond=0)

    def ahead(self, *, days: float) -> datetime:
        """A day to come, at the end of office hours."""
        day = timezone.localtime(self.now + timedelta(days=days))
        return day.replace(hour=18, minute=0, second=0, microsecond=0)


@transaction.atomic
def play(*, now: datetime) -> None:
    """Raise, set, pass down, report, return and accept, as five days of an outbreak would."""
    on = Stage(
        now=now,
        users={user.username: user for user in User.objects.all()},
        areas=Area.objects.in_bulk(["990100", EAST, WEST, RIVER, "990102001"]),
        units={unit.name: unit for unit in Unit.objects.select_related("area")},
    )
    _buses(on)
    _schools(on)
    _single_problems(on)
    _bureaus(on)
    _own_hours(on)


def _raise(on: Stage, area: str, title: str, what: str, by: str, at: datetime, **more: Any) -> Any:
    return problems.raise_problem(
        title=title,
        what=what,
        area=on.areas[area],
        by=on.users[by],
        now=at,
        **({"found_by": "self"} | more),
    )


def _set(on: Stage, unit: str, goal: str, measure: str, **more: Any) -> Task:
    facts: dict[str, Any] = {
        "issuer": on.units["市疫情防控指挥部"],
        "by": on.users["duty-city"],
        "due_at": on.ahead(days=2),
        "now": on.ago(days=3),
    }
    return tasks.set_task(goal=goal, measure=measure, unit=on.units[unit], **(facts | more))


def _buses(on: Stage) -> None:
    """Three counties lack the same thing: one common problem, one city task, a part for each."""
    gap = Gap.objects.filter(area_path__startswith=on.areas[WEST].path, closed_at=None).first()
    duty, city = on.users["duty-district"], on.users["duty-city"]
    found = [
        _raise(on, EAST, "夜间转运车辆不足", "22 时以后密接等待转运超过两小时，昨夜 9 人",
               "duty-district", on.ago(days=5), cause="transport",
               found_unit=on.units["河东区指挥部"]),
        _raise(on, WEST, "夜间转运车辆不足", "夜间密接等待转运超过两小时，只有 2 台车值班",
               "duty-west", on.ago(days=4, hours=20), cause="transport", found_by="gap",
               found_unit=on.units["河西区指挥部"], evidence=[gap] if gap else []),
        _raise(on, RIVER, "转运车辆不足，夜间等待时间长", "乡镇密接夜间等待转运超过三小时",
               "duty-county", on.ago(days=4, hours=12), cause="transport", found_by="concern"),
    ]  # fmt: skip
    common.look(now=on.ago(days=4))
    made = common.confirm(
        problems=found, title="夜间转运车辆不足", area=on.areas["990100"], by=city,
        now=on.ago(days=4),
    )  # fmt: skip
    whole = _set(
        on, "转运专班", "夜间转运等待不超过 1 小时", "连续三晚每单等待时长，逐单可查",
        problem=made.problem, now=on.ago(days=3, hours=20),
    )  # fmt: skip
    by_area = members_to_solve(whole)
    parts = [
        Part(on.units[name], problem=by_area.get(code))
        for name, code in (("河东区指挥部", EAST), ("河西区指挥部", WEST), ("临江县指挥部", RIVER))
    ]
    driver = on.users["transport"]
    east, west, _river = delegate(task=whole, parts=parts, by=driver, now=on.ago(days=3, hours=18))
    (street,) = delegate(
        task=east,
        parts=[Part(on.units["码头街道办事处"], goal="码头街道夜间备勤车辆 2 台到位")],
        by=duty,
        now=on.ago(days=3, hours=12),
    )
    tasks.claim(task=street, by=on.users["duty-street"], now=on.ago(days=3, hours=10))
    tasks.submit(
        task=street, text="2 台备勤车与司机排班到位，附排班表", by=on.users["duty-street"],
        now=on.ago(days=1, hours=6),
    )  # fmt: skip
    tasks.accept(task=street, by=duty, now=on.ago(days=1))
    west_duty = on.users["duty-west"]
    tasks.claim(task=west, by=west_duty, now=on.ago(days=3))
    steering.report(
        task=west,
        text="借调 3 台，昨夜最长等待 75 分钟",
        share=60,
        by=west_duty,
        now=on.ago(hours=9),
    )


def _schools(on: Stage) -> None:
    """A finding of an inspection, returned once for lack of evidence."""
    education, city = on.users["education"], on.users["duty-city"]
    problem = _raise(
        on, "990100", "学校晨午检记录事后补填", "抽查三所学校，两所当日记录为次日补填",
        "supervision", on.ago(days=4), found_by="inspection", cause="execution",
        found_unit=on.units["市督查组"],
    )  # fmt: skip
    task = _set(
        on, "市教育局", "全市学校晨午检记录当日上传", "抽查 20 所学校，当日上传率 100%",
        problem=problem, now=on.ago(days=3, hours=22),
    )  # fmt: skip
    tasks.claim(task=task, by=education, now=on.ago(days=3, hours=20))
    steering.report(
        task=task, text="78 所学校已接入上传", share=70, by=education, now=on.ago(days=2)
    )
    tasks.submit(task=task, text="全部学校已上传", by=education, now=on.ago(days=1, hours=4))
    tasks.send_back(
        task=task, why="缺 20 所学校的抽查记录，请补齐后再报", by=city, now=on.ago(hours=20)
    )


def _single_problems(on: Stage) -> None:
    duty = on.users["duty-district"]
    queue = _raise(
        on, EAST, "采样点早高峰排队超过一小时", "码头广场采样点 7 至 9 时排队 300 余人",
        "duty-street", on.ago(days=3), found_by="concern", cause="facility",
    )  # fmt: skip
    problems.decide(
        problem=queue, reason="gone", words="已增设两条采样通道并错峰，今早排队不超过 15 分钟",
        by=duty, now=on.ago(days=1, hours=12),
    )  # fmt: skip
    _raise(
        on, WEST, "同一数据一天填报四张表", "网格员每天向四个专班报送同一份人员底数",
        "duty-west", on.ago(days=2), found_by="report", cause="excess",
    )  # fmt: skip
    _raise(
        on, RIVER, "冷链仓库消杀记录缺失", "茶山镇冷库近一周无消杀记录", "duty-county",
        on.ago(days=2, hours=3), cause="execution",
    )  # fmt: skip
    medicine = _raise(
        on, "990102001", "独居老人送药超过一天", "三位独居老人慢性病用药两天未送到",
        "duty-street", on.ago(days=2, hours=8), found_by="concern", cause="staff",
    )  # fmt: skip
    task = tasks.set_task(
        goal="辖区独居老人用药当日送达", measure="逐户签收，电话回访满意", problem=medicine,
        due_at=on.ago(hours=2), unit=on.units["河东区社区专班"], issuer=on.units["河东区指挥部"],
        by=duty, now=on.ago(days=2, hours=6),
    )  # fmt: skip
    tasks.claim(task=task, by=on.users["community"], now=on.ago(days=2, hours=5))
    tasks.submit(
        task=task, text="三户均已送达并签收，建立每日清单", by=on.users["community"],
        now=on.ago(days=1, hours=5),
    )  # fmt: skip
    tasks.accept(task=task, by=duty, now=on.ago(days=1), note="电话回访三户属实")


def _bureaus(on: Stage) -> None:
    commerce = on.users["commerce"]
    passes = _set(
        on, "市商务局", "保供车辆通行证申请 24 小时内办结", "台账逐单可查，超时为零",
        source="upper", document="省指挥部保供调度会要求（演示）", now=on.ago(days=4),
    )  # fmt: skip
    tasks.claim(task=passes, by=commerce, now=on.ago(days=3, hours=22))
    tasks.submit(task=passes, text="三日办结 412 张，最长 19 小时", by=commerce, now=on.ago(days=1))
    tasks.accept(task=passes, by=on.users["commander"], now=on.ago(hours=12))
    late = _set(
        on, "市商务局", "储备抗原试剂 5 万份", "入库单与盘点一致", due_at=on.ago(days=1),
        source="decision", now=on.ago(days=4),
    )  # fmt: skip
    tasks.claim(task=late, by=commerce, now=on.ago(days=3, hours=20))
    steering.report(
        task=late, text="到货 2.1 万份，余量供应商在途", share=42, by=commerce, now=on.ago(hours=26)
    )
    declined = _set(on, "市教育局", "校外培训机构停课排查", "名单与现场照片", now=on.ago(hours=18))
    tasks.decline(
        task=declined, why="校外培训由市场监管局牵头，建议改派", by=on.users["education"],
        now=on.ago(hours=10),
    )  # fmt: skip
    _set(on, "市商务局", "农贸市场每日环境采样", "报告当日上传", now=on.ago(hours=6))


def _own_hours(on: Stage) -> None:
    """A district at war asks for shorter hours of its own; nobody has adopted them yet."""
    rules.propose(
        area=on.areas[EAST], times={("task", "dispatched"): {"peace": "24h", "war": "2h"}},
        reason="战时状态下任务超过两小时无人认领，当晚转运即受影响", by=on.users["duty-district"],
        now=on.ago(hours=3),
    )  # fmt: skip
