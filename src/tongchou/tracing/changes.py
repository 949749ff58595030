"""Who must know that a contact's tier or last exposure changed: the order counts from both.

Filled by `site.wiring`, and by nothing else.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tongchou.cases.models import Contact


class Follower(Protocol):
    """What is done when a contact has changed, in the same transaction."""

    def __call__(self, contact: "Contact", *, by: Any, now: datetime) -> object: ...


_followers: list[Follower] = []


def on_change(then: Follower) -> None:
    """Call `then` whenever the tier or the last exposure of an open contact has changed."""
    if then not in _followers:
        _followers.append(then)


def tell(contact: "Contact", *, by: Any, now: datetime) -> None:
    for then in tuple(_followers):
        then(contact, by=by, now=now)


def forget(then: Follower) -> None:
    """Take a follower out again. For tests."""
    _followers.remove(then)
