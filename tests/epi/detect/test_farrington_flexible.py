from datetime import date, timedelta

import numpy as np
import pytest

from tongchou.epi.detect.farrington import Farrington, farrington
from tongchou.epi.detect.farrington_flexible import Flexible, Improved, flexible
from tongchou.epi.detect.series import Series


def weeks(seed=0, n=1, last=None):
    """Six years with a season, about ten cases a week; the newest week as told."""
    rng = np.random.default_rng(seed)
    season = np.exp(2.2 + 0.5 * np.sin(2 * np.pi * np.arange(320) / 52))
    counts = rng.poisson(season, (n, 320)).astype(float)
    if last is not None:
        counts[:, -1] = last
    return Series(counts)


def test_a_week_far_above_its_season_is_an_alarm_and_its_bound_is_none():
    above = flexible(weeks(last=60), at=-1, options=Improved())
    bound = float(above.bound[0, 0])

    assert above.alarm.all()
    assert above.p[0, 0] < 1e-6
    assert not flexible(weeks(last=bound), at=-1, options=Improved()).alarm.any()
    assert flexible(weeks(last=bound + 1), at=-1, options=Improved()).alarm.all()


def test_what_is_expected_follows_the_season():
    found = flexible(weeks(seed=1), at=[290, 312], options=Improved()).expected[0]
    season = np.exp(2.2 + 0.5 * np.sin(2 * np.pi * np.array([290, 312]) / 52))

    assert found == pytest.approx(season, rel=0.25)


def test_a_hundredth_of_quiet_weeks_alarm():
    found = flexible(weeks(n=400), at=-1, options=Improved())

    assert np.mean(found.alarm) < 0.03


@pytest.mark.parametrize("method", ["delta", "nbPlugin", "muan"])
def test_the_upper_limit_of_the_mean_gives_the_higher_bound(method):
    plain = flexible(weeks(), at=-1, options=Improved(threshold_method="nbPlugin")).bound
    other = flexible(weeks(), at=-1, options=Improved(threshold_method=method)).bound

    assert (other >= plain).all() if method == "muan" else (abs(other - plain) < 3).all()


def test_few_cases_are_no_alarm_and_the_bound_says_so():
    counts = np.zeros((1, 320))
    counts[0, ::9], counts[0, -3:] = 1, (0, 1, 3)
    for judge, options in ((flexible, Flexible()), (farrington, Farrington())):
        found = judge(Series(counts), at=-1, options=options)
        more = counts.copy()
        more[0, -1] = found.bound[0, 0] + 1

        assert found.bound[0, 0] == 3
        assert not found.alarm.any()
        assert judge(Series(more), at=-1, options=options).alarm.all()


def test_without_history_or_a_count_it_does_not_speak():
    series = weeks()
    series.counts[0, -1] = np.nan
    for judge in (flexible, farrington):
        found = judge(series, at=[100, -1])

        assert np.isnan(found.bound).all()
        assert not found.alarm.any()


def test_the_old_method_as_in_r_judges_by_whatever_history_there_is():
    found = farrington(weeks(), at=[10, 100], options=Farrington(r_compat=True))

    assert np.isfinite(found.bound[0]).tolist() == [False, True]


def test_missing_weeks_are_left_out_until_half_are_missing():
    series = weeks()
    series.counts[0, 20:60] = np.nan
    assert np.isfinite(flexible(series, at=-1, options=Improved()).bound).all()

    series.counts[0, 20:200] = np.nan
    assert np.isnan(flexible(series, at=-1, options=Improved()).bound).all()


def test_with_dates_the_calendar_counts_unless_told_otherwise():
    counts = weeks().counts
    dated = Series(counts, [date(2014, 1, 6) + timedelta(weeks=k) for k in range(320)])
    by_index = flexible(Series(counts), at=-1, options=Improved())

    assert flexible(dated, at=-1, options=Improved()).expected != by_index.expected
    assert flexible(dated, at=-1, options=Improved(freq=52)).expected == by_index.expected


def test_r_is_surer_of_the_mean_than_it_can_be():
    ours, rs = (
        flexible(weeks(), at=-1, options=Improved(threshold_method="muan", r_compat=as_r)).bound
        for as_r in (False, True)
    )

    assert ours > rs


def test_half_the_population_halves_what_is_expected():
    population = np.ones((1, 320))
    population[0, -1] = 0.5
    options = Improved(trend=False)
    halved = flexible(weeks(), at=-1, options=options, population=population).expected

    assert halved == pytest.approx(flexible(weeks(), at=-1, options=options).expected / 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"b": 0}, {"w": -1}, {"no_periods": 0}, {"past_weeks_not_included": -1}, {"alpha": 0},
        {"weights_threshold": 0}, {"p_threshold_trend": 2}, {"threshold_method": "nbplug"},
        {"powertrans": "3"}, {"limit54": (5, 0)}, {"freq": 7}, {"min_reported": 2},
    ],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Flexible(**wrong)


def test_six_cases_after_years_of_none_are_an_alarm():
    counts = np.zeros((1, 320))
    counts[0, -1] = 6
    found = flexible(Series(counts), [-1], Improved())
    assert found.alarm.all()
    assert 0 < found.expected[0, 0] < 0.01
