"""A scenario is plain values: its policy is capped by what stands ready, its digest is its own."""

import math
import pickle
from dataclasses import replace
from datetime import date

import pytest

from tongchou.epi.plan import assumptions
from tongchou.epi.plan.scenario import Capacities, Place, Scenario, digest_of
from tongchou.epi.spread.course import plain
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.population import preset
from tongchou.epi.spread.spells import Spell

COURSE = plain("demo", latent=Spell(3, 1), infectious=Spell(5, 2), r0=3.0)
POLICY = Policy.steady(
    Response(quarantine=Quarantine(rooms=500, adherence=0.8), tracing=Tracing(delay_days=(1,) * 7))
)


def scenario(**given):
    asked = {
        "name": "demo",
        "place": Place(preset("china-city"), people=3000),
        "course": COURSE,
        "policy": POLICY,
    }
    return Scenario(**(asked | given))


def test_measures_are_capped_by_what_stands_ready():
    rules = scenario(capacities=Capacities(rooms=200, tracers=3)).rules

    assert (rules.peace.quarantine.rooms, rules.war.quarantine.rooms) == (200, 200)
    assert rules.war.tracing.tracers == 3
    assert math.isinf(rules.war.rounds.tubes)


def test_a_cap_never_gives_more_than_was_ordered():
    assert scenario(capacities=Capacities(rooms=900)).rules.war.quarantine.rooms == 500


def test_equal_scenarios_have_equal_digests_whatever_they_are_called():
    assert scenario().digest == scenario(name="other").digest
    assert scenario().digest == pickle.loads(pickle.dumps(scenario())).digest


@pytest.mark.parametrize(
    "given",
    [
        {"days": 91},
        {"infections": 11},
        {"capacities": Capacities(rooms=7)},
        {"course": replace(COURSE, r0=3.1)},
        {"place": Place(preset("china-city"), people=3001)},
        {"place": Place(preset("china-city"), people=3000, seed=2)},
        {"start_on": date(2022, 3, 1)},
        {"weights": {"city": 1.0}},
    ],
)
def test_whatever_changes_a_run_changes_the_digest(given):
    assert scenario(**given).digest != scenario().digest


def test_a_policy_that_caps_do_not_let_through_changes_nothing():
    capped = scenario(capacities=Capacities(rooms=100))
    more = replace(POLICY.war.quarantine, rooms=400)
    other = replace(POLICY, war=replace(POLICY.war, quarantine=more))

    assert replace(capped, policy=other).digest == capped.digest


def test_a_course_comes_back_from_a_worker_as_it_was():
    back = pickle.loads(pickle.dumps(scenario()))

    assert not back.course.susceptibility.flags.writeable
    assert digest_of(back.course) == digest_of(COURSE)


def test_bad_values_are_refused_by_name():
    with pytest.raises(ValueError, match="days is 0"):
        scenario(days=0)
    with pytest.raises(ValueError, match="infections is 9000"):
        scenario(infections=9000)
    with pytest.raises(ValueError, match=r"capacities\.rooms is -1"):
        Capacities(rooms=-1)


def test_the_bill_knows_only_beds_that_somebody_counted():
    known = scenario(capacities=Capacities(icu_beds=12)).bill_capacity

    assert (known.isolation, known.severe, known.critical) == (None, None, 12)


def test_twice_the_delay_is_a_day_more_at_least():
    slow = assumptions.delays(2).change(scenario()).policy.war

    assert slow.tracing.delay_days == (2,) * 7
    assert slow.isolation.transfer_days == 1
    assert slow.quarantine.test_days == ()


def test_half_the_adherence_is_half_of_every_share_that_people_keep():
    tired = assumptions.adherence(0.5).change(scenario()).policy

    assert tired.war.quarantine.adherence == 0.4
    assert tired.adherence.start == 0.5
    assert tired.war.tracing == POLICY.war.tracing


def test_a_worse_variant_spreads_faster_in_the_same_city():
    worse = assumptions.transmission(1.5).change(scenario())

    assert worse.course.r0 == 4.5
    assert worse.place == scenario().place


def test_usual_doubts_have_words_in_both_languages():
    assert [each.key for each in assumptions.usual()] == ["transmission", "adherence", "delay"]
    assert all(each.words("zh") != each.words("en") for each in assumptions.usual())


def test_a_worker_gets_the_same_scenario_for_every_seed():
    sent = pickle.dumps(scenario())
    first, again = pickle.loads(sent), pickle.loads(sent)

    assert first is again
    assert first.digest == scenario().digest
    assert pickle.loads(pickle.dumps(scenario(name="other"))).name == "other"
