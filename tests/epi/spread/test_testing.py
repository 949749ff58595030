"""Single tests: who is asked, who is seen, when it is known, and how many it takes."""

from typing import Any

import numpy as np
import pytest

from tests.epi.spread.town import always, disease, run_of, to_day
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.policy import WAR
from tongchou.epi.spread.slots import LONG, NEVER
from tongchou.epi.spread.state import Run


def town_with(*, until: int = 30, seeds: Any = 1500, people: int = 6000, **options: Any) -> Run:
    rules = always(testing=testing.Testing(**options))
    return to_day(run_of(rules, seeds=seeds, people=people, days=until, course=disease(0.0)), until)


def known(run: Run) -> np.ndarray:
    return run.slots[: run.n_slots][run.slots["found"][: run.n_slots] < NEVER]


@pytest.mark.parametrize("wait", [0, 1, 3])
def test_a_result_is_known_so_many_days_after_the_sample(wait: int) -> None:
    run = town_with(symptomatic=1.0, result_days=wait)
    rows = known(run)
    assert np.all(rows["found"] == rows["day"] + rows["onset"] + wait)


def test_everybody_with_symptoms_is_found_by_sure_tests_and_nobody_else() -> None:
    run = town_with(symptomatic=1.0)
    rows = run.slots[: run.n_slots]
    ill = (rows["onset"] < LONG) & (rows["onset"] < rows["ends"])
    assert np.array_equal(rows["found"] < NEVER, ill)
    assert run.daily["found"].sum() == ill.sum()


def test_the_wait_for_a_test_is_geometric() -> None:
    rows = known(town_with(symptomatic=0.5))
    waits = rows["found"] - 1 - (rows["day"] + rows["onset"])
    first, second = np.count_nonzero(waits == 0), np.count_nonzero(waits == 1)
    both = np.count_nonzero(known_or_not(0.5)["onset"] < LONG)
    assert first / both == pytest.approx(0.5, abs=3.5 * np.sqrt(0.25 / both))
    assert second / first == pytest.approx(0.5, abs=0.08)


def known_or_not(chance: float) -> np.ndarray:
    run = town_with(symptomatic=chance)
    return run.slots[: run.n_slots]


def test_tests_miss_as_many_as_their_sensitivity_says() -> None:
    run = town_with(symptomatic=1.0, sensitivity=0.7)
    rows = run.slots[: run.n_slots]
    ill = rows[rows["onset"] < LONG]
    at_once = ill["found"] == ill["day"] + ill["onset"] + 1
    assert at_once.mean() == pytest.approx(0.7, abs=3.5 * np.sqrt(0.21 / ill.size))


def test_nobody_is_found_before_they_are_infectious() -> None:
    rows = known(town_with(asymptomatic=1.0, symptomatic=1.0))
    assert np.all(rows["found"] - 1 == rows["day"] + rows["begins"])


def test_severe_cases_are_tested_on_admission() -> None:
    rows = known(town_with(severe=1.0))
    assert rows.size
    assert np.all(rows["found"] - 1 == rows["day"] + rows["severe"])


def test_people_without_the_infection_are_tested_too() -> None:
    run = town_with(asymptomatic=0.01, seeds=0, until=10)
    assert run.daily["pcr_people"].sum(axis=1).tolist() == pytest.approx([60] * 10, abs=1)


def test_beyond_the_capacity_people_are_turned_away_in_proportion() -> None:
    free, tight = (
        town_with(symptomatic=1.0, until=10),
        town_with(symptomatic=1.0, until=10, capacity=100),
    )
    assert tight.daily["pcr_people"].sum(axis=1).max() <= 101
    assert tight.daily["found"].sum() < free.daily["found"].sum()


def test_nobody_is_tested_before_the_outbreak_is_known() -> None:
    rules = always(start_day=9, testing=testing.Testing(symptomatic=1.0))
    run = to_day(run_of(rules, seeds=1500, course=disease(0.0)), 30)
    assert known(run)["found"].min() == 10
    assert run.daily["pcr_people"][:9].sum() == 0


def test_a_probability_is_a_share() -> None:
    with pytest.raises(ValueError, match=r"testing\.symptomatic is 1\.2; a share is from 0 to 1"):
        testing.Testing(symptomatic=1.2)


def test_laboratories_are_shared_by_districts_at_war_and_in_peace() -> None:
    rules = always(testing=testing.Testing(asymptomatic=0.5, capacity=200))
    run = run_of(rules, seeds=10, days=5)
    run.tempo[1] = WAR
    testing.sample(run)
    assert run.daily["pcr_people"][0].sum() == 200
    assert run.daily["pcr_people"][0].tolist() == [0, 200]


def test_known_cases_ask_for_no_more_tests() -> None:
    run = to_day(run_of(always(testing=testing.Testing(symptomatic=1.0)), seeds=500, days=40,
                        course=disease(0.0)), 30)  # fmt: skip
    ill = np.count_nonzero(run.slots["onset"][: run.n_slots] < LONG)
    # each asks once, on the first day of symptoms
    assert run.daily["pcr_people"].sum() == pytest.approx(ill, rel=0.02)
