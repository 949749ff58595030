"""What the shell's tests share: a template rendered as a page would be, and a quiet frame."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from tongchou.shell import navigation
from tongchou.shell.frame import Frame

EXTENDS = re.compile(r"^({% extends [^%]+ %})?")  # which must stay the first tag
FRAME = Frame(area_name="Riverton", tempo="war", my_turn_count=7, user_label="Nurse Lin")


def frame_of_the_tests(request: Any) -> Frame:
    return FRAME


@pytest.fixture
def frame(settings: Any) -> Frame:
    """The same frame on every page, so that no room above has to be asked."""
    settings.SHELL_FRAME = "tests.shell.conftest.frame_of_the_tests"
    return FRAME


@pytest.fixture
def show(frame: Frame) -> Callable[..., str]:
    """Renders template source with the context processors of a page."""

    def render(source: str, *, url: str = "/desk/", language: str = "en", **context: Any) -> str:
        request = RequestFactory().get(url)
        request.user = AnonymousUser()
        template = engines["django"].from_string(EXTENDS.sub(r"\1{% load shell i18n %}", source))
        with override(language):
            return template.render(context, request)

    return render


@pytest.fixture
def empty_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room has registered anything."""
    monkeypatch.setattr(navigation, "_entries", {})
