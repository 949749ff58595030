"""The main navigation: a registry that each room fills from its `apps.py`.

An entry whose page does not exist yet is left out of the page and reported by `manage.py check`,
so a half-built room never takes the others down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

#: Groups of the menu, top to bottom. Their headings are in `_nav.html`.
GROUPS = ("now", "steer", "desks", "records", "setup")

#: Places in the frame that lead to a page of the site, by slot. `link()` changes one.
_links: dict[str, str] = {
    "home": "home",
    "search": "search",
    "my_turn": "my_turn",
    "account": "account",
    "login": "account_login",
    "logout": "account_logout",
}


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `label` is lazily translated; empty `roles` means everyone."""

    room: str
    label: Any
    url_name: str
    icon: str
    roles: frozenset[str]
    order: int
    group: str


@dataclass(frozen=True)
class Item:
    """An entry as the page shows it."""

    label: str
    url: str
    icon: str
    group: str
    current: bool


_entries: dict[tuple[str, str], Entry] = {}


def register(
    room: str,
    label: Any,
    url_name: str,
    icon: str,
    roles: Iterable[str] = (),
    order: int = 100,
    *,
    group: str = "desks",
) -> None:
    """Put a room's page into the main navigation; call it from `AppConfig.ready`.

    Registering the same page again replaces it, so a reload does no harm.
    """
    if group not in GROUPS:
        raise ValueError(f"group {group!r} is not one of {', '.join(GROUPS)}")
    _entries[room, url_name] = Entry(room, label, url_name, icon, frozenset(roles), order, group)


def link(slot: str, url_name: str) -> None:
    """Lead a place of the frame (home, search, my_turn, account, login, logout) to a page."""
    _links[slot] = url_name


def registered() -> list[Entry]:
    """All entries in the order of the menu."""
    return sorted(_entries.values(), key=lambda e: (GROUPS.index(e.group), e.order, e.room))


def address(url_name: str) -> str:
    """The page's address, or nothing where it does not exist (yet)."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links() -> dict[str, str]:
    """Addresses of the frame's own places; a slot without a page is empty and not shown."""
    return {slot: address(name) for slot, name in _links.items()}


def items(*, path: str, roles: frozenset[str] | None) -> list[Item]:
    """The menu of somebody with these roles (None: everything), with the open page marked.

    The longest matching address is the current one, so `/cases/` is not lit on `/cases/7/graph`
    when the graph has an entry of its own. A page below no entry lights the first of its room, so
    that `/lists/rules/` shows where one is though the menu leads to `/lists/tasks/`.
    """
    shown = [
        (entry, url)
        for entry in registered()
        if (roles is None or not entry.roles or entry.roles & roles)
        and (url := address(entry.url_name))
    ]
    here = max(
        (url for _, url in shown if path == url or (url != "/" and path.startswith(url))),
        key=len,
        default=None,
    )
    room = path.split("/")[1]
    if here is None and room:
        here = next((url for _, url in shown if url.startswith(f"/{room}/")), None)
    return [Item(str(e.label), url, e.icon, e.group, url == here) for e, url in shown]
