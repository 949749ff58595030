from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from tongchou.epi.detect.baseline import TooLittleHistory, anniversaries, baseline


def seasons(t=155, b=2, w=3, no_periods=10, left_out=26):
    points = anniversaries(t, b, w, freq=52)
    return baseline(points, w=w, no_periods=no_periods, left_out=left_out)


def test_the_weeks_around_anniversaries_are_one_season():
    design = seasons()
    now = design.rows[design.group == design.now_group]

    assert now.tolist() == [*range(48, 55), *range(100, 107)]
    assert design.now_group == 9


def test_the_rest_of_the_year_is_shared_evenly_the_first_taking_what_is_left():
    first_year = seasons().group[7:52]

    assert list(Counter(first_year.tolist()).values()) == [5] * 9
    assert seasons(no_periods=5).group[7:52].tolist() == [0] * 12 + [1] * 11 + [2] * 11 + [3] * 11


def test_the_last_half_year_is_no_baseline():
    assert seasons().rows.max() == 155 - 27


def test_with_one_season_only_the_windows_are_compared_with():
    assert seasons(no_periods=1, left_out=3).rows.size == 2 * 7


def test_without_so_many_years_there_is_no_baseline():
    with pytest.raises(TooLittleHistory):
        anniversaries(100, 2, 3, freq=52)


def test_of_the_oldest_window_one_week_may_be_missing():
    assert anniversaries(106, 2, 3, freq=52)[-1] == 2
    with pytest.raises(TooLittleHistory):
        anniversaries(105, 2, 3, freq=52)


def test_with_dates_the_calendar_says_which_week():
    dates = [date(2003, 12, 29) + timedelta(weeks=k) for k in range(330)]
    points = anniversaries(dates.index(date(2010, 1, 4)), 3, 3, freq=52, dates=dates)

    assert [str(dates[p]) for p in points[1:]] == ["2009-01-05", "2008-01-07", "2007-01-01"]


def test_more_seasons_than_weeks_are_refused():
    with pytest.raises(ValueError, match="too few"):
        seasons(no_periods=50)


def test_months_are_as_long_as_they_are():
    dates = [date(2018 + k // 12, 1 + k % 12, 1) for k in range(40)]
    points = anniversaries(37, 2, 1, freq=12, dates=dates)
    design = baseline(points, w=1, no_periods=1, left_out=1, dates=dates)

    assert np.diff(design.time[:3]) == pytest.approx([31 / 31, 28 / 31])
