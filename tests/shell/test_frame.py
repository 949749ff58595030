"""The frame is handed in by the site."""

from typing import Any

import pytest
from django.test import RequestFactory

from tongchou.shell import frame


def wrong(request: Any) -> Any:
    return {"area": "Riverton"}


def test_without_a_site_the_frame_is_empty(settings: Any) -> None:
    settings.SHELL_FRAME = ""
    assert frame.of(RequestFactory().get("/")) == frame.Frame()


def test_a_site_that_gives_something_else_is_told(settings: Any) -> None:
    settings.SHELL_FRAME = f"{__name__}.wrong"
    with pytest.raises(TypeError, match="must return a tongchou.shell.frame.Frame"):
        frame.of(RequestFactory().get("/"))
