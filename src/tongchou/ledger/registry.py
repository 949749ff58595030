"""The loops this city runs, the page of each subject, and what follows from a stage.

Rooms register their loops when Django starts; `site.wiring` says what follows. Nothing else does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from tongchou.loops import Loop

if TYPE_CHECKING:
    from tongchou.ledger.models import Passage


class Listener(Protocol):
    """What is done when a passage enters a stage, in the same transaction."""

    def __call__(self, passage: "Passage", *, by: Any, now: datetime) -> object: ...


class Act(Protocol):
    """How a desk hands over to one outcome when there is more to do than to end the leg."""

    def __call__(
        self, *, passage: "Passage", to: str, by: Any, now: datetime, note: str
    ) -> object: ...


@dataclass(frozen=True)
class Registered:
    """A loop as the desks know it.

    `page` is a URL name that takes a passage's id and shows its subject; `label` its name; `acts`
    the outcomes that the desk hands over itself; `asks` those that need its page, because it has
    to ask for more than a note.
    """

    loop: Loop
    page: str
    label: Any
    stage_labels: dict[str, Any]
    acts: dict[str, Act]
    asks: frozenset[str]


_loops: dict[str, Registered] = {}
_listeners: dict[tuple[str, str], list[Listener]] = defaultdict(list)


def register(
    loop: Loop,
    *,
    page: str = "",
    label: Any = "",
    stages: dict[str, Any] | None = None,
    acts: dict[str, Act] | None = None,
    asks: Iterable[str] = (),
) -> None:
    """Make a loop known. `stages` gives each stage and end its translated name."""
    _loops[loop.name] = Registered(
        loop, page, label or loop.name, stages or {}, acts or {}, frozenset(asks)
    )


def get(name: str) -> Loop:
    return _loops[name].loop


def registered(name: str) -> Registered:
    return _loops[name]


def every() -> tuple[Registered, ...]:
    return tuple(_loops.values())


def stage_label(loop: str, stage: str) -> Any:
    """The name of a stage in the reader's language; the stage itself where nobody named it."""
    known = _loops.get(loop)
    return known.stage_labels.get(stage, stage) if known else stage


def on_stage(loop: str, stage: str, then: Listener) -> None:
    """Call `then` whenever a passage of `loop` enters `stage`."""
    if then not in _listeners[loop, stage]:
        _listeners[loop, stage].append(then)


def listeners(loop: str, stage: str) -> tuple[Listener, ...]:
    return tuple(_listeners.get((loop, stage), ()))


def forget(*loops: str) -> None:
    """Drop loops and what follows from them. For tests that register loops of their own."""
    for name in loops:
        _loops.pop(name, None)
        for key in [k for k in _listeners if k[0] == name]:
            del _listeners[key]


def chains() -> tuple[tuple[str, str, Callable[..., object]], ...]:
    """Everything that follows from something, for the handbook and the house test."""
    return tuple((loop, stage, then) for (loop, stage), all_ in _listeners.items() for then in all_)
