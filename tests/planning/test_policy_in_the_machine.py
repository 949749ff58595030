"""One file is the policy: another number in a playbook, another epidemic in the simulator."""

from dataclasses import replace

import numpy as np
import pytest

from tongchou import playbook
from tongchou.epi.spread.population import build, preset
from tongchou.epi.spread.run import simulate
from tongchou.planning.policy_of import course_of, policy_of

HEAD = """\
id = "ours"
title = { zh = "本市预案", en = "Ours" }
issuer = "a city"
valid_from = 2022-07-01
extends = "cn-2022-06"
"""
TOLD = 'source = "an order", truth = "seed"'


@pytest.fixture(scope="module")
def city():
    return build(preset("china-city"), 1, people=6000)


def epidemic(city, text="", *, without=()):
    head = f"without = {[*without]}\n".replace("'", '"')
    book = playbook.parse(HEAD + head + text, resolve=playbook.load)
    # so infectious, and so many at the start, that every rule has something to change
    course = replace(course_of(book, "covid19_delta"), r0=None, beta=0.15)
    return simulate(city, course, policy_of(book), seed=7, days=40, seeds=60).daily


def test_a_playbook_that_rules_the_same_does_the_same(city):
    one, other = epidemic(city), epidemic(city, without=["red_lines"])
    assert all(np.array_equal(one[name], other[name]) for name in one)


# Rounds and zones would end the outbreak before a slower tracer makes a difference.
WITHOUT = [f"response.{name}" for name in ("rounds", "zones", "schools", "work", "gatherings")]


@pytest.mark.parametrize(
    ("rule", "series"),
    [
        ('[contact.close]\nquarantine = { value = [{ site = "home", days = 10 }], %s }',
         "in_facility"),
        ("[contact.close]\ntest_days = { value = [], %s }", "pcr_people"),
        ("[contact.close]\nlook_back_days = { value = 0, %s }", "infections"),
        ('[contact.secondary]\nquarantine = { value = [{ site = "home", days = 14 }], %s }',
         "in_home"),
        ('[deadlines.contact]\nlocated = { peace = "5d", war = "5d", %s }', "infections"),
        ("[response.testing]\nsymptomatic_held = { value = 0.0, %s }", "found"),
        ("[response.isolation]\nshare = { value = 0.2, %s }", "infections"),
        ('[response.isolation]\nsite = { value = "home", %s }', "infections"),
        ("[response.antigen]\nevery_days = { value = 3, %s }", "antigen"),
        ('[response.schools]\nclosed = { value = ["primary"], %s }', "pupils_home"),
        ("[response.work]\ncapacity = { value = 0.3, %s }", "infections"),
        ("[response.gatherings]\nvehicle = { value = 0.0, %s }", "infections"),
        ("[response.masks]\nrequired = { value = false, %s }", "infections"),
    ],
)  # fmt: skip
def test_a_changed_rule_changes_the_epidemic(city, rule, series):
    before = epidemic(city, without=WITHOUT)
    after = epidemic(city, rule % TOLD, without=WITHOUT)
    assert not np.array_equal(before[series], after[series])


@pytest.mark.parametrize(
    ("rule", "series"),
    [
        ('[response.zones]\nunit = { value = "community", %s }', "in_lockdown"),
        ('[zone.high]\nlift = { clean_days = 2, to = "medium", %s }', "in_lockdown"),
        ("[response.zones]\ntrigger_cases = { value = 0, %s }", "in_lockdown"),
        ("[response.rounds]\ninterval_days = { value = 5, %s }", "pcr_tubes"),
        ("[response.rounds]\npool_size = { value = 1, %s }", "pcr_tubes"),
        ('[response.rounds]\nunit = { value = "zone", %s }', "pcr_people"),
        ("[response.stages]\nwar_cases = { value = 0, %s }", "pupils_home"),
    ],
)
def test_a_changed_rule_changes_where_people_may_go(city, rule, series):
    before, after = epidemic(city), epidemic(city, rule % TOLD)
    assert before[series].sum() > 0
    assert not np.array_equal(before[series], after[series])


def test_nature_comes_from_the_same_file(city):
    shares = f"{{ from_age = [0], value = [0.0], {TOLD} }}"
    harmless = f"[course.covid19_delta]\nshare_severe = {shares}\nshare_critical = {shares}\n"
    harmless += f"share_dead = {shares}\n"
    before = epidemic(city, without=WITHOUT)
    after = epidemic(city, harmless, without=WITHOUT)
    assert before["severe"].sum() > 0
    assert after["severe"].sum() == after["deaths"].sum() == 0
