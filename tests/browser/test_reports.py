"""The daily report in a real browser: every page for everybody, signed on a phone."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from unicodedata import normalize

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.little_city import LittleCity, build
from tongchou.reports import actions
from tongchou.reports.facts.telling import rows_link
from tongchou.reports.models import Report, Request

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None) -> LittleCity:
    """The district's report of yesterday is laid out, the city has asked for a number."""
    little, now = build(), timezone.now()
    yesterday = timezone.localdate(now) - timedelta(days=1)
    actions.set_duty(area=little.east, hour=24, by=little.duty_city, now=now, from_on=yesterday)
    actions.lay_out_due(now=now)
    actions.ask(
        area=little.east, title="晨检日报表", asked_by="市教育局", keys=["cases.new"],
        others=["学校停课数"], by=little.duty_city, now=now,
    )  # fmt: skip
    return little


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_every_page_of_the_room_can_be_used_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    page = open_page("/healthz", by=city.duty_east, locale=locale, width=width, dark=dark)
    report, request, wrong = Report.objects.get(), Request.objects.get(), []
    pages = (
        "/reports/", f"/reports/{report.pk}/", "/reports/hours/", "/reports/catalogue/",
        "/reports/register/", "/reports/register/new/", f"/reports/register/{request.pk}/",
        rows_link("legs.done", city.east, report.at),
    )  # fmt: skip
    for address in pages:
        page.goto(address)
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_a_report_is_judged_and_signed_on_a_phone(
    open_page: Callable[..., Page], city: LittleCity
) -> None:
    page = open_page("/healthz", by=city.duty_east, locale="zh-CN", width=390, dark=False)
    page.goto(f"/reports/{Report.objects.get().pk}/")
    page.get_by_label("研判意见").fill("形势平稳。")
    page.get_by_role("button", name="保存并签发").click()
    expect(page.get_by_text("已签发，内容锁定。")).to_be_visible()
    expect(page.get_by_text("按现有记录重新统计同一时点")).to_be_visible()
    assert Report.objects.get().passage.stage == "signed"


@pytest.mark.browser
def test_a_report_on_paper_begins_on_its_first_sheet(
    open_page: Callable[..., Page], city: LittleCity
) -> None:
    page = open_page("/healthz", by=city.duty_east, locale="zh-CN", width=1366, dark=False)
    page.goto(f"/reports/{Report.objects.get().pk}/")
    first, *_more = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    text = normalize(
        "NFKC", first.extract_text()
    )  # a font may draw 工 as the radical it looks like
    assert "疫情防控工作日报" in text
    page.emulate_media(media="print")
    expect(page.locator(".page-head")).to_be_hidden()
    expect(page.locator(".nav").first).to_be_hidden()
    expect(page.locator("main button:visible, main .button:visible")).to_have_count(0)
