import numpy as np
import pytest

from tongchou.epi.detect.cusum import Cusum, cusum
from tongchou.epi.detect.series import Series

SETS = ("abattoir", "hepatitisA", "k1", "m1", "n1", "s1", "salmonella.agona", "shadar")
QUIET = [4.0, 6, 5, 3, 7, 5, 4, 6, 5, 5]


def read(path):
    return np.genfromtxt(path, delimiter=",", skip_header=1)


@pytest.mark.parametrize("transform", ["rossi", "standard", "anscombe"])
@pytest.mark.parametrize("name", SETS)
def test_bounds_and_alarms_are_rs(shared, name, transform):
    counts = read(shared / f"reference/r/in_{name}.csv")[:, 2]
    said = read(shared / f"reference/r/out_{name}_cusum_{transform}.csv")
    at = said[:, 0].astype(int) - 1
    found = cusum(Series(counts), at, Cusum(transform=transform, r_compat=True))

    np.testing.assert_allclose(found.bound[0], said[:, 2], rtol=1e-9)
    np.testing.assert_array_equal(found.alarm[0], said[:, 3] == 1)


@pytest.mark.parametrize("transform", ["rossi", "standard", "anscombe"])
def test_a_count_at_the_bound_is_an_alarm_and_one_below_is_none(transform):
    options = Cusum(m=5.0, transform=transform)
    bound = cusum(Series(np.array([[*QUIET, 7.0, 8, 0]])), [10, 11, 12], options).bound[0, 2]
    for count, alarm in ((np.ceil(bound), True), (np.ceil(bound) - 1, False)):
        found = cusum(Series(np.array([[*QUIET, 7.0, 8, count]])), [10, 11, 12], options)
        assert found.alarm[0, 2] == alarm


def test_small_rises_add_up():
    found = cusum(Series(np.array([QUIET + [8.0] * 10])), np.arange(10, 20), Cusum(k=0.5, h=4))

    assert not found.alarm[0, 0] and found.alarm[0, -1]
    assert (np.diff(found.score[0]) > 0).all() and (np.diff(found.bound[0]) < 0).all()


def test_the_expected_count_is_the_mean_before():
    found = cusum(Series(np.array([[*QUIET, 5.0]])), [10])

    assert found.expected[0, 0] == 5.0
    assert np.isnan(found.p).all()


def test_a_missing_count_leaves_the_sum_as_it_is():
    with_gap = cusum(Series(np.array([[*QUIET, 9.0, np.nan, 9]])), [10, 11, 12])
    without = cusum(Series(np.array([[*QUIET, 9.0, 9]])), [10, 11])

    assert with_gap.score[0, 2] == without.score[0, 1]
    assert np.isnan(with_gap.bound[0, 1]) and not with_gap.alarm[0, 1]


def test_without_any_case_before_it_says_nothing():
    found = cusum(Series(np.array([[0.0] * 10 + [9], [1.0] * 10 + [9]])), [10])

    assert np.isnan(found.bound[0, 0]) and not found.alarm[0, 0]
    assert found.alarm[1, 0]


def test_by_default_the_second_half_is_judged():
    assert cusum(Series(np.ones((2, 9)))).at.tolist() == [4, 5, 6, 7, 8]


def test_a_wider_variance_needs_a_higher_count():
    series = Series(np.array([[*QUIET, 9.0]]))
    wide = cusum(series, [10], Cusum(transform="pearson-negbin", alpha=0.5))

    assert wide.bound[0, 0] == pytest.approx(5 + 3.3 * np.sqrt(5 + 0.5 * 25))


@pytest.mark.parametrize("wrong", [{"h": 0}, {"m": 0}, {"alpha": 1}, {"k": -1}])
def test_options_are_checked(wrong):
    with pytest.raises(ValueError):
        Cusum(**wrong)
