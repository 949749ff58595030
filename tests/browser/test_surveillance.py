"""The surveillance desk in a real browser: every page for everybody, counts typed on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.little_city import LittleCity, build
from tests.surveillance.sentinels import counted, found, sentinel
from tongchou.shell import charts
from tongchou.surveillance.actions import signals, silences
from tongchou.surveillance.models import Count, Signal, Silence

PAGES = (
    "", "signals/", "channels/", "map/", "situation/", "brief/", "changes/", "sentinels/",
    "silences/", "counts/", "thresholds/", "leads/", "leads/note/antigen/", "sentinels/add/",
    "senders/", "counts/upload/",
)  # fmt: skip
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Any) -> LittleCity:
    """Two sentinels, one of them silent, and a signal of yesterday."""
    settings.TONGCHOU_DATA = tmp_path
    little = build()
    yesterday = timezone.localdate() - timedelta(days=1)
    fever = sentinel(little, "fever-clinic", "respiratory")[0]
    counted(little, fever, yesterday, *[9 + n % 4 for n in range(50)], 38)
    quiet = sentinel(little, area=little.east, code="C2")[0]
    silences.notice_silence(missing=[(quiet.pk, yesterday)], now=timezone.now())
    signals.raise_signals(day=yesterday, found=[found(little.community)], now=timezone.now())
    charts.warm()
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
    signal, silence = Signal.objects.get().pk, Silence.objects.get().pk
    for address in (*PAGES, f"signals/{signal}/", f"silences/{silence}/"):
        page.goto(f"/surveillance/{address}")
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{address}: {fault}")
        if not page.evaluate(FITS):
            wrong.append(f"{address}: wider than its screen")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_a_sentinel_reports_from_a_phone(open_page: Callable[..., Page], city: LittleCity) -> None:
    page = open_page("/healthz", by=city.bai, locale="zh-CN", width=390, dark=False)
    page.goto("/surveillance/counts/")
    page.get_by_role("link", name="哨点C2").click()
    page.get_by_label("发热门诊就诊").fill("7")
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_text("已保存哨点C2的 1 条计数")).to_be_visible()

    assert Count.objects.get(duty__site__code="C2").value == 7
    assert Silence.objects.get().passage.stage == "reported"
