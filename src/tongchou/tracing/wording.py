"""The reasons of the reader of texts as the desk says them: the science knows one language only."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_DOUBTS: dict[str, Any] = {
    "a place without a time": gettext_lazy("a place without a time"),
    "a name without an ending that says what it is": gettext_lazy(
        "a name that does not say what kind of place it is"
    ),
    "the day is inferred from what was said before": gettext_lazy(
        "the day is inferred from what was said before"
    ),
    "there is no such day": gettext_lazy("there is no such day"),
}
_LIKE: dict[str, Any] = {
    "same name": gettext_lazy("same name"),
    "same name but for its ending": gettext_lazy("same name but for its ending"),
    "one name holds the other": gettext_lazy("one name holds the other"),
    "names alike": gettext_lazy("names alike"),
}
_WITH_PARTS: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = (
    (
        re.compile(r"lies in (.+), the text says (.+)"),
        lambda have, said: (
            _("lies in %(have)s, the text says %(said)s") % {"have": have, "said": said}
        ),
    ),
    (re.compile(r"in (.+), as the rest of the text"), lambda area: _("in %s") % area),
    (re.compile(r"in (.+)"), lambda area: _("in %s") % area),
    (re.compile(r"(.+) km away"), lambda km: _("%s km away") % km),
)


def doubt(reason: str) -> str:
    """Why a piece of a text should be looked at; one that is new here stays as it is."""
    return str(_DOUBTS.get(reason, reason))


def likeness(reasons: tuple[str, ...]) -> str:
    """Why an entry of the list of places may be meant."""
    return ", ".join(dict.fromkeys(_one(reason) for reason in reasons))


def _one(reason: str) -> str:
    if reason in _LIKE:
        return str(_LIKE[reason])
    for pattern, words in _WITH_PARTS:
        if found := pattern.fullmatch(reason):
            return words(*found.groups())
    return reason
