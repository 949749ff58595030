import math

import numpy as np
import pytest

from tongchou.epi import delays
from tongchou.epi.chains import intervals


@pytest.mark.parametrize("law", ["gamma", "lognormal", "weibull"])
def test_positive_laws_are_those_of_the_delays(law):
    made = intervals.serial_interval(law, mean=5, sd=2)
    same = delays.discretise(delays.LAWS[law](5, 2))

    np.testing.assert_array_equal(made.pmf, same.pmf)


def test_a_normal_interval_keeps_its_mean_and_gains_the_hours_of_two_days():
    made = intervals.serial_interval("normal", mean=3.7, sd=2.5)

    assert made.mean == pytest.approx(3.7, abs=1e-7)
    assert made.sd**2 == pytest.approx(2.5**2 + 1 / 6, rel=1e-6)


def test_only_the_normal_law_lets_the_infected_fall_ill_first():
    assert intervals.serial_interval("normal", mean=2, sd=3).within(-1) > 0.15
    assert intervals.serial_interval("gamma", mean=2, sd=3).within(-1) == 0


def test_a_law_that_is_not_known_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match="gamma, lognormal, weibull, normal"):
        intervals.serial_interval("pareto", mean=2, sd=3)


@pytest.mark.parametrize("law", list(intervals.LAWS))
def test_a_fit_finds_the_law_that_was_thrown(law):
    days = intervals.serial_interval(law, mean=8, sd=3).sample(np.random.default_rng(2), 4000)
    found = intervals.fit(days, law)

    assert found.mean == pytest.approx(8, abs=0.15)
    assert found.sd == pytest.approx(3, abs=0.15)


def test_a_fit_stands_on_a_summit():
    days = [2, 5, 6, 6, 9, 14]
    found = intervals.fit(days, "gamma")

    def at(mean, sd):
        delay = intervals.serial_interval("gamma", mean=mean, sd=sd)
        return float(np.log(intervals.probability_of(delay, days)).sum())

    around = [at(found.mean + a, found.sd + b) for a in (-0.01, 0, 0.01) for b in (-0.01, 0, 0.01)]
    assert max(around) <= found.log_likelihood + 1e-6


def test_the_plain_mean_and_spread_are_kept_beside_the_fit():
    found = intervals.fit([1, 2, 3, 6])

    assert (found.n, found.seen_mean) == (4, 3.0)
    assert found.seen_sd == pytest.approx(math.sqrt(14 / 3))


def test_a_negative_difference_asks_for_the_normal_law():
    with pytest.raises(ValueError, match="needs the normal law"):
        intervals.fit([-1, 4, 5])
    assert intervals.fit([-1, 4, 5], "normal").mean == pytest.approx(8 / 3, abs=0.01)


def test_equal_differences_cannot_be_fitted():
    with pytest.raises(ValueError, match="at least two pairs that differ"):
        intervals.fit([4, 4, 4])
