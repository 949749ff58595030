"""The design system in a real browser: every component, under the policy, for everybody."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tongchou.shell import charts

GALLERY = "/shell/gallery"


@pytest.fixture(autouse=True, scope="module")
def warmed() -> None:
    charts.warm()


@pytest.fixture(autouse=True)
def gallery_open(settings: Any, transactional_db: None) -> None:
    settings.SHELL_GALLERY = True


def drawn(page: Page, which: str = "[data-chart]") -> Page:
    """The page once its charts have been scrolled to and drawn."""
    figures = page.locator(which)
    for n in range(figures.count()):
        figures.nth(n).scroll_into_view_if_needed()
        expect(figures.nth(n)).to_have_attribute("data-drawn", "dark" if _dark(page) else "light")
    page.evaluate("scrollTo(0, 0)")
    return page


def _dark(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))


@pytest.mark.parametrize(
    ("width", "locale", "dark"),
    [(390, "zh-CN", False), (390, "en-GB", True), (1366, "en-GB", False), (2560, "zh-CN", True)],
)
def test_every_component_can_be_used_by_everybody(
    open_page: Callable[..., Page], axe: Callable[[Page], None], width: int, locale: str, dark: bool
) -> None:
    page = drawn(open_page(GALLERY, width=width, locale=locale, dark=dark))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


def test_charts_are_drawn_under_the_policy(open_page: Callable[..., Page]) -> None:
    page = drawn(open_page(GALLERY))
    styled = "figures => figures.every((f) => f.shadowRoot.adoptedStyleSheets.length > 1)"
    assert page.locator(".bk-Figure").evaluate_all(styled)
    assert page.locator("[data-broken]").count() == 0


def test_a_click_on_the_map_opens_the_area(open_page: Callable[..., Page]) -> None:
    page = drawn(open_page(GALLERY, width=1366), "#map-figure")
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.75)
    page.wait_for_url("**#a")


def test_a_new_look_shows_at_once_and_stays(open_page: Callable[..., Page]) -> None:
    page = drawn(open_page(GALLERY), "#curve-figure")
    page.locator("[popovertarget=user-menu]").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("#curve-figure")).to_have_attribute("data-drawn", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_keyboard_walks_the_rows_and_finds_the_search(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.is-here .person")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_confirmation_asks_before_it_acts(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    page.get_by_role("button", name="Release", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Release P-7K3M-Q2?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_a_second_click_sends_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.route("**/shell/theme", lambda route: route.fulfill(status=204))  # stays on the page
    page.evaluate(
        """() => {
          const form = document.querySelector("[data-theme-form]");
          delete form.dataset.themeForm;
          const button = form.querySelector("button");
          form.requestSubmit(button); form.requestSubmit(button);
        }"""
    )
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_a_message_can_be_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    asked: list[str] = []

    def undo(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/undo/7", undo)
    page.evaluate("shell.toast({text: 'Released.', undo: '/undo/7', undo_label: 'Undo'})")
    expect(page.get_by_role("status").filter(has_text="Released.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Released.")).to_have_count(0)
    assert asked == ["POST"]


def test_a_refusal_by_the_server_is_said_in_words(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, locale="zh-CN")
    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('htmx:responseError',"
        " {bubbles: true, detail: {xhr: {status: 500}}}))"
    )
    expect(page.locator("#toasts")).to_contain_text("操作未成功")


def test_that_the_server_is_gone_is_said_once_and_until_it_answers(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(GALLERY)
    gone = page.locator("#toasts .is-bad")
    happens = "name => document.body.dispatchEvent(new CustomEvent(name, {bubbles: true}))"
    page.evaluate(happens, "htmx:sendError")
    page.evaluate(happens, "htmx:sendError")
    expect(gone).to_have_count(1)
    page.evaluate(happens, "htmx:afterOnLoad")
    expect(gone).to_have_count(0)


def test_a_finger_finds_everything_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, width=390)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary, input:not([type])")]
          .filter((e) => e.checkVisibility({contentVisibilityAuto: true}) && !e.closest(".hidden"))
          .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
          .filter(([box]) => box.height && box.height < 43.5)
          .map(([box, html]) => `${Math.round(box.height)} px: ${html}`)"""
    )
    assert not [line for line in small if "skip" not in line]


def test_rows_become_cards_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, width=390)
    cell = page.locator(".is-cards td").first
    assert "Person" in cell.evaluate("e => getComputedStyle(e, '::before').content")


def test_without_javascript_the_menu_the_look_and_the_numbers_remain(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(GALLERY, scripts=False)
    page.locator("[popovertarget=user-menu]").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#curve-figure summary").click()
    expect(page.locator("#curve-figure table")).to_be_visible()


def test_paper_shows_the_content_alone(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".nav").first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_print_button_opens_the_dialog_of_the_browser(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(GALLERY)
    button = page.locator("[data-print]").first
    expect(button).to_be_visible()
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    button.click()
    expect(page).to_have_title("printed")
    expect(open_page(GALLERY, scripts=False).locator("[data-print]").first).to_be_hidden()
