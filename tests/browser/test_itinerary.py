"""An interview becomes an itinerary in a real browser: by hand, by keyboard, without scripts."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.little_city import LittleCity
from tongchou.areas.models import Place
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.people.models import Person
from tongchou.shell import charts
from tongchou.tracing.models import Investigation, ItineraryStay

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture(autouse=True, scope="module")
def warmed() -> None:
    charts.warm()


@pytest.fixture
def investigation(
    transactional_db: None, city: LittleCity, person: Callable[..., Person]
) -> Investigation:
    """A case verified just now, under investigation, in a city with a market."""
    now, street = timezone.now(), city.area("990102001")
    today = timezone.localdate(now)
    street.longitude, street.latitude = 111.0, 30.0
    street.save()
    Place.objects.create(
        kind="shop", name="水产批发市场", area=city.east, longitude=111.02, latitude=30.01
    )
    case = cases.report(
        person=person(),
        area=city.community,
        facts=Facts(
            disease="covid19_omicron",
            reported_on=today,
            onset_on=today - timedelta(days=2),
            classification="confirmed",
        ),
        by=city.qian,
        now=now,
    )
    cases.verify(case=case, by=city.qian, now=now)
    return Investigation.objects.get(case=case)


def told(today: date) -> str:
    first, second = today - timedelta(days=2), today - timedelta(days=1)
    return (
        f"患者王某，{first.month}月{first.day}日8时至12时在水产批发市场上班，20时许到万家福超市购物。"
        f"{second.month}月{second.day}日10时至11时30分乘坐12路公交车到书院街道访友，后在家。"
    )


def read(page: Page) -> None:
    """Paste the text and look it through."""
    page.locator("textarea[name=text]").fill(told(timezone.localdate()))
    page.locator("main form button.is-primary").click()
    expect(page.locator("fieldset.proposal").first).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_a_text_is_looked_through_and_taken_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    investigation: Investigation,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    url = f"/tracing/investigations/{investigation.pk}"
    page = open_page(f"{url}/text/", by=city.wu, locale=locale, width=width, dark=dark)
    axe(page)
    read(page)
    axe(page)
    assert page.evaluate(FITS)
    page.locator("button[name=take]").last.click()
    expect(page.locator("#stays tbody tr").first).to_be_visible()
    page.locator("[data-chart]").first.scroll_into_view_if_needed()
    expect(page.locator("[data-chart]").first).to_have_attribute(
        "data-drawn", "dark" if dark else "light"
    )
    axe(page)
    assert page.evaluate(FITS)


def test_without_scripts_a_text_is_taken_all_the_same(
    open_page: Callable[..., Page], city: LittleCity, investigation: Investigation
) -> None:
    url = f"/tracing/investigations/{investigation.pk}/text/"
    page = open_page(url, by=city.wu, scripts=False)
    read(page)
    page.locator("button[name=take]").last.click()
    expect(page.locator("#stays tbody tr").first).to_be_visible()


def test_a_stay_is_corrected_where_it_stands(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: LittleCity,
    investigation: Investigation,
) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    stay: Any = ItineraryStay.objects.create(
        investigation=investigation,
        place_name="茶馆",
        from_at=now - timedelta(hours=5),
        to_at=now - timedelta(hours=4),
        written_at=now,
        destroy_on=date(2099, 1, 1),
    )
    url = f"/tracing/investigations/{investigation.pk}/itinerary/"
    page = open_page(url, by=city.wu, width=1366)
    page.locator(f"#stay-{stay.pk} a[hx-get]").click()
    expect(page.locator("#change form")).to_be_visible()
    axe(page)
    page.locator("#change [name=change-place_name]").fill("老地方茶馆")
    page.locator("#change [name=change-reason]").select_option("told")
    page.locator("#change button.is-primary").click()
    expect(page.locator(f"#stay-{stay.pk}")).to_contain_text("老地方茶馆")
