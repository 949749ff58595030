"""Infections behind the cases: those that are on their way to being reported."""

import math

import pytest

from tongchou.planning.outbreak import REPORT_DAYS, under_way


def test_steady_reports_are_followed_by_those_of_as_many_days_as_a_report_takes():
    found = under_way([10] * 14, incubation_days=3.0, delays=[2.0] * 9)

    assert found.infected == 50
    assert found.growth == pytest.approx(0, abs=1e-6)
    assert (found.report_days, found.n_delays) == (2.0, 9)


@pytest.mark.parametrize("growth", [-0.1, 0.05, 0.15])
def test_growing_reports_are_followed_by_more(growth):
    cases = [round(200 * math.exp(growth * day)) for day in range(-13, 1)]
    found = under_way(cases, incubation_days=3.0, delays=[2.0] * 9)
    still_to_come = sum(200 * math.exp(growth * day) for day in range(1, 6))

    assert found.growth == pytest.approx(growth, abs=0.01)
    assert found.infected == pytest.approx(still_to_come, rel=0.05)


def test_too_few_cases_say_nothing_of_growth_and_it_is_said_to_be_assumed():
    found = under_way([0] * 12 + [1, 2], incubation_days=3.0)

    assert (found.growth, found.growth_measured) == (0.0, False)
    assert found.report_days == REPORT_DAYS
    assert set(found.facts()["assumed"]) >= {"growth", "report_days", "every infection is reported"}
    assert found.facts()["measured"] == []


def test_no_cases_are_no_outbreak():
    assert under_way([0] * 14, incubation_days=3.0).infected == 0


def test_a_week_is_needed():
    with pytest.raises(ValueError, match="give 7 at least"):
        under_way([1] * 6, incubation_days=3.0)
