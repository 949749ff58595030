"""Who must know that a case went to another area. Filled by `site.wiring`, and by nothing else."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tongchou.cases.models import Case


class Follower(Protocol):
    """What is done when a case has moved, in the same transaction."""

    def __call__(self, case: "Case", *, by: Any, now: datetime) -> object: ...


_followers: list[Follower] = []


def on_move(then: Follower) -> None:
    """Call `then` whenever a case has been handed to another area."""
    if then not in _followers:
        _followers.append(then)


def followers() -> tuple[Follower, ...]:
    return tuple(_followers)


def forget(then: Follower) -> None:
    """Take a follower out again. For tests."""
    _followers.remove(then)
