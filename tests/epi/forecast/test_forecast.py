import csv

import numpy as np
import pytest
from scipy import stats

from tongchou.epi.detect.series import Series
from tongchou.epi.forecast import OK, STALE, THIN, Options, ahead, negbin

MIDDLE = 3  # of the default levels


def weeks_of(mean, n_series, n_days, seed=1):
    rng = np.random.default_rng(seed)
    days = np.arange(n_days)
    week = 1 + 0.5 * np.sin(2 * np.pi * days / 7)
    mu = np.broadcast_to(mean * week, (n_series, n_days))
    return rng.poisson(rng.gamma(20, mu / 20)).astype(float)


def test_weekdays_come_back():
    counts = weeks_of(100.0, 8, 210)
    found = ahead(Series(counts))
    truth = 100 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(210, 224) / 7))
    assert np.abs(found.mean.mean(axis=0) / truth - 1).max() < 0.12


def test_a_year_ago_teaches_the_season():
    weeks = np.arange(6 * 52)
    mean = 200 * np.exp(1.2 * np.sin(2 * np.pi * weeks / 52))
    counts = np.random.default_rng(2).poisson(mean, (10, weeks.size)).astype(float)
    origin = 5 * 52 - 8  # on the steep side of the sixth winter
    taught = ahead(Series(counts[:, :origin]), Options.weekly())
    truth = mean[origin : origin + 2]
    assert np.all(np.abs(taught.mean.mean(axis=0) / truth - 1) < 0.05)


def test_95_percent_intervals_hold_about_95_of_100():
    counts = weeks_of(30.0, 300, 250, seed=3)
    found = ahead(Series(counts[:, :236]))
    truth = counts[:, 236:]
    inside = (found.quantiles[..., 0] <= truth) & (truth <= found.quantiles[..., -1])
    half = (found.quantiles[..., 2] <= truth) & (truth <= found.quantiles[..., 4])
    assert 0.92 <= inside.mean() <= 0.985
    assert 0.42 <= half.mean() <= 0.65


def test_intervals_grow_with_the_days_ahead_where_levels_wander():
    rng = np.random.default_rng(4)
    steps = rng.normal(0, 0.1, (40, 200)).cumsum(axis=1)
    counts = rng.poisson(200 * np.exp(steps - steps[:, :1])).astype(float)
    found = ahead(Series(counts), Options(week=1))
    width = (found.quantiles[..., -1] - found.quantiles[..., 0]) / found.mean
    assert np.median(width[:, -1] / width[:, 0]) > 1.5


def test_missing_days_are_not_zeros():
    counts = weeks_of(40.0, 20, 200, seed=5)
    holes = np.random.default_rng(6).random(counts.shape) < 0.3
    holed = ahead(Series(np.where(holes, np.nan, counts)))
    whole = ahead(Series(counts))
    assert np.median(np.abs(holed.mean / whole.mean - 1)) < 0.1


def test_one_odd_day_does_not_carry_the_forecast_away():
    counts = weeks_of(40.0, 20, 200, seed=7)
    odd = counts.copy()
    odd[:, 195] = 2_000
    moved = ahead(Series(odd)).quantiles[..., MIDDLE] / ahead(Series(counts)).quantiles[..., MIDDLE]
    assert np.median(moved) < 1.3


def test_rare_events_get_whole_small_numbers():
    counts = np.random.default_rng(8).poisson(0.4, (50, 300)).astype(float)
    found = ahead(Series(counts))
    assert np.abs(found.mean.mean() - 0.4) < 0.08
    assert found.quantiles[..., MIDDLE].max() <= 1
    assert np.all(found.quantiles == np.round(found.quantiles))


def test_it_refuses_where_there_is_too_little_and_says_why():
    counts = weeks_of(20.0, 4, 100, seed=9)
    counts[0, :85] = np.nan
    counts[1] = 0
    counts[2, -7:] = np.nan
    found = ahead(Series(counts))
    assert found.refused.tolist() == [THIN, THIN, STALE, OK]
    assert np.isnan(found.quantiles[:3]).all()
    assert not np.isnan(found.quantiles[3]).any()


