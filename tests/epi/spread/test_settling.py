"""The course of those infected: as often as asked, in order, and booked whole."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from tests.epi.spread.town import disease, town
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.run import prepare, result_of
from tongchou.epi.spread.slots import DEAD, LONG
from tongchou.epi.spread.state import Run

DAYS = 80


@cache
def all_ill() -> Run:
    """Everybody of a town of 20,000, infected on day 0."""
    city = town(20_000)
    return prepare(
        city, disease(), Policy(), seed=3, days=DAYS, seeds=np.arange(city.n, dtype=np.int32)
    )


def shares(chance: np.ndarray, happened: np.ndarray) -> float:
    """How many standard errors lie between what happened and what was to be expected."""
    spread = np.sqrt((chance * (1 - chance)).sum())
    return float((happened.sum() - chance.sum()) / spread)


def test_symptoms_severity_and_death_come_as_often_as_asked() -> None:
    run = all_ill()
    rows, outcomes = run.slots[: run.n], disease().outcomes[:, run.ages]
    reached = [rows["onset"] < LONG, rows["severe"] < LONG, rows["critical"] < LONG]
    reached.append(rows["fate"] == DEAD)
    for stage, happened in enumerate(reached, start=1):
        assert abs(shares(outcomes[stage:].sum(axis=0), happened)) < 3.5


def test_the_stages_come_one_after_the_other() -> None:
    run = all_ill()
    rows = run.slots[: run.n].copy()
    order = ["begins", "onset", "severe", "critical", "ends"]
    for one, other in pairwise(order[:-1]):
        assert np.all(rows[one] <= rows[other])
    for stage in order[:-1]:
        reached = rows[stage] < LONG
        assert np.all(rows[stage][reached] <= rows["ends"][reached])
    assert rows["begins"].min() >= 1


def test_durations_have_the_means_asked_for() -> None:
    run = all_ill()
    rows = run.slots[: run.n].astype(run.slots.dtype)
    severe = rows["severe"] < LONG
    waits = rows["severe"][severe].astype(int) - rows["onset"][severe]
    pmf = disease().spell_pmf("symptoms_to_severe")
    mean = pmf @ np.arange(pmf.size)
    assert waits.mean() == pytest.approx(mean, abs=3.5 * waits.std() / np.sqrt(waits.size))


def test_who_never_has_symptoms_infects_less() -> None:
    run = all_ill()
    rows = run.slots[: run.n]
    quiet = rows["onset"] == LONG
    spread = np.sqrt(1 / 0.45 / quiet.sum())
    assert rows["force"][quiet].mean() == pytest.approx(0.7, abs=0.7 * 3.5 * spread)


def test_every_flow_is_booked_once_for_each_person() -> None:
    run = all_ill()
    rows, result = run.slots[: run.n], result_of(all_ill(), town(20_000))
    assert result.total("infections") == run.n
    for name, field in (("symptomatic", "onset"), ("severe", "severe"), ("critical", "critical")):
        assert result.total(name) == np.count_nonzero(rows[field] < DAYS)
    assert result.total("deaths") + result.total("recovered") == run.n
    assert result.total("deaths") == run.age_deaths.sum() == np.count_nonzero(rows["fate"] == DEAD)
    assert run.age_infections.sum() == run.n


def test_a_stock_is_what_went_in_less_what_came_out() -> None:
    run = all_ill()
    rows, result = run.slots[: run.n], result_of(all_ill(), town(20_000))
    for day in range(DAYS):
        in_beds = (rows["severe"] <= day) & (np.minimum(rows["critical"], rows["ends"]) > day)
        assert result.curve("in_severe")[day] == in_beds.sum()
        assert result.curve("in_critical")[day] == np.count_nonzero(
            (rows["critical"] <= day) & (rows["ends"] > day)
        )
        assert result.curve("infectious")[day] == np.count_nonzero(
            (rows["begins"] <= day) & (rows["ends"] > day)
        )


def test_a_course_belongs_to_the_person_and_not_to_the_order_of_infection() -> None:
    city, some = town(20_000), np.arange(500, dtype=np.int32)
    runs = [
        prepare(city, disease(), Policy(), seed=3, days=9, seeds=order)
        for order in (some, some[::-1].copy())
    ]
    one, other = (run.slots[:500] for run in runs)
    for field in ("begins", "onset", "severe", "critical", "ends", "force", "left", "fate"):
        assert np.array_equal(one[field], other[field][::-1])
