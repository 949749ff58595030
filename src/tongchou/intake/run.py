"""What one run stands on, and what it found: handed from step to step instead of ten arguments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from tongchou.areas.models import Area
from tongchou.intake.checking import Draft
from tongchou.intake.fields import Kind
from tongchou.intake.grounds import Spot
from tongchou.intake.models import Import
from tongchou.staff.models import User

Progress = Callable[[int], object]


@dataclass
class Run:
    """One import on its way into the store."""

    of: Import
    top: Area
    by: User | None
    now: datetime
    today: date
    fold: bool = False
    n_read: int = 0
    n_new: int = 0
    n_unchanged: int = 0
    n_refused: int = 0
    n_remarks: int = 0
    #: unknown references and the number that was suggested for each
    nearest: dict[str, str] = field(default_factory=dict)
    #: In a preview: numbers that the sheet before this one would have stored.
    promised: dict[Kind, Callable[[list[str]], set[str]]] = field(default_factory=dict)

    @cached_property
    def spot(self) -> Spot:
        """Where a row belongs that names no area."""
        return Spot(self.top.code, self.top.path, str(self.top))

    @property
    def kind(self) -> Kind:
        return Kind(self.of.kind)

    def key(self, reference: str) -> str:
        """A reference as the key of the line it means."""
        return self.of.prefix + (reference.upper() if self.fold else reference)


@dataclass
class Settled:
    """A chunk of drafts after the store was asked about them."""

    new: list[Draft] = field(default_factory=list)
    unchanged: list[Draft] = field(default_factory=list)
    refused: list[Draft] = field(default_factory=list)
    #: line id -> digest, where a line came again in other words and means the same
    reworded: dict[int, str] = field(default_factory=dict)
    #: drafts that are new as lines but whose record is there already, with it
    adopted: list[tuple[Draft, Any]] = field(default_factory=list)
