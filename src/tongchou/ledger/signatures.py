"""What waits for somebody's signature and is no hand-off: rooms say what, my turn shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from tongchou.staff.models import User
from tongchou.staff.queries import Scope

__all__ = ["Awaited", "awaited", "register"]


@dataclass(frozen=True)
class Awaited:
    """A paper that another person put forward: what it is, who wants what, where it is signed."""

    title: str
    note: str
    page: str
    since: datetime


#: What waits for a user of this scope. Every page asks: it costs those nothing whom it is not for.
Room = Callable[[User, Scope, datetime], list[Awaited]]
_rooms: list[Room] = []


def register(room: Room) -> None:
    if room not in _rooms:
        _rooms.append(room)


def awaited(user: User | AnonymousUser, scope: Scope, *, now: datetime) -> list[Awaited]:
    """All that waits for this user, longest first."""
    if not user.is_authenticated:
        return []
    found = (each for room in _rooms for each in room(user, scope, now))
    return sorted(found, key=lambda each: each.since)
