"""Which panels the command room has: its own, and those that rooms above it add.

A room names its panel by path when Django starts; it is loaded when the room is first looked at,
so that a command on the command line does not wait for it.
"""

from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from tongchou.command.figures import Figure

_ADDED: list[str] = []


def add(path: str) -> None:
    """Add the `Figure` at a dotted path behind the room's own; twice is once."""
    if path not in _ADDED:
        _ADDED.append(path)
        figures.cache_clear()


@cache
def figures() -> "tuple[Figure, ...]":
    """Every panel, in the order of the wall."""
    from tongchou.command.figures import FIGURES

    return (*FIGURES, *(import_string(path) for path in _ADDED))
