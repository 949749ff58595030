"""Households cut off from all others: who is infected in the end, exactly (Ball 1986).

Forty thousand households at once, one person of each infected first. A wrong model passes, and a
right one fails, a chi-square test at one in a thousand.
"""

from dataclasses import replace
from math import comb, inf

import numpy as np
import pytest
from scipy import stats

from tests.science.flat import Floats, homes, run_of, within
from tongchou.epi.spread.course import Load, plain
from tongchou.epi.spread.spells import Spell

HOMES = 40_000
LATENT = Spell(2, law="constant")


def final_sizes(others: int, escapes: Floats) -> Floats:
    """Chance of 0, 1 … `others` infected besides the first one.

    `escapes[k]` is the chance that k people all escape one infectious person. The triangular
    equations of Ball 1986 (doi:10.2307/1427301), as also in Longini and Koopman 1982.
    """
    chance = np.zeros(others + 1)
    for size in range(others + 1):
        known = sum(
            comb(others - j, size - j) * chance[j] / escapes[others - size] ** (j + 1)
            for j in range(size)
        )
        chance[size] = (comb(others, size) - known) * escapes[others - size] ** (size + 1)
    return chance


def infected(course, size: int, seed: int = 1) -> np.ndarray:
    """People infected by others in each household."""
    people = homes(HOMES, size)
    run = run_of(people, course, seed=seed, seeds=people.household_start[:-1])
    return np.bincount(people.household[run.slots["who"][: run.n_slots]]) - 1


def at_home(beta: float, infectious: Spell, **more):
    course = plain("home", latent=LATENT, infectious=infectious, r0=None, beta=beta, **more)
    return replace(course, layers=within("household"))


def fits(found: np.ndarray, chance: Floats) -> float:
    """p of the chi-square test."""
    counts = np.bincount(found, minlength=chance.size)
    return float(stats.chisquare(counts, chance * counts.sum()).pvalue)


@pytest.mark.parametrize("size", [2, 3, 5, 8])
def test_who_is_infected_at_home_is_as_in_reed_and_frost(size: int) -> None:
    days, beta = 6, 0.05
    escapes = np.exp(-beta * days * np.arange(size))
    found = infected(at_home(beta, Spell(days, law="constant")), size)
    assert fits(found, final_sizes(size - 1, escapes)) > 0.001


def test_the_secondary_attack_rate_in_pairs_is_one_minus_the_escape() -> None:
    found = infected(at_home(0.05, Spell(6, law="constant")), 2)
    expected = 1 - np.exp(-0.05 * 6)
    assert found.mean() == pytest.approx(expected, abs=3.3 * np.sqrt(0.25 / HOMES))


@pytest.mark.parametrize("dispersion", [inf, 0.45])
def test_infectious_times_and_people_may_differ(dispersion: float) -> None:
    beta, others, spell = 0.08, 4, Spell(6, 3, "gamma")
    lasts = spell.pmf(at_least=1)
    hazard = beta * np.outer(np.arange(lasts.size), np.arange(others + 1))
    escape = np.exp(-hazard) if dispersion == inf else (1 + hazard / dispersion) ** -dispersion
    found = infected(at_home(beta, spell, dispersion=dispersion), others + 1)
    assert fits(found, final_sizes(others, lasts @ escape)) > 0.001


def test_a_load_that_falls_weighs_each_day_as_the_course_says() -> None:
    load = Load(high_share=0.3, ratio=2.0, cap_days=4, max_days=12)
    beta, days = 0.03, 20
    escapes = np.exp(-beta * load.by_day(days).sum() * np.arange(4))
    found = infected(at_home(beta, Spell(days, law="constant"), load=load), 4)
    assert fits(found, final_sizes(3, escapes)) > 0.001


def test_nobody_infects_outside_the_layers_that_carry() -> None:
    course = at_home(0.05, Spell(6, law="constant"))
    people = homes(100, 4)
    run = run_of(people, course, seed=1, seeds=people.household_start[:50])
    touched = np.unique(people.household[run.slots["who"][: run.n_slots]])
    assert touched.tolist() == list(range(50))
