"""The R measured is the R asked for, in a mixed city as theory has it and in a real one."""

from dataclasses import replace

import numpy as np
import pytest

from tests.epi.spread.town import disease, town
from tests.science.flat import Theory, mixed, within
from tongchou.epi.spread.calibration import measured_r, with_beta
from tongchou.epi.spread.course import AGES


@pytest.mark.parametrize("dispersion", [np.inf, 0.45])
@pytest.mark.parametrize("r0", [1.3, 5.0])
def test_in_a_mixed_city_the_r_measured_is_that_of_theory(r0: float, dispersion: float) -> None:
    found = measured_r(mixed(1_000_000), Theory(r0, dispersion).course, about=r0)
    # a fiftieth of the city is used up while it is counted
    assert found.r == pytest.approx(r0 * 0.99, abs=3.3 * found.error + 0.011 * r0)


@pytest.mark.parametrize("r0", [1.3, 6.0])
def test_the_beta_found_gives_the_r_asked_for_to_other_dice(r0: float) -> None:
    course = with_beta(town(20_000), replace(disease(), beta=None, r0=r0))
    found = measured_r(town(20_000), course, about=r0, seed=1000)
    assert found.r == pytest.approx(r0, abs=3.3 * np.sqrt(2) * found.error + r0 / 200)


def test_ages_that_differ_weigh_as_the_next_generation_has_it() -> None:
    # One coin for all: R = contacts x beta x mean over whoever is infected, by susceptibility.
    ages = np.where(np.arange(500_000) % 2, 10, 60).astype(np.uint8)
    sus, symptoms = np.ones(AGES), np.full(AGES, 0.9)
    sus[:18], symptoms[:18] = 0.4, 0.2
    course = replace(
        disease(), layers=within("city"), susceptibility=sus, p_symptomatic=symptoms,
        asymptomatic=0.3, p_severe=np.zeros(AGES), dispersion=np.inf, beta=0.0015,
    )  # fmt: skip
    days = course.infectious_days()
    expected = 254 * 0.0015 * (0.4 * days[10] + 1.0 * days[60]) / 2
    found = measured_r(mixed(500_000, age=ages), course, about=expected)
    assert found.r == pytest.approx(expected * 0.99, abs=3.3 * found.error + 0.012 * expected)


def test_a_course_with_a_beta_is_left_as_it_is() -> None:
    assert with_beta(town(), disease()) is disease()


def test_the_same_city_gets_the_same_beta() -> None:
    asked = replace(disease(), beta=None, r0=8.0)
    assert with_beta(town(), asked, seed=3).beta == with_beta(town(), asked, seed=3).beta


def test_nobody_infected_is_said_so() -> None:
    with pytest.raises(ValueError, match="the first cases infect nobody"):
        measured_r(town(), disease(0.0))
