"""A policy: what is done in peace and what is done in war, as the simulator runs it.

`planning` makes one from a playbook and a scenario; tests and benchmarks write them by hand.
"""

from dataclasses import dataclass, field

from tongchou.epi.spread.measures.adherence import Adherence
from tongchou.epi.spread.measures.antigen import Antigen
from tongchou.epi.spread.measures.arrivals import Arrivals
from tongchou.epi.spread.measures.checkpoints import Checkpoints
from tongchou.epi.spread.measures.gatherings import Gatherings
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.masks import Masks
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.schools import Schools
from tongchou.epi.spread.measures.stages import PEACE, WAR, Stages
from tongchou.epi.spread.measures.testing import Testing
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.vaccination import Vaccination
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.measures.zones import Zones

__all__ = ["PEACE", "WAR", "Policy", "Response"]


@dataclass(frozen=True, slots=True)
class Response:
    """Every measure of one tempo. The default does nothing at all."""

    testing: Testing = field(default_factory=Testing)
    antigen: Antigen = field(default_factory=Antigen)
    rounds: Rounds = field(default_factory=Rounds)
    tracing: Tracing = field(default_factory=Tracing)
    quarantine: Quarantine = field(default_factory=Quarantine)
    isolation: Isolation = field(default_factory=Isolation)
    zones: Zones = field(default_factory=Zones)
    work: Work = field(default_factory=Work)
    schools: Schools = field(default_factory=Schools)
    masks: Masks = field(default_factory=Masks)
    gatherings: Gatherings = field(default_factory=Gatherings)
    arrivals: Arrivals = field(default_factory=Arrivals)
    checkpoints: Checkpoints = field(default_factory=Checkpoints)


NOTHING = Response()


@dataclass(frozen=True, slots=True)
class Policy:
    """Both tempos, the rule between them, and what does not change with it.

    Parameters
    ----------
    peace, war
        What is done in a district in each tempo.
    stages
        When a district turns from one to the other; by default it is always peace.
    start_day
        The first day on which anything is done at all; before it, the outbreak is not known.
    """

    peace: Response = NOTHING
    war: Response = NOTHING
    stages: Stages = field(default_factory=Stages)
    adherence: Adherence = field(default_factory=Adherence)
    vaccination: Vaccination = field(default_factory=Vaccination)
    start_day: int = 0

    @classmethod
    def steady(cls, response: Response, *, start_day: int = 0) -> "Policy":
        """The same in peace and war."""
        return cls(peace=response, war=response, start_day=start_day)

    @property
    def both(self) -> tuple[Response, Response]:
        """By tempo: `both[PEACE]`, `both[WAR]`."""
        return self.peace, self.war
