import numpy as np
import pytest

from tongchou.epi.detect.farrington import Farrington, farrington
from tongchou.epi.detect.farrington_flexible import Improved, flexible
from tongchou.epi.detect.series import Series


def weeks(n=1, last=None):
    counts = np.random.default_rng(2).negative_binomial(5, 1 / 3, (n, 320)).astype(float)
    if last is not None:
        counts[:, -1] = last
    return Series(counts)


def test_a_week_far_above_its_window_is_an_alarm():
    found = farrington(weeks(last=70), at=-1)

    assert found.alarm.all()
    assert found.score[0, 0] > 1
    assert found.p[0, 0] < 0.001


def test_it_alarms_more_often_than_the_improved_method():
    old = farrington(weeks(n=500), at=-1, options=Farrington(alpha=0.02)).alarm.mean()
    new = flexible(weeks(n=500), at=-1, options=Improved()).alarm.mean()

    assert old > new


def test_as_in_r_the_bound_is_zero_where_few_cases_forbid_an_alarm():
    counts = np.zeros((1, 320))
    counts[0, ::7], counts[0, -1] = 1, 2
    found = farrington(Series(counts), at=-1, options=Farrington(r_compat=True))

    assert found.bound[0, 0] == 0
    assert not found.alarm.any()


@pytest.mark.parametrize("wrong", [{"b": 0}, {"alpha": 1}, {"powertrans": "1/3"}, {"freq": 5}])
def test_an_option_that_makes_no_sense_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Farrington(**wrong)
