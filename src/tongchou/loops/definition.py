"""A loop is a short table: where the subject waits, who answers for it, where it may go.

The first row is the way in; a stage without a row of its own is a way out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Tempo(StrEnum):
    """How hard an area is pressed. Deadlines at war are never longer than in peace."""

    PEACE = "peace"
    WAR = "war"


class LoopError(Exception):
    """A loop is declared wrongly. Raised at import, never at run time."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One row of a loop: the subject waits at `stage` until the next pair of hands takes it.

    Parameters
    ----------
    stage
        Where the subject waits.
    owner
        The role that answers for the deadline.
    to
        The stages it may go to.
    received_by
        The role whose taking over ends the leg; the owner where empty. A bus that says it has
        delivered is not a hotel that says it has received.
    custody
        Whether a person is held in these hands. A person is in at most one custody stage.
    yields
        The outcome with which this leg ends by itself when another custody stage takes the same
        person over, so that giving and taking are one act.
    named
        A unit named at the hand-over answers, whatever its role, and only its people may end the
        leg. `owner` answers where nobody is named, or nobody of that unit is on duty.
    """

    stage: str
    owner: str
    to: tuple[str, ...]
    received_by: str = ""
    custody: bool = False
    yields: str = ""
    named: bool = False

    def __post_init__(self) -> None:
        if not self.to:
            raise LoopError(f"{self.stage}: a hand-off needs somewhere to go")
        if len(set(self.to)) != len(self.to):
            raise LoopError(f"{self.stage}: the same outcome is listed twice")
        if self.yields and self.yields not in self.to:
            raise LoopError(f"{self.stage}: it yields {self.yields!r}, which is not an outcome")
        if self.yields and not self.custody:
            raise LoopError(f"{self.stage}: only a custody stage can yield a person")
        if self.named and self.received_by:
            raise LoopError(f"{self.stage}: the unit that is named receives; no role can")

    @property
    def signer(self) -> str:
        """The role that may end the leg."""
        return self.received_by or self.owner


@dataclass(frozen=True)
class Loop:
    """A named, closed table of hand-offs, checked when it is built.

    Raises
    ------
    LoopError
        Where a stage has two rows, cannot be reached, or has no way out.

    Examples
    --------
    >>> tube = Loop("specimen", (
    ...     Handoff("taken", "sampler", ("in_transit",)),
    ...     Handoff("in_transit", "courier", ("negative", "positive"), received_by="lab"),
    ... ))
    >>> tube.start, sorted(tube.ends)
    ('taken', ['negative', 'positive'])
    """

    name: str
    handoffs: tuple[Handoff, ...]
    _rows: dict[str, Handoff] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        if not self.handoffs:
            raise LoopError(f"{self.name}: a loop needs at least one hand-off")
        object.__setattr__(self, "_rows", {row.stage: row for row in self.handoffs})
        if len(self._rows) != len(self.handoffs):
            raise LoopError(f"{self.name}: a stage has two rows")
        if lost := set(self._rows) - self._reachable(self.start):
            raise LoopError(f"{self.name}: no way in to {sorted(lost)}")
        if stuck := [s for s in self._rows if not self._reachable(s) & self.ends]:
            raise LoopError(f"{self.name}: no way out of {stuck}")

    def __iter__(self) -> Iterator[Handoff]:
        return iter(self.handoffs)

    @property
    def start(self) -> str:
        return self.handoffs[0].stage

    @cached_property
    def stages(self) -> frozenset[str]:
        return frozenset(self._rows).union(*(row.to for row in self.handoffs))

    @cached_property
    def ends(self) -> frozenset[str]:
        return self.stages - set(self._rows)

    @property
    def custody(self) -> bool:
        """Whether any stage of the loop holds a person."""
        return any(row.custody for row in self.handoffs)

    def at(self, stage: str) -> Handoff | None:
        """The hand-off awaited at `stage`, or None where the loop has ended."""
        return self._rows.get(stage)

    def holds(self, stage: str) -> bool:
        """Whether a person who is at `stage` is in somebody's hands."""
        row = self._rows.get(stage)
        return row is not None and row.custody

    def _reachable(self, stage: str) -> set[str]:
        seen, queue = {stage}, [stage]
        while queue:
            row = self._rows.get(queue.pop())
            for target in row.to if row else ():
                if target not in seen:
                    seen.add(target)
                    queue.append(target)
        return seen
