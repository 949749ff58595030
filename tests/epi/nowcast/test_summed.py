import numpy as np
import pytest

from tests.epi.nowcast.test_nowcast import rising_city
from tongchou.epi.nowcast import Options, Triangle, estimate
from tongchou.epi.nowcast.summed import together

WEEK = range(-7, 0)


def test_nineteen_of_twenty_weeks_lie_in_the_interval():
    inside, widths, n = 0, [], 60
    for seed in range(n):
        triangle, final = rising_city(seed)
        found = together(triangle, WEEK)
        low, _, high = found.quantiles
        inside += low <= final[found.at].sum() <= high
        widths.append((high - low) / final[found.at].sum())
    assert inside / n >= 0.9
    assert np.median(widths) < 0.8


def test_a_week_is_surer_than_its_days_added_up():
    triangle, _ = rising_city(3)
    week = together(triangle, WEEK)
    days = estimate(triangle, week.at).quantiles.sum(axis=0)
    assert week.quantiles[2] - week.quantiles[0] < days[2] - days[0]
    assert week.quantiles[1] == pytest.approx(days[1], rel=0.1)


def test_one_day_together_is_that_day():
    triangle, _ = rising_city(4)
    alone = estimate(triangle, [44]).quantiles[0]
    assert np.abs(together(triangle, [44]).quantiles - alone).max() <= 1


def test_days_of_which_too_little_is_in_are_left_out():
    triangle, _ = rising_city(5)
    found = together(triangle, WEEK)
    assert found.at.tolist() == list(range(43, 43 + found.at.size))
    assert found.at.size < 7
    assert found.reported == triangle.reported[found.at].sum()


def test_days_that_are_all_in_stay_as_they_are():
    triangle, _ = rising_city(6)
    found = together(triangle, [8, 9])
    assert found.quantiles.tolist() == [found.reported] * 3


def test_too_few_events_are_refused_with_what_is_known():
    thin = Triangle.of([0, 3, 9, 20], [2, 3, 11, 22], today=25, max_delay=5, first=0)
    found = together(thin, WEEK)
    assert (found.refused, found.reported) == ("thin", 1)
    assert np.isnan(found.quantiles).all()


def test_the_methods_of_r_are_of_single_days():
    with pytest.raises(ValueError, match="negbin"):
        together(rising_city(7)[0], WEEK, Options("lawless"))
