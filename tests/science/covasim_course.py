"""Covasim's disease and measures in our words, and its load with the rounding of single precision.

The figures are those of docs/science/covasim.md, kept in `dense_city`.
"""

import numpy as np

from tests.science import dense_city as dense
from tests.science.hybrid_graph import HybridCity
from tongchou.epi.spread.course import LAYERS, Course, Load
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.testing import Testing
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.spells import Spell

#: Their layers among ours, by number.
NAMES = {"h": "household", "s": "class", "w": "workplace", "c": "community"}
NUMBERS = {ours: LAYERS.index(name) for ours, name in NAMES.items()}

SPELLS = {
    "exposed_to_infectious": "infectious",
    "infectious_to_symptoms": "symptoms",
    "symptoms_to_severe": "severe",
    "severe_to_critical": "critical",
    "critical_to_death": "death",
    "recovery_asymptomatic": "mild",
    "recovery_mild": "mild",
    "recovery_severe": "well",
    "recovery_critical": "well",
}


class SinglePrecision(Load):
    """The day on the boundary counts as high where single precision says so."""

    def high_days(self, total: int) -> int:
        return dense.high_days(total)


def course() -> Course:
    by_age = np.repeat(np.arange(10), 10)
    by_age = np.append(by_age, 9)  # 100 and older
    layers = np.zeros(len(LAYERS))
    for name, number in NUMBERS.items():
        layers[number] = dense.LAYERS[name][0]
    return Course(
        "Covasim 3.1.9",
        {spell: Spell(*dense.DAYS[theirs]) for spell, theirs in SPELLS.items()},
        susceptibility=dense.SUSCEPTIBILITY[by_age],
        p_symptomatic=dense.SYMPTOMS[by_age],
        p_severe=(dense.SEVERE / dense.SYMPTOMS)[by_age],
        p_critical=(dense.CRITICAL / dense.SEVERE)[by_age],
        p_death=(dense.DEATH / dense.CRITICAL)[by_age],
        beta=dense.BETA,
        layers=layers,
        dispersion=0.45,
        load=SinglePrecision(),
    )


def graph(city: HybridCity) -> Graph:
    edges = {NUMBERS[name]: sides for name, sides in city.layers.items()}
    return Graph.from_edges(city.age.size, edges, city.age.astype(np.uint8))


def policy(mode: str) -> Policy:
    """Nothing, or the tests, tracing, quarantine and isolation of the scenario "on"."""
    if mode == "off":
        return Policy()

    def by_layer(column: int) -> tuple[float, ...]:
        row = [0.0] * len(LAYERS)
        for name, number in NUMBERS.items():
            row[number] = dense.LAYERS[name][column]
        return tuple(row)

    return Policy.steady(
        Response(
            testing=Testing(
                symptomatic=0.2,
                asymptomatic=0.002,
                symptomatic_held=0.5,
                asymptomatic_held=0.05,
                result_days=1,
            ),
            tracing=Tracing(
                completeness=by_layer(3), delay_days=tuple(int(day) for day in by_layer(4))
            ),
            quarantine=Quarantine(
                home_days=dense.QUARANTINE_DAYS,
                home_household=0.6,
                home_outside=0.2,
                recovered_exempt=True,
            ),
            isolation=Isolation(share=1.0, household=0.3, outside=0.1),
        ),
        start_day=dense.START_TESTS,
    )
