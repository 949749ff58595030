"""The first generations: how many each infects, how unequally, and how often it dies out.

Three standard errors decide: a right model fails one test in 370.
"""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from tests.science.flat import Theory, mixed
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.step import one_day

R, K = 2.5, 0.45
FIRST = 8000


@cache
def offspring(dispersion: float = K) -> NDArray[np.int64]:
    """People infected by each of the first cases, in a city where next to nobody is immune."""
    theory = Theory(R, dispersion, infectious=Spell(5, law="constant"))
    run = prepare(mixed(4_000_000), theory.course, Policy(), seed=5, days=60, seeds=FIRST)
    for day in range(60):
        run.active = run.active[run.active < FIRST]
        run.day = day
        one_day(run)
    return np.bincount(run.slots["infector"][FIRST : run.n_slots], minlength=FIRST)


def test_the_mean_offspring_is_r() -> None:
    found = offspring()
    error = found.std() / np.sqrt(FIRST)
    assert abs(found.mean() - R) < 3 * error


def test_the_dispersion_of_offspring_is_the_k_asked_for() -> None:
    found = offspring()

    def unlikely(k: float) -> float:
        return -float(stats.nbinom.logpmf(found, k, k / (k + found.mean())).sum())

    fit = optimize.minimize_scalar(unlikely, bounds=(0.05, 5), method="bounded")
    step = 0.01
    bend = (unlikely(fit.x + step) - 2 * unlikely(fit.x) + unlikely(fit.x - step)) / step**2
    assert fit.x == pytest.approx(K, abs=3 / np.sqrt(bend))


def test_a_fifth_of_the_cases_makes_the_share_that_theory_gives_it() -> None:
    found = np.sort(offspring())[::-1]
    drawn = stats.nbinom(K, K / (K + R))
    sample = np.sort(drawn.rvs(400_000, random_state=1))[::-1]
    expected = sample[: sample.size // 5].sum() / sample.sum()
    assert found[: FIRST // 5].sum() / found.sum() == pytest.approx(expected, abs=0.02)


def test_people_who_are_alike_infect_by_poisson() -> None:
    found = offspring(np.inf)
    # the variance of a sample variance of Poisson counts is (2 + 1/R) R^2 / n
    assert found.var() == pytest.approx(R, abs=3 * R * np.sqrt((2 + 1 / R) / FIRST))


LARGE = 60


def died_out(theory: Theory, first: int) -> float:
    """Share of first cases whose line ends before it has `LARGE` people."""
    run = prepare(mixed(2_000_000), theory.course, Policy(), seed=3, days=300, seeds=first)
    root = np.arange(first)
    while run.active.size and run.day < 299:
        size = np.bincount(root, minlength=first)
        run.active = run.active[size[root[run.active]] < LARGE]
        one_day(run)
        run.day += 1
        infectors = run.slots["infector"][root.size : run.n_slots]
        root = np.concatenate((root, root[infectors]))
    return float((np.bincount(root, minlength=first) < LARGE).mean())


@pytest.mark.parametrize(("r", "dispersion"), [(1.5, np.inf), (1.5, 0.45), (3.0, 0.45), (3.0, 0.1)])
def test_lines_die_out_as_often_as_theory_says(r: float, dispersion: float) -> None:
    theory, first = Theory(r, dispersion), 2000
    lasts = theory.infectious.pmf(at_least=1)
    mean = r * np.arange(lasts.size) / (lasts @ np.arange(lasts.size))

    def again(q: float) -> float:
        """Chance that all lines of one person die out, if each does with chance q."""
        if np.isinf(dispersion):
            return float(lasts @ np.exp(-mean * (1 - q)))
        return float(lasts @ (1 + mean * (1 - q) / dispersion) ** -dispersion)

    q = optimize.brentq(lambda q: again(q) - q, 0, 0.99)
    assert abs(died_out(theory, first) - q) < 3 * np.sqrt(q * (1 - q) / first)
