"""A playbook, turned into what the simulator runs."""

from dataclasses import replace

import numpy as np
import pytest

from tongchou import playbook
from tongchou.epi.spread.measures.checkpoints import Checkpoints
from tongchou.epi.spread.policy import Policy, Response
from tongchou.planning.delays import LEGS
from tongchou.planning.policy_of import course_of, policy_of
from tongchou.planning.usual import USUAL

ALL = playbook.shipped()
HEAD = """\
id = "ours"
title = { zh = "本市预案", en = "Ours" }
issuer = "a city"
valid_from = 2022-07-01
extends = "%s"
"""
TOLD = 'source = "an order", truth = "seed"'


def ours(body, *, base="cn-2022-06", head=""):
    return playbook.parse(HEAD % base + head + "\n" + body, resolve=playbook.load)


@pytest.mark.parametrize("name", ALL)
def test_every_shipped_playbook_can_be_simulated(name):
    policy = policy_of(playbook.load(name))
    assert policy.war.tracing.look_back_days == 2
    assert policy.stages.war_cases > 0


def test_the_ninth_edition_in_the_machine():
    policy = policy_of(playbook.load("cn-2022-06"))
    held, zones, rounds = policy.war.quarantine, policy.war.zones, policy.war.rounds
    # the three days at home are monitoring: people may go out
    assert (held.facility_days, held.home_days) == (7, 0)
    assert held.secondary_home_days == 7
    assert held.test_days == (1, 2, 3, 5, 7, 10)
    assert (zones.unit, zones.lockdown_days, zones.control_days) == ("compound", 7, 7)
    assert (rounds.unit, rounds.interval_days) == ("district", 1)
    assert policy.peace.rounds.interval_days == 3


def test_the_twenty_measures_in_the_machine():
    policy = policy_of(playbook.load("cn-2022-11"))
    assert (policy.war.quarantine.facility_days, policy.war.quarantine.home_days) == (5, 3)
    assert policy.war.tracing.secondary == 0
    assert policy.war.zones.unit == "building"
    # from high risk straight to low: there is no level between
    assert (policy.war.zones.lockdown_days, policy.war.zones.control_days) == (5, 0)
    assert policy.war.schools.closed == ()
    assert policy.vaccination.oldest_first


def test_the_generic_playbook_draws_no_zones_and_isolates_at_home():
    policy = policy_of(playbook.load("who-generic"))
    assert policy.war.zones.trigger_cases == policy.war.rounds.trigger_cases == 0
    assert policy.war.isolation.outside == USUAL.war.isolation.home_outside
    assert policy.war.isolation.beds == 0
    assert (policy.peace.masks.share, policy.war.masks.share) == (0, USUAL.war.masks.share)
    assert (policy.war.quarantine.facility_days, policy.war.quarantine.home_days) == (0, 14)


def test_deadlines_stand_in_for_delays():
    ninth, generic = (policy_of(playbook.load(name)) for name in ("cn-2022-06", "who-generic"))
    # 2 + 4 + 1 + 2 + 5 hours at war; three days of 24 hours by WHO's metrics
    assert set(ninth.war.tracing.delay_days) == {1}
    assert set(generic.war.tracing.delay_days) == {3}
    assert (ninth.peace.isolation.transfer_days, ninth.war.isolation.transfer_days) == (1, 0)


@pytest.mark.parametrize("name", ALL)
def test_every_delay_has_its_deadlines(name):
    book = playbook.load(name)
    for legs in LEGS.values():
        assert all(book.deadline(*leg) for leg in legs)


def test_arrivals_are_held_as_the_playbook_says():
    usual = replace(USUAL.war, arrivals=replace(USUAL.war.arrivals, per_day=20.0))
    arrivals = policy_of(playbook.load("cn-2022-06"), usual=replace(USUAL, war=usual)).war.arrivals
    assert (arrivals.per_day, arrivals.quarantine_days) == (20.0, 7)


