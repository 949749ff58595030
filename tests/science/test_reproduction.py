"""What isolation leaves of R: the share passed on before symptoms (Fraser et al. 2004).

doi:10.1073/pnas.0307506101. The disease has no spread in its times, so theory is a fraction.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.science.flat import MANY, mixed, within
from tongchou.epi.spread.course import AGES, Course, plain
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.step import one_day

R0, LATENT, BEFORE, DAYS = 3.0, 3, 2, 8
FIRST = 8000
SYMPTOMS = testing.Testing(symptomatic=1.0, result_days=0)


@cache
def disease(symptoms: float = 1.0) -> Course:
    """Infectious on days 3 to 10, with symptoms from day 5."""
    base = plain(
        "fraser", latent=Spell(LATENT, law="constant"), infectious=Spell(DAYS, law="constant"),
        r0=None, beta=R0 / DAYS / MANY,
    )  # fmt: skip
    spells = dict(base.spells) | {
        "infectious_to_symptoms": Spell(BEFORE, law="constant"),
        "recovery_mild": Spell(DAYS - BEFORE, law="constant"),
    }
    return replace(
        base, spells=spells, layers=within("city"), p_symptomatic=np.full(AGES, symptoms)
    )


def offspring(course: Course, **measures: object) -> tuple[float, float]:
    """Mean number infected by the first cases, and its standard error."""
    policy = Policy.steady(Response(**measures))
    run = prepare(mixed(2_000_000), course, policy, seed=2, days=20, seeds=FIRST)
    for day in range(20):
        run.active = run.active[run.active < FIRST]
        run.day = day
        one_day(run)
    counts = np.bincount(run.slots["infector"][FIRST : run.n_slots], minlength=FIRST)
    return float(counts.mean()), float(counts.std() / np.sqrt(FIRST))


def assert_near(found: tuple[float, float], expected: float) -> None:
    # three standard errors, and what the city is used up by while it is counted
    assert found[0] == pytest.approx(expected, abs=3 * found[1] + 0.01 * expected)


def test_without_measures_r_is_r0() -> None:
    assert_near(offspring(disease()), R0)


def test_perfect_isolation_at_onset_leaves_what_comes_before_symptoms() -> None:
    found = offspring(disease(), testing=SYMPTOMS, isolation=Isolation(share=1))
    assert_near(found, R0 * BEFORE / DAYS)


@pytest.mark.parametrize("late", [1, 3])
def test_every_day_of_delay_adds_a_day_of_infecting(late: int) -> None:
    tests = testing.Testing(symptomatic=1.0, result_days=late)
    found = offspring(disease(), testing=tests, isolation=Isolation(share=1))
    assert_near(found, R0 * (BEFORE + late) / DAYS)


def test_isolation_that_fails_now_and_then_lets_that_share_through() -> None:
    found = offspring(disease(), testing=SYMPTOMS, isolation=Isolation(share=0.8, outside=0.1))
    theta, works = BEFORE / DAYS, 0.8 * 0.9
    assert_near(found, R0 * (1 - works * (1 - theta)))


def test_who_never_has_symptoms_is_never_isolated() -> None:
    found = offspring(disease(0.6), testing=SYMPTOMS, isolation=Isolation(share=1))
    assert_near(found, R0 * (0.6 * BEFORE / DAYS + 0.4))


def test_perfect_tracing_at_once_leaves_the_infected_nothing() -> None:
    # Tracing asks whom the case met; those are still in their latent days, and are held. So the
    # first cases infect what they infect before symptoms, and those whom they infected nobody.
    measures = {
        "testing": SYMPTOMS,
        "isolation": Isolation(share=1),
        "tracing": Tracing(completeness=(1.0,) * 7, look_back_days=BEFORE),
        "quarantine": Quarantine(facility_days=21),
    }
    people = mixed(400_000, contacts=20)
    course = replace(disease(), beta=R0 / DAYS / 20)
    run = prepare(people, course, Policy.steady(Response(**measures)), seed=2, days=40, seeds=500)
    for day in range(40):
        run.day = day
        one_day(run)
    infectors = run.slots["infector"][500 : run.n_slots]
    assert infectors.size > 100
    assert np.all(infectors < 500)
