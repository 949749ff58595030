import numpy as np
import pytest

from tests.epi.detect.scan.cities import city
from tongchou.epi.detect.scan import expected


def test_the_permutation_model_spreads_an_areas_cases_as_the_city_spreads_its_own():
    counts = np.array([[1.0, 0, 3], [2, 2, 2]])
    due = expected.permutation(counts, 2)

    assert due.of([0], 1) == pytest.approx(4 * 5 / 10)
    assert due.of([0, 1], 2) == pytest.approx(10 * 7 / 10)


def test_the_poisson_model_spreads_cases_by_people_and_days():
    counts = np.array([[1.0, 0, 3], [2, 2, 2]])
    due = expected.poisson(counts, [1000, 3000], 3)

    assert due.of([0], 1) == pytest.approx(10 * 1000 / 4000 / 3)
    assert due.of([0, 1], 3) == pytest.approx(10)


def test_where_nothing_was_reported_nothing_is_due():
    counts = np.array([[1.0, 0, np.nan], [2, 2, 2]])

    assert expected.poisson(counts, [1000, 1000], 1).of([0], 1) == 0
    assert expected.permutation(counts, 1).of([0], 1) == 0


@pytest.mark.parametrize("seed", range(5))
def test_with_days_missing_the_margins_of_what_was_reported_are_kept(seed):
    *_, counts = city(seed, missing=0.15)
    days = counts.shape[1]
    due = expected.permutation(counts, days)
    daily = np.diff(due.parts / due.divisor, axis=1, prepend=0)[:, ::-1]

    assert daily.sum(axis=0) == pytest.approx(np.nansum(counts, axis=0), rel=1e-9, abs=1e-9)
    assert daily.sum(axis=1) == pytest.approx(np.nansum(counts, axis=1), rel=1e-9, abs=1e-9)


def test_people_may_change_from_day_to_day():
    counts = np.array([[1.0, 0], [1, 2]])
    due = expected.poisson(counts, [[100, 300], [300, 300]], 1)

    assert due.of([0], 1) == pytest.approx(4 * 300 / 1000)


def test_cases_where_nobody_lives_are_refused():
    with pytest.raises(ValueError, match="area 1 has cases and no population"):
        expected.poisson(np.array([[1.0], [1.0]]), [10, 0], 1)


def test_a_missing_population_is_refused():
    with pytest.raises(ValueError, match="area 0: its population"):
        expected.poisson(np.array([[1.0], [1.0]]), [np.nan, 5], 1)
