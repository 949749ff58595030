"""The figures of the command room, in the order of the wall."""

from tongchou.command.figures import chain, epidemic, places, work
from tongchou.command.figures.base import Figure, Seen

_ORDER = (
    "numbers",
    "map",
    "gaps",
    "tempo",
    "curve",
    "found",
    "contacts",
    "sites",
    "not_found",
    "readiness",
    "imports",
    "times",
)
_ALL = {f.name: f for room in (epidemic, places, work, chain) for f in room.FIGURES}
FIGURES: tuple[Figure, ...] = tuple(_ALL[name] for name in _ORDER)

__all__ = ["FIGURES", "Figure", "Seen"]
