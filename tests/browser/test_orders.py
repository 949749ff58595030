"""The desk of orders and decisions in a real browser: every page for everybody, on a phone too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.little_city import LittleCity, build
from tests.orders.conftest import BOUND, post, unit_of
from tongchou.orders.actions import decisions, drafts, duty, issuing, meetings
from tongchou.orders.actions.decisions import Offered, Verdict
from tongchou.orders.actions.duty import Team
from tongchou.orders.models import Decision, Meeting, Order, Roster, Shift
from tongchou.staff.models import Unit
from tongchou.staff.roles import Role

PAGES = (
    "",
    "decisions/",
    "decisions/add/",
    "orders/",
    "orders/add/",
    "orders/in-force/",
    "meetings/",
    "meetings/add/",
    "on-duty/",
    "rosters/",
    "rosters/add/",
)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Any) -> LittleCity:
    """An order out, one that it would strand somebody with, a decision, minutes, a shift."""
    settings.TONGCHOU_DATA = tmp_path
    little, now = build(), timezone.now().replace(microsecond=0)
    until = now + timedelta(days=3)
    trade = post(
        "commerce", Role.DEPARTMENT, Unit.objects.create(name="市商务局", area=little.city)
    )
    out = _draft(
        trade, "保供到岗通知", "at_work", "workers_supply", little.city, little, now, until
    )
    issuing.check(order=out, version=out.version, by=little.gao, now=now)
    issuing.issue(order=out, version=out.version, by=little.mayor, now=now)
    _draft(trade, "封控通告", "stay_home", "residents", little.community, little, now, until)
    unit = unit_of(little.duty_city)
    held = meetings.call(
        title="会商",
        unit=unit,
        held_at=now - timedelta(hours=2),
        place="指挥部",
        chair=little.mayor,
        by=little.duty_city,
        now=now,
        agenda=["研究停课"],
        units=[unit_of(little.qian)],
    )
    said = Verdict("停课三天", "两校有病例", now + timedelta(days=1), "无新增", little.mayor, 1)
    for verdict in (said, None):
        asked = decisions.put_forward(
            question="是否停课",
            unit=unit,
            by=little.duty_city,
            now=now,
            options=[Offered("停课"), Offered("不停")],
            meeting=held,
        )
        if verdict:
            decisions.decide(decision=asked, verdict=verdict, by=little.duty_city, now=now)
    roster = duty.open_roster(
        unit=unit,
        hours=["00:00", "12:00"],
        by=little.duty_city,
        now=now,
        from_on=timezone.localdate(now),
    )
    duty.fill(
        roster=roster,
        first=timezone.localdate(now),
        now=now,
        by=little.duty_city,
        last=timezone.localdate(now) + timedelta(days=3),
        teams=[Team(little.duty_city), Team(little.mayor, (little.gao,))],
    )
    duty.begin_due(now=now)
    return little


def _draft(
    by: Any, title: str, kind: str, group: str, area: Any, little: Any, now: Any, until: Any
) -> Order:
    order = drafts.draft(
        kind="order",
        title=title,
        unit=unit_of(by),
        by=by,
        now=now,
        appeal="市指挥部 0990-1",
        units=[unit_of(little.duty_city)],
    )
    drafts.add_measure(
        order=order,
        by=by,
        now=now,
        kind=kind,
        groups=[group],
        area=area,
        from_at=now,
        until=until,
        **BOUND,
    )
    return Order.objects.get(pk=order.pk)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_every_page_of_the_desk_can_be_used_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    page = open_page("/healthz", by=city.duty_city, locale=locale, width=width, dark=dark)
    out, draft = Order.objects.order_by("pk")
    decided, asked = Decision.objects.order_by("pk")
    meeting, roster = Meeting.objects.get().pk, Roster.objects.get().pk
    shift = Shift.objects.order_by("starts_at").first()
    assert shift is not None
    more = (
        f"orders/{out.pk}/",
        f"orders/{out.pk}/print/",
        f"orders/{draft.pk}/",
        f"orders/{draft.pk}/edit/",
        f"orders/{draft.pk}/measures/add/",
        f"decisions/{decided.pk}/",
        f"decisions/{decided.pk}/again/renew/",
        f"decisions/{asked.pk}/",
        f"meetings/{meeting}/",
        f"meetings/{meeting}/print/",
        f"rosters/{roster}/",
        f"shifts/{shift.pk}/",
        f"shifts/{shift.pk}/swap/",
    )
    wrong = []
    for address in (*PAGES, *more):
        page.goto(f"/orders/{address}")
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_a_unit_acknowledges_an_order_from_a_phone(
    open_page: Callable[..., Page], city: LittleCity
) -> None:
    page = open_page("/healthz", by=city.duty_city, locale="zh-CN", width=390, dark=False)
    page.goto("/orders/")
    page.get_by_role("link", name="保供到岗通知").first.click()
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_text("已签收。")).to_be_visible()

    passage = Order.objects.order_by("pk")[0].receipts.get().passage
    assert passage is not None and passage.stage == "acknowledged"


@pytest.mark.browser
def test_a_draft_that_strands_somebody_says_so_in_words(
    open_page: Callable[..., Page], city: LittleCity
) -> None:
    draft = Order.objects.order_by("pk")[1]
    page = open_page(f"/orders/orders/{draft.pk}/", by=city.gao, locale="zh-CN", width=390)
    expect(page.get_by_text("须到岗，却足不出户").first).to_be_visible()
    expect(page.get_by_text("保供从业人员").first).to_be_visible()
