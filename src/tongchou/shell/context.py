"""Context processor of the shell: what `shell/base.html` reads on every page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from tongchou.shell import frame as frames
from tongchou.shell import navigation
from tongchou.shell.csp import HTMX_CONFIG

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "tongchou_theme"


def theme_of(request: HttpRequest) -> str:
    """The reader's choice; without one the device decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` (frame, menu, links, theme), `now` and `language` for every template.

    The frame is lazy: a fragment that htmx asks for every few seconds pays nothing for it.
    """
    frame = SimpleLazyObject(lambda: frames.of(request))
    return {
        "now": timezone.now(),
        "language": get_language() or "en",
        "shell": {
            "frame": frame,
            "theme": theme_of(request),
            "links": SimpleLazyObject(navigation.links),
            "navigation": SimpleLazyObject(
                lambda: navigation.items(path=request.path, roles=frame.roles)
            ),
            "htmx_config": HTMX_CONFIG,
        },
    }
