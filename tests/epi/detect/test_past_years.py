import numpy as np
import pytest

from tongchou.epi.detect.past_years import Past, cases_before, fits
from tongchou.epi.detect.quasipoisson import Rules
from tongchou.epi.detect.series import Series

RULES = Rules(trend=True, p_trend=1.0, weights_threshold=None)


def test_the_cases_of_the_three_weeks_before_count_and_missing_ones_do_not():
    counts = np.array([[1.0, 2, np.nan, 4, 5]])

    assert cases_before(counts, np.array([0, 2, 4]), 4).tolist() == [[0, 3, 6]]


def test_in_less_than_three_years_there_is_no_slope():
    falling = Series(np.random.default_rng(1).poisson(60.0 - np.arange(170) / 4, (1, 170)))
    slopes = [fits(falling, np.array([165]), Past(b, 3), RULES).slope[0, 0] for b in (2, 3)]

    assert np.isnan(slopes).tolist() == [True, False]


def test_a_time_without_history_is_not_fitted_and_the_next_one_is():
    series = Series(np.random.default_rng(1).poisson(9, (4, 170)))
    found = fits(series, np.array([105, 106]), Past(2, 3), RULES).mean

    assert np.isnan(found[:, 0]).all()
    assert np.isfinite(found[:, 1]).all()


def test_a_population_of_another_shape_is_refused():
    series = Series(np.ones((2, 170)))

    with pytest.raises(ValueError, match="population"):
        fits(series, np.array([165]), Past(3, 3), RULES, np.ones((1, 170)))