def test_rates_are_answered_as_rates():
    counts = weeks_of(2_000.0, 5, 150, seed=13)
    rates, whole = ahead(Series(counts / 70_000)), ahead(Series(counts))
    np.testing.assert_allclose(rates.quantiles * 70_000, whole.quantiles, rtol=0.05)


def test_a_series_says_the_same_alone_and_among_others():
    counts = weeks_of(20.0, 30, 150, seed=10)
    together, alone = ahead(Series(counts)), ahead(Series(counts[17:18]))
    np.testing.assert_array_equal(together.quantiles[17], alone.quantiles[0])


def test_what_came_before_the_history_changes_nothing():
    counts = weeks_of(20.0, 5, 300, seed=11)
    long, short = ahead(Series(counts), Options(history=150)), ahead(Series(counts[:, -150:]))
    np.testing.assert_array_equal(long.mean, short.mean)


def test_quantiles_never_cross():
    counts = weeks_of(3.0, 200, 150, seed=12)
    assert np.all(np.diff(ahead(Series(counts)).quantiles, axis=-1) >= 0)


@pytest.mark.parametrize("mean", [0.3, 4.0, 60.0, 299.0])
@pytest.mark.parametrize("inverse_size", [0.002, 0.1, 1.0])
def test_small_quantiles_are_exact(mean, inverse_size):
    levels, found = np.array([0.025, 0.25, 0.5, 0.9, 0.975]), np.empty(5)
    negbin.negbin_quantiles(mean, inverse_size, levels, found)
    r = 1 / inverse_size
    assert found.tolist() == stats.nbinom.ppf(levels, r, r / (r + mean)).tolist()


@pytest.mark.parametrize("inverse_size", [0.002, 0.05, 0.3])
def test_large_quantiles_are_near(inverse_size):
    levels, found = np.array([0.025, 0.25, 0.5, 0.9, 0.975]), np.empty(5)
    negbin.negbin_quantiles(5_000.0, inverse_size, levels, found)
    r = 1 / inverse_size
    exact = stats.nbinom.ppf(levels, r, r / (r + 5_000))
    np.testing.assert_allclose(found, exact, rtol=0.02)


def test_normal_quantiles_are_near():
    levels = np.array([0.001, 0.025, 0.3, 0.5, 0.9, 0.999])
    found = [negbin.normal_quantile(p) for p in levels]
    np.testing.assert_allclose(found, stats.norm.ppf(levels), atol=5e-4)


def pinball(quantiles, truth, levels):
    error = truth[:, None] - quantiles
    return np.nanmean(np.maximum(levels * error, (levels - 1) * error))


def test_it_beats_the_same_week_last_year_on_visits_for_flu(shared):
    with (shared / "data/ili_us/ILINet_states_1997_2020.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    weeks = sorted({(int(row["YEAR"]), int(row["WEEK"])) for row in rows})
    states = sorted({row["REGION"] for row in rows})
    counts = np.full((len(states), len(weeks)), np.nan)
    for row in rows:
        if row["ILITOTAL"] != "X":
            place = states.index(row["REGION"]), weeks.index((int(row["YEAR"]), int(row["WEEK"])))
            counts[place] = float(row["ILITOTAL"])
    levels = np.array(Options().levels)
    own, ago = np.zeros(2), np.zeros(2)
    for origin in range(280, 480, 25):
        found = ahead(Series(counts[:, : origin + 1]), Options.weekly())
        good = found.refused == OK
        logs = np.log(counts[good, : origin + 1] + 1)
        spread = np.nanquantile(logs[:, 52:] - logs[:, :-52], levels, axis=1).T
        for h in (1, 2):
            truth = counts[good, origin + h]
            naive = np.exp(logs[:, origin + h - 52][:, None] + spread) - 1
            own[h - 1] += pinball(found.quantiles[good, h - 1], truth, levels)
            ago[h - 1] += pinball(naive, truth, levels)
    assert np.all(own / ago < [0.5, 0.6])


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="rise"):
        Options(levels=(0.5, 0.1))
    with pytest.raises(ValueError, match="at least 1"):
        Options(n_ahead=0)
    with pytest.raises(ValueError, match="four times"):
        Options(least_told=2)
