import numpy as np
import pytest

from tests.epi.spread.results import result
from tongchou.epi.spread.result import AGE_GROUPS, age_group

CASES = [[1, 0], [4, 2], [3, 5]]


def test_a_flow_is_summed_over_days_and_districts():
    run = result(infections=CASES)
    assert run.total("infections") == 15
    assert list(run.by_district("infections")) == [8, 7]
    assert list(run.curve("infections")) == [1, 6, 8]
    assert list(run.cumulative("infections")) == [1, 7, 15]


def test_the_peak_is_the_city_s_and_not_a_district_s():
    run = result(in_severe=[[9, 0], [5, 5], [0, 9]])
    assert run.peak("in_severe") == 10
    assert run.peak_day("in_severe") == 1


def test_a_run_that_kept_no_such_series_does_not_say_zero():
    run = result(daily={"infections": np.zeros((3, 2))})
    with pytest.raises(ValueError, match="kept no deaths"):
        run.total("deaths")


def test_a_name_that_is_none_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match="no series is called 'cases'; there are: infections"):
        result().total("cases")


def test_a_table_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"deaths has the shape \(2, 2\)"):
        result(deaths=[[0, 0], [0, 0]])


def test_work_is_lost_by_known_reasons_only():
    with pytest.raises(ValueError, match="not 'holiday'"):
        result(workdays_lost={"holiday": np.zeros((2, 43))})


def test_equal_bytes_are_equal_results():
    assert result(infections=CASES) == result(infections=CASES)
    assert len({result(infections=CASES), result(infections=CASES)}) == 1


def test_one_infection_more_is_another_result():
    assert result(infections=CASES) != result(infections=[[1, 0], [4, 2], [3, 6]])


def test_the_order_in_which_series_were_kept_does_not_matter():
    ones, twos = np.ones((1, 2)), np.full((1, 2), 2.0)
    first = result(daily={"deaths": ones, "severe": twos})
    assert first == result(daily={"severe": twos, "deaths": ones})


def test_ages_fall_into_eighteen_groups_of_five_years():
    assert [age_group(age) for age in (0, 4, 5, 84, 85, 110)] == [0, 0, 1, 16, 17, 17]
    assert age_group(120) == AGE_GROUPS - 1
