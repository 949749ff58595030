"""What other desks show on the page of a case: fragments that htmx fetches when they are looked at.

The desks stand above this room, so they register here and nothing here knows them.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Panel:
    """A fragment of the case page. `url_name` takes the id of the case."""

    label: Any
    url_name: str
    order: int


_panels: dict[str, Panel] = {}


def register(label: Any, url_name: str, *, order: int = 100) -> None:
    """Put a fragment on the case page; call it from `AppConfig.ready`. Once per URL name."""
    _panels[url_name] = Panel(label, url_name, order)


def of(case_id: int) -> list[tuple[Any, str]]:
    """Label and address of every panel, in order; one whose page does not exist is left out."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda p: (p.order, p.url_name)):
        try:
            shown.append((panel.label, reverse(panel.url_name, args=[case_id])))
        except NoReverseMatch:
            continue
    return shown


@dataclass(frozen=True)
class Link:
    """A way from a section of the case page to another desk."""

    label: Any
    url_name: str


_links: dict[str, Link] = {}


def link_chains(label: Any, url_name: str) -> None:
    """Lead from the chains of a case to a page that takes the id of the case."""
    _links[url_name] = Link(label, url_name)


def from_chains(case_id: int) -> list[tuple[Any, str]]:
    """Label and address of every way on from the chains of a case."""
    return [(each.label, reverse(each.url_name, args=[case_id])) for each in _links.values()]


def forget(url_name: str) -> None:
    """Take a panel out again. For tests."""
    _panels.pop(url_name, None)
    _links.pop(url_name, None)
