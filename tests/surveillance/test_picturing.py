"""Rt and the tail: what is not known yet is drawn as such, and nothing is said of it."""

from datetime import date, timedelta

import numpy as np
import pytest

from tongchou import playbook
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.surveillance import picturing

LAST = date(2022, 6, 30)


def curve(counts, trusted=None):
    counts = np.asarray(counts, dtype=float)
    nothing = np.full(counts.size, np.nan)
    return picturing.Curve(
        LAST - timedelta(days=counts.size - 1), counts,
        counts if trusted is None else trusted, nothing, nothing, nothing, by_onset=False,
    )  # fmt: skip


def test_a_growing_outbreak_has_an_rt_above_one():
    growing = [round(5 * 1.15**n) for n in range(30)]
    rt = picturing.rt(curve(growing), playbook.load("cn-2022-06"))

    assert rt.last is not None
    assert rt.last[1] > 1


def test_rt_ends_where_the_counts_cannot_be_trusted():
    counts = np.array([round(5 * 1.1**n) for n in range(30)], dtype=float)
    trusted = counts.copy()
    trusted[-6:] = np.nan
    rt = picturing.rt(curve(counts, trusted), playbook.load("cn-2022-06"))

    assert rt.until is not None
    assert rt.until < LAST


def test_too_few_cases_have_no_rt_and_say_so():
    rt = picturing.rt(curve([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), playbook.load("cn-2022-06"))

    assert rt.chart is None
    assert rt.reason


def test_a_playbook_without_a_disease_has_no_rt():
    rt = picturing.rt(curve([5] * 30), playbook.load("who-generic"))

    assert (rt.chart, rt.reason) == (None, "NO_INTERVAL")


@pytest.mark.django_db
def test_an_area_without_cases_has_no_curve(city):
    assert picturing.of_cases(city.city, LAST) is None


@pytest.mark.django_db
def test_the_newest_days_are_completed_and_kept_out_of_rt(city, person):
    for n in range(30):
        onset = LAST - timedelta(days=n)
        for late in (1, 2, 4):
            if onset + timedelta(days=late) <= LAST:
                facts = Facts(
                    disease="covid19_omicron", onset_on=onset,
                    reported_on=onset + timedelta(days=late),
                )  # fmt: skip
                cases.report(
                    person=person(), area=city.community, facts=facts, by=city.qian, now=city.at()
                )

    found = picturing.of_cases(city.city, LAST)
    assert found is not None
    assert np.isnan(found.trusted[-1])
    assert found.mid[-3] > found.counts[-3]
    assert found.trusted[-10] == 3
