"""The two lists in a real browser: every page for everybody, and a task claimed on the phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.lists.making import set_one, unit_of
from tests.little_city import LittleCity, build
from tongchou.lists.actions import common, problems, steering, tasks
from tongchou.lists.actions.delegating import Part, delegate

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Any) -> LittleCity:
    """A common problem, a task passed down, one returned, one to claim."""
    settings.TONGCHOU_DATA = tmp_path
    little, now = build(), timezone.now()
    found = [
        problems.raise_problem(
            title="夜间转运车辆不足", what="密接等待转运超过两小时", area=area, found_by="self",
            cause="transport", by=little.duty_city, now=now,
        )
        for area in (little.east, little.west, little.area("990102002"))
    ]  # fmt: skip
    made = common.confirm(
        problems=found[:2], title="转运车辆不足", area=little.city, by=little.duty_city, now=now
    )
    common.look(now=now)
    due_at = now + timedelta(days=2)
    whole = set_one(little, problem=made.problem, due_at=due_at, now=now)
    (part,) = delegate(task=whole, parts=[Part(unit_of(little.duty_east))], by=little.zhou, now=now)
    tasks.claim(task=part, by=little.duty_east, now=now)
    steering.report(task=part, text="借调 3 台", share=60, by=little.duty_east, now=now)
    tasks.submit(task=part, text="到位", by=little.duty_east, now=now)
    tasks.send_back(task=part, why="缺排班表", by=little.zhou, now=now)
    set_one(little, goal="储备抗原 5 万份", measure="入库单", due_at=due_at, now=now)
    return little


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_every_page_of_the_lists_can_be_used_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    page = open_page("/healthz", by=city.duty_city, locale=locale, width=width, dark=dark)
    wrong = []
    addresses = (
        "", "tasks/", "tasks/?stage=accepted", "tasks/set/?problem=1", "tasks/table/", "tasks/1/",
        "tasks/2/", "tasks/1/amend/", "tasks/1/parts/", "tree/", "problems/", "problems/raise/",
        "problems/1/", "problems/4/", "common/", "common/1/", "rules/", "paper/",
    )  # fmt: skip
    for address in addresses:
        page.goto(f"/lists/{address}")
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_a_task_is_claimed_on_the_phone(open_page: Callable[..., Page], city: LittleCity) -> None:
    page = open_page("/lists/", by=city.zhou, locale="zh-CN", width=390, dark=False)
    page.get_by_role("button", name="认领").click()
    expect(page.get_by_text("已认领，验收前由您负责。")).to_be_visible()
    expect(page.get_by_role("button", name="认领")).to_have_count(0)


@pytest.mark.browser
def test_the_tree_opens_level_by_level(open_page: Callable[..., Page], city: LittleCity) -> None:
    page = open_page("/lists/tree/", by=city.duty_city, locale="zh-CN", width=1366, dark=False)
    page.get_by_text("分解任务", exact=True).click()
    expect(page.get_by_text("T-990102-0001")).to_be_visible()
