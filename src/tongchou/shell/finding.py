"""What the one box finds: a room adds a finder of its own, as it adds pages to the menu."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: Of each kind of thing so many are shown; who wants more asks more narrowly.
MOST = 20


@dataclass(frozen=True)
class Found:
    """One answer: what kind of thing, what it is called, where it is."""

    kind: str
    title: str
    note: str
    url: str


#: `find(text, scope, now=…)`: what of this room's things the scope may see. `text` has two signs
#: at least.
Finder = Callable[..., Iterable[Found]]

_finders: dict[str, tuple[int, Finder]] = {}


def register(room: str, find: Finder, *, order: int = 100) -> None:
    """Have a room searched; call it from `AppConfig.ready`. Registering again replaces it."""
    _finders[room] = order, find


def search(text: str, scope: Any, *, now: datetime) -> list[Found]:
    """Answers of all rooms inside the user's areas, in the order in which rooms registered."""
    text = text.strip()
    if len(text) < 2:
        return []
    finders = sorted(_finders.items(), key=lambda item: (item[1][0], item[0]))
    return [found for _room, (_order, find) in finders for found in find(text, scope, now=now)]
