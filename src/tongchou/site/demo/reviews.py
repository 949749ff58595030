"""Reviews of the demo city: each positive's own, one asked five whys, a cluster, and two lessons.

Hand-overs are played with the outbreak, at the time they would have happened; what people write
comes in the background once the pages are served, like the two lists.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.cases import grouping
from tongchou.cases.models import Case
from tongchou.ledger import policy
from tongchou.ledger.models import Handoff
from tongchou.reviews.actions import consequences, findings, lessons, opening, steps
from tongchou.reviews.models import Finding, FindingKind, Origin, Review
from tongchou.reviews.queries.laying_out import lay_out
from tongchou.reviews.queries.reading import POSITIVE
from tongchou.staff.models import Unit, User

EAST = "990102"
#: What the five whys are asked about.
STEP = "contact.located"
#: What the CDC concluded of the reviews that are done.
JUDGEMENTS = (
    "发现及时，流调与转运按时限完成，无需改动。",
    "报告后各环节按时限完成；发病至就诊间隔较长，已提醒辖区门诊。",
    "密接落位偏慢，已与社区专班核对名单交接方式。",
)
WHYS = (
    ("转运车辆到达晚于时限。", ""),
    ("车辆集中在高峰时段派出，夜间只留一辆值班。", ""),
    ("派车按行政区分配，不看待转运人数。", ""),
    ("调度只有纸质排班，看不到各社区待转运人数。", ""),
    ("转运与社区未共用一张清单，由两个部门分别登记。", "coordination"),
)


# --- with the outbreak ---------------------------------------------------------------------------


def when(leg: Handoff) -> datetime:
    """When somebody comes to a review: mostly in good time, one in eight too late. No dice."""
    share = 1.2 if leg.passage_id % 8 == 0 else 0.3 + (leg.passage_id % 4) / 10
    return leg.opened_at + (leg.due_at - leg.opened_at) * share


def hand_on(leg: Handoff, t: datetime, *, cdc: User) -> None:
    """Analyse, judge and submit, or accept."""
    review = Review.objects.select_related("passage", "area", "case").get(passage=leg.passage_id)
    if review.passage.n_legs != leg.number or review.passage.closed_at:
        return
    if leg.stage == "opened":
        steps.analyse(review=review, by=cdc, now=t)
    elif leg.stage == "analysed":
        steps.judge(review=review, judgement=JUDGEMENTS[review.pk % 3], by=cdc, now=t)
        steps.submit(review=review, by=cdc, now=t)
    elif (there := steps.headquarters(review, now=t)) is not None:
        steps.accept(review=review, by=there.user, now=t)


# --- afterwards ----------------------------------------------------------------------------------


def missing() -> bool:
    """Whether it is still to be played."""
    return not Finding.objects.exists()


@transaction.atomic
def play(*, now: datetime) -> None:
    """Five whys with a problem, a task and a proposal; a cluster; a campaign; two lessons."""
    cdc = User.objects.get(username="cdc")
    east = Area.objects.get(pk=EAST)
    review, delay = _open_one(now)
    if review is not None:
        _five_whys(review, delay, east, cdc, now)
    _cluster(east, cdc, now)
    _campaign(cdc, now)
    _lessons(east, cdc, now)


def _open_one(now: datetime) -> tuple[Review | None, int | None]:
    """Of the reviews that the CDC still has, the one whose transfers were late by most."""
    rows = Review.objects.select_related("passage", "area", "case__passage").filter(
        passage__stage__in=("opened", "analysed"), kind="case"
    )
    found: tuple[Review | None, int | None] = (None, None)
    for review in rows.order_by("id"):
        (layout,) = lay_out([review.case_id or 0], book=policy.in_force(now), now=now)
        late = [step.excess_s for step in layout.bottlenecks if step.name == STEP]
        if found[0] is None or (late and late[0] > (found[1] or 0)):
            found = review, late[0] if late else None
    return found


def _five_whys(review: Review, delay: int | None, east: Area, cdc: User, now: datetime) -> None:
    finding = findings.find(
        review=review,
        kind=FindingKind.BOTTLENECK,
        step=STEP,
        what="密接落位后转运入住超时",
        delay_s=delay,
        by=cdc,
        now=now,
    )
    for n, (text, cause) in enumerate(WHYS):
        findings.answer(finding=finding, text=text, cause=cause, after=n, by=cdc, now=now)
    finding.refresh_from_db()
    consequences.raise_problem(
        finding=finding,
        title="转运与社区未共用待转运清单",
        what="转运专班与社区分别登记待转运人员，派车看不到实际人数，夜间车辆不足。",
        area=east,
        by=cdc,
        now=now,
    )
    consequences.set_task(
        finding=finding,
        goal="转运与社区共用一张待转运清单，按人数派车",
        measure="连续三日落位到入住中位数不超过 3 小时",
        due_at=consequences.day_end(timezone.localdate(now) + timedelta(days=5), now),
        unit=Unit.objects.get(name="转运专班"),
        by=cdc,
        now=now,
    )
    consequences.propose_change(
        finding=finding,
        path="deadlines.contact.located.war",
        value="3h",
        reason="共用清单后可做到：落位到入住由 5 小时缩短到 3 小时",
        by=cdc,
        now=now,
    )
    enabler = findings.find(
        review=review,
        kind=FindingKind.ENABLER,
        step="case_report.reported",
        what="报告后由专人即时复核，远快于时限",
        by=cdc,
        now=now,
    )
    consequences.note(finding=enabler, reason="已按此固化为日常做法", by=cdc, now=now)


def _cluster(east: Area, cdc: User, now: datetime) -> None:
    cases = list(
        Case.objects.filter(area_path__startswith=east.path, cluster=None)
        .filter(classification__in=POSITIVE)
        .order_by("reported_on", "id")[:4]
    )
    if len(cases) < 2:
        return
    cluster = grouping.found(
        name="码头街道聚集性疫情", area=east, found_on=cases[0].reported_on, cases=cases, by=cdc,
        now=now,
    )  # fmt: skip
    review = opening.begin(
        area=east, title="码头街道聚集性疫情复盘", cluster=cluster, by=cdc, now=now
    )
    finding = findings.find(
        review=review,
        kind=FindingKind.BOTTLENECK,
        step="detect",
        what="首例发病后自行服药，未及时就诊",
        by=cdc,
        now=now,
    )
    findings.answer(
        finding=finding, text="担心影响上班，没有去发热门诊。", cause="behaviour", after=0,
        by=cdc, now=now,
    )  # fmt: skip
    finding.refresh_from_db()
    # Whoever looks may have its effect simulated; the demo's own studies come first.
    consequences.propose_change(
        finding=finding,
        path="response.antigen.every_days.war",
        value="3",
        reason="不愿就诊者可在家自测，早于就诊发现",
        by=cdc,
        now=now,
    )


def _campaign(cdc: User, now: datetime) -> None:
    today = timezone.localdate(now)
    opening.begin(
        area=Area.objects.get(pk="990100"),
        title="本轮疫情前两周阶段复盘",
        since=today - timedelta(days=17),
        until=today - timedelta(days=3),
        by=cdc,
        now=now,
    )


def _lessons(east: Area, cdc: User, now: datetime) -> None:
    lessons.learn(
        title="发热患者当日采样",
        learned="门诊对发热患者即采即检，单采单检，发病到发现的间隔明显缩短。",
        area=Area.objects.get(pk="990100"),
        interval="onset_to_report",
        changed_on=timezone.localdate(now) - timedelta(days=9),
        changed_note="各发热门诊执行即采即检",
        by=cdc,
        now=now,
    )
    lessons.learn(
        title="转运与社区共用一张清单",
        learned="落位、派车、接收在同一张清单上交接，谁没有接到一目了然。",
        origin=Origin.PROVINCE,
        place="省内兄弟城市（演示）",
        source="演示数据，非真实出处",
        area=east,
        interval="respond",
        by=cdc,
        now=now,
    )
