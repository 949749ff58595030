"""Pages as people see them: a headless Chromium on the live site, and a judge of accessibility.

A page fails its test when it asks another machine for anything, when a script of it fails, or when
the content security policy stops something.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
#: WCAG 2.2 level AA and what axe holds to be good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HERE = ("127.0.0.1", "localhost")
#: ms. The first page of a process, and its first chart, take seconds on a busy machine.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def live_site(live_server: Any, settings: Any) -> str:
    """The address of a running site, without a slash at the end."""
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser, live_site: str) -> Iterator[Callable[..., Page]]:
    """Open pages: `open_page("/cases/", by=city.wu, locale="zh-CN", width=390, dark=True)`."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_one(
        path: str,
        *,
        by: Any = None,
        locale: str = "en-GB",
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_site,
            locale=locale,
            timezone_id=settings.TIME_ZONE,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        _watch(context, wrong)
        if by is not None:
            context.add_cookies([_session_of(by, live_site)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


def _watch(context: BrowserContext, wrong: list[str]) -> None:
    """Note every request that leaves this machine and every fault of a script."""

    def look(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in HERE:
            wrong.append(f"asked another machine: {request.url}")

    def listen(message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            wrong.append(f"console: {message.text}")

    context.on("request", look)
    context.on("console", listen)
    context.on("weberror", lambda fault: wrong.append(f"script: {fault.error}"))


def _session_of(user: Any, address: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` holds a page to WCAG 2.2 AA: nothing serious, nothing critical."""
    judge = Axe()

    def hold(page: Page) -> None:
        found = judge.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        grave = [
            f"{row['id']}: {row['help']}\n    "
            + "\n    ".join(f"{node['target']} {node['html'][:160]}" for node in row["nodes"][:5])
            for row in found.response["violations"]
            if row["impact"] in ("serious", "critical")
        ]
        assert not grave, f"{page.url}\n" + "\n".join(grave)

    return hold
