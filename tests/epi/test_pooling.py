import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi import pooling
from tongchou.epi.pooling import (
    NEVER_PAYS,
    best_pool,
    cost_of,
    diluted,
    dilution_from_cycles,
    tubes_per_person,
)


def test_the_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(pooling).failed == 0


@pytest.mark.parametrize(
    ("percent", "size", "cost"),
    [(1, 11, 20), (2, 8, 27), (5, 5, 43), (10, 4, 59), (15, 3, 72), (20, 3, 82), (30, 3, 99)],
)
def test_best_sizes_are_those_of_dorfmans_table(percent: int, size: int, cost: int) -> None:
    # Dorfman 1943, table I: optimum group size and cost as percentage of single tests
    prevalence = percent / 100
    assert best_pool(prevalence, most=50) == size
    assert round(100 * float(tubes_per_person(size, prevalence))) == cost


def test_a_pool_of_one_costs_one_test_and_loses_nothing() -> None:
    assert tubes_per_person(1, [0.0, 0.5, 1.0]).tolist() == [1, 1, 1]
    assert diluted(0.95, 1, 0.1) == 0.95


def test_no_pool_pays_once_one_in_three_is_infected() -> None:
    assert best_pool(NEVER_PAYS + 1e-6, most=100) == 1
    assert best_pool(NEVER_PAYS - 1e-3, most=100) == 3


def test_a_pool_in_which_everybody_is_infected_costs_all_the_tests_and_the_tube() -> None:
    assert tubes_per_person(10, 1.0) == pytest.approx(1.1)


def test_a_tube_that_dilutes_too_much_is_not_taken() -> None:
    # 0.9 for every doubling: four in a tube leave 0.81
    assert best_pool(0.001, most=20, dilution=0.9, least_sensitivity=0.8) == 4


@given(st.floats(1e-6, 0.3), st.integers(2, 64))
def test_tests_a_person_are_what_chance_says(prevalence: float, pool: int) -> None:
    by_hand = 1 / pool + 1 - (1 - prevalence) ** pool
    assert float(tubes_per_person(pool, prevalence)) == pytest.approx(by_hand, abs=1e-9)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 63))
def test_a_larger_pool_never_sees_more(sensitivity: float, dilution: float, pool: int) -> None:
    assert diluted(sensitivity, pool + 1, dilution) <= diluted(sensitivity, pool, dilution) + 1e-15


def test_tubes_agree_with_pools_drawn_one_by_one() -> None:
    rng = np.random.default_rng(1)
    infectious = rng.random((40_000, 8)) < 0.03
    tests = (1 + 8 * infectious.any(axis=1)).sum() / infectious.size
    assert float(tubes_per_person(8, 0.03)) == pytest.approx(tests, rel=0.01)


def test_a_round_costs_its_tubes_and_each_member_of_those_positive() -> None:
    cost = cost_of(10_000, 10, 0.001, sensitivity=1.0)
    assert cost.tubes == pytest.approx(1000 + 10_000 * (1 - 0.999**10))
    assert cost.swabs == pytest.approx(10_000 + 10_000 * (1 - 0.999**10))
    assert cost_of(10_000, 1, 0.001).swabs == 10_000


def test_swabs_close_to_the_limit_are_what_dilution_loses() -> None:
    cycles = [25.0] * 9 + [39.5]
    left = dilution_from_cycles(cycles, pool=8)
    assert diluted(1.0, 8, left) == pytest.approx(0.9)


@pytest.mark.parametrize("pool", [0, -3])
def test_an_empty_tube_is_refused(pool: int) -> None:
    with pytest.raises(ValueError, match="one person or more"):
        tubes_per_person(pool, 0.01)


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="prevalence"):
        tubes_per_person(10, 1.2)


def test_a_loss_needs_two_in_a_tube_and_somebody_positive() -> None:
    with pytest.raises(ValueError, match="pool of two"):
        dilution_from_cycles([30.0], pool=1)
    with pytest.raises(ValueError, match="Ct up to"):
        dilution_from_cycles([41.0], pool=4)
