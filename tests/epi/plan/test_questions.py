"""Answers to what commanders ask, from small sweeps of the real model."""

from dataclasses import replace

import pytest

from tests.epi.plan.small_city import COURSE, POLICY, small
from tongchou.epi.plan import changing, constraints, dotted, questions, readiness
from tongchou.epi.plan.answers import Sweep, difference
from tongchou.epi.spread.measures.zones import UNITS
from tongchou.epi.spread.policy import Policy

FEW = Sweep(seeds=range(1, 5))


def said(answer):
    assert answer.words("zh-hans") != answer.words("en")
    assert all(set(row) == set(answer.rows[0]) for row in answer.rows[1:] if "holds" in row)
    return answer


def test_the_smallest_unit_that_does_as_well_is_named():
    answer = said(questions.smallest_unit(small(), how=FEW))

    assert answer.choice in UNITS
    assert [row["unit"] for row in answer.rows] == list(UNITS)
    assert answer.rows[0]["person_days_lockdown"] < answer.rows[-1]["person_days_lockdown"]


def test_no_unit_keeps_what_cannot_be_kept():
    never = constraints.parse_all(["infections <= 1"])
    answer = questions.smallest_unit(small(), constraints=never, how=FEW)

    assert answer.choice is None
    assert not any(row["holds"] for row in answer.rows)


def test_a_lockdown_is_opened_as_soon_as_waiting_averts_nothing():
    answer = said(questions.when_open(small(), days=(1, 4, 8), how=FEW))

    assert answer.choice in (1, 4, 8)
    lockdown = [row["person_days_lockdown"] for row in answer.rows]
    assert lockdown == sorted(lockdown)


def test_a_day_on_the_way_to_the_result_is_worth_so_many_districts():
    answer = said(questions.value_of_time(small(), how=FEW))

    assert [row["case"] for row in answer.rows] == ["as it is", "a day less", "districts locked"]
    assert answer.choice == answer.rows[1]["infections_averted"]
    assert "an hour" in answer.en


def test_where_results_come_at_once_a_day_more_is_asked_about():
    quick = dotted.replaced(POLICY, "both.testing.result_days", 0)
    for name in ("rounds", "quarantine", "arrivals", "checkpoints"):
        quick = dotted.replaced(quick, f"both.{name}.result_days", 0)
    answer = questions.value_of_time(small(policy=quick), how=FEW)

    assert answer.en.startswith("A day more")


def test_what_must_stand_ready_is_enough_when_tried_together():
    easy = small(course=replace(COURSE, beta=0.01), days=50)
    answer = said(readiness.ready(easy, share=0.75, resources=("rooms", "tracers"), how=FEW))

    assert set(answer.choice) == {"rooms", "tracers"}
    assert answer.rows[-1]["stopped"] >= 0.75
    assert all(answer.choice[name] <= answer.rows[0][name] for name in answer.choice)


def test_an_import_that_no_store_stops_asks_for_other_measures():
    answer = readiness.ready(small(policy=Policy()), how=FEW)

    assert answer.choice is None
    assert "change the measures" in answer.en


def test_mitigation_is_chosen_where_the_virus_is_mild():
    viruses = changing.milder(COURSE, spread=(1.0, 3.0), severity=(1.0, 0.01))
    answer = said(changing.when_to_change(small(), viruses, how=FEW))

    assert len(answer.rows) == 2
    assert answer.choice in (None, viruses[0].en, viruses[1].en)


def test_mitigation_locks_nobody_in():
    mild = changing.mitigation(POLICY)

    assert small(policy=mild).run(1)[1]["in_lockdown"] == 0
    assert small(policy=mild).run(1)[0].total("facility_orders") == 0
    assert small(policy=mild).run(1)[0].total("found") > 0


def test_a_difference_is_taken_seed_by_seed():
    import numpy as np

    mean, half = difference(np.array([11.0, 21.0, 31.0]), np.array([10.0, 20.0, 30.0]))

    assert (mean, half) == (pytest.approx(1.0), pytest.approx(0.0))
