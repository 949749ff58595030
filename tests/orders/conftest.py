"""Two departments and a county's headquarters, and what they order, decide and roster."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.little_city import T0, LittleCity
from tongchou.areas.models import Area
from tongchou.orders.actions import decisions, drafts, issuing
from tongchou.orders.actions.decisions import Offered, Verdict
from tongchou.orders.models import Decision, Order
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role


def post(name: str, role: str, unit: Unit, area: Area | None = None) -> User:
    """Somebody new on post for a unit."""
    user = User.objects.create(username=name, display_name=name, phone="0990-1", is_active=True)
    area = area or unit.area
    Post.objects.create(
        user=user, role=role, unit=unit, area=area, level=area.level,
        from_at=T0 - timedelta(days=100),
    )  # fmt: skip
    return user


def unit_of(user: User) -> Unit:
    return user.posts.select_related("unit__area").get().unit


@pytest.fixture
def trade(city: LittleCity) -> User:
    """The head of the commerce bureau, who keeps the supplies up."""
    unit = Unit.objects.create(name="市商务局", area=city.city)
    return post("commerce", Role.DEPARTMENT, unit)


@pytest.fixture
def traffic(city: LittleCity) -> User:
    unit = Unit.objects.create(name="市交通局", area=city.city)
    return post("traffic", Role.DEPARTMENT, unit)


BOUND: dict[str, Any] = {
    "risk": "high", "clause": "第三条", "cost": "停产一周", "bearer": "enterprises",
}  # fmt: skip


@pytest.fixture
def ordered(city: LittleCity) -> Callable[..., Order]:
    """An order of somebody's unit with measures: (kind, groups, area, more facts) each."""

    def make(by: User, *measures: Any, area: Area | None = None, **facts: Any) -> Order:
        order = drafts.draft(
            kind="order", title=facts.pop("title", "通知"), unit=unit_of(by), by=by, now=city.at(),
            area=area, appeal="市指挥部 0990-12345", units=[unit_of(city.duty_east)], **facts,
        )  # fmt: skip
        for kind, groups, where, more in measures:
            drafts.add_measure(
                order=order, by=by, now=city.at(), kind=kind, groups=groups, area=where,
                **(BOUND | {"from_at": city.at(), "until": city.at(days=5)} | more),
            )  # fmt: skip
        return Order.objects.get(pk=order.pk)

    return make


@pytest.fixture
def issued(city: LittleCity, ordered: Callable[..., Order]) -> Callable[..., Order]:
    """The same, checked by another and signed by the mayor."""

    def make(by: User, *measures: Any, **facts: Any) -> Order:
        order = ordered(by, *measures, **facts)
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
        return issuing.issue(order=order, version=order.version, by=city.mayor, now=city.at())

    return make


@pytest.fixture
def verdict(city: LittleCity) -> Callable[..., Verdict]:
    def make(**facts: Any) -> Verdict:
        usual: dict[str, Any] = {
            "decided": "全域核酸筛查一轮",
            "reason": "三处社区同日报告",
            "until": city.at(days=3),
            "trigger": "连续两轮无阳性",
            "decided_by": city.mayor,
            "chosen": 1,
        }
        return Verdict(**(usual | facts))

    return make


@pytest.fixture
def question(city: LittleCity) -> Decision:
    return decisions.put_forward(
        question="是否开展全域筛查",
        unit=unit_of(city.duty_city),
        options=[Offered("全域筛查一轮", "每轮约二百万元，市级财政"), Offered("只筛码头街道")],
        by=city.duty_city,
        now=city.at(),
    )


@pytest.fixture
def decision(city: LittleCity, question: Decision, verdict: Callable[..., Verdict]) -> Decision:
    return decisions.decide(decision=question, verdict=verdict(), by=city.duty_city, now=city.at())
