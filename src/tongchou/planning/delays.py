"""How long the hand-offs take that the simulator counts in days: as measured, else as allowed.

A delay of the simulator is several hand-offs in a row. Where the ledger has shown how long one of
them takes, that counts; for the others the playbook's deadline stands in, and the run says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from tongchou.playbook import Playbook

__all__ = ["LEGS", "NOTHING", "Delay", "Leg", "Measured", "delay_of", "delays"]

Leg = tuple[str, str]
"""A hand-off: loop and stage."""

Measured = Mapping[Leg, timedelta]
"""How long hand-offs have typically taken."""

NOTHING: Final[Measured] = MappingProxyType({})

#: The hand-offs in a row behind each delay, by its path in a `Response`.
LEGS: Final[Mapping[str, tuple[Leg, ...]]] = MappingProxyType(
    {
        # the case is verified, the core facts are known, then each contact is placed
        "tracing.delay_days": (
            ("case_report", "reported"),
            ("case_report", "verified"),
            ("contact", "listed"),
            ("contact", "notified"),
            ("contact", "located"),
        ),
        "isolation.transfer_days": (
            ("case_report", "reported"),
            ("case_report", "verified"),
            ("case_report", "investigated"),
        ),
        # who is isolated at home is told as soon as the case is verified
        "isolation.transfer_days.home": (("case_report", "reported"),),
    }
)


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay of the simulator.

    Parameters
    ----------
    time
        All hand-offs together.
    measured, assumed
        Which of them were measured, and for which a deadline stands in.
    """

    path: str
    time: timedelta
    measured: tuple[Leg, ...]
    assumed: tuple[Leg, ...]

    @property
    def days(self) -> int:
        """To the nearest whole day; half a day counts as one."""
        return int(self.time / timedelta(days=1) + 0.5)


def delay_of(book: Playbook, tempo: str, path: str, measured: Measured = NOTHING) -> Delay:
    """One delay in "peace" or "war"."""
    legs = LEGS[path]
    times = (
        measured[leg] if leg in measured else book.deadline(*leg).allowed(tempo) for leg in legs
    )
    return Delay(
        path,
        sum(times, timedelta(0)),
        measured=tuple(leg for leg in legs if leg in measured),
        assumed=tuple(leg for leg in legs if leg not in measured),
    )


def delays(book: Playbook, tempo: str, measured: Measured = NOTHING) -> tuple[Delay, ...]:
    """Every delay in "peace" or "war", for the page that says which were measured."""
    return tuple(delay_of(book, tempo, path, measured) for path in LEGS)
