"""Supervision in the demo city: a plan under way, findings in every state, figures to contest.

Played backwards from now with the desk's own acts, so that every deadline and gap is real.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area, Place
from tongchou.staff.models import Unit, User
from tongchou.supervision.actions import (
    answers,
    checklists,
    evaluations,
    notices,
    plans,
    rectifying,
    reporting,
)
from tongchou.supervision.models import Checklist, Inspection, Kind, Plan

CITY, TEAM = "990100", "市督查组"


@dataclass(frozen=True)
class Visit:
    """One inspection as it was: so many days ago, of whom, and what was wrong, in words."""

    ago: float
    unit: str
    slug: str
    place: str
    by: str
    kind: str
    wrong: dict[str, str]


VISITS = (
    Visit(16, "江滨隔离点", "quarantine-site", "江滨隔离点", "supervision", Kind.SPOT_CHECK,
          {"waste": "一处医废桶未双层封扎", "staff-protection": "缓冲区无人督导脱卸"}),
    Visit(12, "市第一人民医院", "fever-clinic", "市第一人民医院发热门诊", "supervision",
          Kind.SPOT_CHECK, {"result-time": "两份样本超过规定时限回报",
                            "emergency": "缓冲病房当日被占用，急诊患者等候核酸结果"}),
    Visit(9, "江滨隔离点", "quarantine-site", "西关隔离点", "supervision", Kind.SPOT_CHECK,
          {"waste": "台账缺两日签字", "fire-exits": "二楼安全出口堆放物资"}),
    Visit(7, "市第一人民医院", "quarantine-site", "", "hospital", Kind.SELF_CHECK,
          {"waste": "自查发现交接台账漏登一次"}),
    Visit(5, "河东区社区专班", "sampling-point", "", "community", Kind.SELF_CHECK,
          {"queue-distance": "早高峰排队间隔不足", "heat": "遮阳棚不够"}),
    Visit(2, "市第一人民医院", "fever-clinic", "市第一人民医院发热门诊", "supervision",
          Kind.SPOT_CHECK, {}),
)  # fmt: skip


def missing() -> bool:
    """Whether it is still to be played."""
    return not Plan.objects.exists()


@transaction.atomic
def play(*, now: datetime) -> None:
    """Visits of the last weeks, what became of their findings, a plan, a notice, an evaluation."""
    now = now.replace(microsecond=0)
    people = {user.username: user for user in User.objects.all()}
    city = Area.objects.get(pk=CITY)
    checklists.stand(now=now - timedelta(days=30))
    reports = [_visit(visit, city, people, now) for visit in VISITS]
    _mend(reports, people, now)
    _plan(city, people["supervision"], now)
    today = timezone.localdate(now)
    notices.draft(
        area=city, from_on=today - timedelta(days=20), until_on=today, by=people["supervision"],
        now=now,
    )  # fmt: skip
    made = evaluations.ask(
        area=city, from_on=today - timedelta(days=21), until_on=today - timedelta(days=1),
        by=people["supervision"], now=now,
    )  # fmt: skip
    evaluations.compute(evaluation=made, now=now)
    evaluations.show(evaluation=made, by=people["supervision"], now=now)


def _visit(visit: Visit, city: Area, people: dict[str, User], now: datetime) -> reporting.Reported:
    at, by = now - timedelta(days=visit.ago), people[visit.by]
    checklist = _newest(visit.slug)
    made = plans.plan(
        title=f"{checklist.title.removesuffix('检查表')}{Kind(visit.kind).label}",
        kind=visit.kind, checklist=checklist, area=city, until_on=timezone.localdate(at),
        targets=[plans.Target(_unit(visit.unit), Place.objects.filter(name=visit.place).first())],
        team=None if visit.kind == Kind.SELF_CHECK else _unit(TEAM), by=by,
        now=at - timedelta(hours=6),
    )  # fmt: skip
    inspection = _inspection(made)
    for item in checklist.items:
        note = visit.wrong.get(item.key, "")
        answers.answer(
            inspection=inspection, item=item.key, value="no" if note else "yes", note=note,
            seen=0, by=by, now=at,
        )  # fmt: skip
    return reporting.report(inspection=inspection, by=by, now=at + timedelta(minutes=40))


def _mend(reports: list[reporting.Reported], people: dict[str, User], now: datetime) -> None:
    """Mended and passed, sent back, said to be mended, and some that nobody has touched."""
    first, clinic, _again, own, sampling, _clean = (report.new for report in reports)
    team = people["supervision"]

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    for finding in first:  # passed, so that the next visit finds one of them again
        rectifying.rectify(
            finding=finding, note="当日整改，已培训到人", by=people["site"], now=ago(14)
        )
        rectifying.pass_it(finding=finding, by=team, now=ago(13), note="现场核查")
    rectifying.rectify(
        finding=clinic[0], note="增加一班检测人员", by=people["hospital"], now=ago(10)
    )
    rectifying.send_back(finding=clinic[0], note="抽查仍有一份超时", by=team, now=ago(9))
    rectifying.rectify(finding=own[0], note="已补登并双人核对", by=people["hospital"], now=ago(4))
    rectifying.rectify(
        finding=sampling[0], note="增设引导员两名", by=people["community"], now=ago(3)
    )


def _plan(city: Area, by: User, now: datetime) -> None:
    """Two weeks of checks of schools and markets, not begun yet."""
    until = timezone.localdate(now) + timedelta(days=5)
    for slug, unit, place in (
        ("school", "市教育局", "河东第二小学"),
        ("market", "市商务局", "东门市场"),
    ):
        plans.plan(
            title="重点场所督查", kind=Kind.SPOT_CHECK, checklist=_newest(slug), area=city,
            targets=[plans.Target(_unit(unit), Place.objects.filter(name=place).first())],
            until_on=until, team=_unit(TEAM), by=by, now=now, why="校园和市场是聚集性疫情高发场所",
        )  # fmt: skip


def _newest(slug: str) -> Checklist:
    return Checklist.objects.filter(slug=slug).order_by("-version")[0]


def _unit(name: str) -> Unit:
    return Unit.objects.get(name=name)


def _inspection(made: Plan) -> Inspection:
    return made.inspections.select_related(
        "passage", "checklist", "unit", "place", "area", "team", "plan"
    ).get()
