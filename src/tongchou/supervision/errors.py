"""What can go wrong in this room; each says what and how to mend it."""

from collections.abc import Iterable
from typing import Any


class SupervisionError(Exception):
    """A fault that a person can mend; a face turns it into a message."""


class BadChecklist(SupervisionError):
    """The text of a checklist cannot be used; every fault is named with its place."""

    def __init__(self, faults: Iterable[Any]) -> None:
        self.faults = [str(fault) for fault in faults]
        super().__init__(" ".join(self.faults))


class BadPhoto(SupervisionError):
    """A file that is not kept, and why."""


class NotAnswered(SupervisionError):
    """An inspection that is not filled in cannot be reported."""


class SomebodyElse(SupervisionError):
    """Another inspector has answered this item since the page was drawn."""


class BadNotice(SupervisionError):
    """A notice whose text names a number it does not have, or that is signed already."""


class TooEarly(SupervisionError):
    """Figures that units have not seen, or are still contesting, are not published."""
