"""Who was with a case, in a real browser: asked in one click, listed in one more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.tracing.test_asking import li, lunch, sun
from tests.tracing.visiting import source, store
from tongchou.cases.models import Case, Contact
from tongchou.people.models import Person

__all__ = ["li", "source", "store", "sun"]
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("zh-CN", 390, False), ("en-GB", 1366, True)]
)
def test_from_the_case_to_the_contact_list(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    city: Any,
    li: Case,
    sun: Person,
    source: Any,
    locale: str,
    width: int,
    dark: bool,
) -> None:
    lunch(li, sun, city, source)
    case = reverse("cases:case", args=[li.pk])
    page = open_page(case, by=city.wu, locale=locale, width=width, dark=dark)
    page.locator("button[value=forward]").click()
    expect(page.locator("input[name=key]")).to_have_count(1)
    axe(page)
    assert page.evaluate(FITS)
    page.locator("form[action$='/list/'] button.is-primary").click()
    expect(page.locator("a[href*='/tracing/contacts/']").first).to_be_visible()
    assert Contact.objects.get().person == sun
