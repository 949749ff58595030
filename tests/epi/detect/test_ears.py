import numpy as np
import pytest

from tongchou.epi.detect import ears
from tongchou.epi.detect.ears import Ears
from tongchou.epi.detect.series import Series

QUIET = [3.0, 4, 2, 3, 5, 3, 4, 3, 4, 2, 3, 5, 3, 4]


def test_a_leap_after_quiet_days_is_an_alarm():
    found = ears.c1(Series([[*QUIET, 12]]), at=-1)

    assert found.alarm.all()
    assert found.expected[0, 0] == pytest.approx(24 / 7)
    assert found.p[0, 0] < 1e-9


def test_c2_leaves_two_days_out_and_still_sees_the_third_day_of_a_rise():
    rising = Series([[*QUIET, 9, 9, 9]])

    assert not ears.c1(rising, at=-1).alarm.any()
    assert ears.c2(rising, at=-1).alarm.all()


def test_c3_adds_three_small_excesses_that_c2_lets_pass():
    creeping = Series([[*QUIET, 6, 6, 6]])

    assert not ears.c2(creeping).alarm.any()
    assert ears.c3(creeping, at=-1).alarm.all()


def test_a_missing_day_is_left_out_of_the_baseline_and_never_zero():
    holed = Series([[*QUIET[:10], np.nan, *QUIET[11:], 4]])
    reported = [value for value in holed.counts[0, 7:14] if not np.isnan(value)]

    found = ears.c1(holed, at=-1)

    assert found.expected[0, 0] == pytest.approx(np.mean(reported))


def test_a_day_that_was_not_reported_gets_no_verdict():
    found = ears.c1(Series([[*QUIET, np.nan]]), at=-1)

    assert np.isnan([found.expected, found.bound, found.p, found.score]).all()
    assert not found.alarm.any()


def test_with_most_of_the_baseline_missing_it_does_not_speak():
    counts = np.array([QUIET])
    counts[0, -8:-4] = np.nan

    assert np.isnan(ears.c1(Series(counts), at=-1).bound).all()
    assert np.isfinite(ears.c1(Series(counts), at=-1, options=Ears(min_reported=3)).bound).all()


def test_the_first_days_have_no_baseline():
    series = Series([QUIET])
    first = [np.flatnonzero(np.isfinite(judge(series).bound[0]))[0] for judge in JUDGES]

    assert first == [7, 9, 11]


def test_a_case_after_nothing_but_zeros_is_an_alarm_and_another_zero_is_none():
    zeros = np.zeros((2, 20))
    zeros[1, -1] = 1

    assert ears.c2(Series(zeros), at=-1).alarm.ravel().tolist() == [False, True]
    assert ears.c3(Series(zeros), at=-1).alarm.ravel().tolist() == [False, True]


def test_as_r_does_it_todays_count_does_not_matter_to_c3():
    as_r = Ears(r_compat=True)
    few, many = ([*QUIET, 3.0, 3.0, today] for today in (0, 50))
    found = ears.c3(Series([few, many]), at=-1, options=as_r)

    assert not found.alarm.any()
    assert ears.c3(Series([few, many]), at=-1).alarm.ravel().tolist() == [False, True]


def test_the_newest_days_alone_come_out_as_in_the_whole_history():
    counts = np.random.default_rng(1).poisson(4, (30, 60)).astype(float)
    counts[np.random.default_rng(2).random(counts.shape) < 0.1] = np.nan
    for judge in JUDGES:
        whole, newest = judge(Series(counts)), judge(Series(counts), at=[-2, -1])

        assert np.array_equal(whole.bound[:, -2:], newest.bound, equal_nan=True)
        assert np.array_equal(whole.alarm[:, -2:], newest.alarm)


@pytest.mark.parametrize(
    "wrong", [{"baseline": 2}, {"alpha": 0.7}, {"min_sigma": -1}, {"min_reported": 8}]
)
def test_an_option_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Ears(**wrong)


JUDGES = (ears.c1, ears.c2, ears.c3)
