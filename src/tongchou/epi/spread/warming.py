"""A tiny outbreak in which everything is done: it compiles every kernel before one is needed."""

import numpy as np

from tongchou.epi.spread.city import tiny
from tongchou.epi.spread.course import Course, Load
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures.antigen import Antigen
from tongchou.epi.spread.measures.arrivals import Arrivals
from tongchou.epi.spread.measures.checkpoints import Checkpoints
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.schools import Schools
from tongchou.epi.spread.measures.testing import Testing
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.vaccination import BANDS, Vaccination
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.spells import SPELLS, Spell
from tongchou.kit.compiled import example

__all__ = ["EVERYTHING", "ILL"]

_ALL = np.ones(101)

#: A disease that everybody catches and falls ill with.
ILL = Course(
    "example",
    dict.fromkeys(SPELLS, Spell(2.0, 1.0)),
    susceptibility=_ALL,
    p_symptomatic=_ALL * 0.9,
    p_severe=_ALL * 0.5,
    p_critical=_ALL * 0.5,
    p_death=_ALL * 0.5,
    beta=0.3,
    dispersion=0.45,
    load=Load(),
)

#: Every measure at once.
EVERYTHING = Response(
    testing=Testing(symptomatic=0.5, asymptomatic=0.1, severe=1.0),
    antigen=Antigen(every_days=2, symptomatic=0.5),
    rounds=Rounds(unit="city", trigger_cases=1),
    tracing=Tracing(completeness=(1.0,) * 7, secondary=0.5),
    quarantine=Quarantine(facility_days=3, home_days=2, secondary_home_days=3, test_days=(1, 2)),
    isolation=Isolation(share=1.0),
    zones=Zones(unit="building", trigger_cases=1, test_every_days=2),
    work=Work(capacity=0.5, bubble=2),
    schools=Schools(closed=("primary",)),
    arrivals=Arrivals(per_day=1.0, prevalence=0.5, quarantine_days=2, test_days=(1,)),
    checkpoints=Checkpoints(crossing=0.5, tested=0.5),
)


@example
def _outbreaks() -> None:
    doses = Vaccination(coverage=((0.5, 0.2, 0.2, 0.1),) * len(BANDS), doses_per_day=1.0)
    whole = Policy(peace=EVERYTHING, war=EVERYTHING, vaccination=doses)
    simulate(tiny(), ILL, whole, seed=1, days=12, seeds=4, threads=2)
    ends = np.arange(8), (np.arange(8) + 1) % 8
    graph = Graph.from_edges(8, {0: ends, 4: ends}, np.full(8, 40))
    plain = Response(
        testing=EVERYTHING.testing,
        tracing=EVERYTHING.tracing,
        quarantine=EVERYTHING.quarantine,
        isolation=EVERYTHING.isolation,
    )
    simulate(graph, ILL, Policy.steady(plain), seed=1, days=12, seeds=2)
