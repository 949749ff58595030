import numpy as np
import pytest

from tongchou.epi.reproduction.infectiousness import gathered, reaching

WEIGHTS = np.array([0, 0.25, 0.5, 0.25])
CASES = np.array([[4.0, 8, 2, 6, 10]])
WINDOW = (np.array([3]), np.array([4]))


def test_cases_and_what_could_have_infected_them_are_summed_over_the_window():
    cases, past, used = gathered(CASES, CASES, WEIGHTS, *WINDOW, 0.0)
    of_day_3 = 0.25 * 2 + 0.5 * 8 + 0.25 * 4
    of_day_4 = 0.25 * 6 + 0.5 * 2 + 0.25 * 8

    assert (cases[0, 0], past[0, 0], used[0, 0]) == (16, of_day_3 + of_day_4, 2)


def test_a_missing_day_is_made_up_for_by_those_around_it():
    gap = CASES.copy()
    gap[0, 2] = np.nan
    _, past, used = gathered(gap, gap, WEIGHTS, *WINDOW, 0.5)
    of_day_3 = (0.5 * 8 + 0.25 * 4) / 0.75
    of_day_4 = (0.25 * 6 + 0.25 * 8) / 0.5

    assert used[0, 0] == 2
    assert past[0, 0] == pytest.approx(of_day_3 + of_day_4)


def test_where_too_much_is_missing_the_day_is_not_used():
    gap = CASES.copy()
    gap[0, 2] = np.nan

    assert gathered(gap, gap, WEIGHTS, *WINDOW, 0.3)[2][0, 0] == 1


def test_an_interval_reaches_as_far_as_it_has_weight():
    assert reaching(WEIGHTS) == 3
    assert reaching(np.array([0, 1.0, 1e-30])) == 1
    assert reaching(np.zeros(3)) == 0
