"""Who must know what a case is held to be. Filled by `site.wiring`, and by nothing else.

Not a stage of the loop: a case can be confirmed when it is reported, verified, or weeks later.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tongchou.cases.models import Case


class Follower(Protocol):
    """What is done when a case has been classified, in the same transaction."""

    def __call__(self, case: "Case", *, by: Any, now: datetime) -> object: ...


_followers: list[Follower] = []


def on_verdict(then: Follower) -> None:
    """Call `then` whenever a case has been classified; `case.classification` says as what."""
    if then not in _followers:
        _followers.append(then)


def followers() -> tuple[Follower, ...]:
    return tuple(_followers)


def forget(then: Follower) -> None:
    """Take a follower out again. For tests."""
    _followers.remove(then)
