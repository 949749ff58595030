"""Every desk of the demo city as its people see it: in both languages, on phone and wall.

Whatever stands in somebody's menu is opened, and the first subjects on it; each page must be usable
by everybody (axe), fit its screen, and ask no other machine for anything.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page

from tongchou.shell import charts
from tongchou.site import demo
from tongchou.staff.models import User

#: who opens what; the menu decides the rest
SUBJECTS = (
    "a[href^='/cases/passage/'], a[href^='/cases/1/']",
    "a[href*='/tracing/investigations/']",
    "a[href*='/tracing/investigations/'][href$='/itinerary/']",
    "a[href*='/tracing/contacts/']",
    "a[href$='/tracing/crossings/']",
    "a[href$='/tracing/chains/']",
    "a[href*='/quarantine/stays/']",
)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    demo.build(80_000)
    charts.warm()
    Client().get("/healthz")  # the first request of a process loads every room's addresses
    return {user.username: user for user in User.objects.all()}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "width", "dark", "who"),
    [
        ("zh-CN", 390, False, ("community", "tracer")),
        ("en-GB", 1366, True, ("cdc", "commander")),
    ],
)
def test_every_desk_can_be_used_by_everybody(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    people: dict[str, User],
    locale: str,
    width: int,
    dark: bool,
    who: tuple[str, ...],
) -> None:
    wrong: list[str] = []
    for name in who:
        page = open_page("/healthz", by=people[name], locale=locale, width=width, dark=dark)
        page.goto("/")
        _walk(page, name, axe, wrong)
    assert not wrong, "\n".join(wrong)


def _walk(page: Page, name: str, axe: Callable[[Page], None], wrong: list[str]) -> None:
    """Open what stands in the menu, and the first subject of each kind that it leads to."""
    menu = page.locator("nav a[href]").evaluate_all("all => all.map(a => a.pathname)")
    paths = list(dict.fromkeys(menu))
    kinds = set(SUBJECTS)
    for path in paths:  # grows on the way
        page.goto(path)
        _hold(page, name, axe, wrong)
        for kind in sorted(kinds):
            first = page.locator(kind).first
            if first.count():
                kinds.discard(kind)
                paths.append(urlsplit(first.evaluate("a => a.href")).path)


def _hold(page: Page, name: str, axe: Callable[[Page], None], wrong: list[str]) -> None:
    where = f"{name} {urlsplit(page.url).path}"
    try:
        axe(page)
    except AssertionError as found:
        wrong.append(f"{where}: {found}")
    if not page.evaluate(FITS):
        wide: Any = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right"
            " > document.documentElement.clientWidth + 1).slice(0, 3).map(e => e.outerHTML"
            ".slice(0, 80))"
        )
        wrong.append(f"{where}: wider than its screen: {wide}")
