"""The frame around every page, in both languages, whole and in part."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.views.decorators.http import require_POST

from tongchou.shell import context, views
from tongchou.shell.csp import POLICY

Show = Callable[..., str]
PAGE = '{% extends "shell/base.html" %}'


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the desk that holds the case may hand it on.")


def garble(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def keep(request: HttpRequest) -> HttpResponse:
    return HttpResponse("kept")


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    path("refused", refuse),
    path("shell/", require_POST(lambda request: HttpResponse("kept"))),
    path("desk/7/", keep),
    path("desk/7/act/sent/", require_POST(keep)),
    path("garbled", garble),
    path("crashed", crash),
    path("shell/", include("tongchou.shell.urls")),
    path("language/", include("django.conf.urls.i18n")),
]


@pytest.fixture
def browser(settings: Any, frame: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    settings.SHELL_GALLERY = True
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


def test_the_title_is_written_once_and_shown_twice(show: Show) -> None:
    html = show(PAGE + "{% block title %}Contacts{% endblock %}")
    assert "<title>Contacts · 统筹 Tongchou</title>" in html
    assert '<h1 class="page-title">Contacts</h1>' in html


def test_the_header_says_area_tempo_and_how_much_waits(show: Show) -> None:
    html = show(PAGE)
    assert "Riverton" in html and "War tempo" in html and 'data-tempo="war"' in html
    assert "Nurse Lin" in html


@pytest.mark.usefixtures("gallery_as_my_turn")
def test_a_view_may_know_better_how_much_waits(show: Show) -> None:
    assert "<b>7</b>" in show(PAGE)
    assert "<b>3</b>" in show(PAGE, my_turn_count=3)


@pytest.fixture
def gallery_as_my_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    from tongchou.shell import navigation

    monkeypatch.setattr(navigation, "_links", {"my_turn": "shell:gallery"})


def test_a_page_has_a_skip_link_a_main_landmark_and_a_language(show: Show) -> None:
    html = show(PAGE, language="zh-hans")
    assert '<a class="skip" href="#main">跳到正文</a>' in html
    assert '<main id="main"' in html and '<html lang="zh-hans"' in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_inline_that_the_policy_refuses(browser: Client, show: Show, language: str) -> None:
    html = browser.get("/shell/gallery", headers={"accept-language": language}).content.decode()
    assert " style=" not in html and "<style" not in html and " onclick=" not in html
    assert "<script>" not in html


def test_every_answer_brings_the_policy(browser: Client) -> None:
    assert browser.get("/shell/gallery")["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY and "http" not in POLICY


def test_the_gallery_is_for_developers_and_demos(browser: Client, settings: Any) -> None:
    settings.SHELL_GALLERY = settings.DEBUG = False
    assert browser.get("/shell/gallery").status_code == 404


def test_the_look_is_kept_in_a_cookie_and_drawn_by_the_server(browser: Client) -> None:
    browser.post("/shell/theme", {"theme": "dark", "next": "/shell/gallery"})
    assert 'data-theme="dark"' in browser.get("/shell/gallery").content.decode()


def test_an_unknown_look_is_not_kept(browser: Client) -> None:
    answer = browser.post("/shell/theme", {"theme": "pink", "next": "https://elsewhere.example/"})
    assert context.THEME_COOKIE not in answer.cookies
    assert answer["Location"] == "/"


def test_the_language_switch_changes_the_page(browser: Client) -> None:
    browser.post("/language/setlang/", {"language": "zh-hans", "next": "/shell/gallery"})
    assert "组件一览" in browser.get("/shell/gallery").content.decode()


@pytest.mark.parametrize(
    ("address", "status", "english", "chinese"),
    [
        ("/nowhere", 404, "search box", "搜索框"),
        ("/refused", 403, "ask your duty officer", "联系值班员"),
        ("/garbled", 400, "load the page anew", "刷新页面"),
        ("/crashed", 500, "do it by telephone", "先电话办理"),
    ],
)
def test_an_error_says_what_to_do_in_both_languages(
    browser: Client, address: str, status: int, english: str, chinese: str
) -> None:
    for language, words in (("en", english), ("zh-CN", chinese)):
        answer = browser.get(address, headers={"accept-language": language})
        assert answer.status_code == status
        assert words in answer.content.decode()


def test_an_address_that_only_takes_forms_says_so_and_leads_back(browser: Client) -> None:
    page = {"accept": "text/html"}
    answer = browser.get("/desk/7/act/sent/", headers=page)
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    text = answer.content.decode()
    assert "send it again" in text and 'class="button is-primary" href="/desk/7/"' in text
    assert browser.get("/desk/7/act/sent/").content == b""  # a program is told in its own way
    assert browser.post("/desk/7/act/sent/", headers=page).status_code == 200


def test_a_refusal_brings_its_reason(browser: Client) -> None:
    assert "Only the desk that holds the case" in browser.get("/refused").content.decode()


def test_a_form_without_its_key_is_explained(browser: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/shell/theme", {"theme": "dark"})
    assert answer.status_code == 403 and "load the page anew" in answer.content.decode()


# --- helpers of a view -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
    ],
)
def test_htmx_gets_the_part_and_everybody_else_the_page(
    headers: dict[str, str], part: bool
) -> None:
    request = RequestFactory().get("/", headers=headers)
    answer = views.page(request, "404.html", {"title": "t"}, fragment="shell/_pager.html")
    assert ("<html" not in answer.content.decode()) is part
    assert answer["Vary"] == "HX-Request"


def test_after_an_action_both_kinds_of_form_are_led_on() -> None:
    plain = views.go(RequestFactory().post("/"), "/case/7")
    part = views.go(RequestFactory().post("/", headers={"HX-Request": "true"}), "/case/7")
    assert (plain.status_code, plain["Location"]) == (302, "/case/7")
    assert (part.status_code, part["HX-Redirect"]) == (204, "/case/7")


def test_a_toast_carries_chinese_and_a_way_back() -> None:
    answer = views.toast(HttpResponse(), "已解除", undo="/undo/7")
    assert answer["HX-Trigger"].isascii() and "/undo/7" in answer["HX-Trigger"]