def test_contacts_that_are_not_managed_are_not_looked_for():
    book = ours(
        f"[contact.close]\nmanaged = {{ value = false, {TOLD} }}",
        head='without = ["contact.close.quarantine", "contact.close.test_days"]',
    )
    assert set(policy_of(book).war.tracing.completeness) == {0.0}


def test_what_a_playbook_does_not_say_is_left_as_it_was():
    book = ours("", base="who-generic", head='without = ["response"]')
    open_ = Response(checkpoints=Checkpoints(crossing=0.4))
    policy = policy_of(book, usual=Policy(peace=open_, war=open_))
    assert policy.war.checkpoints.crossing == 0.4
    assert policy.war.schools.closed == ()
    assert policy.stages == Policy().stages


@pytest.mark.parametrize(
    ("table", "rule", "measure", "field", "value"),
    [
        ("response.rounds", "pool_size = { value = 20, %s }", "rounds", "pool_size", 20),
        ("response.zones", 'unit = { value = "grid", %s }', "zones", "unit", "grid"),
        ("response.work", "capacity = { peace = 1, war = 0.2, %s }", "work", "capacity", 0.2),
        (
            "response.schools",
            'closed = { value = ["primary"], %s }',
            "schools",
            "closed",
            ("primary",),
        ),
        ("response.antigen", "every_days = { value = 2, %s }", "antigen", "every_days", 2),
        ("contact.close", "look_back_days = { value = 4, %s }", "tracing", "look_back_days", 4),
        ("contact.secondary", 'quarantine = { value = [{ site = "home", days = 9 }], %s }',
         "quarantine", "secondary_home_days", 9),
        ("deadlines.contact", 'located = { peace = "9d", war = "9d", %s }', "tracing", "delay_days",
         (9,) * 7),
    ],
)  # fmt: skip
def test_a_changed_rule_changes_the_policy(table, rule, measure, field, value):
    policy = policy_of(ours(f"[{table}]\n{rule % TOLD}"))
    assert getattr(getattr(policy.war, measure), field) == value


def test_a_shorter_zone_is_opened_sooner():
    book = ours(f'[zone.high]\nlift = {{ clean_days = 3, to = "medium", {TOLD} }}')
    assert policy_of(book).war.zones.lockdown_days == 3


def test_a_zone_that_nothing_lifts_is_not_drawn():
    book = ours(f"[response.zones]\ntrigger_cases = {{ value = 1, {TOLD} }}", base="cn-base")
    assert policy_of(book).war.zones.trigger_cases == 0


def test_the_course_is_that_of_the_disease_the_playbook_is_written_for():
    assert course_of(playbook.load("cn-2021-05")).r0 == 5.08
    assert course_of(playbook.load("cn-2021-05"), "sars").dispersion == 0.16


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "cn-base has no main_disease, and none was named. Courses it has: covid19_wild,"),
        ("ebola", "cn-base has no course of 'ebola'. Courses it has: covid19_wild,"),
    ],
)
def test_a_disease_without_a_course_is_told_which_there_are(code, reason):
    with pytest.raises(LookupError, match=reason):
        course_of(playbook.load("cn-base"), code)


@pytest.mark.parametrize("name", ALL)
def test_every_course_that_ships_can_be_run(name):
    book = playbook.load(name)
    for code in book.courses:
        course = course_of(book, code)
        assert course.generation_interval().sum() == pytest.approx(1)
        assert np.all(course.outcomes >= 0)
        assert np.all(course.severe_factor <= 1)


@pytest.mark.parametrize(
    ("code", "mean"),
    [("covid19_omicron_ba1", 5.2), ("influenza", 2.6), ("covid19_wild", 7.5), ("sars", 8.4)],
)
def test_the_generation_interval_is_near_the_published_one(code, mean):
    interval = course_of(playbook.load("cn-base"), code).generation_interval()
    # without measures it is longer than serial intervals seen while cases were isolated
    assert mean - 0.5 < interval @ np.arange(interval.size) < mean + 3
