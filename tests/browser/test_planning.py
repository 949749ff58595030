"""The planning desk in a real browser: every page for everybody, a study asked for and stopped."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.little_city import LittleCity, build
from tests.planning.texts import SEARCHED, SMALL, asked, made

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Any) -> LittleCity:
    """A study of the city's own residents, and a plan."""
    settings.TONGCHOU_DATA = tmp_path
    little = build()
    made(asked(little, SMALL.replace("people = 3000", 'area = "990100"'), seeds=2), little)
    made(asked(little, SEARCHED, kind="plan", seeds=2, budget=2), little)
    return little


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
    page = open_page("/healthz", by=city.qian, locale=locale, width=width, dark=dark)
    wrong = []
    addresses = (
        "", "scenarios/", "scenarios/new/", "scenarios/new/text/?from=1", "scenarios/1/",
        "studies/1/", "studies/1/map/?day=3", "studies/2/", "studies/2/plans/0/", "compare/",
        "compare/?case=1&case=2-0", "forecasts/",
    )  # fmt: skip
    for address in addresses:
        page.goto(f"/planning/{address}")
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_a_commander_asks_and_thinks_better_of_it(
    open_page: Callable[..., Page], city: LittleCity
) -> None:
    page = open_page("/healthz", by=city.mayor, locale="zh-CN", width=390, dark=False)
    page.goto("/planning/scenarios/1/")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("等待").first).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_text("这项研究已停止")).to_be_visible()
