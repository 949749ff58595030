"""Supervision in a real browser: every page for everybody, a checklist filled in on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.little_city import LittleCity, build
from tests.people.test_pictures import jpeg, told
from tests.supervision import supervised as s
from tongchou.supervision.actions import evaluations, notices
from tongchou.supervision.models import Answer, Checklist, Finding, Inspection, Photo

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Any) -> LittleCity:
    """Findings at two units, an inspection that waits, a notice, and figures to contest."""
    settings.MEDIA_ROOT = tmp_path
    little = build()
    s.team(little)
    now = timezone.now().replace(microsecond=0)
    s.reported(little, now=now - timedelta(days=8), exits="no", sign="no")
    s.reported(little, of=little.lin, now=now - timedelta(days=7), exits="no")
    s.planned(little, now=now)
    days = {"from_on": (now - timedelta(days=9)).date(), "until_on": now.date()}
    notices.draft(area=little.city, by=little.du, now=now, **days)
    one = evaluations.ask(area=little.city, by=little.du, now=now, **days)
    evaluations.run_waiting(now=now)
    one.refresh_from_db()
    evaluations.show(evaluation=one, by=little.du, now=now)
    return little


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_every_page_of_supervision_can_be_used_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    page = open_page("/healthz", by=city.du, locale=locale, width=width, dark=dark)
    unit = s.unit_of(city.hua).pk
    waits = Inspection.objects.get(passage__closed_at=None).pk
    over = Inspection.objects.filter(n_no=2).get().pk
    wrong = []
    for address in (
        "", "inspections/", f"inspections/{waits}/", f"inspections/{over}/", "plans/",
        "plans/add/", "self-check/", "findings/", f"findings/{Finding.objects.first().pk}/",  # type: ignore[union-attr]
        "common/", "common/small/exits/", "checklists/",
        f"checklists/{Checklist.objects.first().pk}/", "notices/", "notices/1/",  # type: ignore[union-attr]
        "notices/1/rows/found/", "evaluations/", "evaluations/1/",
        f"evaluations/1/units/{unit}/", f"evaluations/1/units/{unit}/rectification/found/",
        "objections/",
    ):  # fmt: skip
        page.goto(f"/supervision/{address}")
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def check_page(open_page: Callable[..., Page], city: LittleCity) -> Page:
    waits = Inspection.objects.get(passage__closed_at=None).pk
    page = open_page("/healthz", by=city.du, locale="zh-CN", width=390, dark=False)
    page.goto(f"/supervision/inspections/{waits}/")
    return page


@pytest.mark.browser
def test_a_checklist_is_filled_in_on_a_phone_and_reported(check_page: Page) -> None:
    page = check_page
    sign = page.locator("#item-sign")
    sign.get_by_role("button", name="否").click()
    expect(sign.get_by_text("请写明查出的问题")).to_be_visible()
    sign.get_by_role("textbox").fill("东门没有标识")
    sign.get_by_role("textbox").blur()
    expect(page.locator("#check-progress")).to_have_text("已填 1 / 3 项")
    for key in ("exits", "register"):
        page.locator(f"#item-{key}").get_by_role("button", name="是", exact=True).click()
    expect(page.locator("#check-progress")).to_have_text("已填 3 / 3 项")
    page.locator("#item-exits input[type=file]").set_input_files(
        {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": jpeg(exif=told(6))}
    )
    page.locator("#item-exits").get_by_role("button", name="上传照片").click()
    expect(page.locator("#item-exits").get_by_text("照片 1")).to_be_visible()
    page.get_by_role("button", name="上报").click()
    # The unit's sign was found missing a week ago and is not mended: no second finding.
    expect(page.get_by_text("已上报：0 个问题")).to_be_visible()

    stands = Answer.objects.filter(item="sign").order_by("id").last()
    assert stands is not None and stands.note == "东门没有标识"
    assert Photo.objects.count() == 1


@pytest.mark.browser
def test_what_was_pressed_without_a_signal_is_sent_when_it_is_back(check_page: Page) -> None:
    page = check_page
    inspection = Inspection.objects.get(passage__closed_at=None)
    page.evaluate("XMLHttpRequest.prototype.send = function () {}")  # a tunnel: nothing comes back
    exits = page.locator("#item-exits")
    exits.get_by_role("textbox").fill("堆放杂物")
    exits.get_by_role("button", name="否").click()
    expect(exits.get_by_text("尚未提交")).to_be_visible()
    assert not Answer.objects.filter(inspection=inspection).exists()

    page.reload()  # the phone was put away meanwhile, and the page opened again
    expect(page.locator("#check-progress")).to_have_text("已填 1 / 3 项")
    expect(exits.get_by_text("尚未提交")).to_have_count(0)

    kept = Answer.objects.get(inspection=inspection)
    assert (kept.value, kept.note) == ("no", "堆放杂物")
    assert (
        page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('check:')).length") == 0
    )
