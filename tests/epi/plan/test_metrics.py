"""Numbers asked of a run by name."""

import numpy as np
import pytest

from tests.epi.spread.results import result
from tongchou.epi.plan.metrics import EVERYDAY, WrongMetric, measured, metric

RUN = result(
    infections=[[1, 2], [5, 0], [0, 1]],
    in_severe=[[0, 1], [3, 4], [2, 2]],
    in_facility=[[1, 0], [2, 0], [4, 0]],
    in_lockdown=[[10, 0], [0, 0], [0, 0]],
)


def test_a_flow_is_summed_and_of_a_stock_the_peak_counts():
    assert measured(RUN, ["infections", "in_severe"]) == {"infections": 9.0, "in_severe": 7.0}


def test_the_statistic_may_be_named():
    assert metric("infections.peak").of(RUN) == 5
    assert metric("in_severe.final").of(RUN) == 4
    assert metric("in_severe.mean").of(RUN) == 4


def test_person_days_restricted_are_those_of_quarantine_and_zones():
    assert metric("person_days_restricted").of(RUN) == 7 + 10


def test_a_line_of_the_bill_is_a_number_too():
    assert measured(RUN, ["cost.total"], {"total": 12.5}) == {"cost.total": 12.5}


def test_a_line_that_the_bill_lacks_is_refused_with_those_it_has():
    with pytest.raises(WrongMetric, match=r"it has cost\.total"):
        measured(RUN, ["cost.city"], {"total": 12.5})


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(WrongMetric, match=r"The nearest is 'beds\.severe'"):
        metric("bed.severe")
    with pytest.raises(WrongMetric, match=r"nearest is 'cost\.pcr_tube'"):
        metric("cost.pcr_tub")
    with pytest.raises(WrongMetric, match="one of"):
        metric("infections.median")


@pytest.mark.parametrize(
    "name", [*EVERYDAY, "infections", "in_severe.peak", "cost.total", "cost.city", "cost.death"]
)
def test_every_number_has_words_in_both_languages(name):
    assert metric(name).words("en") != metric(name).words("zh-hans")


def test_a_run_of_no_days_has_nothing():
    empty = result(days=0, infections=np.zeros((0, 2), int))

    assert measured(empty, ["infections", "in_severe", "infections.final"]) == {
        "infections": 0.0,
        "in_severe": 0.0,
        "infections.final": 0.0,
    }
