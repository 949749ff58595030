"""A run that has broken a bound for certain is stopped there, and nothing before that changes."""

from dataclasses import replace

import numpy as np
import pytest

from tests.epi.plan.small_city import small
from tongchou.epi.plan import constraints
from tongchou.epi.plan.cutting import Watch, known_early
from tongchou.epi.plan.ensemble import Job
from tongchou.epi.plan.items import ITEMS
from tongchou.epi.spread.policy import Policy

WILD = small(policy=Policy())
BOUNDS = ("infections <= 300", "beds.severe <= 20", "rooms <= 30", "person_days_restricted <= 900")


def stopped(text, seed=2, scenario=WILD):
    watch = Watch(constraints.parse_all([text]))
    return scenario.simulated(seed, stop=watch), watch


def test_what_only_grows_is_known_early():
    never = ("cost.total <= 5", "infections >= 5", "in_severe.final <= 3", "in_home.mean <= 1")
    texts = (*BOUNDS, *never)
    known = known_early(constraints.parse_all(texts))

    assert [str(each) for each in known] == [f"{text} @ 100%" for text in BOUNDS]


@pytest.mark.parametrize("text", BOUNDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_is_stopped_exactly_when_it_would_break_the_bound(text, seed):
    bound = constraints.parse(text)
    scenario = small(infections=40)
    scenario = WILD if bound.metric.name in ("infections", "beds.severe") else scenario
    whole = scenario.simulated(seed)
    result, watch = stopped(text, seed, scenario)

    assert (watch.days is not None) == (bound.metric.of(whole) > bound.limit)
    if watch.days is not None:
        assert bound.limit < bound.metric.of(result) <= bound.metric.of(whole)
    else:
        assert result == whole


def test_until_it_is_stopped_a_run_is_the_same():
    whole = WILD.simulated(2)
    result, watch = stopped("infections <= 300")
    days = watch.days

    assert 0 < days < WILD.days
    for name, values in result.daily.items():
        assert np.array_equal(values[:days], whole.daily[name][:days]), name


def test_a_bed_is_counted_before_it_is_needed():
    _, watch = stopped("beds.severe <= 20")
    full = WILD.simulated(2).curve("in_severe")

    assert watch.days < int(np.argmax(full > 20))


def test_a_run_that_was_cut_says_at_least_how_much_each_number_is():
    scenario = small(infections=40)
    whole, whole_bill = scenario.run(3)
    watch = Watch(constraints.parse_all(["infections <= 60"]))
    result, bill = scenario.run(3, stop=watch)

    assert watch.days is not None
    assert all(np.all(v.sum() <= whole.daily[name].sum()) for name, v in result.daily.items())
    assert bill["infection"] < whole_bill["infection"]
    assert bill["total"] < whole_bill["total"]
    # what is idle on days that were not run is no use of anything, and so no "at least"
    counted = [key for key, item in ITEMS.items() if item.group != "ready"]
    assert all(bill[key] <= whole_bill[key] for key in counted)


def test_days_of_work_are_counted_up_to_the_evening_on_which_a_run_was_cut():
    scenario = small(infections=40)
    watch = Watch(constraints.parse_all(["infections <= 60"]))
    cut = scenario.simulated(3, stop=watch)
    until_then = replace(scenario, days=watch.days).simulated(3)

    assert sum(days.sum() for days in cut.workdays_lost.values()) > 0
    for reason, days in cut.workdays_lost.items():
        assert np.array_equal(days, until_then.workdays_lost[reason]), reason


def test_a_job_says_on_which_day_it_was_cut_and_is_not_taken_for_a_whole_one():
    job = Job(WILD, 2, ("infections",))
    short = replace(job, until=constraints.parse_all(["infections <= 300"]))

    assert job.done().cut is None
    assert short.done().cut is not None
    assert short.key != job.key
