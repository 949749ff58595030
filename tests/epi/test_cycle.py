from datetime import date, timedelta
from functools import partial

import numpy as np
import pytest

from tongchou.epi import cycle, forecast
from tongchou.epi.detect import daily, evidence
from tongchou.epi.reproduction import shifted_gamma

CHANNELS = ("fever", "pharmacy", "school", "hotline")
N_AREAS, N_DAYS = 70, 430
OUTBREAK = 11


@pytest.fixture(scope="module")
def city():
    """Seventy communities for fourteen months; in one of them the last nine days are too many."""
    rng = np.random.default_rng(6)
    mean = 6 + 2 * (np.arange(N_DAYS) % 7 < 5)
    counts = rng.poisson(mean, (N_AREAS, len(CHANNELS), N_DAYS)).astype(float)
    counts[OUTBREAK, :, -9:] += rng.poisson(7, (len(CHANNELS), 9))
    counts[3, 1, 200:230] = np.nan
    doubtful = np.zeros(counts.shape, dtype=bool)
    doubtful[20, :, -1] = True
    return cycle.Partition(tuple(f"{n:03d}" for n in range(N_AREAS)), counts, doubtful)


@pytest.fixture(scope="module")
def morning():
    kinds = {"respiratory": dict.fromkeys(CHANNELS, 2.0)}
    return cycle.Morning(
        dates=[date(2021, 1, 1) + timedelta(days=n) for n in range(N_DAYS)],
        profiles=evidence.profiles(CHANNELS, kinds),
        interval=shifted_gamma(5.2, 2.8, 60),
        daily=daily.Daily(history=365),
        ahead=forecast.Options(n_ahead=3),
    )


@pytest.fixture(scope="module")
def found(city, morning):
    return cycle.over([city], morning)


def same(one, two):
    """Every number of both findings, to the last bit."""
    for part in ("c1", "c3", "farrington", "daily", "rt", "evidence", "forecast"):
        for name, values in vars(getattr(one, part)).items():
            np.testing.assert_array_equal(values, getattr(getattr(two, part), name), err_msg=name)
    for name in ("areas", "factor", "expected", "dispersion"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_the_outbreak_has_the_most_evidence(found):
    assert int(np.nanargmax(found.evidence.score[:, -1])) == OUTBREAK
    assert found.areas[OUTBREAK] == "011"


def test_every_series_has_an_answer_of_every_kind(found):
    n = N_AREAS * len(CHANNELS)

    assert found.c2.alarm.shape == found.daily.alarm.shape == found.farrington.alarm.shape == (n, 1)
    assert found.rt.quantiles.shape == (7, n, 1)
    assert found.forecast.mean.shape == (n, 3)
    assert found.evidence.contributions.shape == (N_AREAS, len(CHANNELS), 1)


def test_a_doubtful_day_is_no_count(found):
    rows = slice(20 * len(CHANNELS), 21 * len(CHANNELS))

    assert np.isnan(found.daily.p[rows]).all() and np.isnan(found.c1.bound[rows]).all()
    assert np.isnan(found.evidence.score[20, -1])


def test_steady_counts_have_an_r_of_one(found):
    assert np.nanmedian(found.rt.mean) == pytest.approx(1, abs=0.1)


def test_the_answer_does_not_depend_on_the_cuts(city, morning, found):
    parts = cycle.parted(city, 64)

    assert [len(part.areas) for part in parts] == [64, 6]
    same(cycle.over(parts, morning), found)


def test_the_answer_does_not_depend_on_the_jobs(city, morning, found):
    same(cycle.over(cycle.parted(city, 64), morning, jobs=2), found)


def test_a_dask_cluster_gives_the_same_answer(city, morning, found):
    distributed = pytest.importorskip("dask.distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster),
    ):
        same(cycle.over(cycle.parted(city, 64), morning, jobs=2, backend="dask"), found)


def part_of(city, low, high):
    return cycle.Partition(city.areas[low:high], city.counts[low:high], city.doubtful[low:high])


def test_a_partition_may_be_loaded_where_it_is_judged(city, morning, found):
    loads = [partial(part_of, city, 0, 64), partial(part_of, city, 64, N_AREAS)]

    same(cycle.over(loads, morning), found)


def test_without_a_forecast_there_is_none(city, morning):
    quick = cycle.Morning(morning.dates, morning.profiles, morning.interval, ahead=None)
    few = part_of(city, 0, 2)

    assert cycle.over([few], quick).forecast is None


def test_a_year_of_history_leaves_farrington_silent(city, morning):
    dates = morning.dates[-200:]
    short = cycle.Morning(dates, morning.profiles, morning.interval, ahead=None)
    few = cycle.Partition(city.areas[:2], city.counts[:2, :, -200:])

    assert np.isnan(cycle.over([few], short).farrington.bound).all()


def test_a_week_of_which_two_days_came_is_not_known(city, morning):
    counts = np.array(city.counts[:2])
    counts[0, 0, -5:] = np.nan
    counts[0, 1, -1] = np.nan
    found = cycle.over([cycle.Partition(city.areas[:2], counts)], morning)

    assert np.isnan(found.farrington.bound[0, 0]) and not np.isnan(found.farrington.bound[1, 0])


def test_what_does_not_fit_is_refused(city, morning):
    with pytest.raises(ValueError, match="no partition"):
        cycle.over([], morning)
    with pytest.raises(ValueError, match="dates"):
        cycle.over([cycle.Partition(("x",), np.ones((1, 4, 9)))], morning)
    with pytest.raises(ValueError, match="code per area"):
        cycle.Partition(("x",), np.ones((2, 4, 9)))
    with pytest.raises(ValueError, match="doubt"):
        cycle.Partition(("x",), np.ones((1, 4, 9)), np.zeros((1, 4, 8), dtype=bool))
